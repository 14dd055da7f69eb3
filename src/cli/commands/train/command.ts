/** `bnnc train`: trains a network and prints the path of its run. */

import { train, type TrainedRun } from '../../../api/train.js';
import { resolveConfig } from '../../../config/resolve.js';
import { fail } from '../../../errors.js';
import { json } from '../../../store/files.js';
import type { CliContext } from '../../context.js';
import { plannedTraining, planText } from './dry-run.js';
import { warningLines } from '../inspect/findings.js';
import { metricRows } from '../../metrics-table.js';
import { engineOf } from '../../model-arguments.js';
import { flagName } from '../../../api/options/table.js';
import { TRAIN, type TrainFlags } from '../../../api/options/train.js';
import { createProgress } from '../../progress.js';
import { standInLine } from '../../../text/possible-substitutes.js';
import { plural, textTable } from '../../table.js';
import { heard } from '../../voice.js';

const SCHEMA_VERSION = 1;

export async function run(_args: string[], options: TrainFlags, context: CliContext): Promise<void> {
  const { cwd, argv, signal, stdin, terminal } = context;
  const { config, sets, data, target, seed, out, resume, force, jobs } = options;
  const engine = await engineOf(options, context);
  if (resume !== undefined) refuseBesideResume(options);
  if (options.dryRun) {
    const resolved = await resolveConfig({ file: config, sets, flags: { data, target, seed }, cwd });
    const { prepare } = await import('../../../work/prepare.js');
    const plan = plannedTraining(resolved, await prepare(resolved, stdin));
    return terminal.result(options.json ? json({ schemaVersion: SCHEMA_VERSION, ...plan }) : planText(plan));
  }

  const progress = await createProgress(context, { json: options.json });
  const trained = await train({
    config, sets, data, target, seed, resume, force, jobs, engine, cwd, signal, stdin, argv,
    out: resume === undefined ? out ?? true : undefined,
    onProgress: progress.update, onNote: heard(progress.note),
  }).finally(progress.stop);
  terminal.note(summary(trained).trimEnd());
  const { path, metrics, inputs, standIns, findings } = trained;
  for (const line of warningLines(findings, path)) terminal.warn(line);
  const document = { schemaVersion: SCHEMA_VERSION, path, metrics, inputs, standIns, findings };
  await terminal.result(options.json ? json(document) : `${path}\n`);
}

/** An interrupted run goes on as it began: anything that would change it is a misunderstanding. */
function refuseBesideResume(options: TrainFlags): void {
  const rivals = ['config', 'data', 'target', 'seed', 'sets', 'out', 'force', 'dryRun'] as const;
  const given = rivals.filter((name) => options[name] !== undefined)
    .map((name) => flagName(name, TRAIN[name]));
  if (given.length === 0) return;
  const message = `--resume goes on with the run's own config and data; ${given.join(', ')} cannot be given beside it`;
  throw fail('usage.resume', message, { hint: 'Leave it out, or train anew without --resume.' });
}

/** What came of it, in a few lines. */
function summary({ metrics: { baseline, dense, full, median }, inputs, standIns }: TrainedRun): string {
  const kept = inputs.filter(({ pip }) => pip >= 0.5).sort((a, b) => b.pip - a.pip);
  const names = kept.slice(0, 12).map(({ input, pip }) => `${input} ${pip.toFixed(2)}`);
  if (kept.length > names.length) names.push('...');
  const listed = names.length > 0 ? `: ${names.join(', ')}` : '';
  const counted = `${kept.length} of ${plural(inputs.length, 'input')} ${kept.length === 1 ? 'has' : 'have'} a PIP of at least 0.5${listed}`;
  const first = [counted, standInLine(inputs, standIns)].filter((line) => line !== undefined).join('\n');
  const split = (['test', 'validation', 'train'] as const).find((name) => full.splits[name] !== undefined);
  if (split === undefined) return first;
  const header = [plural(full.splits[split]!.rows, `${split} row`), 'no inputs', 'dense', 'full posterior', 'median model'];
  const rows = metricRows([baseline, dense, full, median].map((model) => model?.splits[split]));
  return `${first}\n\n${textTable([header, ...rows])}`;
}
