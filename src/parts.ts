/**
 * `bnnc/parts`: what the functions of the package are made of. Unstable: names and shapes change with any version; benchmarks and
 * studies that are kept with it use them. docs/api.md names the stable entries.
 */

export { BnncError, ERROR_CODES, renderProblem } from './errors.js';
export { Stream } from './random.js';

// The nouns that the stages hand to each other.
export type {
  Activation, CompressedLayer, CompressedModel, Dataset, EncodedColumn, Encoder, Feature, Gates, InputInclusion, InputSet,
  LayerPosterior, Matrix, Posterior, Spike, Splits, Target, Task, TrainProgress,
} from './types.js';

// Config: from files, objects, `key=value` texts and flags to the values that count.
export {
  configJsonSchema, configSchema, parseFullConfig, resolveConfig, stringifyConfig,
  type Config, type ConfigInput, type FlagValues, type Origin, type Resolved, type ResolveOptions,
} from './config/index.js';

// Data: CSV files to tables, tables to network inputs and back.
export {
  decode, describeTable, encode, fileSource, fitEncoder, foldRows, readTable, recordTable, rowsTable, splitRows, streamChunks,
  type Cell, type ColumnSummary, type CsvSource, type EncodeNotice, type EncodeOptions, type EncoderOptions, type FoldOptions,
  type Folds, type ReadOptions, type Row, type Split, type SplitOptions, type Table,
} from './data/index.js';

// The engine: started once, by whatever needs it first.
export { startEngine, type Engine } from './engine/backend.js';
export type { EnginePreference } from './engine/preference.js';
export type { Jobs } from './work/workers.js';

// Run folders, and what is in them.
export { newestRun, openRun, type RunFolder } from './store/open.js';
export type { CvDocument, FoldReport } from './work/cv/document.js';
export type { InputStability } from './work/cv/stability.js';
export type { Estimate, MetricEstimates, ModelSummary } from './work/cv/summary.js';
export type { Manifest } from './store/manifest.js';
export type { ModelMetrics, RunMetrics, SplitMetrics } from './work/run-metrics.js';
export {
  readConfig, readEncoder, readInputPips, readLinear, readMetrics, readPips, readPosterior, readSets, readSplitRows,
} from './store/parts.js';
export { diagnose, type Finding, type RunState, type Severity } from './diagnose/index.js';
export type { FitHistory } from './store/history.js';
export type { LinearDocument } from './store/linear.js';
export { dependence, type Curve, type Effect } from './inference/predictive/dependence.js';

// Calibration: inclusion probabilities against planted truths.
export { prepare, type Prepared } from './work/prepare.js';
export { plant } from './work/calibrate/simulated-set.js';
export { autoSteps, searchStructures } from './work/search.js';
export { relativesOf } from './simulate/relatives.js';
export { groupPip, groupsOf } from './inference/inclusion/groups.js';
export type { JudgedGroup, PlantedTruth, SignalRange, SimulatedSet } from './work/calibrate/simulated-set.js';
export {
  coverage, realise, reliability, wilson, type Coverage, type JudgedInput, type JudgedSet, type Mean, type Realised,
  type Reliability, type ReliabilityBin,
} from './inference/inclusion/reliability.js';

// Inclusion probabilities and pruning of what is in memory.
export { inclusion, type Inclusion, type InclusionOptions } from './inference/inclusion/inclusion.js';
export { rankInputs, selectFeatures as selectInputs, type SelectedInput, type SelectionRule } from './inference/inclusion/select.js';
export {
  prune as prunePosterior, type Pruned, type PruneOptions as PrunePosteriorOptions, type PruneReport,
} from './inference/prune/prune.js';
export type { Pips, PruneLevel } from './inference/prune/masks.js';
export type { NetworkSize } from './inference/prune/size.js';
export { fineTune, type FineTuneOptions } from './inference/prune/fine-tune.js';
export type { PruneDocument, PruneMetrics } from './prune/document.js';
export type { PruneOutcome } from './prune/prune-run.js';
export type { CurveDocument, CurvePoint, ThresholdChoice } from './prune/curve.js';
export type { CheckedInput } from './select/null-check.js';
export type { NullKind } from './select/null-inputs.js';

// Prediction, chunk by chunk, and how good it is.
export { openPredictor } from './predict/open-predictor.js';
export type { Predictor, PredictorOptions } from './predict/predictor.js';
export { predictionHeader, predictionLines, type PredictionColumns } from './predict/predictions.js';
export { Explainer, type ExplainOptions } from './predict/explanation.js';
export { predictMean, type CompressedPrediction } from './inference/predictive/compressed.js';
export { classProbabilities, entropyParts, predictiveInterval, type EntropyParts } from './inference/predictive/predictive.js';
export { regressionMoments, type RegressionMoments } from './likelihood/gaussian-draws.js';
export type { Metrics, OutputDraws } from './likelihood/index.js';
export { evaluateDraws } from './inference/predictive/evaluate.js';

// A likelihood of one's own, and the rules that check its fields in a document. `bnnc/types` has the `Targets` that it extends.
export {
  classLikelihood, fitNumbers, likelihoodOf, metricsOf, momentsOfTargets, numberLikelihood, registerLikelihood, unfit,
} from './likelihood/index.js';
export type { ClassModel } from './likelihood/classes.js';
export type { NumberModel } from './likelihood/numbers.js';
export type {
  Affine, ClassLikelihood, Contributions, Derivatives, Head, Likelihood, LikelihoodTerms, Metric, NullModel, NumberLikelihood,
  SimulatedTarget, Simulation, SimulationSetting, TargetCells, Uncertainty, Units,
} from './likelihood/index.js';
export * as rules from './rules.js';

