/**
 * How large the effects of inputs are, and how far the effect of two together departs from the sum of their own: Friedman and
 * Popescu (2008), equations 44 to 46, once for each posterior draw. On the scale on which contributions of inputs add up, so that
 * a model without hidden units has no interactions.
 */
import { likelihoodOf, type OutputDraws } from '../../likelihood/index.js';
import { average } from '../../maths/statistics.js';
import type { Feature, Matrix, Target } from '../../types.js';
import { quantile } from './dependence.js';

/** Mean over the draws and central 90 % interval. */
export interface Spread {
  mean: number;
  lower: number;
  upper: number;
}

/** Standard deviation over the rows of an input's partial dependence, in the units of contributions. */
export interface EffectSize {
  input: string;
  size: Spread;
}

/** Two inputs, the one that comes first in the table first. */
export interface Interaction {
  inputs: readonly [string, string];
  /**
   * From 0, where their joint partial dependence is the sum of their own, to 1, where it has nothing of these; more where
   * inputs are correlated.
   */
  h: Spread;
  /** Standard deviation over the rows of that departure, in the units of contributions. */
  size: Spread;
}

export interface Interactions {
  sizes: EffectSize[];
  /** Of all pairs that were compared, those that depart most first. */
  pairs: Interaction[];
}

/** What inputs are, and what is predicted of them. */
export interface Predicting {
  /** Inputs in the order of their columns. */
  features: readonly Pick<Feature, 'name' | 'columns'>[];
  target: Target;
  /** R x d encoded rows: all averages are over them. */
  x: Matrix;
  /** How much each row counts; absent: 1 each. */
  weights?: ArrayLike<number> | undefined;
  /** Draws of the network's outputs on rows like x. */
  outputs(x: Matrix): OutputDraws;
}

/** Draws x parts x R: partial dependences at the rows, about their means. A part is a class, or the number. */
type Dependence = Float64Array[][];

/**
 * @param sized indices of inputs whose size is wanted
 * @param paired those of inputs whose pairs are compared, among `sized`
 */
export function interactions(model: Predicting, sized: readonly number[], paired: readonly number[]): Interactions {
  const { features, weights, target } = model;
  const { scale } = likelihoodOf(target.task).contributions.units(target);
  const own = new Map(sized.map((f) => [f, dependenceOn(model, [f])]));
  const square = (values: Float64Array): number => average(values.map((value) => value * value), weights);
  // Of several classes the root mean square.
  const deviation = (parts: readonly Float64Array[]): number => Math.sqrt(average(parts.map(square)));
  const sizes = sized.map((f): EffectSize =>
    ({ input: features[f].name, size: spreadOf(own.get(f)!.map((parts) => scale * deviation(parts))) }));
  const ascending = [...paired].sort((a, b) => a - b);
  const pairs = ascending.flatMap((j, at) => ascending.slice(at + 1).map((k): Interaction => {
    const joint = dependenceOn(model, [j, k]);
    const departures = joint.map((parts, s) => deviation(parts.map((values, c) =>
      values.map((value, n) => value - own.get(j)![s][c][n] - own.get(k)![s][c][n]))));
    const whole = joint.map(deviation);
    return {
      inputs: [features[j].name, features[k].name],
      h: spreadOf(departures.map((departure, s) => (whole[s] > 0 ? departure / whole[s] : 0))),
      size: spreadOf(departures.map((departure) => scale * departure)),
    };
  }));
  return { sizes, pairs: pairs.sort((a, b) => b.size.mean - a.size.mean) };
}

/** How many partial dependences are computed for so many inputs and pairs of so many of them. */
export const dependences = (sized: number, paired: number): number => sized + (paired * (paired - 1)) / 2;

/** With some inputs as each row has them, and the others as all rows have them. */
function dependenceOn({ features, target, x, weights, outputs }: Predicting, chosen: readonly number[]): Dependence {
  const { contributions, outputNames } = likelihoodOf(target.task);
  const columns = chosen.flatMap((f) => {
    const from = features.slice(0, f).reduce((sum, feature) => sum + feature.columns.length, 0);
    return features[f].columns.map((_, c) => from + c);
  });
  const K = outputNames(target).length;
  let found: Dependence | undefined;
  for (let row = 0; row < x.rows; row++) {
    const { draws, outputs: width, values } = outputs(withCellsOf(x, columns, row));
    found ??= Array.from({ length: draws }, () => Array.from({ length: K }, () => new Float64Array(x.rows)));
    const along = new Float64Array(x.rows);
    for (let s = 0; s < draws; s++) {
      for (let k = 0; k < K; k++) {
        for (let n = 0; n < x.rows; n++) {
          along[n] = contributions.of(values.subarray((s * x.rows + n) * width, (s * x.rows + n + 1) * width), k);
        }
        found[s][k][row] = average(along, weights);
      }
    }
  }
  return (found ?? []).map((parts) => parts.map((values) => {
    const mean = average(values, weights);
    return values.map((value) => value - mean);
  }));
}

/** All rows, with some cells as one row has them. */
function withCellsOf({ rows, cols, data }: Matrix, columns: readonly number[], row: number): Matrix {
  const changed = data.slice();
  for (const c of columns) for (let n = 0; n < rows; n++) changed[n * cols + c] = data[row * cols + c];
  return { rows, cols, data: changed };
}

function spreadOf(draws: readonly number[]): Spread {
  const sorted = Float64Array.from(draws).sort();
  return { mean: average(sorted), lower: quantile(sorted, 0.05), upper: quantile(sorted, 0.95) };
}
