/** Told while something long is under way. */

/** What a part of training tells about itself. Fits run at once, so that rows of different fits take turns. */
export interface PhaseProgress {
  /**
   * The dense reference network, one of the restarts, a restart whose gates were flipped and probabilities computed, what the
   * chosen network predicts for rows it did not see, or the search over structures.
   */
  phase: 'reference' | 'restart' | 'inclusion' | 'background' | 'search';
  /** Counted from 1. */
  restart: number;
  restarts: number;
  /**
   * Counted from 1; in phase `inclusion` the restarts, in phase `background` the folds that are finished so far, in phase
   * `search` the steps.
   */
  epoch: number;
  epochs: number;
  elbo: number;
  /** Expected number of active weights, hidden nodes and inputs under the posterior. */
  active: { weights: number; nodes: number; inputs: number };
  /** Epochs done of each fit: the restarts, then the dense reference. */
  fits: readonly number[];
  /** How many fits are made at once; of a cross-validation, how many folds. */
  atOnce: number;
}

/** How far the whole is. */
export interface Forecast {
  /** Of the time that it takes, from 0 to 1; it does not fall. */
  share: number;
  /** Until the end; undefined while nothing is known of the pace. */
  secondsLeft?: number | undefined;
}

/** What training or a cross-validation tells about itself while it runs. */
export interface TrainProgress extends PhaseProgress, Forecast {
  /** Of a cross-validation: how many folds are done, and of how many. */
  folds?: { done: number; of: number };
}
