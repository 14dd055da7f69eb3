/** `bnnc report`: what a run learned, as one HTML file. */

import { join } from 'node:path';
import { findRun } from '../../../api/run.js';
import type { ReportFlags } from '../../../api/options/look.js';
import { documentText, refuseLoss } from '../../../api/output.js';
import { report } from '../../../api/report.js';
import type { CliContext } from '../../context.js';
import { withOutputOrStdout } from '../../output.js';
import { heard } from '../../voice.js';

export async function run([path]: string[], { out, json, interactive }: ReportFlags, context: CliContext): Promise<void> {
  const { cwd, signal, terminal } = context;
  const folder = await findRun(path, { cwd, onNote: heard(terminal.note) });
  const { data, test } = folder.manifest;
  await refuseLoss([data.path, test?.path], out, cwd);
  const place = out ?? join(folder.path, 'report.html');
  const text = await report(folder, { cwd, signal, interactive });
  await withOutputOrStdout(place, context, (output) => output.write(text));
  if (place !== '-') await terminal.result(json ? documentText({ run: folder.path, report: place }) : `${place}\n`);
}
