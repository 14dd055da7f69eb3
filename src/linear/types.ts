/**
 * The linear part (docs/method.md, The linear part): what a linear model finds in the training rows, by exact Bayes factors.
 * Inputs are features, by their place in the encoder; a feature's encoded columns go together. Plain values.
 */
import type { Matrix, OwnPriors, Response, Task } from '../types.js';

/** The fewest inputs that an effect is one of, with a probability of at least the level. */
export interface CredibleSet {
  /** By descending probability. */
  inputs: number[];
  /** alpha of each: the probability that the effect is this input's. */
  probabilities: number[];
  /** Smallest absolute correlation between two of them on the training rows; 1 of one input. */
  purity: number;
  /** The effect against none, in nats, averaged over the prior variance. */
  logBayesFactor: number;
}

/** A few effects of one input each, which one is not known. */
export interface SingleEffects {
  /** One per input: the probability that it is in the linear model. */
  pips: Float64Array;
  /** Per input: the log Bayes factor of it alone against no input, in nats; beside those that are kept, where there are some. */
  marginal: Float64Array;
  /** By descending log Bayes factor; those of effects that are there with a probability of at least .95. */
  sets: CredibleSet[];
  /** Posterior mean of the coefficients on the encoded columns, d x K, and of the intercepts, K. */
  weight: Float64Array;
  bias: Float64Array;
  sweeps: number;
}

/** The penalised linear model (ridge), its penalty chosen by cross-validation on the training rows. */
export interface PenalisedLinear {
  /** d x K and K, on the encoded columns and the likelihood's scale. */
  weight: Float64Array;
  bias: Float64Array;
  /** Precision of the Gaussian prior of each weight: the objective is -log p + penalty / 2 |weight|^2. */
  penalty: number;
  /** sigma^2 on the encoded target, from the held-out residuals; 1 where the likelihood has none. */
  noiseVariance: number;
}

/** Rows of one group tell less than independent ones. */
export interface Dependence {
  /** Intraclass correlation of what the linear model leaves over of held-out groups, and the largest one of a column. */
  residuals: number;
  inputs: number;
  /** How many independent rows the training rows count as. */
  rows: number;
}

/** What is known of the linear part of a table. */
export interface LinearPart {
  /** Where rows have groups that matter: then all of the training weighs them so. */
  dependence?: Dependence;
  /** Absent where p x n is too much for exact effects: `skipped` says how much. */
  effects?: SingleEffects;
  /** Where effects are absent: as `marginal` there, by a quadratic at the intercept alone. */
  marginal?: Float64Array;
  ridge?: PenalisedLinear;
  /** Why something is left out, in words. */
  skipped?: string;
  seconds: number;
}

/** What the linear part is fitted to: the training rows. */
export interface LinearProblem {
  task: Task;
  /** Encoded rows, n x d. */
  x: Matrix;
  /** The likelihood's response to the encoded targets, n x K. */
  y: Response;
  /** d: the input that each column belongs to. */
  group: Int32Array;
  /** How many inputs there are. */
  inputs: number;
  /** Where a search holds the variance of a likelihood that has one and is not normal. */
  noiseVariance?: number;
  /** Prior probabilities of inputs that have one of their own; 1: it is in. */
  own?: OwnPriors | undefined;
}
