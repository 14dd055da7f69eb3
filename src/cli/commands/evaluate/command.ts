/** `bnnc evaluate`: metrics on rows whose target is known. */

import { findRun } from '../../../api/run.js';
import { evaluate } from '../../../api/evaluate.js';
import { EVALUATE, type EvaluateFlags } from '../../../api/options/predict.js';
import { forLibrary } from '../../../api/options/table.js';
import { documentText } from '../../../api/output.js';
import { metricTable } from '../../../text/metric-rows.js';
import type { CliContext } from '../../context.js';
import { dataArgument, splitArguments } from '../../model-arguments.js';
import { plural, textTable } from '../../table.js';
import { heard } from '../../voice.js';

export async function run(args: string[], flags: EvaluateFlags, context: CliContext): Promise<void> {
  const { cwd, terminal } = context;
  const { model, data } = await splitArguments(args, cwd);
  const source = dataArgument(data, context);
  const evaluation = await evaluate(model ?? await findRun(undefined, { cwd, onNote: heard(terminal.note) }), source, {
    ...forLibrary(EVALUATE, flags), cwd, onWarning: heard(terminal.warn),
  });
  const { kind, metrics, baseline, linear, target, data: name } = evaluation;
  const text = (): string => `${name}: predictions of ${target}\n\n${textTable(metricTable(plural(metrics.rows, 'row'), [
    ['no inputs', baseline], ['linear', linear], [kind === 'run' ? 'full posterior' : 'exported model', metrics],
  ]))}`;
  await terminal.result(flags.json ? documentText(evaluation) : text());
}
