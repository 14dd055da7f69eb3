/** A page as PDF or as a picture, by a browser of the machine. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { withPage, type Connection } from './browser.js';
import { findBrowser, type Environment } from './find-browser.js';

export const PRINT_FORMATS = ['pdf', 'png'] as const;
export type PrintFormat = (typeof PRINT_FORMATS)[number];

const TIMEOUT = 60_000;
/** Of a picture, in pixels of the page. */
const WIDTH = 1120;
/** Browsers draw no more pixels than this in a column. */
const TALLEST = 16_000;
/** A form draws its pictures a moment after the page is there. */
const FORM_MS = 400;
/** A4, in inches. */
const PAPER = { paperWidth: 8.27, paperHeight: 11.69 };

export interface PrintOptions {
  environment: Environment;
  isRoot: boolean;
  timeout?: number;
  signal?: AbortSignal | undefined;
}

/** The bytes of the file. @throws run.no-browser, run.browser-failed */
export async function printed(
  html: string, format: PrintFormat, { environment, timeout = TIMEOUT, ...options }: PrintOptions,
): Promise<Uint8Array> {
  return withPage({ path: findBrowser(environment), timeout, ...options }, async (page, folder) => {
    const file = join(folder, 'report.html');
    await writeFile(file, html);
    await page.call('Page.enable');
    await page.call('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value: 'light' }] });
    if (format === 'png') await resize(page, 800, 1);
    const loaded = page.event('Page.loadEventFired');
    await page.call('Page.navigate', { url: pathToFileURL(file).href });
    await loaded;
    if (html.includes('<script')) await new Promise((resolve) => setTimeout(resolve, FORM_MS));
    const { data } = format === 'pdf'
      ? await page.call('Page.printToPDF', { printBackground: true, preferCSSPageSize: true, ...PAPER }) : await picture(page);
    return Buffer.from(data as string, 'base64');
  });
}

const resize = (page: Connection, height: number, deviceScaleFactor: number): ReturnType<Connection['call']> =>
  page.call('Emulation.setDeviceMetricsOverride', { width: WIDTH, height, deviceScaleFactor, mobile: false });

/** The whole page, two dots for each of its pixels as far as a picture may be so tall. */
async function picture(page: Connection): ReturnType<Connection['call']> {
  const { cssContentSize } = await page.call('Page.getLayoutMetrics') as { cssContentSize: { height: number } };
  const height = Math.ceil(cssContentSize.height);
  await resize(page, height, Math.min(2, TALLEST / height));
  return page.call('Page.captureScreenshot', { format: 'png', captureBeyondViewport: true });
}
