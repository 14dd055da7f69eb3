/** What likelihoods of numbers have in common: a builder that fills in all that follows from a few functions of one row. */
import { fail } from '../errors.js';
import { average, moments } from '../maths/statistics.js';
import type { RowFacts, Targets, Task } from '../types.js';
import { COVERAGE, CRPS, MAE, NLL, PINBALL, R2, RMSE, type RowLosses } from './metrics.js';
import { expectedOf, logDensitiesOf, mixtureCdf, mixtureQuantiles, momentsOf, type Moments } from './mixture.js';
import type { NumberLikelihood, OutputDraws, TargetCells, Units, Vector } from './types.js';

const LARGEST_TARGET = 1e30;
/** Of the difference between the largest and the smallest. */
const SMALLEST_SPREAD = 1e-30;

/** The target as its own likelihood knows it. */
type Known<K extends Task> = ({ target: Targets[K] } & RowFacts) | undefined;

type Derived = 'kind' | 'words' | 'claims' | 'check' | 'stratified' | 'outputNames' | 'allowsOutputs' | 'response'
  | 'learnsNoise' | 'nullLogLikelihood' | 'expected' | 'uncertainty' | 'losses' | 'metrics' | 'contributions' | 'interval'
  | 'quantiles' | 'cdfAt' | 'logDensities' | 'at';

/** What is left to say, and what may be said otherwise. */
type Said<K extends Task> = Omit<NumberLikelihood<K>, Derived> & Partial<Pick<NumberLikelihood<K>, Derived>>;

/** What has to be said of a number with one output. */
export interface NumberModel<K extends Task> extends Said<K> {
  /** Var(y | f) of one row. */
  variance(f: Vector, noiseVariance: number, target?: Targets[K]): number;
  /** P(Y <= y | f) of one row. */
  cdf(y: number, f: Vector, noiseVariance: number, target?: Targets[K]): number;
  /** Mean and variances of the predictive distribution, where they can be had faster than row by row. */
  moments?(outputs: OutputDraws): Moments;
  /** What a prediction of `mean` loses on y, both in the target's own units, beside its square. */
  deviance?(y: number, mean: number): number;
  /** Continuous ranked probability scores of y [n], where they are known. */
  crps?(outputs: OutputDraws, y: ArrayLike<number>): Float64Array;
}

/** The whole likelihood; what `model` says itself is taken. */
export function numberLikelihood<K extends Task>(model: NumberModel<K>): NumberLikelihood<K> {
  const { fault, units } = model;
  const nameOf = (target: Targets[K]): string => target.name;
  const momentsAt = model.moments ?? ((outputs: OutputDraws): Moments => momentsOf(outputs, model));
  const logDensities = model.logDensities ?? ((outputs: OutputDraws, y: Float32Array): Float64Array =>
    logDensitiesOf(outputs, own.response(y, outputs.outputs, outputs.known as Known<K>), model));
  const quantiles = model.quantiles ?? ((outputs: OutputDraws, p: number) => mixtureQuantiles(outputs, p, model));
  const own: NumberLikelihood<K> = {
    kind: 'number', stratified: false, learnsNoise: false, metrics: [RMSE, NLL, COVERAGE, R2, MAE, CRPS, ...PINBALL],
    words: {
      kind: 'a number', target: (target) => `${model.task} of '${nameOf(target)}'`,
      effect: (target) => `predicted ${nameOf(target)}`,
    },
    claims: () => false,
    check: (cells) => checkNumbers(cells, fault),
    outputNames: (target) => [nameOf(target)],
    allowsOutputs: (count) => count === 1,
    response: (y) => ({ rows: y.length, cols: 1, data: y }),
    nullLogLikelihood: ({ data, weights }) => {
      const { output, noiseVariance } = model.nullModel(data, undefined as never, { ...(weights && { weights }) });
      return data.reduce((sum, y, n) => sum + (weights?.[n] ?? 1) * model.logDensity(output, [y], noiseVariance), 0);
    },
    expected: (outputs) => (model.moments ? model.moments(outputs).mean : expectedOf(outputs, model)),
    uncertainty(outputs, target) {
      const { scale } = units(target);
      const { epistemic, aleatoric } = momentsAt(outputs);
      const inUnits = (variance: number): number => Math.sqrt(variance) * scale;
      return { epistemic: epistemic.map(inUnits), aleatoric: aleatoric.map(inUnits) };
    },
    losses: (outputs, y, target) =>
      numberLosses(outputs, y, units(target), { ...own, densities: logDensities, crps: model.crps, deviance: model.deviance }),
    contributions: {
      of: ([f]) => f, units: () => ({ scale: 1, shift: 0 }), words: (target) => `the scale of the output for ${nameOf(target)}`,
    },
    at: { column: (name, raw) => `${name}_upto_${raw}`, probability: (outputs, _, encoded) => own.cdfAt(outputs, encoded) },
    quantiles, logDensities, cdfAt: (outputs, y) => mixtureCdf(outputs, y, model),
    interval: (outputs, level) => ({ lower: quantiles(outputs, (1 - level) / 2), upper: quantiles(outputs, (1 + level) / 2) }),
    ...model,
  };
  return own;
}

