import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { page as reportPage } from '../../src/report/page.js';
import { reportData } from '../helpers/report-data.js';
import { CHROMIUM, launch } from './serve.js';

/** Runs in the page: how far it scrolls sideways, and the smallest letters of its drawings in pixels of the screen. */
const MEASURE = `({
  over: document.documentElement.scrollWidth - document.documentElement.clientWidth,
  letters: Math.min(...[...document.querySelectorAll('svg text')].map((text) => {
    const { a, b } = text.getScreenCTM();
    return Math.hypot(a, b) * parseFloat(getComputedStyle(text).fontSize);
  })),
})`;

describe.skipIf(CHROMIUM === undefined)('a report in Chromium (skipped where none is installed)', () => {
  let browser: Browser;
  beforeAll(async () => { browser = await launch(); });
  afterAll(() => browser?.close());

  it.each([[390, 'dark'], [390, 'light'], [320, 'light'], [1100, 'dark']] as const)('%i pixels wide, %s: fits, with letters to read', async (width, colorScheme) => {
    const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme });
    await page.setContent(reportPage(reportData({ task: 'binary', features: [1, 1, 1, 1], names: ['a name as long as that of a gene'] })));
    const { over, letters } = await page.evaluate<{ over: number; letters: number }>(MEASURE);
    expect(over).toBe(0);
    expect(letters).toBeGreaterThanOrEqual(9);
    await page.close();
  });
});
