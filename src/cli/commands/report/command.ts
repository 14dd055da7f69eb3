/** `bnnc report`: what a run learned, as one HTML file, PDF or picture. */

import { extname, join } from 'node:path';
import { findRun } from '../../../api/run.js';
import type { ReportFlags } from '../../../api/options/look.js';
import { documentText, refuseLoss } from '../../../api/output.js';
import { checkPrinting, printReport } from '../../../api/print-report.js';
import { report } from '../../../api/report.js';
import type { CliContext } from '../../context.js';
import { withOutputOrStdout } from '../../output.js';
import { heard } from '../../voice.js';

export async function run(
  [path]: string[], { out, json, interactive, format: asked }: ReportFlags, context: CliContext,
): Promise<void> {
  const { cwd, signal, terminal } = context;
  const folder = await findRun(path, { cwd, onNote: heard(terminal.note) });
  const { data, test } = folder.manifest;
  await refuseLoss([data.path, test?.path], out, cwd);
  const ending = out === undefined ? undefined : extname(out).slice(1).toLowerCase();
  const format = asked ?? (ending === 'pdf' || ending === 'png' ? ending : 'html');
  const place = out ?? join(folder.path, `report.${format}`);
  if (format !== 'html') checkPrinting(format, out);
  const text = await report(folder, { cwd, signal, interactive });
  const content = format === 'html' ? text : await printReport(text, format, { signal });
  await withOutputOrStdout(place, context, (output) => output.write(content));
  if (place !== '-') await terminal.result(json ? documentText({ run: folder.path, report: place }) : `${place}\n`);
}
