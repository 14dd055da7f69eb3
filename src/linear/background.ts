/**
 * The dense background: what many inputs add a little to each, beside a sparse network (docs/method.md, The dense background;
 * as in Zhou, Carbonetto, Stephens 2013, whose sparse part is linear).
 */
import { likelihoodOf } from '../likelihood/index.js';
import type { Background } from '../types.js';
import { PenalisedFit } from './penalised-fit.js';
import { Rows } from './rows.js';
import { scoresOf } from './scores.js';
import type { LinearProblem, PenalisedLinear } from './types.js';

/**
 * The penalty is so many times that of the linear model that has to explain everything: the background has a share of the
 * variance, not all of it.
 */
const PENALTY_FACTOR = 2;

/**
 * The ridge fit of what a network leaves over.
 * @param offset n x K: the network's mean outputs on the rows
 * @param noiseVariance of the network
 */
export function* backgroundSteps(
  { task, x, y }: Pick<LinearProblem, 'task' | 'x' | 'y'>, offset: Float64Array, { penalty }: Pick<PenalisedLinear, 'penalty'>,
  noiseVariance: number,
): Generator<void, Background> {
  const scores = scoresOf(x);
  yield;
  const rows = new Rows(likelihoodOf(task), y, noiseVariance, offset);
  const fit = new PenalisedFit(scores, rows, Int32Array.from({ length: x.rows }, (_, n) => n));
  yield* fit.climb(PENALTY_FACTOR * penalty);
  const K = y.cols;
  return {
    weight: Float32Array.from(scores.back(fit.theta.subarray(K), K)), bias: Float32Array.from(fit.theta.subarray(0, K)),
  };
}
