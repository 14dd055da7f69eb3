/** The predictive distribution of a Gaussian: an even mixture of normals of one variance, which has shorter ways. */
import { normalCdf, normalDensity, normalQuantile } from '../maths/normal.js';
import type { OutputDraws } from './types.js';

/** Mean and the two parts of the variance of a regression's predictive distribution, on the standardised target. */
export interface RegressionMoments {
  mean: Float64Array;
  /** Variance over the draws of f. */
  epistemic: Float64Array;
  /** sigma^2. */
  aleatoric: number;
}

export function regressionMoments({ draws, rows, values, noiseVariance }: OutputDraws): RegressionMoments {
  const mean = new Float64Array(rows);
  const epistemic = new Float64Array(rows);
  for (let n = 0; n < rows; n++) {
    let sum = 0;
    let squares = 0;
    for (let s = 0; s < draws; s++) sum += values[s * rows + n];
    mean[n] = sum / draws;
    for (let s = 0; s < draws; s++) squares += (values[s * rows + n] - mean[n]) ** 2;
    epistemic[n] = squares / draws;
  }
  return { mean, epistemic, aleatoric: noiseVariance };
}

/** Log predictive density of y [n] under the mixture of the draws' Gaussians, one per row. */
export function logDensities({ draws, rows, values, noiseVariance }: OutputDraws, y: ArrayLike<number>): Float64Array {
  return Float64Array.from({ length: rows }, (_, n) => {
    let largest = -Infinity;
    for (let s = 0; s < draws; s++) largest = Math.max(largest, -((y[n] - values[s * rows + n]) ** 2));
    let sum = 0;
    for (let s = 0; s < draws; s++) sum += Math.exp((-((y[n] - values[s * rows + n]) ** 2) - largest) / (2 * noiseVariance));
    return largest / (2 * noiseVariance) + Math.log(sum / draws) - 0.5 * Math.log(2 * Math.PI * noiseVariance);
  });
}

/** The p-quantile of each row: of the mixture of the draws' Gaussians. */
export function gaussianQuantiles({ draws, rows, values, noiseVariance }: OutputDraws, p: number): Float64Array {
  const z = normalQuantile(p);
  const sd = Math.sqrt(noiseVariance);
  const centres = new Float64Array(draws);
  return Float64Array.from({ length: rows }, (_, n) => {
    for (let s = 0; s < draws; s++) centres[s] = values[s * rows + n];
    return mixtureQuantile(centres, sd, p, z);
  });
}

/** Newton's method stops after a move of less than this share of sd: the square of it is what is still wrong. */
const CLOSE = 1e-5;
/** The search ends when a bracket is narrower than this share of sd. */
const NARROW = 1e-8;
const MAX_STEPS = 200;
/** So many sd away a component counts as 0 or 1. */
const FAR = 9;

/**
 * The p-quantile of the even mixture of N(centre, sd^2), by Newton's method on its distribution function, kept within a
 * bracket that halves where a step would leave it. `z` is the standard normal's p-quantile: no component's own quantile is
 * below the smallest centre + z sd or above the largest.
 */
function mixtureQuantile(centres: Float64Array, sd: number, p: number, z: number): number {
  let [low, high, sum] = [Infinity, -Infinity, 0];
  for (const centre of centres) {
    low = Math.min(low, centre);
    high = Math.max(high, centre);
    sum += centre;
  }
  const mean = sum / centres.length;
  let squares = 0;
  for (const centre of centres) squares += (centre - mean) ** 2;
  low += (z - NARROW) * sd;
  high += (z + NARROW) * sd;
  let at = Math.min(high, Math.max(low, mean + z * Math.sqrt(sd * sd + squares / centres.length)));
  for (let step = 0; step < MAX_STEPS; step++) {
    let [below, density] = [0, 0];
    for (let s = 0; s < centres.length; s++) {
      const distance = (at - centres[s]) / sd;
      if (distance > FAR) below++;
      else if (distance > -FAR) {
        below += normalCdf(distance);
        density += normalDensity(distance);
      }
    }
    const excess = below - p * centres.length;
    if (excess < 0) low = at;
    else high = at;
    const next = at - (excess * sd) / density;
    // Every few steps the bracket is halved in any case, so that the search ends.
    if (next > low && next < high && step % 8 !== 7) {
      if (Math.abs(next - at) <= CLOSE * sd) return next;
      at = next;
    } else {
      at = (low + high) / 2;
      if (high - low <= NARROW * sd) return at;
    }
  }
  return at;
}
