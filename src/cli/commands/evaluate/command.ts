/** `bnnc evaluate`: metrics on rows whose target is known. */

import { findRun } from '../../../api/run.js';
import { evaluate } from '../../../api/evaluate.js';
import { EVALUATE, type EvaluateFlags } from '../../../api/options/predict.js';
import { forLibrary } from '../../../api/options/table.js';
import { documentText } from '../../../api/output.js';
import type { CliContext } from '../../context.js';
import { dataArgument, splitArguments } from '../../model-arguments.js';
import { heard } from '../../voice.js';
import { evaluationText } from './text.js';

export async function run(args: string[], flags: EvaluateFlags, context: CliContext): Promise<void> {
  const { cwd, terminal } = context;
  const { model, data } = await splitArguments(args, cwd);
  const source = dataArgument(data, context);
  const evaluation = await evaluate(model ?? await findRun(undefined, { cwd, onNote: heard(terminal.note) }), source, {
    ...forLibrary(EVALUATE, flags), cwd, onWarning: heard(terminal.warn),
  });
  await terminal.result(flags.json ? documentText(evaluation) : evaluationText(evaluation, flags.decisionThreshold === 'auto'));
}
