/**
 * The public API: what the commands do, for programs. Nothing here prints or exits; progress comes through callbacks, expected
 * failures are {@link BnncError}s, and randomness comes from seeded streams. The tensor engine is loaded by the first function
 * that trains or that predicts by a posterior. `bnnc/model` only predicts by exported models, and `bnnc/parts` has what these
 * functions are made of. docs/api.md shows it in use.
 */

// The four main functions.
export { train, type TrainedRun } from './api/train.js';
export type { TrainOptions } from './api/options/train.js';
export type { CommonOptions, ConfigOptions, EngineOptions, WorkOptions } from './api/options/shared.js';
export {
  selectFeatures, type CheckedSelection, type CheckFeaturesOptions, type FeatureSelection, type SelectedFeature,
  type SelectedSet, type SelectFeaturesOptions,
} from './api/select-features.js';
export { prune, pruneCurve } from './api/prune.js';
export type { PruneCurveOptions, PruneOptions } from './api/options/prune.js';
export { predict } from './api/predict.js';
export type { EvaluateOptions, ModelOptions, PredictOptions } from './api/options/predict.js';
export type { AnyPrediction, ClassPrediction, NumberPrediction, NumbersPrediction, Prediction } from './api/prediction.js';
export type { ModelSource } from './api/model.js';
export type { CsvInput } from './api/rows.js';
export type { RunSource } from './api/run.js';

// The other commands.
export { crossValidate } from './api/cross-validate.js';
export { sweep } from './api/sweep.js';
export type { CrossValidateOptions } from './api/options/cross-validate.js';
export { evaluate } from './api/evaluate.js';
export type { Evaluation } from './api/evaluating.js';
export { diagnoseRun, report } from './api/report.js';
export { calibrate, type Calibration } from './api/calibrate.js';
export type { CalibrateOptions } from './api/options/calibrate.js';
export { mergeUnits, type MergedUnits } from './api/merge-units.js';
export { planUnits, type PlannedUnits } from './api/plan-units.js';
export { workUnits, type WorkedUnits } from './api/work-units.js';
export { serveQueue, type Consumed } from './api/serve-queue.js';
export type { ServeQueueOptions } from './api/options/queue.js';
export type { MergeUnitsOptions, PlanUnitsOptions, WorkUnitsOptions } from './api/options/shards.js';
export { compareRuns, type ComparedInput, type ComparedModel, type ComparedRows, type Comparison } from './api/compare-runs.js';
export { explain, glossary, type ExplainedKey, type GlossaryEntry } from './api/explain.js';
export { init, type InitialConfig } from './api/init.js';
export { listRuns, type ListedRun } from './api/list-runs.js';
export { validate, type Validation } from './api/validate.js';
export type { InitOptions, ValidateOptions } from './api/options/prepare.js';
export { planTraining, type PlannedTraining } from './api/plan-training.js';
export { inspect, type DataInspection, type Inspection, type ModelInspection, type RunInspection } from './api/inspect.js';
export type { CompareOptions, InspectOptions, ReportOptions, RunsOptions } from './api/options/look.js';
export type { Tell, Words } from './voice.js';

export { openModel } from './api/exported-model.js';
export { BnncError, type ErrorKind, type Problem } from './errors.js';

// Tables and configs before they are learned from.
export { fileSource, readTable, type CsvSource, type ReadOptions, type Row, type Table } from './data/index.js';
export { resolveConfig, type Config, type ConfigInput, type Resolved } from './config/index.js';

// Runs, and what is in them.
export { newestRun, openRun, type RunFolder } from './store/open.js';
export {
  readConfig, readEncoder, readInputPips, readLinear, readMetrics, readPosterior, readSets, readSplitRows,
} from './store/parts.js';
export type { Manifest } from './store/manifest.js';
export type { RunMetrics } from './work/run-metrics.js';
export type { CvDocument } from './work/cv/document.js';
export type { Finding } from './diagnose/index.js';
export type { LinearDocument } from './store/linear.js';
export type { PruneDocument } from './prune/document.js';
export type { PruneOutcome } from './prune/prune-run.js';
export type { CurveDocument } from './prune/curve.js';
export type { Metrics } from './likelihood/index.js';
export type { CompressedModel, Encoder, InputInclusion, InputSet, InputVerdict, Posterior, Splits, Task, TrainProgress } from './types.js';
