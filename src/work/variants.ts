/** What a target keeps that cannot be read off its column alone: a linear model's predictions of held-out rows choose it. */
import { finish } from '../steps.js';
import { likelihoodOf, takeResponses, type NumbersLikelihood } from '../likelihood/index.js';
import { heldOutFit, heldOutOutputs } from '../linear/ridge.js';
import type { NetworkShape } from '../model/shape.js';
import type { Stream } from '../random.js';
import type { FitData } from '../train/types.js';
import type { LabelledDataset, Matrix, Target } from '../types.js';
import { fitDataOf, type Weighting } from './weights.js';

/** The variant of the highest likelihood, of several numbers with their noise; the target itself where there are no others. */
export function chosenVariant(
  set: LabelledDataset, shape: Pick<NetworkShape, 'task' | 'widths'>, target: Target, weighting: Weighting, stream: Stream,
): Target {
  const likelihood = likelihoodOf(target.task);
  if (likelihood.kind === 'numbers') return withNoise(likelihood, fitDataOf(set, shape, target, weighting), target, stream);
  const variants = likelihood.variants?.(target) ?? [];
  let best = { target, value: -Infinity };
  for (const variant of variants) {
    const { x, y } = fitDataOf(set, shape, variant, weighting);
    const value = finish(heldOutFit({ task: target.task, x, y }, stream));
    if (value > best.value) best = { target: variant, value };
  }
  return best.target;
}

/** Beyond so many columns there are no others beside them. */
const MOST_COLUMNS = 200;

/** By what a linear model leaves over of each target on held-out rows, or one that bends at the means, where that is less. */
function withNoise(likelihood: NumbersLikelihood, { x, y }: FitData, target: Target, stream: Stream): Target {
  const left = [x, ...(x.cols <= MOST_COLUMNS ? [bent(x)] : [])].map((each) => {
    const { rows, outputs } = finish(heldOutOutputs({ task: target.task, x: each, y }, stream));
    return likelihood.leftOver(takeResponses(y, rows), outputs);
  });
  return likelihood.withNoise(target, left[0].map((_, k) => Math.min(...left.map((squares) => squares[k]))));
}

/** n x 2d: the columns and their absolute values. */
function bent({ rows, cols, data }: Matrix): Matrix {
  const both = new Float32Array(2 * rows * cols);
  data.forEach((value, at) => {
    const place = at + Math.floor(at / cols) * cols;
    both[place] = value;
    both[place + cols] = Math.abs(value);
  });
  return { rows, cols: 2 * cols, data: both };
}
