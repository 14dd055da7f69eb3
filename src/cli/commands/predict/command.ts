/** `bnnc predict`: predictions for the rows of a CSV file, chunk by chunk, so that any number of rows fits into memory. */

import { encode, streamChunks } from '../../../data/index.js';
import { unlessAborted } from '../../../jobs/abort.js';
import { Notices } from '../../../predict/notices.js';
import { columnsOf, predictionHeader, predictionLines } from '../../../predict/predictions.js';
import type { Target } from '../../../types.js';
import type { CliContext } from '../../context.js';
import { dataArgument, modelArgument, splitArguments } from '../../model-arguments.js';
import type { PredictFlags } from '../../../api/options/predict.js';
import { openOutput } from '../../output.js';
import { refuseLoss } from '../../same-file.js';

const CHUNK_ROWS = 1024;

export async function run(args: string[], options: PredictFlags, context: CliContext): Promise<void> {
  const { model, data } = await splitArguments(args, context.cwd);
  const source = dataArgument(data, context);
  await refuseLoss([data], options.out, context.cwd);
  const predictor = await modelArgument(model, { ...options, median: options.explain }, context);
  const { target, missing } = predictor.encoder;
  const columns = columnsOf(predictor, options);
  if (options.explain) context.terminal.note(`effects are on ${scaleOf(target)}`);
  const notices = new Notices();
  const output = await openOutput(options.out, context);
  const predictAll = async (): Promise<void> => {
    // The header waits for the first chunk: a file that cannot be read at all gives no output at all.
    let text = predictionHeader(target, columns);
    for await (const table of streamChunks(source, { delimiter: predictor.delimiter, missing, chunkRows: CHUNK_ROWS })) {
      const { x } = encode(table, predictor.encoder, undefined, { target: 'none', onNotice: notices.add });
      await output.write(text + predictionLines(predictor, x, columns, table));
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
  notices.tell(context.terminal.warn, source.name);
}

function scaleOf(target: Target): string {
  if (target.task === 'regression') return `the scale of ${target.name}`;
  return target.task === 'binary' ? `the log-odds of ${target.levels[1]}` : "the log-probability of the row's class";
}
