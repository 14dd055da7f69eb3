/**
 * The public API: what the command line is made of, without its terminal. Nothing here prints, reads the process or exits;
 * progress comes through callbacks, expected failures are {@link BnncError}s, and randomness comes from seeded streams.
 * docs/api.md shows it in use.
 */

// Errors and random streams.
export { BnncError, ERROR_CODES, renderProblem, type ErrorKind, type Problem, type Where } from './errors.js';
export { Stream } from './random.js';

// The nouns that the stages hand to each other.
export type {
  Activation, CompressedLayer, CompressedModel, Dataset, EncodedColumn, Encoder, Feature, Gates, InputInclusion, LayerPosterior,
  Matrix, Posterior, Target, Task, TrainProgress,
} from './types.js';

// Config: from files, `key=value` texts and flags to the values that count.
export {
  configJsonSchema, configSchema, parseFullConfig, resolveConfig, stringifyConfig,
  type Config, type FlagValues, type Origin, type Resolved, type ResolveOptions,
} from './config/index.js';

// Data: CSV files to tables, tables to network inputs and back.
export {
  decode, describeTable, encode, fileSource, fitEncoder, foldRows, readTable, splitRows, streamChunks,
  type Cell, type ColumnSummary, type CsvSource, type EncodeNotice, type EncodeOptions, type EncoderOptions, type FoldOptions,
  type Folds, type ReadOptions, type Split, type SplitOptions, type Table,
} from './data/index.js';

// The engine: started once, by whatever needs it first.
export { startEngine, type Engine, type EnginePreference } from './engine/backend.js';

// Training, and the folders that it leaves.
export { resumeTraining, trainRun, type TrainRunOptions, type TrainRunResult } from './run/train-run.js';
export { newestRun, openRun, type RunFolder } from './run/store.js';
export { crossValidate, type CvOptions } from './run/cv/cross-validate.js';
export type { CvDocument, FoldReport } from './run/cv/document.js';
export type { InputStability } from './run/cv/stability.js';
export type { Estimate, MetricEstimates, ModelSummary } from './run/cv/summary.js';
export type { Manifest } from './run/manifest.js';
export type { ModelMetrics, RunMetrics, SplitMetrics } from './run/metrics.js';
export { readConfig, readEncoder, readInputPips, readMetrics, readPips, readPosterior, readSplitRows } from './run/parts.js';

// Diagnosis of a finished run.
export { diagnose, diagnoseRun, type Finding, type RunState, type Severity } from './run/diagnose/index.js';
export type { FitHistory } from './run/history.js';

// A run as a page to read.
export { report, type ReportOptions } from './report/index.js';
export { dependence, type Curve, type Effect } from './inference/dependence.js';

// Calibration: inclusion probabilities against planted truths.
export {
  calibrate, reachedSignal, USUAL_SIGNAL, type CalibrateOptions, type Calibration,
} from './run/calibrate.js';
export { prepare, type Prepared } from './run/prepare.js';
export type { PlantedTruth, SignalRange, SimulatedSet } from './run/simulated-set.js';
export {
  realise, reliability, wilson, type JudgedInput, type Mean, type Realised, type Reliability, type ReliabilityBin,
} from './inference/reliability.js';

// Inclusion probabilities, feature selection, pruning.
export { inclusion, type Inclusion, type InclusionOptions } from './inference/inclusion.js';
export { rankInputs, selectFeatures, type SelectedInput, type SelectionRule } from './inference/select.js';
export { prune, type Pruned, type PruneOptions, type PruneReport } from './inference/prune.js';
export type { Pips, PruneLevel } from './inference/masks.js';
export type { NetworkSize } from './inference/size.js';
export { fineTune, type FineTuneOptions } from './inference/fine-tune.js';
export { pruneRun, type PruneDocument, type PruneOutcome, type PruneRunOptions } from './run/prune-run.js';
export { pruneCurve, type CurveDocument, type CurveOptions, type CurvePoint } from './run/prune-curve.js';

// Prediction by runs and exported models, and how good it is.
export { openPredictor, type Predictor, type PredictorOptions } from './run/predictor.js';
export { predictionHeader, predictionLines, type PredictionColumns } from './run/predictions.js';
export { Explainer, type ExplainOptions } from './run/explanation.js';
export { predictMean, type CompressedPrediction } from './inference/compressed.js';
export {
  classProbabilities, entropyParts, predictiveInterval, regressionMoments,
  type EntropyParts, type OutputDraws, type RegressionMoments,
} from './inference/predictive.js';
export { evaluateDraws, type Metrics } from './inference/evaluate.js';

// Exported models as bytes.
export {
  EXPORT_FORMATS, exportModel, ONNX_INPUTS, readJsonModel, readSafetensorsModel, writeJsModule, writeJsonModel, writeOnnx,
  writeSafetensorsModel, writeSavedModel, writeTfjsModel, type ExportedFile, type ExportFormat,
  type ExportOptions, type OnnxInput,
} from './export/index.js';
