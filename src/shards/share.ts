/** The two sides of a plan that is done in shards: the work of one of them, and putting the results together. */
import { fail } from '../errors.js';
import { OthersFirst, sharedRunner, type Placed, type Results } from '../jobs/shared-runner.js';
import { call, words } from '../voice.js';
import { plural } from '../wording.js';
import type { AllTasks } from '../work/handlers.js';
import { identityOf } from '../work/units.js';
import type { Workers } from '../work/workers.js';
import { differences, makerOf } from './makers.js';
import type { Maker } from './part.js';
import { Parts } from './parts.js';
import { perform, type Performed, type PerformOptions } from './perform.js';
import type { Plan } from './plan.js';

/** Shard i of n, counted from 1. */
export interface Shard {
  index: number;
  count: number;
}

type Common = Omit<PerformOptions, 'through' | 'write' | 'onTable'> & {
  /** Folder of the results, absolute, and the same as errors name it. */
  folder: string;
  shownFolder: string;
};

export type WorkShardOptions = Common & {
  shard: Shard;
  /** Milliseconds to wait for what other shards find. */
  patience: number;
};

/** What a shard has done. */
export interface WorkedShard {
  /** Results written now, and results that were there. */
  written: number;
  found: number;
  /** Units that wait for results of other shards. */
  waiting: string[];
}

/**
 * Does the units of one shard, one after the other or as many at once as there are jobs, as far as they do not need results of
 * other shards that are not there. What is there is not done again.
 * @throws run.plan-data, run.part-foreign, run.part-damaged; training.*; interrupted.stopped, after which finished results stay
 */
export async function workShard({ shard, patience, folder, shownFolder, ...options }: WorkShardOptions): Promise<WorkedShard> {
  const { plan, signal } = options;
  const parts = new Parts(folder, shownFolder, plan);
  await parts.look();
  const mine = new Set(plan.units.filter((_, at) => at % shard.count === shard.index - 1).map(({ name }) => name));
  // A unit that the plan does not know is nobody's else's.
  const known = new Set(plan.units.map(({ name }) => name));
  const place = <N extends keyof AllTasks>(kind: N, task: AllTasks[N]['task']): Placed => {
    const { key, unit, last } = identityOf(kind, task);
    if (last) return { name: MERGE, here: false };
    const here = unit === undefined || mine.has(unit) || (shard.index === 1 && !known.has(unit));
    return { key, name: unit ?? kind, here };
  };
  const through = (workers: Workers): Workers => {
    parts.maker = makerOf(workers);
    return { ...sharedRunner<AllTasks>(workers, { results: parts, place, patience, signal }), engine: workers.engine };
  };
  const waiting = await perform({ ...options, through }).then(() => [], (error: unknown) => {
    if (error instanceof OthersFirst) return error.names.filter((name) => name !== MERGE);
    throw error;
  });
  return { ...parts.counts, waiting };
}

/** What waits for the merge. */
const MERGE = 'merge';

export type MergeOptions = Common & Pick<PerformOptions, 'write' | 'onTable'> & {
  /** Told in what the results were made differently. */
  onWarning?: ((text: string) => void) | undefined;
};

/**
 * Puts the results of a plan together; what is too small to be a unit is done here.
 * @throws run.parts-missing, run.part-foreign, run.part-damaged, run.plan-data; what the job throws
 */
export async function mergeParts({ folder, shownFolder, onWarning, ...options }: MergeOptions): Promise<Performed> {
  const { plan, shown } = options;
  const parts = new Parts(folder, shownFolder, plan);
  await parts.look();
  let here: Maker | undefined;
  const place = <N extends keyof AllTasks>(kind: N, task: AllTasks[N]['task']): Placed => {
    const { key, unit, last } = identityOf(kind, task);
    return { ...(!last && { key }), name: unit ?? kind, here: unit === undefined };
  };
  // The folder of results stays as it is.
  const results: Results = { find: (key) => parts.find(key), save: async () => {} };
  const through = (workers: Workers): Workers => {
    here = makerOf(workers);
    return { ...sharedRunner<AllTasks>(workers, { results, place, signal: options.signal }), engine: workers.engine };
  };
  const performed = await perform({ ...options, through }).catch((error: unknown) => {
    throw error instanceof OthersFirst ? missing(error.names, plan, shown, shownFolder) : error;
  });
  for (const line of differences(plan, [...parts.usedMakers, ...(here ? [here] : [])])) onWarning?.(line);
  return performed;
}

function missing(names: readonly string[], plan: Plan, shown: string, folder: string): Error {
  const MOST = 5;
  const listed = names.slice(0, MOST).join('; ') + (names.length > MOST ? '; ...' : '');
  return fail('run.parts-missing', `results of ${plural(names.length, 'unit')} of ${plan.units.length} are missing: ${listed}`, {
    where: { file: folder }, hint: words`Make them with: ${call('workUnits', { out: folder }, shown)}`,
  });
}
