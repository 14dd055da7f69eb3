/** Options of the commands that predict: `predict` and `evaluate`. */

import { flag, numbers, openProbabilities, openProbability, text, threshold } from './kinds.js';
import { COMMON, CSV_SAFE, DATABASE, DRAWS, ENGINE, json, LIMITS, onWarning } from './shared.js';
import { cliOption, flagName, option, type FlagsOf, type OptionsOf } from './table.js';

const DECISION = {
  /**
   * Two classes: the second is predicted where its probability is at least this; `auto`: at least that of the highest balanced
   * accuracy on the training rows. Default: the likelier class.
   */
  decisionThreshold: option(threshold, {
    value: '<p>', otherwise: 'the likelier class',
    words: 'two classes only: predict the second one where its probability is at least this; auto: the one of the highest balanced accuracy on the training rows',
  }),
};

export const PREDICT = {
  /** Also the bounds of the central predictive interval of this probability (numbers), such as 0.9. */
  interval: option(openProbability, {
    value: '<p>', words: 'numbers only: also print the bounds of the predictive interval with this probability',
  }),
  /** Also these quantiles of the predictive distribution (numbers), such as `[0.05, 0.5, 0.95]`. */
  quantiles: option(openProbabilities, {
    value: '<p,...>', words: 'numbers only: also print these quantiles of the predictive distribution, such as 0.05,0.5,0.95',
  }),
  /** Also the probability that a time is longer than each of these, that a count is each, or that a number is at most each. */
  at: option(numbers, {
    value: '<y,...>',
    words: 'numbers only: also print the probability that a time is longer than each of these, that a count is each, or that another number is at most each',
  }),
  /** Also the epistemic and the aleatoric part of the uncertainty. */
  uncertainty: option(flag, { words: 'also print the epistemic and the aleatoric uncertainty: standard deviations, or for classes entropies in nats' }),
  /**
   * Also what each kept input adds, with credible bounds of probability `interval` (default: 0.9). A run then predicts by its
   * median probability model, a pruned model by draws of its weights.
   */
  explain: option(flag, {
    words: `also print the contribution of each kept input, with credible bounds (of ${flagName('interval')}; default: 0.9)`,
  }),
  ...DECISION,
  ...DRAWS,
  ...DATABASE,
  ...LIMITS,
  ...ENGINE,
  out: cliOption(text, { short: 'o', value: '<file>', words: "file to write: CSV, or by its ending .jsonl or .parquet, each also with .gz; '-' is stdout" }),
  ...CSV_SAFE,
  json: json('write a JSON document for each row, one a line, instead of a table'),
  ...COMMON,
  /** Told at the end, once per column, of rows that are unlike the training rows. */
  onWarning: onWarning('called at the end, once for each column in which rows are unlike the training rows'),
};

/** @interface */
export type PredictOptions = OptionsOf<typeof PREDICT>;
export type PredictFlags = FlagsOf<typeof PREDICT>;

export const EVALUATE = {
  ...DECISION,
  ...DRAWS,
  ...DATABASE,
  ...LIMITS,
  ...ENGINE,
  json: json('print one JSON document'),
  ...COMMON,
  /** Told once per column of rows that are unlike the training rows. */
  onWarning: onWarning('called once for each column in which rows are unlike the training rows'),
};

/** @interface */
export type EvaluateOptions = OptionsOf<typeof EVALUATE>;
export type EvaluateFlags = FlagsOf<typeof EVALUATE>;

/** @interface */
export type ModelOptions = OptionsOf<typeof COMMON & typeof ENGINE & typeof DRAWS>;
