/** `bnnc evaluate`: metrics on rows whose target is known. */

import { evaluate } from '../../../api/evaluate.js';
import { json } from '../../../store/files.js';
import type { CliContext } from '../../context.js';
import { metricRows } from '../../metrics-table.js';
import { dataArgument, engineOf, splitArguments } from '../../model-arguments.js';
import type { EvaluateFlags } from '../../../api/options/predict.js';
import { findRun } from '../../run-argument.js';
import { plural, textTable } from '../../table.js';
import { heard } from '../../voice.js';

const SCHEMA_VERSION = 1;

export async function run(args: string[], options: EvaluateFlags, context: CliContext): Promise<void> {
  const { cwd, terminal } = context;
  const { model, data } = await splitArguments(args, cwd);
  const source = dataArgument(data, context);
  const evaluation = await evaluate(model ?? await findRun(undefined, context), source, {
    draws: options.draws, engine: await engineOf(options, context), cwd, onWarning: heard(terminal.warn),
  });
  const { metrics, target, data: name } = evaluation;
  const text = (): string => textTable([[`${plural(metrics.rows, 'row')} of ${name}`, target], ...metricRows([metrics])]);
  await terminal.result(options.json ? json({ schemaVersion: SCHEMA_VERSION, ...evaluation }) : text());
}
