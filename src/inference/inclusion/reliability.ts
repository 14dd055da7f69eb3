/** How inclusion probabilities compare with a known truth: reliability curve, realised false discovery rate, power. */
import type { InputInclusion, InputSet } from '../../types.js';
import { selectFeatures, type SelectionRule } from './select.js';

/** An input whose truth is known. */
export interface JudgedInput extends InputInclusion {
  /** Whether the target depends on it. */
  true: boolean;
  /** True inputs of the same table, by index, that it correlates with so much that it could stand in for them. */
  relatives: readonly number[];
}

/** Inputs whose PIP lies from `from` to below `to`; in the last bin 1 is included. */
export interface ReliabilityBin {
  from: number;
  to: number;
  count: number;
  /** Of the inputs in the bin that are true. */
  trueCount: number;
  /** Mean PIP and share that is true, with its 95 % interval (Wilson); absent in an empty bin. */
  meanPip?: number;
  share?: number;
  lower?: number;
  upper?: number;
}

export interface Reliability {
  inputs: number;
  bins: ReliabilityBin[];
  /** Expected calibration error: |mean PIP - share true| of the bins, weighted by their counts. */
  ece: number;
  /** Mean of (PIP - truth)^2 (Brier 1950). */
  brier: number;
}

/** Finer where it matters: near 0 and near 1. */
export const PIP_EDGES: readonly number[] = [0, 0.05, 0.25, 0.5, 0.75, 0.95, 1];

/** The curve over all inputs of all tables. @param edges ascending from 0 to 1 */
export function reliability(inputs: readonly Pick<JudgedInput, 'pip' | 'true'>[], edges = PIP_EDGES): Reliability {
  const last = edges.length - 2;
  const bins = edges.slice(0, -1).map((from, b): ReliabilityBin => {
    const to = edges[b + 1];
    const inside = inputs.filter(({ pip }) => pip >= from && (pip < to || b === last));
    const trueCount = inside.filter((input) => input.true).length;
    const count = inside.length;
    if (count === 0) return { from, to, count, trueCount };
    const { lower, upper } = wilson(trueCount, count);
    return { from, to, count, trueCount, meanPip: average(inside.map(({ pip }) => pip)), share: trueCount / count, lower, upper };
  });
  const gap = ({ count, meanPip = 0, share = 0 }: ReliabilityBin): number => count * Math.abs(meanPip - share);
  return {
    inputs: inputs.length, bins,
    ece: bins.reduce((sum, bin) => sum + gap(bin), 0) / inputs.length,
    brier: average(inputs.map((input) => (input.pip - Number(input.true)) ** 2)),
  };
}

/** Quantile 0.975 of the standard normal distribution. */
const Z = 1.959964;

/** The 95 % interval of a share of `hits` in `count` > 0 independent trials (Wilson 1927). */
export function wilson(hits: number, count: number): { lower: number; upper: number } {
  const [share, penalty] = [hits / count, Z ** 2 / count];
  const middle = share + penalty / 2;
  const half = Z * Math.sqrt((share * (1 - share)) / count + penalty / (4 * count));
  return { lower: Math.max(0, (middle - half) / (1 + penalty)), upper: Math.min(1, (middle + half) / (1 + penalty)) };
}

/** A mean over tables and its standard error; 0 where there is one table. */
export interface Mean {
  mean: number;
  se: number;
}

/** A credible set whose truth is known. */
export interface JudgedSet extends Pick<InputSet, 'source' | 'purity'> {
  /** By descending probability. */
  inputs: string[];
  /** Whether one of its inputs is true. */
  true: boolean;
}

/** How many credible sets of a kind hold a true input. */
export interface Coverage {
  source: InputSet['source'];
  count: number;
  /** Of these, sets with a true input. */
  trueCount: number;
  /** Their share, with its 95 % interval (Wilson), and the mean number of inputs in a set; absent where there is no set. */
  share?: number;
  lower?: number;
  upper?: number;
  meanInputs?: number;
}

/** Of the sets of the linear part, and of those of the network alone. */
export function coverage(sets: readonly JudgedSet[]): Coverage[] {
  return (['linear', 'network'] as const).map((source) => {
    const own = sets.filter((set) => set.source === source);
    const [count, trueCount] = [own.length, own.filter((set) => set.true).length];
    if (count === 0) return { source, count, trueCount };
    const meanInputs = average(own.map(({ inputs }) => inputs.length));
    return { source, count, trueCount, share: trueCount / count, ...wilson(trueCount, count), meanInputs };
  });
}

/** What a rule of selection realises. */
export interface Realised {
  rule: SelectionRule;
  /** Sums over the tables: inputs chosen, those of them that are true and false, and the false ones that stand in. */
  chosen: number;
  right: number;
  wrong: number;
  /** False inputs that were chosen while a true one that they correlate with was not; among `wrong`. */
  standIns: number;
  /** Share of the chosen inputs that are false; 0 where none was chosen. */
  fdr: Mean;
  /** Share of the true inputs that were chosen. */
  power: Mean;
  /** Share of the tables whose true inputs were chosen and no other. */
  exact: Mean;
}

/** Applies the rule to every table. @throws usage.threshold, usage.fdr, usage.top */
export function realise(tables: readonly (readonly JudgedInput[])[], rule: SelectionRule): Realised {
  const outcomes = tables.map((inputs) => {
    const places = new Map(inputs.map(({ input }, index) => [input, index]));
    const taken = new Set(selectFeatures(inputs, rule).map(({ input }) => places.get(input)!));
    const chosen = inputs.filter((_, index) => taken.has(index));
    const wrong = chosen.filter((input) => !input.true);
    const truths = inputs.filter((input) => input.true).length;
    const standIns = wrong.filter(({ relatives }) => relatives.some((other) => !taken.has(other))).length;
    return { chosen: chosen.length, right: chosen.length - wrong.length, wrong: wrong.length, standIns, truths };
  });
  const sum = (key: 'chosen' | 'right' | 'wrong' | 'standIns'): number => outcomes.reduce((total, each) => total + each[key], 0);
  return {
    rule, chosen: sum('chosen'), right: sum('right'), wrong: sum('wrong'), standIns: sum('standIns'),
    fdr: meanOf(outcomes.map(({ chosen, wrong }) => wrong / Math.max(1, chosen))),
    power: meanOf(outcomes.map(({ right, truths }) => right / truths)),
    exact: meanOf(outcomes.map(({ right, wrong, truths }) => Number(wrong === 0 && right === truths))),
  };
}

/** Mean of values, and its standard error. */
export function meanOf(values: readonly number[]): Mean {
  const mean = average(values);
  if (values.length < 2) return { mean, se: 0 };
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  return { mean, se: Math.sqrt(variance / values.length) };
}

const average = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
