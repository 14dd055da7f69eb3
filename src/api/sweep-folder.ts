/** What comes of a sweep, in its folder. */

import type { Resolved } from '../config/resolve.js';
import { stringifyConfig } from '../config/stringify.js';
import { BnncError } from '../errors.js';
import { targetTitle } from '../likelihood/index.js';
import { json } from '../store/files.js';
import { telling, type Tell } from '../voice.js';
import type { Rung } from '../work/sweep/rungs.js';
import type { Standing } from '../work/sweep/standing.js';
import type { SweepOptions, SweepResult, SweepRules } from '../work/sweep/sweep.js';
import type { Setting } from '../work/sweep/trials.js';
import { tableText } from './output.js';

const BEST = 'The setting with the least cross-validated loss.';
const SIMPLEST = 'The setting with the smallest pruned model within a standard error of the best.';

/** What a sweep came to. */
export interface SweepDocument {
  /** Folder with the table, the plot and the configs, as it was named. */
  path: string;
  target: string;
  method: SweepRules['method'];
  /** Whose loss decides: of the full posterior, the pruned or the fine-tuned network. */
  measure: SweepRules['measure'];
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

interface Trial {
  setting: Setting;
  resolved: Resolved;
}

export interface SweepInto {
  /** The folder as it was named. */
  path: string;
  cwd: string;
  /** Begin anew where another sweep is. */
  force: boolean;
  plan: SweepRules;
  trials: readonly Trial[];
  onNote?: Tell | undefined;
}

/**
 * Opens the folder of a sweep, has the sweep done, and writes what it came to.
 * @throws run.busy, run.exists, run.not-a-run, run.not-writable; what `run` throws
 */
export async function sweepInto(
  { path, cwd, force, plan, trials, onNote }: SweepInto, run: (onTable: SweepOptions['onTable']) => Promise<SweepResult>,
): Promise<SweepDocument> {
  const { openSweepFolder } = await import('../store/sweep-folder.js');
  const folder = await openSweepFolder(path, cwd, force);
  try {
    const { folds, repeats, method, measure, threshold, eta } = plan;
    const identity = {
      folds, repeats, method, measure, threshold, eta, settings: trials.map(({ setting }) => setting),
      configs: trials.map(({ resolved }) => withoutPath(resolved)),
    };
    const onTable: SweepOptions['onTable'] = ({ rows, sha256 }) => folder.begin({ plan: identity, data: { rows, sha256 } });
    const { standing, rungs, data, found } = await run(onTable).catch((error: unknown) => {
      throw error instanceof BnncError && error.problems[0].code === 'interrupted.stopped' ? stopped(path) : error;
    });
    if (found > 0) telling(onNote)(`${found} folds of an earlier call are used`);
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

const configText = ({ resolved: { config } }: Trial, header: string): string =>
  stringifyConfig(config, { header });
