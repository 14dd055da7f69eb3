/** Options of `plan`, `work` and `merge`. */

import { correlation, count, flag, folds, looseCount, oneOf, probability, ratio, shardOf, text, texts, waitingTime } from './kinds.js';
import { COMMON, ENGINE, jobsOption, json, LOG, ON_NOTE, ON_PROGRESS, onWarning, PROGRESS, SOURCE } from './shared.js';
import { flagName, grouped, libraryOption, cliOption, option, type FlagsOf, type OptionsOf } from './table.js';

export const PLAN = {
  ...grouped('What to learn from:', {
    ...SOURCE,
    warm: option(text, { value: '<dir>', words: 'train: begin where the fits of a finished run have ended (train.warm)' }),
  }),
  ...grouped('What to do:', {
    /** Of a cross-validation. Default: 10. */
    folds: option(folds, { value: '<k>', words: 'cv: number of folds', otherwise: '10' }),
    /** Of a cross-validation. Default: 1. */
    repeats: option(looseCount, { value: '<n>', words: 'cv: number of repeats', otherwise: '1' }),
    /** Of a cross-validation or a calibration. Default: 0.5. */
    threshold: option(probability, { value: '<p>', words: 'cv, calibrate: keep or select what has at least this PIP', otherwise: '0.5' }),
    /** Of a calibration or a check with knockoffs. Default: 0.1. */
    fdr: option(probability, { value: '<q>', words: 'calibrate, knockoffs: false discovery rate', otherwise: '0.1' }),
    /** Of a calibration: how many. Default: 20. */
    tables: option(looseCount, { flag: 'sets', value: '<n>', words: 'calibrate: number of simulated tables', otherwise: '20' }),
    rows: option(count, { value: '<n>', words: 'calibrate: Gaussian inputs instead of data: number of training rows' }),
    inputs: option(count, { value: '<p>', words: 'calibrate, Gaussian inputs: number of inputs' }),
    correlation: option(correlation, { value: '<r>', words: 'calibrate, Gaussian inputs: their correlation', otherwise: '0' }),
    structure: option(oneOf(['ar1', 'equal']), { value: '<name>', words: 'calibrate, Gaussian inputs: form of their correlations', otherwise: 'ar1' }),
    noise: option(ratio, { value: '<s>', words: 'calibrate: standard deviation of the noise, if that of the signal is 1', otherwise: 'varies' }),
    ...LOG,
    ...ENGINE,
  }),
  ...grouped('Output:', {
    /** The plan's file. Default: `plan.jsonl`. */
    out: option(text, { short: 'o', value: '<file>', words: 'file of the plan', default: 'plan.jsonl' }),
    json: json('print one JSON document instead of the path'),
  }),
  ...COMMON,
  ...ON_NOTE,
  onWarning: onWarning('called if the data have changed since the run'),
};

/** @interface */
export type PlanUnitsOptions = OptionsOf<typeof PLAN>;
export type PlanFlags = FlagsOf<typeof PLAN>;

export const WORK_UNITS = {
  /** Folder of the results. Default: `parts`. */
  out: option(text, { short: 'o', value: '<dir>', words: 'folder of the results, which shards may share', default: 'parts' }),
  /**
   * Which share of the units, such as `2/8`; `auto/8` takes the number from the scheduler. Default: what a scheduler says, else
   * all.
   */
  shard: option(shardOf, {
    value: '<i/n>', words: 'which share of the units, such as 2/8; auto/8 asks the scheduler for the number', otherwise: 'what SLURM says, else 1/1',
  }),
  /** Seconds to wait for results of other shards that the next units need. Default: 0. */
  wait: option(waitingTime, { value: '<seconds>', words: 'wait so long for results of other shards that the next units need', default: 0 }),
  json: json('print one JSON document instead of the folder'),
  ...jobsOption('units to do at once'),
  ...LOG,
  ...PROGRESS,
  ...ENGINE,
  ...COMMON,
  ...ON_PROGRESS,
  ...ON_NOTE,
};

/** @interface */
export type WorkUnitsOptions = OptionsOf<typeof WORK_UNITS>;
export type WorkFlags = FlagsOf<typeof WORK_UNITS>;

export const MERGE = {
  /** Folder of the run of a training. Default: `runs/NAME-N`. Of other jobs the command line writes the document to a file. */
  out: option(text, { short: 'o', value: '<path>', words: `train: run folder to write; else a file for the JSON document, '-' is stdout, as ${flagName('json')}` }),
  /** Replace a run that is there. */
  force: option(flag, { words: 'replace the run folder if it exists' }),
  json: cliOption(flag, { words: 'print one JSON document instead of the path or the tables' }),
  ...jobsOption('what is left to do at once'),
  ...LOG,
  ...ENGINE,
  /** Recorded in the manifest as the arguments of the program. Default: none. */
  argv: libraryOption(texts, { words: 'recorded in the manifest as the arguments of the program', otherwise: 'none' }),
  ...COMMON,
  ...ON_NOTE,
  onWarning: onWarning('called if the results come from several engines or processors'),
};

/** @interface */
export type MergeUnitsOptions = OptionsOf<typeof MERGE>;
export type MergeFlags = FlagsOf<typeof MERGE>;
