/** What a fit is given, what it keeps, and what it gives. */
import type { StartLogits } from '../model/initial.js';
import type { Prior } from '../model/prior.js';
import type { NetworkShape } from '../model/shape.js';
import type { Matrix, Posterior, Response } from '../types.js';
import type { Best } from './best.js';
import type { PriorChoice } from './empirical-bayes.js';
import type { HistoryRow } from './history.js';
import type { Course } from './schedule.js';

export interface FitSettings {
  shape: NetworkShape;
  epochs: number;
  /** Rows of a minibatch; at most the number of training rows. */
  batch: number;
  learningRate: number;
  /** The gates' learning rate as a multiple of the others'. */
  gateLearningRate: number;
  prior: PriorChoice;
  /** T: the likelihood is raised to the power 1 / T. Default: 1. */
  temperature?: number | undefined;
  /** Default: `whole`. */
  course?: Course;
  /** Gate logits at the start; default: all nearly open. */
  start?: StartLogits | undefined;
  /** Epochs of the fit whose compiled step this one is to share, where it is a short one; default: its own. */
  wholeEpochs?: number;
  /** Inputs whose gates begin open, where not all do. */
  openInputs?: readonly number[] | undefined;
  /** Where the rows are one shard of a table's: how far they are trained on by themselves. Default: to the end. */
  stretch?: Stretch;
}

/** What a unit does on its own between two rounds. The prior stays as it is, and no state is taken for the best. */
export interface Stretch {
  /** The step that it ends before. */
  until: number;
  /** N of all shards: the likelihood of the shard counts N / N_k times, and epochs are those of the table. */
  rows: number;
  /** Rows of the smallest shard: all make as many steps, of as many rows. */
  smallest: number;
}

/** Training rows: x [n, d], y [n, K] as the likelihood wants it. */
export interface FitData {
  x: Matrix;
  y: Response;
  /** Of a large table: all training rows, from which fits learn; x and y are then a sample of them. */
  all?: AllRows | undefined;
}

/** All training rows of a large table. */
export interface AllRows {
  /** N x d: encoded inputs as float32, row by row, in a file of nothing else; of a shard: which of its rows these are. */
  x: Pick<Matrix, 'rows' | 'cols'> & { path: string; at?: Int32Array };
  /** N x K. */
  y: Response;
}

/** All that a fit needs to go on, bit for bit, after `step` steps. */
export interface FitState {
  step: number;
  theta: Float32Array;
  m: Float32Array;
  v: Float32Array;
  /** Sum of the mean log-likelihoods of the steps since the last row of the history. */
  logLikelihood: number;
  prior: Prior;
  history: HistoryRow[];
  /** The best state since the prior has been following the posterior. */
  best?: Best | undefined;
}

export interface FitHooks {
  onRow?: (row: HistoryRow) => void;
  signal?: AbortSignal | undefined;
}

export interface FitResult {
  /** False when the signal stopped the fit early. */
  done: boolean;
  state: FitState;
  posterior: Posterior;
}
