/** The report of a run (docs/architecture.md, section 11). */
import type { RunFolder } from '../store/open.js';
import { gather } from './gather.js';

export interface ReportOptions {
  signal?: AbortSignal | undefined;
}

/**
 * One HTML file with what was learned, how well, and how far it can be trusted. Sections that need the data file say so when it
 * is gone or has changed. The same bytes for the same run, name of its folder and data.
 * @throws run.damaged; interrupted.stopped
 */
export async function report(run: RunFolder, { signal }: ReportOptions = {}): Promise<string> {
  const data = await gather(run, signal);
  // Plots and their document are loaded only now.
  const { page } = await import('./page.js');
  return page(data);
}
