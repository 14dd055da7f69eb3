/** Standard deviations of the factorised Gaussian about a mode that has the highest bound. */
import type { Stream } from '../random.js';
import type { Evaluator } from './evaluator.js';
import type { Fit } from './fit.js';

const ROUNDS = 6;
const DRAWS = 6;

/**
 * D: at the optimum 1 / sd^2 is the expectation, under the Gaussian itself, of minus the second derivative. For normal noise that
 * hardly depends on the weights. Where classes nearly separate the curvature at the mode tells little of that a little away from
 * it; there the fixed point is approached by averages over draws.
 */
export function spreadOf(evaluator: Evaluator, { layout, w, hessian }: Fit, stream: Stream): Float64Array {
  const { size } = layout;
  let sd = Float64Array.from({ length: size }, (_, p) => 1 / Math.sqrt(hessian[p * size + p]));
  if (evaluator.density.constant) return sd;
  const draws = Array.from({ length: DRAWS }, (_, s) => stream.split('draw', s).normals(size));
  for (let round = 0; round < ROUNDS; round++) {
    const curvature = new Float64Array(size);
    for (const z of draws) {
      evaluator.value(layout, w.map((mode, p) => mode + sd[p] * z[p]));
      evaluator.gradient();
      const { gaussNewton } = evaluator.hessian();
      for (let p = 0; p < size; p++) curvature[p] += gaussNewton[p * size + p] / DRAWS;
    }
    // Halfway in the logarithm: what is too wide would else become too narrow.
    sd = sd.map((value, p) => Math.sqrt(value / Math.sqrt(curvature[p])));
  }
  return sd;
}
