/** `bnnc predict`: predictions for the rows of a CSV file, chunk by chunk, so that any number of rows fits into memory. */

import { setFlagsFromString } from 'node:v8';
import { findRun } from '../../../api/run.js';
import { PREDICT, type PredictFlags } from '../../../api/options/predict.js';
import { forLibrary } from '../../../api/options/table.js';
import { refuseLoss, tableFormat } from '../../../api/output.js';
import { predictTable } from '../../../api/predict.js';
import type { Prediction } from '../../../api/prediction.js';
import { fail, type BnncError } from '../../../errors.js';
import type { CliContext } from '../../context.js';
import { dataArgument, splitArguments } from '../../model-arguments.js';
import { withOutputOrStdout, type Output } from '../../output.js';
import { oneLine } from '../../table.js';
import { heard } from '../../voice.js';

/** What chunks leave behind may be half as much as is held: V8 would let it be three times that, and memory rise for long. */
const HEAP_GROWTH = '--heap-growing-percent=50';

export async function run(args: string[], flags: PredictFlags, context: CliContext): Promise<void> {
  setFlagsFromString(HEAP_GROWTH);
  const { cwd, signal, terminal } = context;
  const { model, data } = await splitArguments(args, cwd);
  const source = dataArgument(data, context);
  await refuseLoss([data], flags.out, cwd);
  const format = { ...tableFormat(flags.out), safe: flags.csvSafe };
  if (flags.json && format.kind === 'parquet') throw noDocuments(flags.out!);
  const asked = { ...forLibrary(PREDICT, flags), cwd, signal, onWarning: heard(terminal.warn) };
  const from = model ?? await findRun(undefined, { cwd, onNote: heard(terminal.note) });
  await predictTable(from, source, asked, async ({ scale, decision, pieces, predictions }) => {
    if (decision) terminal.note(`predicting '${oneLine(decision.level)}' from a probability of ${decision.threshold} on`);
    if (flags.explain) terminal.note(`effects are on ${scale}`);
    await withOutputOrStdout(flags.out, context, async (output) => {
      if (flags.json) return writeLines(predictions, output);
      for await (const piece of pieces(format)) await output.write(piece);
    });
  });
}

const noDocuments = (out: string): BnncError => fail('usage.output-format', `--json writes JSON documents, but '${out}' is to be a Parquet file`, {
  hint: 'Leave --json out, or name a file that ends in .jsonl.',
});

/** Rows that are written at once. */
const ROWS = 1000;

/** JSON Lines: a row that cannot be predicted leaves whole documents behind it. */
async function writeLines(predictions: AsyncIterable<Prediction>, output: Output): Promise<void> {
  let lines: string[] = [];
  const write = async (): Promise<void> => {
    if (lines.length > 0) await output.write(`${lines.join('\n')}\n`);
    lines = [];
  };
  try {
    for await (const prediction of predictions) {
      lines.push(JSON.stringify(prediction));
      if (lines.length === ROWS) await write();
    }
  } finally {
    await write();
  }
}
