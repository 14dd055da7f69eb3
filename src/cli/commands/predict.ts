/** `bnnc predict`: predictions for the rows of a CSV file, chunk by chunk, so that any number of rows fits into memory. */

import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { encode, streamChunks } from '../../data/index.js';
import { fail } from '../../errors.js';
import { unlessAborted } from '../../run/abort.js';
import { predictionHeader, predictionLines } from '../../run/predictions.js';
import type { CliContext } from '../context.js';
import { dataArgument, modelArgument, splitArguments } from '../model-arguments.js';
import { Notices } from '../notices.js';
import type { PredictOptions } from '../options.js';
import { openOutput } from '../output.js';

const CHUNK_ROWS = 1024;

export async function run(args: string[], options: PredictOptions, context: CliContext): Promise<void> {
  const { model, data } = await splitArguments(args, context.cwd);
  const source = dataArgument(data, context);
  await refuseSameFile(data, options.out, context);
  const predictor = await modelArgument(model, options, context);
  const { target, missing } = predictor.encoder;
  const { interval } = options;
  if (interval !== undefined && target.task !== 'regression') {
    throw fail('usage.interval', `'${target.name}' is a class, and --interval is for numbers`, {
      hint: 'The probabilities of the classes are printed without it.',
    });
  }
  const notices = new Notices();
  const output = await openOutput(options.out, context);
  const predictAll = async (): Promise<void> => {
    // The header waits for the first chunk: a file that cannot be read at all gives no output at all.
    let text = predictionHeader(target, interval);
    for await (const table of streamChunks(source, { delimiter: predictor.delimiter, missing, chunkRows: CHUNK_ROWS })) {
      const { x } = encode(table, predictor.encoder, undefined, { target: 'none', onNotice: notices.add });
      await output.write(text + predictionLines(predictor, x, interval, table));
      text = '';
    }
  };
  try {
    await unlessAborted(predictAll(), context.signal);
    await output.commit();
  } catch (error) {
    await output.discard();
    throw error;
  } finally {
    predictor.dispose();
  }
  notices.tell(context.terminal, source.name);
}

/** Reading is by chunks, so the input may still be needed when the output is put in place; and nobody means it. */
async function refuseSameFile(data: string | undefined, out: string | undefined, { cwd }: CliContext): Promise<void> {
  if (data === undefined || out === undefined || data === '-' || out === '-') return;
  const [input, output] = await Promise.all([data, out].map((path) => realpath(resolve(cwd, path)).catch(() => undefined)));
  if (input === undefined || input !== output) return;
  throw fail('usage.same-file', `--out ${out} would replace the input`, { hint: 'Name another file.' });
}
