/** Options of `train`. */

import { count, flag, pathOrTrue, text, texts } from './kinds.js';
import { QUEUE } from './queue.js';
import { CACHE, ENGINE, IN_MEMORY, jobsOption, json, LOG, MEMORY, onWarning, PROGRESS, SOURCE, STDIN, WORK } from './shared.js';
import { cliOption, grouped, libraryOption, option, type FlagsOf, type OptionsOf } from './table.js';

export const TRAIN = {
  ...grouped('What to train:', SOURCE),
  ...grouped('The run:', {
    /**
     * Folder to write the run to, which can then be taken up again when it is interrupted; `true`: `runs/NAME-N`, NAME being that
     * of the data and N the next free number. Without it nothing is written, and the run is in memory.
     */
    out: option(pathOrTrue, { short: 'o', value: '<dir>', words: 'run folder to write', otherwise: 'runs/<name>-<number>' }),
    /** Replace a run that is there. */
    force: option(flag, { words: 'replace the run folder if it exists' }),
    /** Folder of an interrupted run, to go on with it; its config and data are its own. */
    resume: option(text, { value: '<dir>', words: 'continue an interrupted run, bit for bit' }),
    /**
     * Restarts to make beside those of the finished run `run`, which is replaced by one with all of them. Its config and data are
     * its own, and fits that it has kept are not made again.
     */
    addRestarts: option(count, { value: '<n>', words: 'make more restarts for the finished run that is named, and replace it' }),
    /** `train.warm`: folder of a finished run where the fits begin; for a table with new rows. */
    warm: option(text, { value: '<dir>', words: 'begin where the fits of a finished run have ended (train.warm)' }),
    dryRun: cliOption(flag, { words: 'show what would be trained (rows, columns, parameters, steps) and stop' }),
    json: json('print one JSON document instead of the path'),
    ...jobsOption('fits to make at once'),
    ...QUEUE,
    ...MEMORY,
    ...CACHE,
    ...LOG,
    ...PROGRESS,
    ...ENGINE,
  }),
  /** Folder of the finished run that `addRestarts` is for. */
  run: libraryOption(text, { words: 'folder of the finished run that addRestarts is for' }),
  ...STDIN,
  ...IN_MEMORY,
  /** Recorded in the manifest as the arguments of the program. Default: none. */
  argv: libraryOption(texts, { words: 'recorded in the manifest as the arguments of the program', otherwise: 'none' }),
  ...WORK,
  /** Told what may be wrong with the finished run, a line each; the same are among its `findings`. */
  onWarning: onWarning('called with each warning about the finished run'),
};

/** @interface */
export type TrainOptions = OptionsOf<typeof TRAIN>;
export type TrainFlags = FlagsOf<typeof TRAIN>;
