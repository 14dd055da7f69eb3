/** The runs of a folder. */

import { listFolder, type FoundRun } from '../store/list-runs.js';
import { allMetrics, headlineOf, type Metric } from '../likelihood/index.js';
import { readInputPips, readMetrics } from '../store/parts.js';
import { checked } from './options/check.js';
import { RUNS, type RunsOptions } from './options/look.js';
import { folderOf, heed } from './environment.js';

/** A folder of a run. */
export interface ListedRun extends Pick<FoundRun, 'path' | 'state'> {
  /** Absent of runs that are not complete. */
  target?: string;
  task?: string;
  data?: string;
  rows?: number;
  seed?: number;
  finished?: string;
  /** Inputs with a PIP of at least 0.5, of all inputs. */
  selected?: number;
  inputs?: number;
  /** How the whole posterior does on its held-out rows. */
  metric?: { name: string; split: string; value: number; se?: number };
}

/**
 * The runs in a folder, complete ones by the time they were finished, then those that are not.
 * @param folder `runs` by default
 * @throws {BnncError} `usage.option`, `run.not-readable`; a run that cannot be read is told as `damaged`
 * @example
 * ```ts
 * for (const { path, metric } of await listRuns()) console.log(path, metric?.value);
 * ```
 * @category Main functions
 */
export async function listRuns(folder = 'runs', options: RunsOptions = {}): Promise<ListedRun[]> {
  checked('listRuns', options, RUNS);
  heed(options);
  const found = await listFolder(folder, folderOf(options));
  return Promise.all(found.map(listed));
}

async function listed({ path, state, run }: FoundRun): Promise<ListedRun> {
  if (!run) return { path, state };
  const { target, task, data, seed, finished } = run.manifest;
  const facts = { path, state, target, task, data: data.path, rows: data.rows, seed, finished };
  try {
    const [metrics, inputs] = [await readMetrics(run), await readInputPips(run)];
    const selected = inputs.filter(({ pip }) => pip >= 0.5).length;
    const split = (['test', 'validation'] as const).find((name) => metrics.full.splits[name] !== undefined);
    if (split === undefined) return { ...facts, selected, inputs: inputs.length };
    const own = metrics.full.splits[split]!;
    const { name } = headlineOf(own);
    const se = own[`${name}Se`];
    const metric = { name, split, value: own[name]!, ...(se !== undefined && { se }) };
    return { ...facts, selected, inputs: inputs.length, metric };
  } catch {
    return { path, state: 'damaged' };
  }
}

/** How a metric is called in tables. */
export const metricLabel = (name: string): string => allMetrics().find((metric: Metric) => metric.name === name)?.short ?? name;
