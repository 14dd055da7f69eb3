/** More restarts for a finished run: those that it has are kept, and the new ones take the next places of the same plan. */
import { join, resolve } from 'node:path';
import type { Config } from '../config/schema.js';
import type { Resolved } from '../config/resolve.js';
import { fail } from '../errors.js';
import { countFits } from '../train/fits.js';
import { option, words } from '../voice.js';
import { withWork, type Work } from '../work/begin.js';
import type { FitStates } from '../work/fitting.js';
import type { RunMetrics } from '../work/run-metrics.js';
import { createRun } from './create-run.js';
import { releasing } from './interrupted.js';
import { RUN_FILES } from './layout.js';
import { openRun, type RunFolder } from './open.js';
import { readConfig, readFits, readMetrics } from './parts.js';
import { warmStart } from './warm-start.js';
import { trainInto, type ResumeOptions, type TrainRunResult } from './train-run.js';

/**
 * Trains a finished run with `more` restarts beside its own, and puts the result in its place: the same as a run that had been
 * trained with all of them from the beginning. Fits whose states the run has kept are not made again.
 * @throws run.no-rows when its data cannot be read again or have changed; errors of the config, data and run stages;
 *   training.non-finite; interrupted.checkpoint, interrupted.stopped
 */
export async function addRestarts(path: string, more: number, options: Omit<ResumeOptions, 'rows'>): Promise<TrainRunResult> {
  const old = await openRun(path, options.cwd);
  const config = await readConfig(old);
  if (config.data.path === '-') throw gone(old, 'its data came through a pipe or from memory');
  const restarts = restartsOf(config, await readMetrics(old)) + more;
  const asked: Config = { ...config, train: { ...config.train, restarts } };
  const resolved: Resolved = { config: asked, origins: {}, baseDir: resolve(options.cwd, path), dataName: config.data.path };
  return withWork({ ...options, resolved }, async (work) => {
    refuseChanged(old, work, config);
    const warm = await warmStart(work, config.train, options.onNote);
    const kept = await keptStates(old, work, options.onNote);
    const fits = work.jobs.map((_, j) => kept[j] ?? warm.fits[j] ?? null);
    const run = await createRun({ cwd: options.cwd, path, force: true });
    return releasing(run, resolved, () => trainInto(run, { ...work, jobs: warm.jobs }, { fits }, { ...options, resolved }));
  });
}

/** Of each kind of gates; of `auto` those that were made. */
function restartsOf({ train: { restarts } }: Config, { restarts: made }: RunMetrics): number {
  if (restarts !== 'auto') return restarts;
  const kinds = new Set(made.map(({ gates }) => gates));
  return Math.max(...[...kinds].map((kind) => countFits(made.filter(({ gates }) => gates === kind)).restarts));
}

function refuseChanged(old: RunFolder, { prepared: { table, tests } }: Work, { data }: Config): void {
  const { manifest } = old;
  if (table.sha256 !== manifest.data.sha256) throw gone(old, `${data.path} has changed since the run`);
  if (tests?.sha256 !== manifest.test?.sha256) throw gone(old, `${data.split.testFile ?? 'the test file'} has changed since the run`);
}

function gone(old: RunFolder, reason: string): Error {
  return fail('run.no-rows', words`${option('addRestarts')} needs the rows that the run has learned from, but ${reason}`, {
    where: { file: old.path }, hint: words`Start a new training with ${{ key: 'train.restarts', value: 'N' }}.`,
  });
}

/** States by job, of the fits that the run has made with this engine. */
async function keptStates(old: RunFolder, { jobs, workers: { engine } }: Work, onNote: ResumeOptions['onNote']): Promise<FitStates> {
  const kept = await readFits(old);
  const same = old.manifest.engine.name === engine.name;
  if (kept && same) return jobs.map(({ name }) => kept.get(name) ?? null);
  onNote?.(kept ? `the run was made with the engine ${old.manifest.engine.name}, so its fits are made again`
    : `${join(old.path, RUN_FILES.fits.path)} is not there, so the fits of the run are made again`);
  return [];
}
