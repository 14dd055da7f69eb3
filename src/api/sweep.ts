/** Sweeps: settings of the config, compared by cross-validation. */

import { join } from 'node:path';
import { engineOf, folderOf, heed, memoryOf } from './environment.js';
import { checked } from './options/check.js';
import { SWEEP, type SweepOptions } from './options/sweep.js';
import { sweepInto, type SweepDocument } from './sweep-folder.js';
import { sweepTrials } from './sweep-settings.js';

export type { SweepDocument } from './sweep-folder.js';
export type { Standing } from '../work/sweep/standing.js';
export type { Rung } from '../work/sweep/rungs.js';
export type { Setting } from '../work/sweep/trials.js';

/**
 * Measures settings of the config on the same folds by their cross-validated log-likelihood: a grid, settings drawn at random, or
 * successive halving over folds. Writes a table, a plot of loss against size, the best config and the simplest one within a
 * standard error of it. A sweep that was stopped goes on in its folder.
 * @throws {BnncError} `usage.*`; `config.*`; `data.*`; `training.*`; `run.*`; `interrupted.stopped`
 * @example
 * ```ts
 * const { standing, path } = await sweep({ config: 'sweep.yaml' });
 * ```
 * @category More of the command line
 */
export async function sweep(options: SweepOptions): Promise<SweepDocument> {
  const { config: file, force = false, jobs, memory, signal, onFold, stdin } = checked('sweep', options, SWEEP);
  heed(options);
  const cwd = folderOf(options);
  const { plan, trials, name } = await sweepTrials({ ...options, config: file }, cwd);
  const { sweep: run } = await import('../work/sweep/sweep.js');
  const work = { given: stdin, engine: engineOf(options), jobs, memory: memoryOf(memory), signal, onFold };
  return sweepInto({ path: options.out ?? join('sweeps', name), cwd, force, plan, trials, onNote: options.onNote }, (onTable) =>
    run({ plan, trials, onTable, ...work }));
}
