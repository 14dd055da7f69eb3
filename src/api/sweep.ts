/** Sweeps: settings of the config, compared by cross-validation. */

import { basename, join } from 'node:path';
import type { Resolved } from '../config/resolve.js';
import { loadSweep, type SweepPlan } from '../config/sweep.js';
import { stringifyConfig } from '../config/stringify.js';
import { BnncError, fail } from '../errors.js';
import { unlessAborted } from '../jobs/abort.js';
import { targetTitle } from '../likelihood/index.js';
import { json } from '../store/files.js';
import { telling } from '../voice.js';
import type { Rung } from '../work/sweep/rungs.js';
import type { Standing } from '../work/sweep/standing.js';
import type { Setting } from '../work/sweep/trials.js';
import { engineOf, folderOf, heed } from './environment.js';
import { checked } from './options/check.js';
import { SWEEP, type SweepOptions } from './options/sweep.js';
import { tableText } from './output.js';
import { resolvedFor } from './sweep-settings.js';

export type { Standing } from '../work/sweep/standing.js';
export type { Rung } from '../work/sweep/rungs.js';
export type { Setting } from '../work/sweep/trials.js';

const BEST = 'The setting with the least cross-validated loss.';
const SIMPLEST = 'The setting with the smallest pruned model within a standard error of the best.';

/** What a sweep came to. */
export interface SweepDocument {
  /** Folder with the table, the plot and the configs, as it was named. */
  path: string;
  target: string;
  method: SweepPlan['method'];
  /** Whose loss decides: of the full posterior, the pruned or the fine-tuned network. */
  measure: SweepPlan['measure'];
  folds: number;
  repeats: number;
  data: { name: string; rows: number; sha256: string };
  /** How many settings were measured on how many folds, first to last. */
  rungs: Rung[];
  /** From the best to the worst. */
  standing: Standing[];
  /** Numbers of the best setting, and of the one with the smallest pruned model within a standard error of it. */
  best: number;
  simplest: number;
}

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
  const { config: file, force = false, jobs, signal, onFold, stdin } = checked('sweep', options, SWEEP);
  heed(options);
  const cwd = folderOf(options);
  const plan = await unlessAborted(loadSweep(file, cwd), signal);
  const { settingsOf, gridSize, MOST_TRIALS } = await import('../work/sweep/trials.js');
  if (plan.method === 'grid' && gridSize(plan.keys) > MOST_TRIALS) {
    throw fail('usage.sweep', `the grid has ${gridSize(plan.keys)} settings; ${MOST_TRIALS} are the most`, {
      where: { file }, hint: 'Use the method random or halving, or fewer values.',
    });
  }
  const settings = settingsOf(plan);
  const trials: { setting: Setting; resolved: Resolved }[] = [];
  for (const setting of settings) trials.push({ setting, resolved: await resolvedFor(setting, plan, options, cwd) });
  const tell = telling(options.onNote);
  if (plan.method !== 'grid' && settings.length < plan.trials) tell(`only ${settings.length} different settings were found`);

  const path = options.out ?? join('sweeps', basename(file).replace(/\.(ya?ml|json)$/i, ''));
  const { openSweepFolder } = await import('../store/sweep-folder.js');
  const folder = await openSweepFolder(path, cwd, force);
  try {
    const { sweep: run } = await import('../work/sweep/sweep.js');
    const { folds, repeats, method, measure, threshold, eta } = plan;
    const configs = trials.map(({ resolved }) => withoutPath(resolved));
    const identity = { folds, repeats, method, measure, threshold, eta, settings, configs };
    const { standing, rungs, data, found } = await run({
      plan, trials, given: stdin, engine: engineOf(options), jobs, signal, onFold,
      onTable: ({ rows, sha256 }) => folder.begin({ plan: identity, data: { rows, sha256 } }),
    }).catch((error: unknown) => {
      throw error instanceof BnncError && error.problems[0].code === 'interrupted.stopped' ? stopped(path) : error;
    });
    if (found > 0) tell(`${found} folds of an earlier call are used`);
    const { simplest } = await import('../work/sweep/standing.js');
    const [first, small] = [standing[0], simplest(standing)];
    const { resolved: { config, dataName } } = trials[0];
    const document: SweepDocument = {
      path, target: targetTitle(config.data.target), method, measure, folds, repeats, data: { name: dataName, ...data }, rungs,
      standing, best: first.trial, simplest: small.trial,
    };
    const { paretoPlot } = await import('../report/pareto.js');
    await folder.write('table', trialsTable(standing));
    await folder.write('plot', paretoPlot(standing));
    await folder.write('best', configText(trials[first.trial - 1], BEST));
    await folder.write('simplest', configText(trials[small.trial - 1], SIMPLEST));
    await folder.write('document', json({ schemaVersion: 1, ...document }));
    return document;
  } finally {
    await folder.close();
  }
}

const withoutPath = ({ config }: Resolved): object => ({ ...config, data: { ...config.data, path: undefined } });

const stopped = (path: string): Error => new BnncError({
  code: 'interrupted.stopped', message: 'interrupted; the folds that were done are kept', where: { file: path },
  hint: 'The same call goes on from there.',
});

function trialsTable(standing: readonly Standing[]): string {
  const keys = Object.keys(standing[0].setting);
  const header = [
    'rank', 'trial', ...keys, 'folds', 'loss', 'loss_se', 'behind', 'behind_se', 'pruned_loss', 'pruned_loss_se', 'nonzero',
    'inputs', 'efficient',
  ];
  return tableText(header, standing.map((each, at) => [
    at + 1, each.trial, ...keys.map((key) => textOf(each.setting[key])), each.folds, ...figures(each.loss, each.folds),
    ...figures(each.behind, each.folds), ...figures(each.prunedLoss, each.folds), each.nonZero, each.inputs,
    String(each.efficient),
  ]));
}

/** One fold tells nothing of an error. */
const figures = ({ mean, se }: Standing['loss'], folds: number): (string | number)[] => [mean, folds > 1 ? se : ''];

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

const configText = ({ resolved: { config } }: { resolved: Resolved }, header: string): string =>
  stringifyConfig(config, { header });
