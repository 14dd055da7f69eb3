/** The Bayes factors of a table's inputs, by its likelihood. */
import { likelihoodOf, outputCount } from '../likelihood/index.js';
import { designOf } from './design.js';
import { VARIANCES, type FactorModel } from './factors.js';
import { generalFactors } from './general-factors.js';
import { bestNoise } from './noise.js';
import { normalFactors } from './normal-factors.js';
import { Rows } from './rows.js';
import type { LinearProblem } from './types.js';

/**
 * @param variances prior variances of the coefficients, each as likely as the others
 * @param noise of a likelihood that has a variance and is not normal; absent: the best one without inputs
 */
export function factorModel(
  { task, x, y, group, inputs }: LinearProblem, variances: readonly number[] = VARIANCES, noise?: number,
): FactorModel {
  const likelihood = likelihoodOf(task);
  const design = designOf(x, group, inputs);
  if (likelihood.normal) return normalFactors(design, y, variances);
  const nothing = (): number => bestNoise(likelihood, new Float64Array(y.rows * outputCount(y)), y);
  return generalFactors(design, new Rows(likelihood, y, likelihood.learnsNoise ? noise ?? nothing() : 1), variances);
}
