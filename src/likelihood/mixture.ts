/**
 * The predictive distribution of a number as the even mixture, over the draws, of its distributions given f. Means and densities
 * are averaged over the draws, never outputs or log-densities.
 */
import type { OutputDraws, Vector } from './types.js';

type PerRow<R> = (f: Vector, noiseVariance: number) => R;

/** Mean and the two parts of the variance of the predictive distribution, on the encoded target. */
export interface Moments {
  mean: Float64Array;
  /** Variance over the draws of E(y | f). */
  epistemic: Float64Array;
  /** Mean over the draws of Var(y | f). */
  aleatoric: Float64Array;
}

/** Outputs [K] of row n in draw s. */
const outputsAt = ({ rows, outputs, values }: OutputDraws, s: number, n: number): Float32Array =>
  values.subarray((s * rows + n) * outputs, (s * rows + n + 1) * outputs);

/** E(y) of each row. */
export function expectedOf(outputs: OutputDraws, { mean }: { mean: PerRow<Vector> }): Float64Array {
  const { draws, rows, noiseVariance } = outputs;
  return Float64Array.from({ length: rows }, (_, n) => {
    let sum = 0;
    for (let s = 0; s < draws; s++) sum += mean(outputsAt(outputs, s, n), noiseVariance)[0];
    return sum / draws;
  });
}

/** By the law of total variance. */
export function momentsOf(
  outputs: OutputDraws, model: { mean: PerRow<Vector>; variance: PerRow<number> },
): Moments {
  const { draws, rows, noiseVariance } = outputs;
  const mean = expectedOf(outputs, model);
  const [epistemic, aleatoric] = [new Float64Array(rows), new Float64Array(rows)];
  for (let n = 0; n < rows; n++) {
    for (let s = 0; s < draws; s++) {
      const f = outputsAt(outputs, s, n);
      epistemic[n] += (model.mean(f, noiseVariance)[0] - mean[n]) ** 2 / draws;
      aleatoric[n] += model.variance(f, noiseVariance) / draws;
    }
  }
  return { mean, epistemic, aleatoric };
}

/** log of the mean over the draws of p(y_n | f_n), one per row. */
export function logDensitiesOf(
  outputs: OutputDraws, y: ArrayLike<number>,
  { logDensity }: { logDensity(f: Vector, y: ArrayLike<number>, noiseVariance: number): number },
): Float64Array {
  const { draws, rows, noiseVariance } = outputs;
  return Float64Array.from({ length: rows }, (_, n) => {
    const each = Float64Array.from({ length: draws }, (__, s) => logDensity(outputsAt(outputs, s, n), [y[n]], noiseVariance));
    const largest = each.reduce((a, b) => Math.max(a, b));
    return largest + Math.log(each.reduce((sum, value) => sum + Math.exp(value - largest), 0) / draws);
  });
}

const HALVINGS = 100;
const DOUBLINGS = 1000;

/** Central interval of each row: quantiles of the mixture, by bisection on its distribution function. */
export function mixtureInterval(
  outputs: OutputDraws, level: number,
  { cdf, mean }: { cdf(y: number, f: Vector, noiseVariance: number): number; mean: PerRow<Vector> },
): { lower: Float64Array; upper: Float64Array } {
  const { draws, rows, noiseVariance } = outputs;
  const centres = expectedOf(outputs, { mean });
  const quantile = (n: number, p: number): number => {
    const below = (y: number): number => {
      let sum = 0;
      for (let s = 0; s < draws; s++) sum += cdf(y, outputsAt(outputs, s, n), noiseVariance);
      return sum / draws;
    };
    let step = Math.max(Math.abs(centres[n]), 1e-3);
    let [low, high] = [centres[n], centres[n]];
    for (let at = 0; at < DOUBLINGS && below(low) > p; at++, step *= 2) low -= step;
    for (let at = 0; at < DOUBLINGS && below(high) < p; at++, step *= 2) high += step;
    for (let at = 0; at < HALVINGS && high - low > 1e-9 * Math.max(Math.abs(low), Math.abs(high)); at++) {
      const middle = (low + high) / 2;
      if (below(middle) < p) low = middle;
      else high = middle;
    }
    return (low + high) / 2;
  };
  const all = (p: number): Float64Array => Float64Array.from({ length: rows }, (_, n) => quantile(n, p));
  return { lower: all((1 - level) / 2), upper: all((1 + level) / 2) };
}
