/** `bnnc report`: what a run learned, as one HTML file. */

import { join } from 'node:path';
import type { CliContext } from '../../context.js';
import type { ReportFlags } from '../../../api/options/look.js';
import { openOutput } from '../../output.js';
import { findRun } from '../../run-argument.js';
import { refuseLoss } from '../../same-file.js';

export async function run([path]: string[], { out }: ReportFlags, context: CliContext): Promise<void> {
  const folder = await findRun(path, context);
  const { data, test } = folder.manifest;
  await refuseLoss([data.path, test?.path], out, context.cwd);
  // Loaded only now: a run that is not there is told at once.
  const { report } = await import('../../../report/index.js');
  const place = out ?? join(folder.path, 'report.html');
  const text = await report(folder, context);
  const output = await openOutput(place, context);
  try {
    await output.write(text);
    await output.commit();
  } catch (error) {
    await output.discard();
    throw error;
  }
  if (place !== '-') await context.terminal.result(`${place}\n`);
}
