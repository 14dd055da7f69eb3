/** No format is handed a model that would predict nothing but NaN. */
import { fail } from '../errors.js';
import type { CompressedModel } from '../types.js';

/** @throws `run.model-not-finite` when a number of the model is NaN or infinite. */
export function checkFinite({ layers, noiseVariance, inputPips }: CompressedModel): void {
  const finite = (values: ArrayLike<number>): boolean => Array.prototype.every.call(values, Number.isFinite);
  const sound = finite([noiseVariance, ...inputPips]) &&
    layers.every((layer) => [layer.weight, layer.weightSd, layer.bias, layer.biasSd].every(finite));
  if (!sound) {
    throw fail('run.model-not-finite', 'the model holds numbers that are not finite and cannot be saved', {
      hint: 'Train again with a smaller train.learningRate.',
    });
  }
}
