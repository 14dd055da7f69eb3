/** The report of a run (docs/architecture.md, section 11). */
import type { RunFolder } from '../store/open.js';
import { gather } from './gather.js';

export interface ReportOptions {
  signal?: AbortSignal | undefined;
  /** Whether the page has a form and a script in which the exported model predicts. */
  interactive?: boolean | undefined;
}

/**
 * One HTML file with what was learned, how well, and how far it can be trusted. Sections that need the data file say so when it
 * is gone or has changed. The same bytes for the same run, name of its folder and data.
 * @throws run.damaged; run.page-too-large of an interactive one; interrupted.stopped
 */
export async function report(run: RunFolder, { signal, interactive }: ReportOptions = {}): Promise<string> {
  const data = await gather(run, signal, { interactive });
  // Plots and their document are loaded only now.
  const { page } = await import('./page.js');
  return page(data);
}
