/** Options that several commands have. */

import type { ConfigInput } from '../../config/schema.js';
import type { TrainProgress } from '../../types.js';
import type { Tell } from '../../voice.js';
import { abortSignal, assignments, callback, columnNames, columnOrColumns, draws, flag, jobs, layerSizes, memory, object, oneOf, pathOr, rowsOrTable, seed, stream, text, yesOrNo } from './kinds.js';
import { cliOption, libraryOption, option, type OptionsOf } from './table.js';

export const COMMON = {
  /** Folder that relative paths start from. Default: the current one of the process. */
  cwd: libraryOption(text, { words: 'folder that relative paths start from', otherwise: 'that of the process' }),
  /** Aborts the work; the promise is then rejected with a `BnncError` of code `interrupted.stopped`. */
  signal: libraryOption(abortSignal, { words: 'stops the work, as Ctrl-C does' }),
};

export const ENGINE = {
  /** Native TensorFlow, WebAssembly, or native where it is there. Default: what BNNC_ENGINE says, else `auto`. */
  engine: option(oneOf(['auto', 'native', 'wasm']), {
    value: '<name>', words: 'TensorFlow engine; the variable BNNC_ENGINE sets it, too', otherwise: 'auto',
  }),
};

/** @param what what is done side by side */
export const jobsOption = (what: string) => ({
  /** Fits made at once, each in a process of its own but for 1; results do not depend on it. Default: `auto`, up to the cores. */
  jobs: option(jobs, { value: '<n>', words: `${what}, or auto; results do not depend on it`, otherwise: 'auto, up to the cores' }),
});

/** What may be used; where that will not do, nothing is begun. */
export const MEMORY = {
  /**
   * Memory that may be used, in GB (10^9 bytes), or `any`: nothing is refused. What needs more is refused before it begins.
   * Default: what the machine has, or its container.
   */
  memory: option(memory, {
    value: '<gb>', words: "memory that may be used, in GB; what needs more is refused before it begins; 'any' refuses nothing",
    otherwise: 'what the machine or its container has',
  }),
};

export const CACHE = {
  /**
   * Whether a table that was read is kept for the next time, in the cache folder; `false`: nothing is kept or taken from there.
   * Results do not depend on it. Default: `true`.
   */
  cache: option(flag, { flag: 'no-cache', words: 'read the table anew, and keep nothing of it in the cache folder' }),
};

/** What is said of the work beside its result. */
export const LOG = {
  logFile: cliOption(text, { value: '<file>', words: 'append notes, warnings, progress and errors to a file, each with its time' }),
};

/** How progress is told on stderr. */
export const PROGRESS = {
  progress: cliOption(oneOf(['text', 'json']), {
    value: '<form>', words: 'how progress is told on stderr; json: a document a second, each on a line', default: 'text',
  }),
};

/** Which rows of a database. */
const QUERY = { value: '<sql>', words: 'which rows, where the data are a database: duckdb:FILE (data.query)' };
export const DATABASE = {
  /** Which rows, where the table is `duckdb:FILE`: a query in SQL. */
  query: option(text, { ...QUERY, words: 'which rows, where the table is a database: duckdb:FILE' }),
};

type Section<Name extends keyof ConfigInput> = NonNullable<ConfigInput[Name]>;

/**
 * Where a config and its data come from. Later ones win: defaults, `config`, single sections, `sets`, then the others.
 */
export const SOURCE = {
  /**
   * The path of a config file, from which its own paths start, or an object with the same sections and keys, whose paths start
   * from `cwd`.
   */
  config: option(pathOr<ConfigInput>(), { short: 'c', value: '<file>', words: 'config in YAML or JSON' }),
  /** `data.path`: a file with a table; or the section `data` of the config. */
  data: option(pathOr<Section<'data'>>(), { value: '<file>', words: "table: CSV, JSON Lines or Parquet, plain or gzipped, or duckdb:FILE; '-' is stdin (data.path)" }),
  /** `data.query`: which rows of a database. */
  query: option(text, QUERY),
  /** `data.target`: the column to predict, or a list of columns of numbers. */
  target: option(columnOrColumns, { value: '<column>', words: 'column to predict (data.target); repeated, several columns of numbers' }),
  /** Columns that are no inputs: `data.columns`, kind `ignore`. */
  ignore: option(columnNames, { value: '<column>', words: 'leave a column out (data.columns); may be repeated' }),
  /** `data.split.testFile`: a file with test rows. */
  test: option(text, { value: '<file>', words: 'table of test rows (data.split.testFile)' }),
  /** `data.split.testQuery`: which rows of a database are test rows. */
  testQuery: option(text, { value: '<sql>', words: 'which test rows, where they are in a database (data.split.testQuery)' }),
  /** `model.hidden`: units of each hidden layer; none is a linear model. */
  hidden: option(layerSizes, { value: '<n,...>', words: "units of each hidden layer, or 'none' for a linear model (model.hidden)" }),
  /** `train.seed`. */
  seed: option(seed, { value: '<n>', words: 'seed of every random draw (train.seed)' }),
  /** Single values of config keys: `train.epochs=500`. */
  sets: option(assignments, {
    flag: 'set', value: '<key=value>', words: 'set a config key, such as train.epochs=500; may be repeated',
  }),
};

