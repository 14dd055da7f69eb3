/** What a target keeps that cannot be read off its column alone: a linear model's predictions of held-out rows choose it. */
import { finish } from '../inference/steps.js';
import { likelihoodOf } from '../likelihood/index.js';
import { heldOutFit } from '../linear/ridge.js';
import type { NetworkShape } from '../model/shape.js';
import type { Stream } from '../random.js';
import type { LabelledDataset, Target } from '../types.js';
import { fitDataOf, type Weighting } from './weights.js';

/** The variant of the highest likelihood; the target itself where its likelihood has no others. */
export function chosenVariant(
  set: LabelledDataset, shape: Pick<NetworkShape, 'task' | 'widths'>, target: Target, weighting: Weighting, stream: Stream,
): Target {
  const variants = likelihoodOf(target.task).variants?.(target) ?? [];
  let best = { target, value: -Infinity };
  for (const variant of variants) {
    const { x, y } = fitDataOf(set, shape, variant, weighting);
    const value = finish(heldOutFit({ task: target.task, x, y }, stream));
    if (value > best.value) best = { target: variant, value };
  }
  return best.target;
}
