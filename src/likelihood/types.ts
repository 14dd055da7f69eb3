/**
 * What a likelihood is: the model p(y | f) of an observation given the outputs f [K] of the network, with all that depends on
 * it. Nothing else in the program knows one likelihood from another; it is reached by `likelihoodOf(task)`.
 *
 * Targets have two scales. The raw one is that of the data: a number in its own units, a label. The encoded one, y, is what
 * the network learns: a number (raw - shift) / scale, or a class index. The tensor engine comes as an argument, so that a
 * likelihood can be used where none is loaded.
 */
import type * as Tensors from '@tensorflow/tfjs-core';
import type { Stream } from '../random.js';
import type { Rule } from '../rules.js';
import type { Matrix, Response, RowFacts, Target, Targets, Task } from '../types.js';
import type { Affine, Head } from './head.js';
import type { Metric, Metrics, RowLosses } from './metrics.js';
import type { Noise } from './noise.js';
import type { TargetCells } from './target-cells.js';

export type { Affine, Head, TargetCells };

export type TensorFlow = typeof Tensors;

/** Numbers of one row. */
export type Vector = readonly number[] | Float32Array | Float64Array;

/** raw = y * scale + shift. */
export interface Units {
  scale: number;
  shift: number;
}

/** Outputs f of S drawn networks on n rows: S x n x K, on the likelihood's scale. */
export interface OutputDraws {
  task: Task;
  /** What is known of the rows, where that was said by `outputsFor`: some likelihoods need more of the target than its units. */
  known?: { target: Target } & RowFacts;
  draws: number;
  rows: number;
  outputs: number;
  values: Float32Array;
  /** sigma^2 on the encoded target; 1 where the likelihood has none. */
  noiseVariance: number;
}

export interface LikelihoodTerms {
  /** Sum over the batch of log p(y | f), a scalar. */
  logLikelihood: Tensors.Scalar;
  /** d log p / d f [B, K]. */
  outputGradient: Tensors.Tensor2D;
  /** d (sum of log p) / d log sigma^2, a vector of length 1; zero without a variance. */
  noiseGradient: Tensors.Tensor1D;
}

/** Derivatives of log p(y | f) in the outputs of one row. */
export interface Derivatives {
  /** K. */
  gradient: Float64Array;
  /** K x K, row-major, symmetric. */
  hessian: Float64Array;
}

/** Derivatives of log p(y | f) in the outputs of n rows. */
export interface RowDerivatives {
  /** n x K. */
  gradient: Float64Array;
  /** n x K x K, minus the Hessian of each row. */
  information: Float64Array;
}

/** The best prediction that is the same for every row. */
export interface NullModel {
  /** K. */
  output: number[];
  noiseVariance: number;
}

/** The two parts of a prediction's uncertainty, one of each per row. */
export interface Uncertainty {
  /** What knowing the weights would take away. */
  epistemic: Float64Array;
  /** What is left then. */
  aleatoric: Float64Array;
}

/** How what a single row adds is told: contributions of inputs add up on this scale. */
export interface Contributions<T> {
  /** Of the outputs of one row; `label` is the class that is explained, where there are classes. */
  of(outputs: Vector, label: number): number;
  units(target: T): Units;
  /** `the scale of y`. */
  words(target: T): string;
}

/** What a simulated target is drawn from. */
export interface SimulationSetting<T> {
  target: T;
  /** Encoded targets of the training rows, in whose likeness the simulated ones are drawn. */
  y: Float32Array;
  /** How much of the target can be known, from 0 (nothing) to 1 (all), as `Simulation.signal` says. */
  signal: number;
}

export interface SimulatedTarget {
  /** For each matrix of rows: encoded targets; numbers are standardised by those of the first matrix. */
  ys: Float32Array[];
  /** For each matrix: what the truth itself reaches on these targets, in the likelihood's first metric. */
  floors: number[];
}

export interface Simulation<T> {
  /** What a signal measures, in words. */
  signal: string;
  /** The likelihood's first metric, with its unit on simulated targets. */
  measure: string;
  /** @param values for each matrix of rows K arrays of n values, of mean 0 and variance 1 on the first */
  draw(values: readonly Float64Array[][], setting: SimulationSetting<T>, stream: Stream): SimulatedTarget;
  /** The target of a table whose own was replaced by a simulated one. */
  replaced(target: T): T;
  /** The target of a table that is simulated from nothing. */
  invented(name: string): T;
  /** The signal that a model with these metrics has found in the rows with targets y. */
  reached(metrics: Metrics, y: Float32Array, target: T): number;
}

