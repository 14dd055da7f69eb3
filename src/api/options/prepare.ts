/** Options of the commands that come before training: `init` and `validate`. */

import { flag, text } from './kinds.js';
import { COMMON, DATABASE, json, ON_NOTE, onWarning, SETS, SOURCE, STDIN } from './shared.js';
import { cliOption, option, type FlagsOf, type OptionsOf } from './table.js';

export const INIT = {
  /** The column to predict. */
  target: option(text, { value: '<column>', words: 'column to predict', required: true }),
  ...DATABASE,
  /** The config file to write. */
  out: option(text, { short: 'o', value: '<file>', words: "config file to write; '-' is stdout", default: 'bnnc.yaml' }),
  /** Replace a file that is there. */
  force: option(flag, { words: 'replace the file if it exists' }),
  json: json('print one JSON document instead of the path'),
  ...SETS,
  ...STDIN,
  ...COMMON,
  ...ON_NOTE,
  onWarning: onWarning('called with each oddity of the columns'),
};
export type InitOptions = OptionsOf<typeof INIT>;
export type InitFlags = FlagsOf<typeof INIT>;

export const VALIDATE = {
  ...SOURCE,
  print: cliOption(flag, { words: 'print the resolved config and where each value came from', excludes: ['json'] }),
  json: json('print one JSON document'),
  ...STDIN,
  ...COMMON,
  ...ON_NOTE,
};
export type ValidateOptions = OptionsOf<typeof VALIDATE>;
export type ValidateFlags = FlagsOf<typeof VALIDATE>;