/** Of commands that look at a table. */
export const SETS = {
  /** Single values of config keys that say how the table is written: `data.encoding=latin1`. */
  sets: option(assignments, {
    flag: 'set', value: '<key=value>', words: 'set a config key, such as data.encoding=latin1; may be repeated',
  }),
};

/** Of commands that read a table as a model's training table was read. */
export const LIMITS = {
  /** Single values of `data.limits`, how large a table may be: `data.limits.line=50000000`. */
  sets: option(assignments, {
    flag: 'set', value: '<key=value>', words: 'set how large the table may be, such as data.limits.line=50000000; may be repeated',
  }),
};

export const STDIN = {
  /** What a `data.path` of `-` means. */
  stdin: libraryOption(stream, { words: "the stream that '-' means" }),
};

const section = <Name extends keyof ConfigInput>(name: Name) =>
  libraryOption(object<Section<Name>>(), { words: `the section ${name} of the config` });

/** What only a program can give: rows in memory, and sections of the config by themselves. */
export const IN_MEMORY = {
  /**
   * The rows, in place of a file: objects with a cell for each column (null or nothing is a missing cell), or a table, which
   * stays as `readTable` has read it.
   */
  rows: libraryOption(rowsOrTable, { words: 'the rows themselves, in place of a file' }),
  /** Keys of the section `model`, such as `{ hidden: [8] }`. */
  model: section('model'),
  /** Keys of the section `prior`. */
  prior: section('prior'),
  /** Keys of the section `train`. */
  train: section('train'),
  /** Keys of the section `inclusion`. */
  inclusion: section('inclusion'),
  /** Keys of the section `search`. */
  search: section('search'),
};

export const ON_PROGRESS = {
  onProgress: libraryOption(callback<(progress: TrainProgress) => void>(), { words: 'called with the progress of the fits' }),
};
export const ON_NOTE = {
  onNote: libraryOption(callback<Tell>(), { words: 'called with each note' }),
};
/** @param what what it is told */
export const onWarning = (what: string) => libraryOption(callback<Tell>(), { words: what });

export const DRAWS = {
  /** Posterior draws that are averaged over: 64 by default for a run, for a pruned model its posterior means alone. */
  draws: option(draws, {
    value: '<n>', words: 'posterior draws to average over', otherwise: '64; an exported model uses its means',
  }),
};

/** Of commands that write CSV with names of columns or levels. */
export const CSV_SAFE = {
  csvSafe: cliOption(flag, { words: 'CSV for spreadsheets: an apostrophe before names that they would run as formulas' }),
};

/** @param words what is printed instead of what */
export const json = (words: string) => cliOption(flag, { words });

/** What all functions take. @interface */
export type CommonOptions = OptionsOf<typeof COMMON>;
/** What functions take that may need the tensor engine. @interface */
export type EngineOptions = OptionsOf<typeof ENGINE>;
/**
 * Where a config and its data come from. Later ones win: defaults, `config`, single sections, `sets`, then the others.
 * @interface
 */
export type ConfigOptions = OptionsOf<typeof SOURCE & typeof STDIN & typeof IN_MEMORY>;

export const WORK = { ...COMMON, ...ON_PROGRESS, ...ON_NOTE };
/** What training and cross-validation take besides. @interface */
export type WorkOptions = OptionsOf<typeof WORK & typeof ENGINE & typeof MEMORY & ReturnType<typeof jobsOption>>;

/** Whether inputs may stand for credible sets, of `prune` and `select-features`. @param words what is done */
export const representativesOption = (words: string) => ({
  /** Whether a credible set of which no input passes is represented by its most probable one. Default: true. */
  representatives: option(yesOrNo, {
    value: '<yes>', words: `${words}: true or false`, default: true,
  }),
});
