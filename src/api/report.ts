/** A finished run, looked at: the report, and the diagnosis. */

import type { Finding } from '../diagnose/finding.js';
import { checked } from './options/check.js';
import { REPORT, type ReportOptions } from './options/look.js';
import { COMMON, type CommonOptions } from './options/shared.js';
import { runOf, type RunSource } from './run.js';

/**
 * One HTML file with what was learned, how well, and how far it can be trusted. Sections that need the data file say so when it
 * is gone or has changed. Writes nothing.
 * @returns the text of the file
 * @throws {BnncError} `usage.option`; `run.*`; `interrupted.stopped`
 * @example
 * ```ts
 * await writeFile('report.html', await report('runs/birds'));
 * ```
 * @category More of the command line
 */
export async function report(run: RunSource, options: ReportOptions = {}): Promise<string> {
  checked('report', options, REPORT);
  const folder = await runOf(run, options);
  const { report: html } = await import('../report/index.js');
  return html(folder, { signal: options.signal, interactive: options.interactive });
}

/**
 * What may be wrong with a run or is easily misread, warnings before notes, each with what to do about it.
 * @throws {BnncError} `usage.option`; `run.*`; `interrupted.stopped`
 * @example
 * ```ts
 * for (const { severity, text } of await diagnoseRun('runs/birds')) console.log(severity, text);
 * ```
 * @category More of the command line
 */
export async function diagnoseRun(run: RunSource, options: CommonOptions = {}): Promise<Finding[]> {
  checked('diagnoseRun', options, COMMON);
  const folder = await runOf(run, options);
  const { diagnoseRun: findings } = await import('../diagnose/index.js');
  return findings(folder);
}
