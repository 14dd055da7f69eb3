/** The page of a report on paper, or as a picture. */
import { fail } from '../errors.js';
import { option, words } from '../voice.js';
import { findBrowser } from '../report/print/find-browser.js';
import { printed, type PrintFormat } from '../report/print/print.js';
import { browserVariables, heed, isRoot } from './environment.js';
import type { CommonOptions } from './options/shared.js';

/** Before a report is made that cannot be printed. @throws usage.stdout, run.no-browser */
export function checkPrinting(format: PrintFormat, out: string | undefined): void {
  if (out === '-') {
    throw fail('usage.stdout', words`${option('format', format)} is no text, and is not written to stdout`, {
      hint: words`Name a file with ${option('out')}.`,
    });
  }
  findBrowser(browserVariables());
}

/** The bytes of the file. @throws run.no-browser, run.browser-failed; interrupted.stopped */
export async function printReport(html: string, format: PrintFormat, { signal }: Pick<CommonOptions, 'signal'>): Promise<Uint8Array> {
  heed({ signal });
  try {
    return await printed(html, format, { environment: browserVariables(), isRoot: isRoot(), signal });
  } catch (error) {
    heed({ signal });
    throw error;
  }
}
