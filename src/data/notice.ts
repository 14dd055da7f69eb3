/** What is noteworthy, but no fault, about rows that are unlike the training rows. */

import { cellText, type Column } from './column.js';
import { unitOf, type Table } from './table.js';
import { shorten } from './wording.js';

/** Something a person may want to know about rows that are unlike the training rows; one per column and type. */
export interface EncodeNotice {
  /**
   * `unseen-level`: a level no training row had. `unseen-missing`: missing where no training row was. `out-of-range`: a number
   * farther from the training range than that range is wide.
   */
  type: 'unseen-level' | 'unseen-missing' | 'out-of-range';
  column: string;
  /** Rows concerned, the line of the first, and its cell. */
  count: number;
  line: number;
  /** `row` where the format has no lines. */
  unit?: 'row';
  example: string;
}

/** Collects the notices of one column. */
export class Notices {
  private readonly found = new Map<EncodeNotice['type'], Omit<EncodeNotice, 'type' | 'column'>>();

  constructor(private readonly table: Table) {}

  add(type: EncodeNotice['type'], column: Column, row: number): void {
    const notice = this.found.get(type);
    if (notice) notice.count++;
    else this.found.set(type, {
      count: 1, line: this.table.lines[row], ...(unitOf(this.table) === 'row' && { unit: 'row' }), example: shorten(cellText(column, row) ?? ''),
    });
  }

  tell(column: string, listener: ((notice: EncodeNotice) => void) | undefined): void {
    for (const [type, rest] of this.found) listener?.({ type, column, ...rest });
  }
}
