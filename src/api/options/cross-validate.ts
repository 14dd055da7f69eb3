/** Options of `cv`. */

import { folds, looseCount, probability, text } from './kinds.js';
import { QUEUE } from './queue.js';
import { ENGINE, IN_MEMORY, jobsOption, json, LOG, MEMORY, PROGRESS, SOURCE, STDIN, WORK } from './shared.js';
import { cliOption, flagName, grouped, option, type FlagsOf, type OptionsOf } from './table.js';

export const CROSS_VALIDATE = {
  ...grouped('What to train:', SOURCE),
  ...grouped('The folds:', {
    /** Default: 10. */
    folds: option(folds, { value: '<k>', words: 'number of folds; each has its share of every class (data.split.stratify)', default: 10 }),
    /** How many times the rows are divided anew. Default: 1. */
    repeats: option(looseCount, { value: '<n>', words: 'number of repeats, each with a new division of the rows', default: 1 }),
    /** What has at least this PIP is kept, and an input counts as selected. Default: 0.5. */
    threshold: option(probability, { value: '<p>', words: 'keep all parts with at least this PIP', default: 0.5 }),
    ...jobsOption('folds to work on at once'),
    ...QUEUE,
    ...MEMORY,
    ...LOG,
    ...PROGRESS,
    ...ENGINE,
  }),
  ...grouped('Output:', {
    out: cliOption(text, { short: 'o', value: '<file>', words: `also write the JSON document to a file; '-' is stdout, as ${flagName('json')}` }),
    json: json('print one JSON document instead of the tables'),
  }),
  ...STDIN,
  ...IN_MEMORY,
  ...WORK,
};

/** @interface */
export type CrossValidateOptions = OptionsOf<typeof CROSS_VALIDATE>;
export type CrossValidateFlags = FlagsOf<typeof CROSS_VALIDATE>;
