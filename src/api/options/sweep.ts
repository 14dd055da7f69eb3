/** Options of `sweep`. */

import { callback, flag, text } from './kinds.js';
import { COMMON, ENGINE, jobsOption, json, LOG, MEMORY, ON_NOTE, SOURCE, STDIN } from './shared.js';
import { grouped, libraryOption, option, type FlagsOf, type OptionsOf } from './table.js';

const { config: _config, seed: _seed, test: _test, testQuery: _testQuery, ...LEARNING } = SOURCE;

export const SWEEP = {
  ...grouped('What to try:', {
    /** The file of the sweep: keys with their values, the method, and the config. */
    config: option(text, { short: 'c', value: '<file>', words: 'the sweep in YAML or JSON: keys, values, method, and the config (docs/sweep.md)', required: true }),
    ...LEARNING,
  }),
  ...grouped('The work:', {
    ...jobsOption('folds to work on at once'),
    ...LOG,
    ...MEMORY,
    ...ENGINE,
  }),
  ...grouped('Output:', {
    /** Folder of the sweep, in which the same sweep goes on. Default: `sweeps/` and the name of the file. */
    out: option(text, { short: 'o', value: '<dir>', words: 'folder of the sweep; the same sweep goes on there', otherwise: 'sweeps/ and the name of the file' }),
    /** Begin anew where another sweep is. */
    force: option(flag, { words: 'begin anew where another sweep is' }),
    json: json('print one JSON document instead of the table'),
  }),
  ...STDIN,
  ...COMMON,
  ...ON_NOTE,
  /** Told after each fold how many are done, and of how many. */
  onFold: libraryOption(callback<(done: number, of: number) => void>(), { words: 'called after each fold with the number of finished folds, and of all' }),
};

/** @interface */
export type SweepOptions = OptionsOf<typeof SWEEP>;
export type SweepFlags = FlagsOf<typeof SWEEP>;
