/**
 * Partial dependence (Friedman 2001, section 8.2): the prediction as one input is set to a value in all of some rows and the
 * others stay, averaged over the rows; once for each posterior draw, so that it has credible bands.
 */
import { sigmoid } from '../model/prior.js';
import type { EncodedColumn, Encoder, Feature, Matrix } from '../types.js';
import type { OutputDraws } from './predictive.js';

/** Mean over the draws and central 90 % interval, one number per value of the input. */
export interface Curve {
  /** Target, modelled class of two, or one of more classes. */
  output: string;
  mean: number[];
  lower: number[];
  upper: number[];
}

export interface Effect {
  input: string;
  /** Rising numbers, or levels. */
  values: (number | string)[];
  curves: Curve[];
  /** Numbers that the rows have, rising; absent of levels. */
  rug?: number[];
}

/** Values of a number along the axis; a number of fewer different values has these. */
export const GRID = 25;
const FEW_VALUES = 8;
/** Percentiles between which a number is varied. */
const RANGE = [0.01, 0.99] as const;

export const MISSING = 'missing';

/**
 * The effect of one feature.
 * @param x n x d rows to average over, encoded by `encoder`
 * @param outputs draws of the network's outputs on rows like x
 * @param index of the feature in the encoder
 */
export function dependence(encoder: Encoder, x: Matrix, outputs: (x: Matrix) => OutputDraws, index: number): Effect {
  const feature = encoder.features[index];
  const from = encoder.features.slice(0, index).reduce((sum, { columns }) => sum + columns.length, 0);
  const rug = rawNumbers(feature, x, from);
  const values = rug ? grid(rug) : levelsOf(feature);
  const byValue = values.map((value) => averages(outputs(withValue(x, from, feature.columns, value)), encoder));
  const names = outputNames(encoder);
  const curves = names.map((output, k): Curve => {
    const draws = byValue.map((perOutput) => perOutput[k].sort());
    return {
      output, mean: draws.map((each) => each.reduce((sum, value) => sum + value, 0) / each.length),
      lower: draws.map((each) => quantile(each, 0.05)), upper: draws.map((each) => quantile(each, 0.95)),
    };
  });
  return { input: feature.name, values, curves, ...(rug && { rug: Array.from(rug) }) };
}

function outputNames({ target }: Encoder): string[] {
  if (target.task === 'regression') return [target.name];
  return target.task === 'binary' ? [target.levels[1]] : target.levels;
}

/** The feature's numbers in the rows, sorted, missing ones left out; undefined when no column holds a number. */
function rawNumbers({ columns }: Feature, { rows, cols, data }: Matrix, from: number): Float64Array | undefined {
  const at = columns.findIndex(({ type }) => type === 'number');
  if (at < 0) return undefined;
  const { mean, scale } = columns[at];
  const absent = columns.findIndex(({ type }) => type === 'missing');
  const there = Array.from({ length: rows }, (_, n) => n * cols + from)
    .filter((start) => absent < 0 || data[start + absent] * columns[absent].scale + columns[absent].mean < 0.5);
  return Float64Array.from(there, (start) => data[start + at] * scale + mean).sort();
}

function grid(sorted: Float64Array): number[] {
  const different = [...new Set(sorted)];
  if (different.length <= FEW_VALUES) return different;
  const [low, high] = RANGE.map((share) => quantile(sorted, share));
  return Array.from({ length: GRID }, (_, at) => low + ((high - low) * at) / (GRID - 1));
}

function levelsOf({ kind, columns, levels = [] }: Feature): string[] {
  const missing = columns.some(({ type }) => type === 'missing') ? [MISSING] : [];
  return kind === 'numeric' ? ['given', ...missing] : [...levels, ...missing];
}

/** The rows with all columns of a feature as they are for `value`. */
function withValue(
  { rows, cols, data }: Matrix, from: number, columns: readonly EncodedColumn[], value: number | string,
): Matrix {
  const encoded = columns.map(({ type, level, mean, scale }) => {
    const raw = type === 'number' ? Number(value) : Number(type === 'missing' ? value === MISSING : level === value);
    return (raw - mean) / scale;
  });
  const changed = data.slice();
  for (let n = 0; n < rows; n++) changed.set(encoded, n * cols + from);
  return { rows, cols, data: changed };
}

/** Mean prediction of each draw, per output: numbers in the target's units, probabilities of classes. */
function averages({ draws, rows, outputs, values }: OutputDraws, { target }: Encoder): Float64Array[] {
  const sums = Array.from({ length: outputs }, () => new Float64Array(draws));
  const scaled = target.task === 'regression' ? (f: number): number => f * target.scale + target.mean : sigmoid;
  for (let s = 0; s < draws; s++) {
    for (let n = 0; n < rows; n++) {
      const f = values.subarray((s * rows + n) * outputs, (s * rows + n + 1) * outputs);
      if (target.task !== 'multiclass') sums[0][s] += scaled(f[0]) / rows;
      else softmax(f).forEach((p, k) => { sums[k][s] += p / rows; });
    }
  }
  return sums;
}

function softmax(logits: Float32Array): Float64Array {
  const top = logits.reduce((a, b) => Math.max(a, b));
  const powers = Float64Array.from(logits, (logit) => Math.exp(logit - top));
  const total = powers.reduce((a, b) => a + b);
  return powers.map((power) => power / total);
}

/** Linear between the order statistics of sorted values. */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  const place = share * (sorted.length - 1);
  const [low, high] = [Math.floor(place), Math.ceil(place)];
  return sorted[low] + (sorted[high] - sorted[low]) * (place - low);
}
