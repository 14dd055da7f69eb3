/**
 * `bnnc/model`: opens exported models and predicts by them. No tensor engine is loaded, nor anything else that only training
 * needs: the first prediction comes within a tenth of a second of the start of Node. docs/api.md shows it in use.
 */

export {
  evaluate, openModel, predict, type ExportedModel, type ModelEvaluateOptions, type ModelPredictOptions,
} from './api/exported-model.js';
export { BnncError, type ErrorKind, type Problem, type Where } from './errors.js';
export type { Evaluation } from './api/evaluating.js';
export type { AnyPrediction, ClassPrediction, NumberPrediction, NumbersPrediction, Prediction } from './api/prediction.js';
export type { CsvInput } from './api/rows.js';
export type { CsvSource, Row } from './data/index.js';
export type { Metrics } from './likelihood/index.js';
export type {
  Activation, CompressedLayer, CompressedModel, EncodedColumn, Encoder, Feature, Target, Task,
} from './types.js';
