/** What likelihoods of classes have in common: a builder that fills in all that follows from the probabilities of one row. */
import { fail } from '../errors.js';
import { sumOf } from '../maths/statistics.js';
import { list, text } from '../rules.js';
import type { Matrix, Targets, Task } from '../types.js';
import {
  ACCURACY, AUC, AVERAGE_PRECISION, BALANCED_ACCURACY, BRIER, CALIBRATION, F1, MCC, NLL_OF_PROBABILITY, type RowLosses,
} from './metrics.js';
import { NOTHING_TO_LEARN } from './numbers.js';
import { drawClasses } from './simulated-classes.js';
import type { ClassLikelihood, OutputDraws, TargetCells, Uncertainty } from './types.js';

/** A class that is held impossible costs much, not infinitely much. */
const LEAST = 1e-38;

type Derived = 'kind' | 'check' | 'fit' | 'fields' | 'stratified' | 'levels' | 'learnsNoise' | 'uncertainty' | 'losses'
  | 'metrics' | 'simulation';

/** What may be said otherwise. */
type Otherwise = 'check' | 'fit' | 'fields' | 'learnsNoise' | 'losses' | 'metrics';

/** What a target of classes keeps of its column. */
type LabelsOf<K extends Task> = Targets[K] & { name: string; levels: string[] };

/** What has to be said of classes. */
export interface ClassModel<K extends Task>
  extends Omit<ClassLikelihood<K>, Derived>, Partial<Pick<ClassLikelihood<K>, Otherwise>> {
  /** Labels of an invented target. */
  invented: readonly string[];
  /** To the last digit, where the likelihood has more of them than probabilities of four bytes. */
  exact?(outputs: OutputDraws): ExactShares;
}

/** Averages over the draws. */
export interface ExactShares {
  /** n x C: probabilities of all classes. */
  shares: Float64Array;
  /** C times n: log odds of each class against all others; of two classes the second's alone, with nothing before. */
  logOdds: (Float64Array | undefined)[];
}

/** The whole likelihood. */
export function classLikelihood<K extends Task>({ invented, exact, ...model }: ClassModel<K>): ClassLikelihood<K> {
  const targetOf = (name: string, levels: readonly string[]): Targets[K] =>
    ({ name, task: model.task, levels: [...levels] }) as unknown as Targets[K];
  const levels = (target: Targets[K]): readonly string[] => (target as LabelsOf<K>).levels;
  return {
    kind: 'class', stratified: true, learnsNoise: false, levels,
    metrics: [ACCURACY, NLL_OF_PROBABILITY, AUC, CALIBRATION, AVERAGE_PRECISION, BRIER, BALANCED_ACCURACY, F1, MCC],
    check: (cells) => checkDiffer(cells, cells.levels.length, 'every row'),
    fit(cells, rows) {
      const codes = cells.codes();
      checkDiffer(cells, new Set(Array.from(rows, (row) => codes[row])).size, 'the training rows');
      return targetOf(cells.name, cells.levels);
    },
    fields: { levels: list(text, { min: model.classes[0], max: model.classes[1] }) },
    uncertainty: (outputs) => entropyParts(outputs, model.probabilities),
    losses(outputs, y, _, threshold) {
      const probabilities = model.probabilities(outputs);
      return classLosses(probabilities, exact?.(outputs) ?? sharesOf(probabilities), y, threshold);
    },
    simulation: {
      signal: 'accuracy of the truth above chance', measure: 'accuracy',
      draw: (values, { target, y, signal }, stream) => drawClasses(values, signal, classShares(y, levels(target).length), stream),
      replaced: (target) => target,
      invented: (name) => targetOf(name, invented),
      reached({ accuracy }, y, target) {
        const most = Math.max(...classShares(y, levels(target).length));
        return (accuracy! - most) / (1 - most);
      },
    },
    ...model,
  };
}

/** @throws data.one-class */
export function checkDiffer({ name, place }: TargetCells, classes: number, rows: string): void {
  if (classes > 1) return;
  throw fail('data.one-class', `the target '${name}' has the same class in ${rows}`, { where: place(), hint: NOTHING_TO_LEARN });
}

/**
 * Shares of the classes; half a row is added to each, so that none is 0: the predictive probabilities under Jeffreys' prior
 * (Krichevsky, Trofimov 1981).
 */