export interface Words<T> {
  /** Of a target that `auto` may take for something that its owner does not expect: which task would take it otherwise. */
  unlike?: string;
  /** `a number`, `one of two classes`. */
  kind: string;
  /** `regression of 'y'`. */
  target(target: T): string;
  /** What is drawn where an input is varied: `predicted y`. */
  effect(target: T): string;
}

interface AnyLikelihood<T> {
  /** `data.task` of a config, and `task` in every document. */
  readonly task: Task;
  readonly words: Words<T>;
  /** Another key of `data` and its value that say this task, and the task that may stand beside it. */
  readonly spelling?: { key: string; value: string; beside: Task };

  /** Whether a column of which the config says nothing is meant for this likelihood. */
  claims(cells: TargetCells): boolean;
  /** Refuses a column that cannot be the target. @throws data.* */
  check(cells: TargetCells): void;
  /** What is kept of the column, estimated on the training rows alone. @throws data.* */
  fit(cells: TargetCells, rows: Int32Array): T;
  /** The same with what is chosen by how well a linear model then predicts rows that it did not see; absent: nothing is. */
  variants?(target: T): T[];
  /** The likelihood's own fields of the target in a document, in their order. */
  readonly fields: Readonly<Record<string, Rule<unknown>>>;
  /** Which facts of rows beside their targets it takes. */
  readonly takes?: readonly ('exposure' | 'events' | 'others')[];
  /** Whether every part of a split has the same share of each distinct target. */
  readonly stratified: boolean;

  /** Names of the K outputs: the target's, or those of the classes that have an output of their own. */
  outputNames(target: T): readonly string[];
  /** Whether a network may have so many outputs. */
  allowsOutputs(count: number): boolean;
  /**
   * y [n] as densities take it: a row of numbers for each, as a rule K.
   * @param known the target, for likelihoods that keep more of it than its units, and facts of the rows
   */
  response(y: Float32Array, outputs: number, known?: { target?: T | undefined } & RowFacts): Response;
  /** Whether it has a variance sigma^2 of its own, which is learned. */
  readonly learnsNoise: boolean;

  /**
   * log p and its gradients. f [B, K], y [B, ...] as {@link response} has it, logNoise [1] = log sigma^2.
   * @param weights [B, 1]: how much each row counts, in all of them; absent: 1 each
   */
  terms(
    tf: TensorFlow, f: Tensors.Tensor2D, y: Tensors.Tensor2D, logNoise: Tensors.Tensor1D, weights?: Tensors.Tensor2D,
  ): LikelihoodTerms;
  /** Sum over rows of log p(y | f) for every draw: f [S, n, K], y [n, K] give [S]. @param weights [n, 1] */
  perDraw(
    tf: TensorFlow, f: Tensors.Tensor3D, y: Tensors.Tensor2D, noiseVariance: number, weights?: Tensors.Tensor2D,
  ): Tensors.Tensor1D;
  /** log p(y | f) of one row: f [K], y [K]. */
  logDensity(f: Vector, y: Vector, noiseVariance: number): number;
  /** Its derivatives in f, for Newton steps. */
  derivatives(f: Vector, y: Vector, noiseVariance: number): Derivatives;
  /**
   * Both for all rows, where that is faster than row by row: fills `into`, and gives the sum of log p(y | f) over the rows.
   * f [n, K], y [n, K].
   * @param weights n: how much each row counts, in the sum and in the derivatives
   */
  allRows?(f: Float64Array, y: Float32Array, into: RowDerivatives, noiseVariance: number, weights?: Float32Array): number;
  /** Whether sigma^2 is the variance of the encoded target about its mean. */
  readonly noiseOfTarget?: boolean;
  /** Set where a response ~ N(f, sigma^2), so that sigma^2 can be integrated out. */
  readonly normal?: boolean;

  /**
   * Finite for every target that may occur.
   * @param y encoded targets [n] of the training rows, at least one
   */
  nullModel(y: Float32Array, target: T, facts?: RowFacts): NullModel;
  /** Log-likelihood of y under the one distribution for all rows that fits y best; in nats. */
  nullLogLikelihood(y: Response): number;

  /** E(y | f) of one row, [K]: encoded numbers, or the probabilities of the classes that have an output. */
  mean(f: Vector, noiseVariance: number, target?: T): Vector;
  /** The same averaged over the draws, [n, K]. */
  expected(outputs: OutputDraws): ArrayLike<number>;
  /** Standard deviations in the target's units, or of classes entropies in nats. */
  uncertainty(outputs: OutputDraws, target: T): Uncertainty;
  /**
   * What the predictive distribution loses on each row: numbers in the target's own units. y [n].
   * @param threshold of two classes: the second is predicted from this probability on; absent: the likeliest class
   */
  losses(outputs: OutputDraws, y: Float32Array, target: T, threshold?: number): RowLosses;
  /** What is told of predictions, in the order of tables; the first is looked at first. */
  readonly metrics: readonly Metric[];
  readonly contributions: Contributions<T>;

