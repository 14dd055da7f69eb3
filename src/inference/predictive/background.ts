/** What weak effects add to a fitted network (docs/method.md, The dense background). */
import { backgroundSteps } from '../../linear/background.js';
import type { PenalisedLinear } from '../../linear/types.js';
import type { Stream } from '../../random.js';
import type { FitData } from '../../train/types.js';
import type { Background, Posterior } from '../../types.js';
import { drawOutputs } from './predict.js';
import { DEFAULT_DRAWS } from './predictive.js';

/** The ridge fit of what the network's mean outputs leave over on the training rows. */
export function* backgroundOf(
  posterior: Posterior, { x, y }: FitData, ridge: Pick<PenalisedLinear, 'penalty'>, stream: Stream,
): Generator<void, Background> {
  const { task, noiseVariance } = posterior;
  const [{ values, draws }] = drawOutputs(posterior, DEFAULT_DRAWS, stream, [x]);
  yield;
  const mean = new Float64Array(values.length / draws);
  values.forEach((value, at) => { mean[at % mean.length] += value / draws; });
  return yield* backgroundSteps({ task, x, y }, mean, ridge, noiseVariance);
}