export function classShares(y: Float32Array, classes: number, weights?: Float32Array): number[] {
  const counts = new Array<number>(classes).fill(0.5);
  y.forEach((label, n) => { counts[label] += weights ? weights[n] : 1; });
  const rows = weights ? sumOf(weights) : y.length;
  return counts.map((count) => count / (rows + classes / 2));
}

/** Log-likelihood of n rows whose classes have these shares when all are given these shares. */
export const entropyOfShares = (shares: readonly number[], rows: number): number =>
  rows * shares.reduce((sum, share) => sum + (share > 0 ? share * Math.log(share) : 0), 0);

export function classLosses(
  { cols, data }: Matrix, { shares, logOdds }: ExactShares, y: Float32Array, threshold: number | undefined,
): RowLosses {
  const decided = Array.from(y, (_, n) => decidedClass(data.subarray(n * cols, (n + 1) * cols), threshold));
  return {
    nll: Float64Array.from(y, (label, n) => -Math.log(Math.max(data[n * cols + label], LEAST))),
    hits: Float64Array.from(y, (label, n) => Number(decided[n].index === label)),
    confidence: Float64Array.from(decided, ({ value }) => value),
    labels: Float64Array.from(y), predicted: Float64Array.from(decided, ({ index }) => index),
    brier: Float64Array.from(y, (label, n) => squaredError(shares, n * cols, cols, label)),
    ...Object.fromEntries(logOdds.flatMap((scores, label) => (scores ? [[`score${label}`, scores]] : []))),
  };
}

/** Of the probabilities from `at` on; of two classes, whose errors are equal, one of them (Brier 1950, and as it is used now). */
function squaredError(shares: Float64Array, at: number, classes: number, label: number): number {
  if (classes === 2) return (shares[at + 1] - label) ** 2;
  let sum = 0;
  for (let c = 0; c < classes; c++) sum += (shares[at + c] - Number(c === label)) ** 2;
  return sum;
}

function sharesOf({ rows, cols, data }: Matrix): ExactShares {
  const odds = (label: number): Float64Array => Float64Array.from({ length: rows }, (_, n) => {
    const p = data[n * cols + label];
    return Math.log(p) - Math.log1p(-p);
  });
  const logOdds = Array.from({ length: cols }, (_, c) => (cols === 2 && c === 0 ? undefined : odds(c)));
  return { shares: Float64Array.from(data), logOdds };
}

/** The predicted class and its probability: the likeliest, or of two the second from `threshold` on. */
export function decidedClass(probabilities: Float32Array, threshold: number | undefined): { index: number; value: number } {
  if (threshold === undefined) return topClass(probabilities);
  const index = Number(probabilities[1] >= Math.fround(threshold));
  return { index, value: probabilities[index] };
}

/** The likeliest class and its probability; the first on ties. */
export function topClass(probabilities: Float32Array): { index: number; value: number } {
  let index = 0;
  for (let c = 1; c < probabilities.length; c++) if (probabilities[c] > probabilities[index]) index = c;
  return { index, value: probabilities[index] };
}

/** Entropy of the averaged probabilities = mean entropy of the draws + mutual information (Houlsby et al., arXiv 1112.5745). */
export function entropyParts(outputs: OutputDraws, probabilities: (outputs: OutputDraws) => Matrix): Uncertainty {
  const { draws, rows } = outputs;
  const aleatoric = new Float64Array(rows);
  const size = rows * outputs.outputs;
  for (let s = 0; s < draws; s++) {
    const one = probabilities({ ...outputs, draws: 1, values: outputs.values.subarray(s * size, (s + 1) * size) });
    entropies(one).forEach((entropy, n) => (aleatoric[n] += entropy / draws));
  }
  const total = entropies(probabilities(outputs));
  // Rounding may leave less than nothing.
  return { epistemic: total.map((entropy, n) => Math.max(0, entropy - aleatoric[n])), aleatoric };
}

/** -sum p log p of each row. */
const entropies = ({ rows, cols, data }: Matrix): Float64Array => Float64Array.from({ length: rows }, (_, n) =>
  data.subarray(n * cols, (n + 1) * cols).reduce((sum, p) => (p > 0 ? sum - p * Math.log(p) : sum), 0));
