/** Options of the commands that look at what is there: `inspect`, `report` and `doctor`. */

import { flag, text } from './kinds.js';
import { COMMON, json, ON_NOTE, SETS, STDIN } from './shared.js';
import { cliOption, type FlagsOf, type OptionsOf } from './table.js';

export const INSPECT = { ...SETS, json: json('print one JSON document'), ...STDIN, ...COMMON, ...ON_NOTE };
export type InspectOptions = OptionsOf<typeof INSPECT>;
export type InspectFlags = FlagsOf<typeof INSPECT>;

export const REPORT = {
  out: cliOption(text, { short: 'o', value: '<file>', words: "file to write (default: report.html in the run); '-' is stdout" }),
  ...COMMON,
};
export type ReportFlags = FlagsOf<typeof REPORT>;

export const DOCTOR = {
  verbose: cliOption(flag, { words: 'show every check, not only the result' }),
  json: json('print one JSON document'),
};
export type DoctorFlags = FlagsOf<typeof DOCTOR>;
