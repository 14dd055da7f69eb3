/**
 * Partial dependence (Friedman 2001, section 8.2): the prediction as one input is set to a value in all of some rows and the
 * others stay, averaged over the rows; once for each posterior draw, so that it has credible bands.
 */
import { momentAt, partOf, type Moment } from '../../data/date.js';
import { columnCount, levelsOf, trainedOnMissing } from '../../data/feature.js';
import { standardise, unstandardise } from '../../data/standardise.js';
import type { EncodedColumn, Encoder, Feature, Matrix } from '../../types.js';
import { likelihoodOf, unitsOf, type OutputDraws } from '../../likelihood/index.js';

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
  /**
   * Rising numbers, of dates days since 1970; or levels and then what missing cells are called: `missing`, in brackets where a
   * level is called so.
   */
  values: (number | string)[];
  curves: Curve[];
  /** Numbers that the rows have, rising; absent of levels. */
  rug?: number[];
  /** Whether numbers are dates. */
  dates?: true;
}

/** Values of a number along the axis; a number of fewer different values has these. */
export const GRID = 25;
const FEW_VALUES = 8;
/** Percentiles between which a number is varied. */
const RANGE = [0.01, 0.99] as const;

const MISSING = 'missing';

/**
 * The effect of one feature.
 * @param x n x d rows to average over, encoded by `encoder`
 * @param outputs draws of the network's outputs on rows like x
 * @param index of the feature in the encoder
 */
export function dependence(encoder: Encoder, x: Matrix, outputs: (x: Matrix) => OutputDraws, index: number): Effect {
  const feature = encoder.features[index];
  const from = columnCount(encoder.features.slice(0, index));
  const { values, rug, raw, dates } = axisOf(feature, x, from);
  const byValue = values.map((value) => averages(outputs(withValue(x, from, encodedBy(feature, raw(value)))), encoder));
  const names = likelihoodOf(encoder.target.task).outputNames(encoder.target);
  const curves = names.map((output, k): Curve => {
    const draws = byValue.map((perOutput) => perOutput[k].sort());
    return {
      output, mean: draws.map((each) => each.reduce((sum, value) => sum + value, 0) / each.length),
      lower: draws.map((each) => quantile(each, 0.05)), upper: draws.map((each) => quantile(each, 0.95)),
    };
  });
  return { input: feature.name, values, curves, ...(rug && { rug: Array.from(rug) }), ...(dates && { dates }) };
}

/** Along which values a feature goes, and what a column then has; undefined where it stays as it is. */
interface Axis extends Pick<Effect, 'values' | 'dates'> {
  rug?: Float64Array | undefined;
  raw(value: number | string): (column: EncodedColumn) => number | undefined;
}

function axisOf(feature: Feature, x: Matrix, from: number): Axis {
  const { kind, form, columns } = feature;
  const rug = form === 'ordinal' ? undefined : rawNumbers(feature, x, from);
  if (kind === 'date' && rug) return dateAxis(feature, rug);
  const values = rug ? grid(rug, columns) : labels(feature);
  const absent = rug || !hasIndicator(feature) ? undefined : values[values.length - 1];
  const raw = (value: number | string) => ({ type, level, mean }: EncodedColumn): number => {
    if (type === 'missing') return Number(value === absent);
    if (type === 'level') return Number(level === value);
    // A missing number is encoded as the mean.
    return form === 'ordinal' ? (value === absent ? mean : feature.levels!.indexOf(value as string)) : Number(value);
  };
  return { values, rug, raw };
}

const encodedBy = ({ columns }: Feature, raw: ReturnType<Axis['raw']>): (number | undefined)[] => columns.map((column) => {
  const value = raw(column);
  return value === undefined ? undefined : standardise(column, value);
});

const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const HOURS = Array.from({ length: 24 }, (_, hour) => hour);