// Exported models as bytes.
export {
  EXPORT_FORMATS, exportModel, ONNX_INPUTS, readJsonModel, readSafetensorsModel, writeJsModule, writeJsonModel, writeOnnx,
  writeSafetensorsModel, writeSavedModel, writeTfjsModel, type ExportedFile, type ExportFormat,
  type ExportOptions, type OnnxInput,
} from './export/index.js';

// Types that the others are made of.
export type { JsonSchema, PartialConfig, TextOptions } from './config/index.js';
export type { Column, ColumnOptions, NumberColumn, TextColumn } from './data/index.js';
export type { Living, Masks } from './inference/prune/masks.js';
export type { ElboEstimate } from './model/elbo.js';
export type { NetworkShape } from './model/shape.js';
export type { ByModel } from './work/cv/fold.js';
export type { ModelName } from './work/compare-models.js';
export type { Compared } from './work/cv/summary.js';
export type { FileEntry } from './store/manifest.js';
export type { SplitName } from './work/prepare.js';
export type { TuningReport } from './prune/tune.js';
export type { Synthetic } from './work/calibrate/synthetic.js';
export type { TemperatureChoice } from './work/run-metrics.js';
export type { Effect as PlantedEffect } from './simulate/function.js';
export type { FitData } from './train/types.js';
export type { Structure } from './simulate/inputs.js';
export type { ActiveCounts, HistoryRow } from './train/history.js';
export type { TrainingPlan } from './train/plan.js';

// What benchmarks and scripts of this repository take besides.
export { flagName } from './api/options/table.js';
export { describeExpected, leafKeys, schemaAt } from './config/keys.js';
export { refKey, signatureOf } from './engine/compiled/program.js';
export { record } from './engine/compiled/record.js';
export { simplify } from './engine/compiled/simplify.js';
export { CompiledScan, EagerScan } from './engine/scan.js';
export { drawUniforms } from './engine/uniforms.js';
export { readSafetensors } from './export/safetensors/safetensors.js';
export { CompressedPredictor } from './inference/predictive/compressed-draws.js';
export { rowLosses } from './inference/predictive/evaluate.js';
export { uncompressed } from './inference/prune/prune.js';
export { networkSize } from './inference/prune/size.js';
export { withBackground } from './inference/prune/with-background.js';
export { localRunner } from './jobs/runner.js';
export { pairedDifference, type Difference } from './maths/statistics.js';
export { initialTheta } from './model/initial.js';
export { uniformsFor } from './model/kernels.js';
export { makePacking } from './model/packing/packing.js';
export { layoutOf } from './model/shape.js';
export { encodeHeldOut, heldOutRows } from './prune/held-out.js';
export { compareWithCopies } from './select/null-check.js';
export { withCopies } from './select/null-inputs.js';
export { posteriorFromTensors } from './store/posterior-tensors.js';
export { RunRows } from './store/run-rows.js';
export { biasCorrection } from './train/adam.js';
export { packingKind } from './train/plan.js';
export { firstMoment, rateOf, secondMoment, trainingScan } from './train/step.js';
export { longestStretch, rateParts, toParts } from './train/tensors.js';
export { outcomeOf } from './work/compare-models.js';
export { handlers } from './work/handlers.js';
export { jobsOf, learn } from './work/learn.js';
export { measureRun } from './work/measure.js';
export { prepareTable } from './work/prepare.js';
export { watchLeakage, type Leakage } from './work/leakage/leakage.js';

// Types that these are made of.
export type { Program, Signature } from './engine/compiled/program.js';
export type { Scan, ScanSpec, Tensors } from './engine/scan.js';
export type { Bytes } from './export/size.js';
export type { Handlers, Runner } from './jobs/runner.js';
export type { RowLosses } from './likelihood/metrics.js';
export type { Packing, PackingKind } from './model/packing/types.js';
export type { Layout } from './model/shape.js';
export type { HeldOut } from './prune/held-out.js';
export type { Sizes } from './prune/parts.js';
export type { NullCheck } from './select/null-check.js';
export type { NullInputs } from './select/null-inputs.js';
export type { FileFacts } from './store/manifest.js';
export type { Skip } from './text/skips.js';
export type { InputGates, SourceGates, Targets } from './types.js';
export type { Piece } from './voice.js';
export type { Outcome } from './work/compare-models.js';
export type { AllTasks } from './work/handlers.js';
export type { Learned } from './work/learn.js';
export { enumerateModels, factorModel, linearSteps, singleEffects } from './linear/index.js';
export type {
  CredibleSet, EffectOptions, Enumeration, FactorModel, Factors, LinearPart, LinearProblem, PenalisedLinear, SingleEffects,
} from './linear/index.js';
export {
  activeInputs, Chain, chainOptions, denseLinear, drawMembers, Evaluator, fitNetwork, keyOf, logPrior, logScalePrior,
  memberOutputs, nonlinearInputs, slabsAt, stackedMembers, startsOf, summarise, tableOf, weightedScales, weightsOf,
} from './search/index.js';
export type {
  ChainOptions, ChainState, Fit, Member, Network, Scales, SearchOptions, SearchSummary, SearchTable,
  Skip as SkipWeights, StructurePrior, Unit, Visited, Weighted,
} from './search/index.js';
export { finish } from './steps.js';
