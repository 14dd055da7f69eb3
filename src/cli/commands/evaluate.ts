/** `bnnc evaluate`: metrics on rows whose target is known. */

import { encode, readTable } from '../../data/index.js';
import { fail } from '../../errors.js';
import { evaluateDraws } from '../../inference/evaluate.js';
import { json } from '../../run/files.js';
import { finiteOutputs } from '../../run/finite.js';
import type { CliContext } from '../context.js';
import { metricRows } from '../metrics-table.js';
import { dataArgument, modelArgument, splitArguments } from '../model-arguments.js';
import { Notices } from '../notices.js';
import type { EvaluateOptions } from '../options.js';
import { plural, textTable } from '../table.js';

const SCHEMA_VERSION = 1;

export async function run(args: string[], options: EvaluateOptions, context: CliContext): Promise<void> {
  const named = await splitArguments(args, context.cwd);
  const source = dataArgument(named.data, context);
  const predictor = await modelArgument(named.model, options, context);
  const { encoder, delimiter, kind, path } = predictor;
  const notices = new Notices();
  try {
    const table = await readTable(source, { delimiter, missing: encoder.missing });
    const { x, y } = encode(table, encoder, undefined, { onNotice: notices.add });
    if (y === undefined) {
      throw fail('data.missing-target', `there is no value in the target column '${encoder.target.name}'`, {
        where: { file: source.name, line: table.headerLine }, hint: 'To predict it, use bnnc predict.',
      });
    }
    const metrics = evaluateDraws(finiteOutputs(predictor.outputs(x), { x, encoder, table }), y, encoder.target);
    notices.tell(context.terminal, source.name);
    const { rows } = metrics;
    const { name, task } = encoder.target;
    const document = { schemaVersion: SCHEMA_VERSION, model: path, kind, data: source.name, target: name, task, metrics };
    const text = (): string => textTable([[`${plural(rows, 'row')} of ${source.name}`, name], ...metricRows([metrics])]);
    await context.terminal.result(options.json ? json(document) : text());
  } finally {
    predictor.dispose();
  }
}
