/** The heavy tasks of learning from one table: what each is given and what it gives, all plain values that can be copied. */

import type { Inclusion } from '../inference/inclusion/inclusion.js';
import type { RescueOptions, Restart } from '../inference/rescue/rescue.js';
import type { AssessOptions } from '../inference/gates/assess.js';
import type { HeldOutOutputs } from '../linear/background.js';
import type { LinearPart, LinearProblem, PenalisedLinear } from '../linear/types.js';
import type { ElboEstimate } from '../model/elbo.js';
import type { FitJob } from '../train/fits.js';
import type { FitData, FitResult, FitSettings, FitState } from '../train/types.js';
import type { HistoryRow } from '../train/history.js';
import type { ChainOptions, ChainState } from '../search/chain.js';
import type { StructurePrior } from '../search/prior.js';
import type { InputSummary } from '../search/summary.js';
import type { CutFacts } from '../inference/prune/cut.js';
import type { Background, Posterior } from '../types.js';
import type { Measured, Measurement, ModelMetrics, RunMetrics, StructureFacts } from './run-metrics.js';

/** The name of a random stream: a seed, and the labels that lead from it. */
export type StreamPath = [seed: number, ...labels: (string | number)[]];

export interface FitTask {
  data: FitData;
  settings: FitSettings;
  stream: StreamPath;
  /** What to go on from. */
  from?: FitState | undefined;
}

interface AssessTask {
  data: FitData;
  posterior: Posterior;
  /** Of the fit that gave it. */
  settings: FitSettings;
  options: RescueOptions;
  stream: StreamPath;
}

export interface HeldOutTask {
  data: FitData;
  part: Pick<HeldOutOutputs, 'inside' | 'outside'>;
  job: FitJob;
  /** The fit that the job begins beside. */
  beside: FitJob | undefined;
  options: AssessOptions;
  stream: StreamPath;
}

interface BackgroundTask {
  data: FitData;
  posterior: Posterior;
  folds: HeldOutOutputs[];
  ridge: Pick<PenalisedLinear, 'penalty' | 'noiseVariance'>;
  stream: StreamPath;
}

interface MeasureTask {
  prepared: Measured;
  posterior: Posterior;
  stream: StreamPath;
  elbo?: ElboEstimate;
}

interface MedianTask {
  facts?: CutFacts | undefined;
  /** The network asked for, where a linear fit was chosen in its place. */
  asked?: Posterior | undefined;
  prepared: Measured;
  posterior: Posterior;
  inclusion: Inclusion;
  stream: StreamPath;
}

export interface LinearTask {
  problem: LinearProblem;
  stream: StreamPath;
}

export interface ChainTask {
  problem: LinearProblem;
  options: ChainOptions;
  stream: StreamPath;
  /** What to go on from. */
  from?: ChainState | undefined;
}

/** Where a chain has come to. */
export interface ChainEnd {
  state: ChainState;
  /** Whether all its steps were made; else it was stopped. */
  done: boolean;
}

interface AverageTask {
  problem: LinearProblem;
  chains: ChainState[];
  prior: StructurePrior;
  stream: StreamPath;
}

/** What a search over structures comes to. */
export interface SearchResult {
  posterior: Posterior;
  inclusion: Inclusion;
  /** What chains and estimates say of the inputs. */
  inputs: InputSummary;
  /** Of the reference structure, and how many others share the average. */
  facts: StructureFacts;
}

/** What is done for one table: fits, what follows on them, and measuring. */
// A type, for an interface has no index signature and so is no record of kinds.
export type TrainTasks = {
  /** What a linear model alone finds; undefined when it was stopped. */
  linear: { task: LinearTask; result: LinearPart | undefined; notice: never };
  /** One restart, or the reference. */
  fit: { task: FitTask; result: FitResult; notice: HistoryRow };
  /** What follows on a restart; undefined when it was stopped. */
  assess: { task: AssessTask; result: Restart | undefined; notice: never };
  /** Outputs of a network of some kind for rows that it did not see; undefined when it was stopped. */
  heldOut: { task: HeldOutTask; result: HeldOutOutputs | undefined; notice: never };
  /** What weak effects add to a network; undefined when it was stopped. */
  background: { task: BackgroundTask; result: Background | undefined; notice: never };
  /** A chain over structures, which tells its steps. */
  chain: { task: ChainTask; result: ChainEnd; notice: number };
  /** What chains come to together; undefined when it was stopped. */
  average: { task: AverageTask; result: SearchResult | undefined; notice: never };
  measure: { task: MeasureTask; result: Measurement<ModelMetrics>; notice: never };
  median: { task: MedianTask; result: Required<Pick<RunMetrics, 'median' | 'sizes'>>; notice: never };
};
