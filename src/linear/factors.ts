/** What Bayes factors of single inputs are computed with, whatever the likelihood. */

/** Prior variances of the coefficients of an effect; each is as likely as the others. */
export const VARIANCES: readonly number[] = [0.1, 0.3, 1, 3, 10];

/** Bayes factors of an effect of one input, for each input that it may be. */
export interface Factors {
  /** p: log p(y | effect of this input) - log p(y | none), averaged over the prior variances; nats. */
  log: Float64Array;
  /** d x K: posterior mean of the coefficients, given that the effect is that of the column's input. */
  mean: Float64Array;
}

/** Computes them beside an offset. */
export interface FactorModel {
  /** @param offset n x K: what other effects add to the outputs */
  at(offset: Float64Array): Factors;
  /** The intercepts [K] beside an offset, and the log evidence of them alone. */
  intercept(offset: Float64Array): Float64Array;
}
