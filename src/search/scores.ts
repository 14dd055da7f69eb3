/** What a further weight would gain, by a quadratic at the mode of the others. */
import type { Evaluator } from './evaluator.js';
import type { Fit } from './fit.js';
import { hasOutput, MOST_MASKED } from './network.js';
import { product, tripleProduct } from './products.js';

/** A column beside a fit. */
export interface Score {
  /** Log Bayes factor of its weight, all others integrated out, in nats. */
  log: number;
  /** Where the weight would go. */
  weight: number;
}

/**
 * @param column n
 * @param sd of the weight's prior
 */
export function scoreOf(
  { density, directions, against }: Bound, { factor, layout: { size } }: Fit, column: Float64Array, k: number, sd: number,
): Score {
  const slope = product(column, directions.gradient(k));
  const own = density.constant
    ? density.precision * product(column, column) : tripleProduct(column, column, directions.information(k, k));
  const others = forward(factor, against(column, k), size);
  const prior = 1 / (sd * sd);
  const curvature = Math.max(own + prior - product(others, others), prior);
  return { log: (slope * slope / curvature - Math.log(curvature * sd * sd)) / 2, weight: slope / curvature };
}

type Bound = Pick<Evaluator, 'density' | 'directions'> & { against: (z: Float64Array, k: number) => Float64Array };

/** L^-1 b, in place. */
function forward(factor: Float64Array, b: Float64Array, size: number): Float64Array {
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < i; k++) b[i] -= factor[i * size + k] * b[k];
    b[i] /= factor[i * size + i];
  }
  return b;
}

export const boundTo = (evaluator: Evaluator): Bound =>
  ({ density: evaluator.density, directions: evaluator.directions, against: (z, k) => evaluator.against(z, k) });

/**
 * p x K: log Bayes factor of each skip weight that is not there, -Infinity of one that is. Columns of an input add up, as if they
 * were unrelated. Where outputs share each weight's fate, only the first has a value, the sum of all.
 */
export function skipScores(evaluator: Evaluator, fit: Fit, sd: number): Float64Array {
  const { table: { places, inputs, x, outputs: K } } = evaluator;
  const bound = boundTo(evaluator);
  const masks = new Int32Array(inputs);
  for (const { input, mask } of fit.network.skips) masks[input] = mask;
  const scores = new Float64Array(inputs * K).fill(-Infinity);
  const shared = K > MOST_MASKED;
  for (let input = 0; input < inputs; input++) {
    for (let k = 0; k < K; k++) {
      if (hasOutput(masks[input], k)) continue;
      const at = shared ? input * K : input * K + k;
      let sum = shared && k > 0 ? scores[at] : 0;
      for (const c of places[input]) sum += scoreOf(bound, fit, x[c], k, sd).log;
      scores[at] = sum;
    }
  }
  return scores;
}
