/** `bnnc train`: trains a network and prints the path of its run. */

import { forLibrary } from '../../../api/options/table.js';
import { TRAIN, type TrainFlags } from '../../../api/options/train.js';
import { documentText } from '../../../api/output.js';
import { planTraining } from '../../../api/plan-training.js';
import { train } from '../../../api/train.js';
import type { CliContext } from '../../context.js';
import { createProgress } from '../../progress.js';
import { heard } from '../../voice.js';
import { planText } from './plan-text.js';
import { tellTrained } from './trained.js';

export async function run([finished]: string[], flags: TrainFlags, context: CliContext): Promise<void> {
  const { cwd, argv, signal, stdin, terminal } = context;
  const options = { ...forLibrary(TRAIN, flags), run: finished, cwd, signal, stdin };
  if (flags.dryRun) {
    const plan = await planTraining(options);
    return terminal.result(flags.json ? documentText(plan) : planText(plan));
  }

  const progress = await createProgress(context, { json: flags.json, progress: flags.progress });
  const tells = { onProgress: progress.update, onNote: heard(progress.note) };
  // A folder of its own if none is named; a run that is there has one.
  const isNew = flags.resume === undefined && flags.addRestarts === undefined;
  const out = isNew ? flags.out ?? true : flags.out;
  const trained = await train({ ...options, out, argv, ...tells }).finally(progress.stop);
  await tellTrained(trained, { json: flags.json }, terminal);
}
