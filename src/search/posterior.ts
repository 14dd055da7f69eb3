/** Draws of a structure's weights. */
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
const BURN = 150;
const EVERY = 15;

/**
 * From Laplace's Gaussian where it is near enough, else by random-walk Metropolis that is preconditioned by it: where classes
 * separate, the posterior is skewed.
 */
export function drawWeights(evaluator: Evaluator, fit: Fit, count: number, stream: Stream): WeightDraw[] {
  const trials = Array.from({ length: TRIALS }, (_, at) => {
    const z = stream.split('trial', at).normals(fit.w.length);
    const squares = z.reduce((sum, each) => sum + each * each, 0);
    return evaluator.value(fit.layout, moved(fit, fit.w, z, 1)) - fit.posterior + squares / 2;
  });
  const mean = trials.reduce((sum, each) => sum + each, 0) / TRIALS;
  const variance = trials.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (TRIALS - 1);
  if (variance > NEAR * NEAR) return metropolis(evaluator, fit, count, stream.split('walk'));
  return Array.from({ length: count }, (_, at) => {
    const own = stream.split('draw', at);
    const w = moved(fit, fit.w, own.normals(fit.w.length), 1);
    if (evaluator.density.noise) evaluator.value(fit.layout, w);
    return { w, noiseVariance: drawNoise(evaluator, own) };
  });
}

function metropolis(evaluator: Evaluator, fit: Fit, count: number, stream: Stream): WeightDraw[] {
  const draws: WeightDraw[] = [];
  let [w, value] = [fit.w, evaluator.value(fit.layout, fit.w)];
  let step = 1.6 / Math.sqrt(w.length);
  for (let t = 1; draws.length < count; t++) {
    const own = stream.split(t);
    const next = moved(fit, w, own.normals(w.length), step);
    const reached = evaluator.value(fit.layout, next);
    const accepted = Math.log(own.uniform() + 2 ** -33) < reached - value;
    if (accepted) [w, value] = [next, reached];
    // Towards a rate of acceptance of .3.
    if (t <= BURN) step *= accepted ? 1.08 : 1 / 1.03;
    else if ((t - BURN) % EVERY === 0) {
      if (evaluator.density.noise) evaluator.value(fit.layout, w);
      draws.push({ w, noiseVariance: drawNoise(evaluator, own) });
    }
  }
  return draws;
}

/** from + step L'^-1 z. */
function moved({ factor, w: { length: size } }: Fit, from: Float64Array, z: Float32Array, step: number): Float64Array {
  const x = Float64Array.from(z);
  for (let i = size - 1; i >= 0; i--) {
    for (let k = i + 1; k < size; k++) x[i] -= factor[k * size + i] * x[k];
    x[i] /= factor[i * size + i];
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
