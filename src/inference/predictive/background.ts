/** What weak effects add to a fitted network (docs/method.md, The dense background). */
import { backgroundSteps, type HeldOutOutputs } from '../../linear/background.js';
import type { PenalisedLinear } from '../../linear/types.js';
import type { Stream } from '../../random.js';
import type { FitData } from '../../train/types.js';
import type { Background, Matrix, Posterior } from '../../types.js';
import { drawOutputs } from './predict.js';
import { DEFAULT_DRAWS } from './predictive.js';

/**
 * A share of the network, and the ridge fit of what that leaves over on the training rows.
 * @param folds what networks of its kind give on rows that they did not see
 */
export function* backgroundOf(
  posterior: Posterior, { x, y }: FitData, folds: readonly HeldOutOutputs[],
  ridge: Pick<PenalisedLinear, 'penalty' | 'noiseVariance'>, stream: Stream,
): Generator<void, Background> {
  const outputs = meanOutputs(posterior, x, stream);
  yield;
  return yield* backgroundSteps({ task: posterior.task, x, y }, outputs, folds, ridge);
}

/** n x K: a network's outputs on x [n, d_0], averaged over draws. */
export function meanOutputs(posterior: Posterior, x: Matrix, stream: Stream): Float64Array {
  const [{ values, draws }] = drawOutputs(posterior, DEFAULT_DRAWS, stream, [x]);
  const mean = new Float64Array(values.length / draws);
  values.forEach((value, at) => { mean[at % mean.length] += value / draws; });
  return mean;
}
