/** What is told of each input. */

/**
 * What an input does in the function that the network computes: nothing, something that is linear in its encoded columns
 * because it reaches the outputs by direct edges alone, or something through hidden units.
 */
export type InputVerdict = 'zero' | 'linear' | 'nonlinear';

/** A row of inclusion/inputs.csv. */
export interface InputInclusion {
  input: string;
  /** Averaged over all networks that training came by. */
  pip: number;
  /** In the chosen network alone, the one that is predicted with and pruned. */
  pipNetwork: number;
  /**
   * Smallest and largest over the fits that count (docs/method.md), and over the networks that weigh 0.05 or more in `pip`, which
   * lies between them.
   */
  pipMin: number;
  pipMax: number;
  /** Monte-Carlo standard error of `pipNetwork`; absent when it is exact. */
  mcSe?: number;
  /**
   * Probabilities of the verdicts, averaged as `pip` is, which is their sum; that of `zero` is 1 - pip. Absent where hidden
   * layers take all inputs (`model.skip: false`): then linear and nonlinear cannot be told apart.
   */
  linear?: number;
  nonlinear?: number;
  /** Monte-Carlo standard error of `nonlinear`, no less than that of `linear`; absent where these are, and when it is exact. */
  nonlinearSe?: number;
  /** The most probable of the three; absent as their probabilities are. */
  verdict?: InputVerdict;
  /** Whether `pipMin` and `pipMax` lie more than 0.5 apart, so that another seed may find otherwise. */
  unstable: boolean;
  /** The config keeps it (`data.columns.X.keep`): its `pip` of 1 is not found, but given. */
  kept?: true | undefined;
}

/** Inputs of which one carries an effect; which of them, the rows do not tell for certain. A set of inclusion/sets.csv. */
export interface InputSet {
  /** Whether the linear part has found the effect, or the chosen network alone. */
  source: 'linear' | 'network';
  /** By descending probability that the effect is this input's, given that there is one; together 0.95 or more. */
  inputs: { input: string; probability: number }[];
  /** Smallest absolute correlation between two of them on the training rows; 1 of one input. */
  purity: number;
  /** The effect against none, in nats; of the linear part alone. */
  logBayesFactor?: number;
}
