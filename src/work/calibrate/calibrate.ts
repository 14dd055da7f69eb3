/** Calibration: many tables with a planted truth, learned from as a run does, and what comes of their probabilities. */
import { shareThreads } from '../../engine/backend.js';
import type { EnginePreference } from '../../engine/preference.js';
import {
  coverage, meanOf, realise, reliability, type Coverage, type Mean, type Realised, type Reliability,
} from '../../inference/inclusion/reliability.js';
import { selectFeatures } from '../../inference/inclusion/select.js';
import { likelihoodOf, simulationOf } from '../../likelihood/index.js';
import { Stream } from '../../random.js';
import type { Task } from '../../types.js';
import type { RunMetrics } from '../run-metrics.js';
import { checkMemory, memoryShape, planMemory, type MemoryLimit } from '../memory.js';
import { handedThrough, jobCount, openWorkers, type Jobs, type Through } from '../workers.js';
import type { Prepared, SplitName } from '../prepare.js';
import type { SignalRange, SimulatedSet, SimulatedSetTask } from './simulated-set.js';
import { drawSynthetic } from './synthetic.js';

export interface CalibrateOptions extends Pick<SimulatedSetTask, 'source' | 'config' | 'signalRange'> {
  /** How many tables to simulate. */
  sets: number;
  /** The two rules of selection that are judged. */
  threshold: number;
  fdr: number;
  /** How many tables to learn from at once; results do not depend on it. Default: `auto`. */
  jobs?: Jobs | undefined;
  /** What there is; absent: it is not looked at. */
  memory?: MemoryLimit | undefined;
  engine?: EnginePreference;
  /** What the tables are handed through. */
  through?: Through | undefined;
  signal?: AbortSignal | undefined;
  /** Told when a table is done: how many are. */
  onSet?: ((done: number) => void) | undefined;
}

export interface Calibration {
  task: Task;
  seed: number;
  /** Of each table. */
  rows: Partial<Record<SplitName, number>>;
  /** Names. */
  inputs: string[];
  signalRange: SignalRange;
  reliability: Reliability;
  /** The same of groups of near twins, by the probability that at least one is in; absent where inputs have none. */
  groups?: Omit<Reliability, 'inputs'> & { count: number };
  /** Of credible sets of 95 %: how many there are, and how many hold a true input. */
  sets: Coverage[];
  /** By threshold, and by Bayesian false discovery rate. */
  rules: Realised[];
  /** Over the tables: what the whole posterior reaches on rows held out, what the truth itself does, and their ratio. */
  heldOut?: { split: SplitName; measure: string; reached: Mean; floor: Mean; ratio: Mean };
  tables: (Pick<SimulatedSet, 'signal' | 'truth' | 'groups' | 'sets' | 'heldOut'> & {
    /** In the order of `inputs`. */
    pips: number[];
  })[];
}

/** What is drawn between when there is no run that tells how much of the target can be known. */
export const USUAL_SIGNAL: SignalRange = [0.3, 0.9];

/**
 * Simulates the tables, learns from each and judges the probabilities.
 * @throws usage.threshold, usage.fdr; interrupted.stopped, training.non-finite, training.worker, training.memory
 */
export async function calibrate(options: CalibrateOptions): Promise<Calibration> {
  const { source, config, signalRange, sets, threshold, fdr, memory = {}, jobs: asked = 'auto', signal, onSet } = options;
  const rules = [{ threshold }, { fdr }];
  for (const rule of rules) selectFeatures([], rule); // a rule that is none is told before the work
  shareThreads(sets);
  const shown = 'prepared' in source ? source.prepared : drawSynthetic(source.synthetic, config, Stream.fromSeed(config.train.seed));
  const size = memoryShape(shown);
  const room = planMemory(size, memory, { asked, most: jobCount(asked, sets, shown), whole: true });
  checkMemory(room, size, {});
  const opened = await openWorkers(room.jobs, options.engine, signal, options.through?.apart);
  const hashes = 'prepared' in source ? { data: source.prepared.table.sha256, test: source.prepared.tests?.sha256 } : {};
  const workers = await handedThrough(options.through, opened, hashes);
  let done = 0;
  try {
    const simulated = await Promise.all(Array.from({ length: sets }, async (_, index) => {
      const set = await workers.run('simulate', { source, config, signalRange, index });
      onSet?.(++done);
      return set;
    }));
    const judged = simulated.map(({ inputs }) => inputs);
    const { encoder: { features, target } } = shown;
    return {
      task: target.task, seed: config.train.seed, rows: rowCounts(shown), inputs: features.map(({ name }) => name), signalRange,
      reliability: reliability(judged.flat()), ...groupsOf(simulated), sets: coverage(simulated.flatMap(({ sets: own }) => own)),
      rules: rules.map((rule) => realise(judged, rule)),
      ...heldOutOf(simulated, target.task),
      tables: simulated.map(({ inputs, ...rest }) => ({ ...rest, pips: inputs.map(({ pip }) => pip) })),
    };
  } finally {
    await workers.close();
  }
}

const rowCounts = ({ sets }: Prepared): Calibration['rows'] =>
  Object.fromEntries(Object.entries(sets).flatMap(([name, set]) => (set === undefined ? [] : [[name, set.x.rows]])));

function groupsOf(simulated: readonly SimulatedSet[]): Pick<Calibration, 'groups'> {
  const all = simulated.flatMap(({ groups }) => groups);
  if (all.length === 0) return {};
  const { inputs: count, ...rest } = reliability(all);
  return { groups: { count, ...rest } };
}

function heldOutOf(simulated: readonly SimulatedSet[], task: Task): Pick<Calibration, 'heldOut'> {
  const all = simulated.flatMap(({ heldOut }) => heldOut ?? []);
  if (all.length === 0) return {};
  return {
    heldOut: {
      split: all[0].split, measure: likelihoodOf(task).metrics[0].name, reached: meanOf(all.map(({ reached }) => reached)),
      floor: meanOf(all.map(({ floor }) => floor)), ratio: meanOf(all.map(({ reached, floor }) => reached / floor)),
    },
  };
}

/**
 * The signal that a run reached on its test rows, else on its validation rows, else on its training rows; kept within 0.05 and
 * 0.98.
 */
export function reachedSignal({ full }: Pick<RunMetrics, 'full'>, { sets, encoder: { target } }: Prepared): number {
  const split = (['test', 'validation', 'train'] as const).find((name) => full.splits[name] !== undefined && sets[name] !== undefined)!;
  return clipped(simulationOf(target.task).reached(full.splits[split]!, sets[split]!.y, target));
}

const clipped = (signal: number): number => Math.min(0.98, Math.max(0.05, signal));
