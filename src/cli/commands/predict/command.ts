/** `bnnc predict`: predictions for the rows of a CSV file, chunk by chunk, so that any number of rows fits into memory. */

import { findRun } from '../../../api/run.js';
import { PREDICT, type PredictFlags } from '../../../api/options/predict.js';
import { forLibrary } from '../../../api/options/table.js';
import { refuseLoss } from '../../../api/output.js';
import { predictCsv } from '../../../api/predict.js';
import type { CliContext } from '../../context.js';
import { dataArgument, splitArguments } from '../../model-arguments.js';
import { withOutputOrStdout } from '../../output.js';
import { heard } from '../../voice.js';

export async function run(args: string[], flags: PredictFlags, context: CliContext): Promise<void> {
  const { cwd, signal, terminal } = context;
  const { model, data } = await splitArguments(args, cwd);
  const source = dataArgument(data, context);
  await refuseLoss([data], flags.out, cwd);
  const asked = { ...forLibrary(PREDICT, flags), cwd, signal, onWarning: heard(terminal.warn) };
  const from = model ?? await findRun(undefined, { cwd, onNote: heard(terminal.note) });
  await predictCsv(from, source, asked, async ({ scale, lines }) => {
    if (flags.explain) terminal.note(`effects are on ${scale}`);
    await withOutputOrStdout(flags.out, context, async (output) => {
      for await (const piece of lines) await output.write(piece);
    });
  });
}
