/** Checks of a table against what training saw. */

import { BnncError } from '../errors.js';
import { levelNumbers, numbersOf } from './column.js';
import { notANumber } from './infer.js';
import type { Table } from './table.js';

/**
 * The cells of a column that training knew as numbers, NaN where missing.
 * @param rows where text is a mistake; other rows may hold NaN for it
 * @param missing tokens named in the hint
 * @throws data.not-a-number, data.not-finite
 */
export function expectNumbers(table: Table, index: number, rows: Int32Array, missing: readonly string[]): Float64Array {
  const column = table.columns[index];
  if (column.type === 'number') return column.values;
  const numbers = levelNumbers(column);
  for (const row of rows) {
    const code = column.codes[row];
    if (code >= 0 && Number.isNaN(numbers[code])) {
      const problem = notANumber(table, index, row, [column.levels[code]]);
      const tokens = missing.filter((text) => text !== '').map((text) => `'${text}'`);
      const alike = / is not a number$/.test(problem.message) && /data\.(decimal|thousands)/.test(problem.hint ?? '')
        ? ' Write numbers as the table does that was learned from.' : '';
      const hint = `The model was trained on numbers here; a missing cell is ${['empty', ...tokens].join(' or ')}.${alike}`;
      throw new BnncError({ ...problem, hint });
    }
  }
  return numbersOf(column);
}
