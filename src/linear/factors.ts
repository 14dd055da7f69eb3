/** What Bayes factors of inputs are computed with, whatever the likelihood. */

/** Prior variances of the coefficients; each is as likely as the others, and holds for all coefficients of a model. */
export const VARIANCES: readonly number[] = [0.1, 0.3, 1, 3, 10];

/** Bayes factors of one input more, for each that it may be. */
export interface Factors {
  /** p: log p(y | inputs that are in, and this one) - log p(y | those alone), in nats; -Infinity of those that are in. */
  log: Float64Array;
  /** d x K: posterior mean of the coefficients of the column's input in the model with it. */
  mean: Float64Array;
}

/** Evidence of linear models, averaged over the prior variances. */
export interface FactorModel {
  /** For each input the factor of adding it to those that are in; `quick`: by the quadratic alone, where there is one. */
  beside(inputs: readonly number[], quick?: boolean): Factors;
  /** log p(y | these inputs) - log p(y | intercept alone), in nats. */
  joint(inputs: readonly number[]): number;
  /** The best intercepts [K] beside an offset [n, K]. */
  intercept(offset: Float64Array): Float64Array;
}
