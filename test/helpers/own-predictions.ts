import { predictMean } from '../../src/inference/predictive/compressed.js';
import type { CompressedModel, Matrix } from '../../src/types.js';

/** What the program itself predicts: n means, or n x K probabilities. */
export function ownPredictions(model: CompressedModel, x: Matrix): Float32Array {
  const own = predictMean(model, x);
  return 'mean' in own ? own.mean : own.probabilities.data;
}
