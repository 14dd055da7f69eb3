/** The posterior mean of the target on the likelihood's scale: numbers as they were standardised, classes as probabilities. */
import { likelihoodOf } from '../../likelihood/index.js';
import type { Stream } from '../../random.js';
import type { Matrix, Posterior } from '../../types.js';
import { drawOutputs } from './predict.js';

/** x [n, d_0]; n x K as the likelihood's y has them: one number, one probability, or one per class. */
export function meanPrediction(posterior: Posterior, x: Matrix, draws: number, stream: Stream): ArrayLike<number> {
  const [outputs] = drawOutputs(posterior, draws, stream, [x]);
  return likelihoodOf(posterior.task).expected(outputs);
}