  /** The last layer of an export. */
  head(layer: Affine, target: T, noiseVariance: number): Head;
  /**
   * JavaScript that the exported module predicts with: for a number an expression of its first output `f` and of `target`, for
   * several numbers the same of each in turn, for classes one of all `outputs` that gives a logit for each class. Where the noise
   * matters, a function of it.
   */
  readonly script: string | ((noiseVariance: number) => string);
  /** Absent where nobody has said how such targets are simulated. */
  readonly simulation?: Simulation<T>;
}

/** The target is a number. */
export interface NumberLikelihood<K extends Task = Task> extends AnyLikelihood<Targets[K]> {
  readonly kind: 'number';
  /** Set where targets are whole numbers, at which P(Y <= y) jumps. */
  readonly whole?: boolean;
  units(target: Targets[K]): Units;
  /** What programs that have only the predictions need to know of the noise. */
  noise?(noiseVariance: number, target: Targets[K]): Noise;
  /** JavaScript of the standard deviation of noise that varies, in the units of the data, from the `outputs` and `target`. */
  readonly noiseScript?: string;
  /** JavaScript of P(Y <= y), from `y`, the `outputs` of one network, `target` and src/export/js/distributions.ts. */
  readonly cdfScript?: (noiseVariance: number) => string;
  /** Set of times until something comes, of which P(Y > t) is looked at. */
  readonly timed?: boolean;
  /** What is wrong with a raw target that the likelihood gives no density, such as `is not positive`. */
  fault?(raw: number): string | undefined;
  /** The p-quantile of the predictive distribution of each row, of the encoded number. */
  quantiles(outputs: OutputDraws, p: number): Float64Array;
  /** What is told of the predictive distribution at a raw number: what a column of it is called, and it for each row. */
  readonly at: {
    column(name: string, raw: string): string;
    /** @param raw and its encoded form */
    probability(outputs: OutputDraws, raw: number, encoded: number): Float64Array;
  };
  /** P(Y <= y) of each row, of the encoded number. */
  cdfAt(outputs: OutputDraws, y: number): Float64Array;
  /** log of the predictive density of each encoded target [n]; of a row without its event, of P(Y > y). */
  logDensities(outputs: OutputDraws, y: Float32Array): Float64Array;
  /** Central predictive interval of probability `level`, of the encoded number. */
  interval(outputs: OutputDraws, level: number): { lower: Float64Array; upper: Float64Array };
}

/** The target is one of several classes. */
export interface ClassLikelihood<K extends Task = Task> extends AnyLikelihood<Targets[K]> {
  readonly kind: 'class';
  /** All classes, in the order of class indices. */
  levels(target: Targets[K]): readonly string[];
  /** Fewest and most classes of a target. */
  readonly classes: readonly [least: number, most: number];
  /** Probabilities of all classes of one row. */
  probabilitiesAt(f: Vector, target?: Targets[K], noiseVariance?: number): Float64Array;
  /** The same n x C, averaged over the draws. */
  probabilities(outputs: OutputDraws): Matrix;
}

/** The target is several numbers, each with an output of its own; all that is told of one is told by its own likelihood. */
export interface NumbersLikelihood<K extends Task = Task> extends AnyLikelihood<Targets[K]> {
  readonly kind: 'numbers';
  /** Fewest and most targets. */
  readonly targets: readonly [least: number, most: number];
  /** The targets one by one, as their own likelihoods know them. */
  each(target: Targets[K]): readonly Target[];
  /** The outputs of the target at this place alone, as those of its own likelihood. */
  margin(outputs: OutputDraws, place: number): OutputDraws;
  /**
   * JavaScript of P(Y <= y) of one of them, from `y`, its output `f` of one network, `target`, which is it alone, and
   * src/export/js/distributions.ts.
   */
  readonly cdfScript: (noiseVariance: number) => string;
  /** K: the noise of each, in its own units. */
  noise(noiseVariance: number, target: Targets[K]): Noise[];
  /** K: mean squares of what outputs [n, K] leave over of each encoded target. */
  leftOver(y: Response, outputs: Float64Array): number[];
  /** The target with the noise of each as these mean squares [K] are to one another. */
  withNoise(target: Targets[K], squares: readonly number[]): Targets[K];
}

export type Likelihood<K extends Task = Task> = NumberLikelihood<K> | ClassLikelihood<K> | NumbersLikelihood<K>;

