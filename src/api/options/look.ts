/** Options of the commands that look at what is there: `inspect`, `report` and `doctor`. */

import { flag, oneOf, probability, text } from './kinds.js';
import { COMMON, DATABASE, ENGINE, json, ON_NOTE, SETS, STDIN } from './shared.js';
import { cliOption, option, type FlagsOf, type OptionsOf } from './table.js';

export const INSPECT = { ...DATABASE, ...SETS, json: json('print one JSON document'), ...STDIN, ...COMMON, ...ON_NOTE };
export type InspectOptions = OptionsOf<typeof INSPECT>;
export type InspectFlags = FlagsOf<typeof INSPECT>;

export const REPORT = {
  /** Whether the page has a form, and one script, in which the exported model predicts. */
  interactive: option(flag, { words: 'add a form in which the exported model predicts, with one script' }),
  out: cliOption(text, { short: 'o', value: '<file>', words: "file to write (default: report.html, .pdf or .png in the run); '-' is stdout" }),
  format: cliOption(oneOf(['html', 'pdf', 'png']), {
    value: '<name>', words: 'HTML, or printed by Chromium, Chrome or Edge', otherwise: 'by the ending of the file, else html',
  }),
  json: json('print one JSON document instead of the path'),
  ...COMMON,
};
/** @interface */
export type ReportOptions = OptionsOf<typeof REPORT>;
export type ReportFlags = FlagsOf<typeof REPORT>;

export const EXPLAIN = { json: json('print one JSON document') };
export type ExplainFlags = FlagsOf<typeof EXPLAIN>;

export const RUNS = { json: json('print one JSON document'), ...COMMON };
/** @interface */
export type RunsOptions = OptionsOf<typeof RUNS>;
export type RunsFlags = FlagsOf<typeof RUNS>;

export const COMPARE = {
  /** PIP from which on an input counts as selected. Default: 0.5. */
  threshold: option(probability, { value: '<p>', words: 'PIP from which on an input counts as selected', otherwise: '0.5' }),
  ...ENGINE,
  json: json('print one JSON document'),
  ...COMMON,
};
/** @interface */
export type CompareOptions = OptionsOf<typeof COMPARE>;
export type CompareFlags = FlagsOf<typeof COMPARE>;

export const DOCTOR = {
  verbose: cliOption(flag, { words: 'show every check, not only the result' }),
  json: json('print one JSON document'),
};
export type DoctorFlags = FlagsOf<typeof DOCTOR>;
