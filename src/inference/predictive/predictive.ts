/**
 * The posterior predictive distribution from draws of network outputs. Probabilities and densities are averaged over the
 * draws, never logits or log-probabilities.
 */
import { entropyParts as partsOf } from '../../likelihood/classes.js';
import { likelihoodOf, type OutputDraws } from '../../likelihood/index.js';
import type { Matrix } from '../../types.js';

/** Posterior draws that predictions are averaged over, unless asked otherwise. */
export const DEFAULT_DRAWS = 64;

/** The two parts of the entropy of predicted classes, in nats, per row. */
export interface EntropyParts {
  /** Mutual information of class and network: what knowing the weights would tell. */
  epistemic: Float64Array;
  /** Mean over the draws of the entropy that is left. */
  aleatoric: Float64Array;
}

/** Class probabilities n x K (two columns for a binary target), averaged over the draws. @throws RangeError for a number */
export function classProbabilities(outputs: OutputDraws): Matrix {
  const likelihood = likelihoodOf(outputs.task);
  if (likelihood.kind === 'class') return likelihood.probabilities(outputs);
  throw new RangeError(`a target of the task ${outputs.task} has no classes`);
}

/** Entropy of the averaged probabilities in two parts. @throws RangeError for a number */
export function entropyParts(outputs: OutputDraws): EntropyParts {
  return partsOf(outputs, classProbabilities);
}

/**
 * Central predictive interval of probability `level`, per row, on the encoded target: quantiles of the mixture over the draws.
 * @throws RangeError for classes
 */
export function predictiveInterval(outputs: OutputDraws, level: number): { lower: Float64Array; upper: Float64Array } {
  const likelihood = likelihoodOf(outputs.task);
  if (likelihood.kind === 'number') return likelihood.interval(outputs, level);
  throw new RangeError(`a target of the task ${outputs.task} is no number`);
}
