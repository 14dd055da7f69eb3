/** Browsers that can print a page. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fail } from '../../errors.js';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome', 'microsoft-edge', 'msedge'];
/** Where they are without being on the path. */
const PLACES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge', 'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

/** Variables of the environment: CHROME_PATH and PATH. */
export type Environment = Readonly<Record<string, string | undefined>>;

const runs = (file: string): boolean => {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** The path of one: what CHROME_PATH says, else the first on PATH. @throws run.no-browser */
export function findBrowser({ CHROME_PATH: chosen, PATH = '' }: Environment): string {
  const folders = PATH.split(delimiter).filter((folder) => folder !== '');
  const candidates = chosen ? [chosen]
    : [...NAMES.flatMap((name) => folders.flatMap((folder) => [join(folder, name), join(folder, `${name}.exe`)])), ...PLACES];
  const found = candidates.find(runs);
  if (found !== undefined) return found;
  throw fail('run.no-browser', chosen ? `CHROME_PATH names no program: ${chosen}` : 'no browser was found that can print the page', {
    hint: 'Install Chromium, Chrome or Edge, or name one in the variable CHROME_PATH; or write the page as HTML and print it from a browser.',
  });
}
