/**
 * The predictive distribution of a number as the even mixture, over the draws, of its distributions given f. Means and densities
 * are averaged over the draws, never outputs or log-densities.
 */
import type { Matrix } from '../types.js';
import type { OutputDraws, Vector } from './types.js';

// The target is that of the outputs; only its own likelihood looks into it.
type PerRow<R> = (f: Vector, noiseVariance: number, target?: never) => R;

const targetOf = ({ known }: OutputDraws): never => known?.target as never;

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
    for (let s = 0; s < draws; s++) sum += mean(outputsAt(outputs, s, n), noiseVariance, targetOf(outputs))[0];
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
      epistemic[n] += (model.mean(f, noiseVariance, targetOf(outputs))[0] - mean[n]) ** 2 / draws;
      aleatoric[n] += model.variance(f, noiseVariance, targetOf(outputs)) / draws;
    }
  }
  return { mean, epistemic, aleatoric };
}

/** log of the mean over the draws of p(y_n | f_n), one per row. @param y as the likelihood's densities take it */
export function logDensitiesOf(
  outputs: OutputDraws, { cols, data }: Matrix,
  { logDensity }: { logDensity(f: Vector, y: Vector, noiseVariance: number): number },
): Float64Array {
  const { draws, rows, noiseVariance } = outputs;
  return Float64Array.from({ length: rows }, (_, n) => {
    const own = data.subarray(n * cols, (n + 1) * cols);
    const each = Float64Array.from({ length: draws }, (__, s) => logDensity(outputsAt(outputs, s, n), own, noiseVariance));
    const largest = each.reduce((a, b) => Math.max(a, b));
    return largest + Math.log(each.reduce((sum, value) => sum + Math.exp(value - largest), 0) / draws);
  });
}

/** P(Y <= y) of each row. */
export function mixtureCdf(
  outputs: OutputDraws, y: number, { cdf }: { cdf(y: number, f: Vector, noiseVariance: number, target?: never): number },
): Float64Array {
  const { draws, rows, noiseVariance } = outputs;
  return Float64Array.from({ length: rows }, (_, n) => {
    let sum = 0;
    for (let s = 0; s < draws; s++) sum += cdf(y, outputsAt(outputs, s, n), noiseVariance, targetOf(outputs));
    return sum / draws;
  });
}

const HALVINGS = 100;
const DOUBLINGS = 1000;

/** The p-quantile of each row: of the mixture, by bisection on its distribution function. */
export function mixtureQuantiles(
  outputs: OutputDraws, p: number,
  { cdf, mean }: { cdf(y: number, f: Vector, noiseVariance: number, target?: never): number; mean: PerRow<Vector> },
): Float64Array {
  const { draws, rows, noiseVariance } = outputs;
  const centres = expectedOf(outputs, { mean });
  return Float64Array.from({ length: rows }, (_, n) => {
    const below = (y: number): number => {
      let sum = 0;
      for (let s = 0; s < draws; s++) sum += cdf(y, outputsAt(outputs, s, n), noiseVariance, targetOf(outputs));
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
  });
}

/** The same where only whole numbers from 0 on occur: the least one with a probability of at least p up to it. */
export function wholeQuantiles<T>(
  outputs: OutputDraws, p: number, mean: (f: Vector, noiseVariance: number, target?: T) => Vector,
  cdfAt: (f: Vector, noiseVariance: number, target?: T) => (y: number) => number,
): Float64Array {
  const { draws, rows, noiseVariance, known } = outputs;
  const target = known?.target as T | undefined;
  return Float64Array.from({ length: rows }, (_, n) => {
    const each = Array.from({ length: draws }, (__, s) => cdfAt(outputsAt(outputs, s, n), noiseVariance, target));
    const reaches = (y: number): boolean => each.reduce((sum, cdf) => sum + cdf(y), 0) >= p * draws * (1 - 1e-12);
    let high = Math.max(1, Math.ceil(mean(outputsAt(outputs, 0, n), noiseVariance, target)[0]));
    let low = -1;
    while (high < Number.MAX_SAFE_INTEGER / 2 && !reaches(high)) [low, high] = [high, 2 * high];
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (reaches(middle)) high = middle;
      else low = middle;
    }
    return high;
  });
}
