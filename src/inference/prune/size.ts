/** Size of a network, for reports. */
import type { CompressedModel, Posterior } from '../../types.js';

/** Counts of one network as it is stored. */
export interface NetworkSize {
  /** Entries of all weight matrices and biases. */
  parameters: number;
  /** Weights that are not pruned away inside the matrices, and biases. */
  nonZero: number;
  /** Multiplications of one forward pass of one row over the dense matrices. */
  multiplyAdds: number;
}

/** Size of a compressed (or uncompressed, see prune.ts) network. */
export function networkSize(model: CompressedModel): NetworkSize {
  let weights = 0;
  let biases = 0;
  let pruned = 0;
  for (const { weight, weightSd, bias } of model.layers) {
    weights += weight.length;
    biases += bias.length;
    for (let at = 0; at < weight.length; at++) if (weight[at] === 0 && weightSd[at] === 0) pruned++;
  }
  return { parameters: weights + biases, nonZero: weights - pruned + biases, multiplyAdds: weights };
}

/** Size of the whole network, before pruning. */
export function posteriorSize(posterior: Posterior): NetworkSize {
  const weights = posterior.layers.reduce((sum, { inputs, outputs }) => sum + inputs * outputs, 0);
  const biases = posterior.layers.reduce((sum, { outputs }) => sum + outputs, 0);
  return { parameters: weights + biases, nonZero: weights + biases, multiplyAdds: weights };
}
