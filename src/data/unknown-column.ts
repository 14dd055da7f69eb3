/** The fault of a column that the table lacks, wherever it is named. */
import type { Problem } from '../errors.js';
import { closest } from '../suggest.js';
import type { Words } from '../voice.js';
import type { Table } from './table.js';
import { listNames } from './wording.js';

/** @param said who names it: `which data.columns names` */
export function unknownColumn({ file, headerLine: line, names }: Table, name: string, said: string): Problem<Words> {
  const near = closest(name, names);
  const hint = near === undefined ? `The columns are ${listNames(names)}.` : `Did you mean '${near}'?`;
  return { code: 'data.unknown-column', message: `there is no column '${name}', ${said}`, hint, where: { file, line } };
}