interface Predictive {
  crps: NumberModel<Task>['crps'];
  deviance: NumberModel<Task>['deviance'];
  interval: NumberLikelihood['interval'];
  densities(outputs: OutputDraws, y: Float32Array): Float64Array;
  expected: NumberLikelihood['expected'];
}

function numberLosses(
  outputs: OutputDraws, y: Float32Array, { scale, shift }: Units, { interval, densities, expected, crps, deviance }: Predictive,
): RowLosses {
  const mean = expected(outputs);
  const raw = (value: number): number => value * scale + shift;
  const { lower, upper } = interval(outputs, 0.9);
  return {
    nll: densities(outputs, y).map((density) => Math.log(scale) - density),
    squares: Float64Array.from(y, (value, n) => ((value - mean[n]) * scale) ** 2),
    absolute: Float64Array.from(y, (value, n) => Math.abs(value - mean[n]) * scale),
    truth: Float64Array.from(y, raw),
    inside: Float64Array.from(y, (value, n) => Number(value >= lower[n] && value <= upper[n])),
    ...(deviance && { deviance: Float64Array.from(y, (value, n) => deviance(raw(value), raw(mean[n]))) }),
    ...(crps && { crps: crps(outputs, y).map((score) => score * scale) }),
    pinball05: Float64Array.from(y, (value, n) => pinball(value, lower[n], 0.05) * scale),
    pinball95: Float64Array.from(y, (value, n) => pinball(value, upper[n], 0.95) * scale),
  };
}

/** What a forecast of the `level` quantile loses: (y - q) level above it, (q - y) (1 - level) below (Koenker, Bassett 1978). */
export const pinball = (y: number, quantile: number, level: number): number =>
  Math.max(level * (y - quantile), (level - 1) * (y - quantile));

/** @throws data.constant-target; data.target-range for a number that the likelihood has no density for */
function checkNumbers(cells: TargetCells, fault: NumberLikelihood['fault']): void {
  checkVaries(cells, cells.levels.length > 1, 'every row');
  if (!fault) return;
  const values = cells.numbers();
  const row = values.findIndex((value) => fault(value) !== undefined);
  if (row >= 0) throw unfit(cells, row, values[row], fault(values[row])!);
}

/** The refusal of a number that the likelihood gives no density. */
export const unfit = ({ name, place }: Pick<TargetCells, 'name' | 'place'>, row: number, value: number, fault: string): Error =>
  fail('data.target-range', `column '${name}': the target ${value} ${fault}`, {
    where: place(row), hint: 'Correct the cell, remove the row, or set another data.task.',
  });

/**
 * Mean and standard deviation of the training rows, weighted as these are. Predictions are 4-byte floats, which end at 3.4e38
 * and lose their digits below 1.2e-38.
 * @throws data.target-range, data.constant-target
 */
export function fitNumbers(cells: TargetCells, rows: Int32Array): { mean: number; sd: number } {
  const values = cells.numbers();
  const { mean, sd, constant } = moments(values, rows, cells.weights);
  const row = values.findIndex((value) => Math.abs(value) > LARGEST_TARGET);
  if (row >= 0) {
    const message = `column '${cells.name}': the target ${values[row]} is beyond ${LARGEST_TARGET}`;
    throw fail('data.target-range', message, { where: cells.place(row), hint: 'Use a larger unit: divide the column by a power of ten.' });
  }
  checkSpread(cells, values);
  checkVaries(cells, !constant, 'the training rows');
  return { mean, sd };
}

function checkSpread(cells: TargetCells, values: Float64Array): void {
  let [least, most] = [Infinity, -Infinity];
  for (const value of values) {
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  if (!(most > least && most - least < SMALLEST_SPREAD)) return;
  const message = `column '${cells.name}': the targets differ by less than ${SMALLEST_SPREAD}`;
  const hint = 'Use a smaller unit: multiply the column by a power of ten.';
  throw fail('data.target-range', message, { where: cells.place(), hint });
}

export const NOTHING_TO_LEARN =
  'Nothing can be learned from it. Check data.target, and whether the file is only a filtered or sorted part.';

function checkVaries({ name, place }: TargetCells, varies: boolean, rows: string): void {
  if (varies) return;
  throw fail('data.constant-target', `the target '${name}' has the same value in ${rows}`, { where: place(), hint: NOTHING_TO_LEARN });
}

/** Sample variance about the mean, with its mean: the two moments of targets y. */
export function momentsOfTargets(y: ArrayLike<number>, weights?: ArrayLike<number>): { mean: number; variance: number } {
  if (weights) {
    const mean = average(y, weights);
    return { mean, variance: average(Float64Array.from(y, (value) => (value - mean) ** 2), weights) };
  }
  let [sum, squares] = [0, 0];
  for (let n = 0; n < y.length; n++) sum += y[n];
  const mean = sum / y.length;
  for (let n = 0; n < y.length; n++) squares += (y[n] - mean) ** 2;
  return { mean, variance: squares / y.length };
}

