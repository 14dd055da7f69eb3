/** Draws of a structure's weights. */
import { dot } from '../maths/vector.js';
import type { Stream } from '../random.js';
import type { Evaluator } from './evaluator.js';
import type { Fit } from './fit.js';

export interface WeightDraw {
  w: Float64Array;
  /** sigma^2; 1 where none is integrated out. */
  noiseVariance: number;
}

/** Draws from Laplace's Gaussian that tell whether it is near enough. */
const TRIALS = 24;
/** Standard deviation of the logarithm of what it is wrong by. */
const NEAR = 0.7;
const BURN = 15;
/** Of the period of a standard Gaussian; and leaps of a trajectory. */
const QUARTER = Math.PI / 2;
const MOST_LEAPS = 20;

/**
 * From Laplace's Gaussian where it is near enough, else by a chain about it: where classes separate, the posterior is skewed.
 */
export function drawWeights(evaluator: Evaluator, fit: Fit, count: number, stream: Stream): WeightDraw[] {
  const trials = Array.from({ length: TRIALS }, (_, at) => {
    const z = stream.split('trial', at).normals(fit.w.length);
    const squares = z.reduce((sum, each) => sum + each * each, 0);
    return evaluator.value(fit.layout, moved(fit, fit.w, z, 1)) - fit.posterior + squares / 2;
  });
  const mean = trials.reduce((sum, each) => sum + each, 0) / TRIALS;
  const variance = trials.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (TRIALS - 1);
  if (variance > NEAR * NEAR) return hamiltonian(evaluator, fit, count, stream.split('walk'));
  return Array.from({ length: count }, (_, at) => {
    const own = stream.split('draw', at);
    const w = moved(fit, fit.w, own.normals(fit.w.length), 1);
    if (evaluator.density.noise) evaluator.value(fit.layout, w);
    return { w, noiseVariance: drawNoise(evaluator, own) };
  });
}

/**
 * Hamiltonian Monte Carlo (Neal 2011, MCMC using Hamiltonian dynamics) in coordinates in which Laplace's Gaussian is the standard
 * one: trajectories of about a quarter of its period, with steps that are tuned before draws are taken.
 */
function hamiltonian(evaluator: Evaluator, fit: Fit, count: number, stream: Stream): WeightDraw[] {
  const { layout, w: { length: size } } = fit;
  const at = (z: Float64Array): Place => {
    const w = moved(fit, fit.w, z, 1);
    const value = evaluator.value(layout, w);
    return { z, w, value, slope: forward(fit, evaluator.gradient()) };
  };
  const draws: WeightDraw[] = [];
  let here = at(new Float64Array(size));
  let step = size ** -0.25;
  for (let t = 1; draws.length < count; t++) {
    const own = stream.split(t);
    const start = Float64Array.from(own.normals(size));
    const length = (0.8 + 0.4 * own.uniform()) * step;
    let [next, speed] = [here, start];
    for (let left = Math.min(MOST_LEAPS, Math.ceil(QUARTER / step)); left > 0; left--) {
      const half = speed.map((v, p) => v + length / 2 * next.slope[p]);
      next = at(next.z.map((z, p) => z + length * half[p]));
      speed = half.map((v, p) => v + length / 2 * next.slope[p]);
    }
    const gain = next.value - dot(speed, speed) / 2 - here.value + dot(start, start) / 2;
    // A trajectory that leaves all numbers has no gain.
    const accepted = gain > -100 ? Math.min(1, Math.exp(gain)) : 0;
    if (own.uniform() < accepted) here = next;
    // Towards a rate of acceptance of .8.
    if (t <= BURN) step *= Math.exp(0.3 * (accepted - 0.8));
    else {
      if (evaluator.density.noise) evaluator.value(layout, here.w);
      draws.push({ w: here.w, noiseVariance: drawNoise(evaluator, own) });
    }
  }
  return draws;
}

interface Place {
  /** D: w = mode + L'^-1 z. */
  z: Float64Array;
  w: Float64Array;
  /** Log posterior but for a constant, and its gradient in z. */
  value: number;
  slope: Float64Array;
}

/** L^-1 b. */
function forward({ factor, w: { length: size } }: Fit, b: Float64Array): Float64Array {
  const x = b.slice();
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < i; k++) x[i] -= factor[i * size + k] * x[k];
    x[i] /= factor[i * size + i];
  }
  return x;
}

/** from + step L'^-1 z. */
function moved(
  { factor, w: { length: size } }: Fit, from: Float64Array, z: ArrayLike<number>, step: number,
): Float64Array {
  const x = Float64Array.from(z);
  for (let i = size - 1; i >= 0; i--) {
    x[i] /= factor[i * size + i];
    for (let k = 0; k < i; k++) x[k] -= factor[i * size + k] * x[i];
  }
  return from.map((value, p) => value + step * x[p]);
}

/** sigma^2 given the weights where the evaluator is. */
const drawNoise = ({ density: { noise } }: Evaluator, stream: Stream): number =>
  (noise ? noise.rate / gamma(noise.shape, stream.split('noise')) : 1);

/** A gamma variate of scale 1 and a shape above 1/3 (Marsaglia, Tsang 2000). */
function gamma(shape: number, stream: Stream): number {
  const d = shape - 1 / 3;
  for (;;) {
    const [z] = stream.normals(1);
    const v = (1 + z / Math.sqrt(9 * d)) ** 3;
    if (v > 0 && Math.log(stream.uniform() + 2 ** -33) < z * z / 2 + d * (1 - v + Math.log(v))) return d * v;
  }
}
