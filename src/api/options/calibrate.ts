/** Options of `calibrate`. */

import { correlation, count, looseCount, oneOf, callback, probability, ratio, text } from './kinds.js';
import { QUEUE } from './queue.js';
import { COMMON, ENGINE, jobsOption, json, LOG, MEMORY, ON_NOTE, onWarning, SOURCE, STDIN } from './shared.js';
import { cliOption, grouped, libraryOption, option, type FlagsOf, type OptionsOf } from './table.js';

export const CALIBRATE = {
  ...grouped('What to simulate:', {
    ...SOURCE,
    /** Gaussian inputs instead of data: training rows of a table. */
    rows: option(count, { value: '<n>', words: 'Gaussian inputs instead of data: number of training rows' }),
    inputs: option(count, { value: '<p>', words: 'Gaussian inputs: number of inputs' }),
    correlation: option(correlation, {
      value: '<r>', words: 'Gaussian inputs: correlation r of neighbours (ar1) or of any two (equal)', otherwise: '0',
    }),
    structure: option(oneOf(['ar1', 'equal']), {
      value: '<name>', words: 'Gaussian inputs: correlation is r to the power of the distance (ar1), or r for all (equal)', otherwise: 'ar1',
    }),
    noise: option(ratio, {
      value: '<s>', words: 'standard deviation of the noise, if that of the signal is 1', otherwise: 'varies',
    }),
  }),
  ...grouped('What to report:', {
    /** How many tables are simulated. */
    tables: option(looseCount, { flag: 'sets', value: '<n>', words: 'number of simulated tables', default: 20 }),
    /** Judge the choice of inputs whose PIP is at least this. */
    threshold: option(probability, { value: '<p>', words: 'judge the selection of inputs with at least this PIP', default: 0.5 }),
    /** Judge the choice of inputs by this Bayesian false discovery rate. */
    fdr: option(probability, { value: '<q>', words: 'judge the selection with this Bayesian false discovery rate', default: 0.1 }),
    out: cliOption(text, { short: 'o', value: '<file>', words: "file to write; '-' is stdout" }),
    json: json('print one JSON document instead of tables'),
    ...jobsOption('tables to work on at once'),
    ...QUEUE,
    ...MEMORY,
    ...LOG,
    ...ENGINE,
  }),
  ...STDIN,
  ...COMMON,
  /** Told after each table how many are done. */
  onTable: libraryOption(callback<(done: number) => void>(), { words: 'called after each table with the number of finished tables' }),
  ...ON_NOTE,
  onWarning: onWarning('called if the data have changed since the run'),
};

/** @interface */
export type CalibrateOptions = OptionsOf<typeof CALIBRATE>;
export type CalibrateFlags = FlagsOf<typeof CALIBRATE>;