/** Along the days, or, where nothing that is left of the date goes with these, along the week or the day. */
function dateAxis({ columns, dates }: Feature, rug: Float64Array): Axis {
  const has = (cycle: string): boolean => columns.some(({ part }) => part?.startsWith(cycle));
  const along = (cycles: readonly string[], momentOf: (value: number | string) => Moment): Axis['raw'] =>
    (value) => ({ type, part }) => {
      if (type === 'missing') return 0;
      return cycles.some((cycle) => part!.startsWith(cycle)) ? partOf(momentOf(value), part!) : undefined;
    };
  if (['days', 'year', 'month'].some(has)) {
    const raw = along(['days', 'year', 'month'], (value) => momentAt(value as number));
    return { values: stretch(...dates!.days), rug: has('days') ? rug : new Float64Array(), raw, dates: true };
  }
  const none = momentAt(0);
  if (has('weekday')) {
    return { values: WEEKDAYS, raw: along(['weekday'], (value) => ({ ...none, weekday: WEEKDAYS.indexOf(value as string) })) };
  }
  return { values: HOURS, rug: new Float64Array(), raw: along(['hour'], (value) => ({ ...none, hour: value as number })) };
}

/** The feature's numbers in the rows, sorted, missing ones left out; undefined when no column holds a number. */
function rawNumbers(feature: Feature, { rows, cols, data }: Matrix, from: number): Float64Array | undefined {
  const { columns } = feature;
  const at = columns.findIndex(({ type }) => type === 'number');
  if (at < 0) return undefined;
  const absent = columns.findIndex(({ type }) => type === 'missing');
  // Without the indicator a missing number is a 0 that hardly any other has.
  const isThere = (start: number): boolean => absent < 0
    ? !trainedOnMissing(feature) || data[start + at] !== 0
    : data[start + absent] * columns[absent].scale + columns[absent].mean < 0.5;
  const there = Array.from({ length: rows }, (_, n) => n * cols + from).filter(isThere);
  return Float64Array.from(there, (start) => unstandardise(columns[at], data[start + at])).sort();
}

function grid(sorted: Float64Array, columns: readonly EncodedColumn[]): number[] {
  // Where all are missing the training range has to do, which encoders of early versions lack.
  const { mean, scale, range = [mean - scale, mean + scale] } = columns.find(({ type }) => type === 'number')!;
  if (sorted.length === 0) return stretch(...range);
  const different = [...new Set(sorted)];
  return different.length <= FEW_VALUES ? different : stretch(quantile(sorted, RANGE[0]), quantile(sorted, RANGE[1]));
}

const stretch = (low: number, high: number): number[] =>
  Array.from({ length: GRID }, (_, at) => low + ((high - low) * at) / (GRID - 1));

/** Levels, or that a number is there, and then what stands for missing cells. */
function labels(feature: Feature): string[] {
  const levels = feature.kind === 'categorical' || isOrdinal(feature) ? levelsOf(feature) : ['given'];
  return hasIndicator(feature) ? [...levels, missingLabel(levels)] : levels;
}

/** Of which more is left than the indicator of missing cells. */
const isOrdinal = ({ form, columns }: Feature): boolean =>
  form === 'ordinal' && columns.some(({ type }) => type === 'number');

const hasIndicator = ({ columns }: Feature): boolean => columns.some(({ type }) => type === 'missing');

/** Not the name of a level. */
function missingLabel(levels: readonly string[]): string {
  let label = MISSING;
  while (levels.includes(label)) label = `(${label})`;
  return label;
}

/** The rows with the columns of a feature as they are for a value. @param encoded undefined: the column stays as it is */
function withValue({ rows, cols, data }: Matrix, from: number, encoded: readonly (number | undefined)[]): Matrix {
  const changed = data.slice();
  encoded.forEach((cell, c) => {
    if (cell !== undefined) for (let n = 0; n < rows; n++) changed[n * cols + from + c] = cell;
  });
  return { rows, cols, data: changed };
}

/** Mean prediction of each draw, per output: numbers in the target's units, probabilities of classes. */
function averages({ draws, rows, outputs, values, noiseVariance }: OutputDraws, { target }: Encoder): Float64Array[] {
  const sums = Array.from({ length: outputs }, () => new Float64Array(draws));
  const likelihood = likelihoodOf(target.task);
  const { scale, shift } = unitsOf(target);
  for (let s = 0; s < draws; s++) {
    for (let n = 0; n < rows; n++) {
      const f = values.subarray((s * rows + n) * outputs, (s * rows + n + 1) * outputs);
      const mean = likelihood.mean(f, noiseVariance, target);
      for (let k = 0; k < outputs; k++) sums[k][s] += (mean[k] * scale + shift) / rows;
    }
  }
  return sums;
}

/** Linear between the order statistics of sorted values. */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  const place = share * (sorted.length - 1);
  const [low, high] = [Math.floor(place), Math.ceil(place)];
  return sorted[low] + (sorted[high] - sorted[low]) * (place - low);
}
