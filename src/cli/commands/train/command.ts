/** `bnnc train`: trains a network and prints the path of its run. */

import { forLibrary } from '../../../api/options/table.js';
import { TRAIN, type TrainFlags } from '../../../api/options/train.js';
import { documentText } from '../../../api/output.js';
import { planTraining } from '../../../api/plan-training.js';
import { train, type TrainedRun } from '../../../api/train.js';
import { carriedBy } from '../../../text/background.js';
import { metricTable } from '../../../text/metric-rows.js';
import { runModels } from '../../../text/run-models.js';
import { setLines, wrapped } from '../../../text/sets.js';
import { targetTable } from '../../../text/target-figures.js';
import { runVerdict } from '../../../text/verdict.js';
import type { CliContext } from '../../context.js';
import { createProgress } from '../../progress.js';
import { listed as listedNames } from '../../../wording.js';
import { plural, textTable } from '../../table.js';
import { heard } from '../../voice.js';
import { warningLines } from '../inspect/findings.js';
import { notableInputs } from '../inspect/inputs.js';
import { planText } from './plan-text.js';

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
  terminal.note(summary(trained).trimEnd());
  const { path, metrics, inputs, sets, findings } = trained;
  for (const line of warningLines(findings, path)) terminal.warn(line);
  await terminal.result(flags.json ? documentText({ path, metrics, inputs, sets, findings }) : `${path}\n`);
}

/** Inputs that are named at the end of a training. */
const MAX_INPUTS = 12;
const WIDTH = 80;

/** What came of it, in a few lines. */
function summary({ metrics, inputs, sets }: TrainedRun): string {
  const free = inputs.filter((row) => !row.kept);
  const given = inputs.flatMap((row) => (row.kept ? [row.input] : []));
  const kept = free.filter(({ pip }) => pip >= 0.5).sort((a, b) => b.pip - a.pip);
  const names = kept.slice(0, MAX_INPUTS).map(({ input, pip }) => `${input} ${pip.toFixed(2)}`);
  if (kept.length > names.length) names.push('...');
  const listed = names.length > 0 ? `: ${names.join(', ')}` : '';
  const beside = given.length > 0 ? `; kept: ${listedNames(given, MAX_INPUTS)}` : '';
  const counted = `${kept.length} of ${plural(free.length, 'input')} ${kept.length === 1 ? 'has' : 'have'} a PIP of at least 0.5${listed}${beside}`;
  const weak = carriedBy(metrics.background?.named, metrics.median.inputs.length).flatMap((line) => wrapped(line, WIDTH));
  const first = [...runVerdict(metrics), counted, ...weak, ...setLines(sets),
    ...notableInputs(inputs, metrics.search ? 'chains' : 'fits', MAX_INPUTS)].join('\n');
  const { splits } = metrics.full;
  const split = (['test', 'validation', 'train'] as const).find((name) => splits[name] !== undefined);
  if (split === undefined) return first;
  const tables = [
    metricTable(plural(splits[split]!.rows, `${split} row`), runModels(metrics, split)),
    targetTable('full posterior', metrics.full.targets?.[split]),
  ].filter((rows) => rows.length > 0);
  return [first.trimEnd(), ...tables.map((rows) => textTable(rows))].join('\n\n');
}
