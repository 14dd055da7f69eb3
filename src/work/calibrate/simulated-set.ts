/** One simulated table: a truth is planted in its inputs, and learning is done on it as on any table. */
import type { Config } from '../../config/schema.js';
import { headlineOf, likelihoodOf, simulationOf } from '../../likelihood/index.js';
import { evaluateDraws } from '../../inference/predictive/evaluate.js';
import { drawOutputs } from '../../inference/predictive/predict.js';
import { groupPip, groupsOf } from '../../inference/inclusion/groups.js';
import type { JudgedInput, JudgedSet } from '../../inference/inclusion/reliability.js';
import { findSets } from '../../inference/inclusion/sets.js';
import { Stream } from '../../random.js';
import type { Effect } from '../../simulate/function.js';
import { relativesOf } from '../../simulate/relatives.js';
import { drawTarget, drawTruth, type Truth } from '../../simulate/truth.js';
import type { Encoder } from '../../types.js';
import { DEFAULT_DRAWS } from '../../inference/predictive/predictive.js';
import { learn, type Learned } from '../learn.js';
import type { Runner } from '../../jobs/runner.js';
import type { TrainTasks } from '../tasks.js';
import { fitDataOf } from '../weights.js';
import type { Prepared, SplitName } from '../prepare.js';
import { drawSynthetic, type Synthetic } from './synthetic.js';

export type SignalRange = readonly [low: number, high: number];

export interface SimulatedSetTask {
  /** Rows whose target is to be replaced, or what to draw them from. */
  source: { prepared: Prepared } | { synthetic: Synthetic };
  config: Pick<Config, 'model' | 'prior' | 'train' | 'inclusion' | 'search'>;
  /** Between which the signal is drawn, uniformly (see `Simulation` of likelihood/types.ts). */
  signalRange: SignalRange;
  /** Which table, from 0; with the seed of the config it names every random draw. */
  index: number;
}

export interface SimulatedSet {
  signal: number;
  truth: PlantedTruth;
  /** In the order of the encoder's features. */
  inputs: JudgedInput[];
  /** Of two or more inputs. */
  groups: JudgedGroup[];
  sets: JudgedSet[];
  /** Rows that training did not see: the whole posterior and the truth itself, by the first metric of the likelihood. */
  heldOut?: { split: SplitName; reached: number; floor: number };
}

/** Inputs of which every two correlate by more than {@link RELATED}. */
export interface JudgedGroup {
  inputs: string[];
  /** That at least one of them is in. */
  pip: number;
  /** Whether one of them is true. */
  true: boolean;
}

/** A truth by names. */
export interface PlantedTruth {
  inputs: string[];
  /** One for each output of the network; `effects` by input. */
  functions: { effects: Effect[]; interaction?: [string, string] }[];
}

/** Inputs that correlate by more than this may stand in for one another. */
export const RELATED = 0.7;

/** Simulates a table and learns from it. @throws interrupted.stopped, training.non-finite */
export async function simulateSet(runner: Runner<TrainTasks>, task: SimulatedSetTask): Promise<SimulatedSet> {
  const { source, config, signalRange: [low, high], index } = task;
  const stream = Stream.fromSeed(config.train.seed).split('calibrate', index);
  const base = 'prepared' in source ? source.prepared : drawSynthetic(source.synthetic, config, stream.split('inputs'));
  const signal = low + (high - low) * stream.split('signal').uniform();
  const { truth, prepared, floors } = plant(base, signal, stream);
  // The dense reference says nothing of the inputs.
  const train = { ...config.train, seed: stream.split('seed').bits(), reference: false };
  const learned = await learn(runner, { ...config, train }, prepared);

  const { encoder: { features, target }, sets, shape } = prepared;
  const relatives = relativesOf(sets.train!.x, shape.inputGroup, truth.inputs, RELATED);
  // Of inputs that are kept nothing is claimed.
  const inputs = learned.inputs.map((each, i) => ({ ...each, true: truth.inputs.includes(i), relatives: relatives[i] }))
    .filter(({ kept }) => !kept);
  const judged = { signal, truth: named(truth, features), inputs, ...together(learned.prepared, learned, inputs) };
  const split = (['test', 'validation'] as const).find((name) => sets[name] !== undefined);
  if (split === undefined) return judged;
  const { x, y, ...facts } = sets[split]!;
  const { posterior } = learned.chosen;
  const [outputs] = drawOutputs(posterior, DEFAULT_DRAWS, stream.split('predict'), [x]);
  const metrics = evaluateDraws(outputs, y, target, facts);
  return {
    ...judged,
    heldOut: { split, reached: metrics[headlineOf(metrics).name]!, floor: floors[split]! },
  };
}

/** What the probabilities and sets say of several inputs together. */
function together(
  { encoder, sets: { train }, fitData, shape: { inputGroup } }: Prepared,
  { linear, chosen: { posterior, inclusion: pips } }: Learned,
  inputs: readonly JudgedInput[],
): Pick<SimulatedSet, 'groups' | 'sets'> {
  const { x } = train!;
  const { weights } = fitData.y;
  const sets = findSets({ encoder, linear: linear.effects?.sets ?? [], posterior, pips, ...train!, ...(weights && { weights }) });
  const groups = groupsOf(x, inputGroup, inputs.length, RELATED).map((places): JudgedGroup => {
    const members = places.map((place) => inputs[place]);
    return { inputs: members.map(({ input }) => input), pip: groupPip(members, sets), true: members.some((each) => each.true) };
  });
  const trueNames = new Set(inputs.filter((each) => each.true).map(({ input }) => input));
  return {
    groups,
    sets: sets.map(({ source, purity, inputs: members }) => {
      const names = members.map(({ input }) => input);
      return { source, purity, inputs: names, true: names.some((name) => trueNames.has(name)) };
    }),
  };
}

interface Plant {
  truth: Truth;
  prepared: Prepared;
  floors: Partial<Record<SplitName, number>>;
}

/** Puts a truth's target in the place of a table's own. */
export function plant(base: Prepared, signal: number, stream: Stream): Plant {
  const { encoder, encoder: { target }, shape, shape: { inputGroup: group } } = base;
  const names = (['train', 'validation', 'test'] as const).filter((name) => base.sets[name] !== undefined);
  const xs = names.map((name) => base.sets[name]!.x);
  const truth = drawTruth(xs[0], { outputs: likelihoodOf(target.task).outputNames(target).length, group }, stream.split('truth'));
  const { ys, floors } = drawTarget(truth, xs, { target, y: base.sets.train!.y, signal }, stream.split('target'));
  const sets = Object.fromEntries(names.map((name, i) => [name, { ...base.sets[name], x: xs[i], y: ys[i] }])) as Prepared['sets'];
  return {
    truth,
    prepared: {
      ...base, sets,
      encoder: { ...encoder, target: simulationOf(target.task).replaced(target) },
      fitData: fitDataOf(sets.train!, shape, encoder.target, base.weighting),
    },
    floors: Object.fromEntries(names.map((name, i) => [name, floors[i]])),
  };
}

function named({ inputs, functions }: Truth, features: Encoder['features']): PlantedTruth {
  const name = (input: number): string => features[input].name;
  return {
    inputs: inputs.map(name),
    functions: functions.map(({ effects, interaction }) => ({
      effects, ...(interaction && { interaction: [name(interaction[0]), name(interaction[1])] as [string, string] }),
    })),
  };
}
