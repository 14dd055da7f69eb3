/** Options of `prune`. */

import { EXPORT_FORMATS, ONNX_INPUTS } from '../../export/formats.js';
import { count, flag, oneOf, someOf, steps, text, threshold, yesOrNo } from './kinds.js';
import { COMMON, ENGINE, json, ON_NOTE, onWarning, representativesOption } from './shared.js';
import { cliOption, grouped, option, type FlagsOf, type OptionsOf } from './table.js';

const LEVEL = {
  /** What to prune: weights, nodes, inputs or all of them. Default: `all`. */
  level: option(oneOf(['weight', 'node', 'input', 'all']), { value: '<name>', words: 'what to prune', default: 'all' }),
};

export const PRUNE = {
  ...grouped('What to cut:', {
    /**
     * What has at least this posterior inclusion probability is kept; `auto`: the strictest threshold whose loss on the
     * validation rows is within one standard error of the least. Default: 0.5.
     */
    threshold: option(threshold, {
      value: '<p>', default: 0.5,
      words: 'keep all parts with at least this PIP; auto: the strictest threshold whose loss on the validation rows is within one standard error of the least',
    }),
    ...LEVEL,
    ...representativesOption('keep the most probable input of a credible set of which none passes'),
    curve: cliOption(oneOf(['table', 'csv', 'json']), {
      value: '[form]', words: 'write no model; show, for each threshold, what is kept and how well it predicts', preset: 'table',
      excludes: ['threshold', 'fineTune', 'quantize', 'background', 'ensemble', 'out', 'formats', 'onnxInput', 'force'],
    }),
  }),
  ...grouped('After the cut:', {
    /** Train the kept weights on after the cut, so many steps (`true`: 2000). Needs the run's data file and an engine. */
    fineTune: option(steps, {
      value: '[steps]', words: "train the kept weights further on the run's training rows (default: 2000 steps)",
    }),
    /** Round each kept weight by at most half of its posterior standard deviation, to few distinct values. */
    quantize: option(flag, {
      words: 'round the weights to few distinct values, each by at most half of its posterior standard deviation',
    }),
    /**
     * Add the run's dense background, of classes, or the linear model of its search by weight: the model then reads all inputs,
     * of which most add a little.
     */
    background: option(flag, {
      words: "add the run's dense background: better where many inputs matter a little, but all are read", excludes: ['fineTune'],
    }),
    /**
     * In place of the cut network, export the average of so many structures of the run's search, the most probable ones that use
     * no inputs but those that pass the threshold. They may be fewer. Where the linear model of all inputs is among the most
     * probable, it is one of them.
     */
    ensemble: option(count, {
      value: '<k>', words: 'export the average of the k best structures of the search that use no other inputs than those kept',
      excludes: ['fineTune', 'quantize', 'background'],
    }),
    /** Whether the linear model of all inputs may be one of an ensemble's structures; it reads every input. Default: true. */
    linear: option(yesOrNo, {
      value: '<yes>', words: 'whether an ensemble may have the linear model of all inputs, where its weight is among the k largest: true or false',
      default: true,
    }),
    ...ENGINE,
  }),
  ...grouped('The model:', {
    /** Folder to write; without it nothing is written, and the files are in the result alone. */
    out: option(text, { short: 'o', value: '<dir>', words: 'folder to write', otherwise: 'pruned/ in the run' }),
    /** Default: `onnx` and `json`. */
    formats: option(someOf(EXPORT_FORMATS), {
      flag: 'format', value: '<list>', words: `formats to export, comma-separated: ${EXPORT_FORMATS.join(', ')}`,
      default: ['onnx', 'json'], defaultText: 'onnx,json',
    }),
    /** What model.onnx takes: encoded columns, or cells as the CSV file has them. Default: `encoded`. */
    onnxInput: option(oneOf(ONNX_INPUTS), {
      value: '<form>', words: 'input of model.onnx: encoded columns, or cells as the CSV file has them', default: 'encoded',
    }),
    /** Replace a model that is there. */
    force: option(flag, { words: 'replace the folder if it exists' }),
    json: json('print one JSON document instead of the path, or of the curve'),
  }),
  ...COMMON,
  ...ON_NOTE,
  /** Told that fine-tuning made the model worse. */
  onWarning: onWarning('called if fine-tuning made the model worse'),
};

/** @interface */
export type PruneOptions = OptionsOf<typeof PRUNE>;
export type PruneFlags = FlagsOf<typeof PRUNE>;

export const PRUNE_CURVE = { ...LEVEL, ...COMMON };
/** @interface */
export type PruneCurveOptions = OptionsOf<typeof PRUNE_CURVE>;
