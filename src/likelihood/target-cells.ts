/** What a likelihood gets to see of a target column. */
import type { Where } from '../errors.js';

/** A target column as it was read, over all rows of the table. */
export interface TargetCells {
  name: string;
  rows: number;
  /** Whether the column is read as numbers. */
  numeric: boolean;
  /** Whether the config says that it is to be. */
  declared: boolean;
  /** Whether the config says that the levels have the order in which they stand. */
  ordered?: boolean;
  /** Whether the config names a column of events. */
  timed?: boolean;
  /** Distinct cells, numbers in numeric order, texts by code units. */
  levels: readonly string[];
  /** Whether each of them writes a number. */
  levelsAreNumbers: boolean;
  /** One per row; NaN where the cell is no number. */
  numbers(): Float64Array;
  /** One per row; the same for the same cell. */
  codes(): Int32Array;
  /** One per row: its place in {@link levels}. */
  places(): Int32Array;
  /** Where a row stands, or the whole table. */
  place(row?: number): Where;
  /** How much each row counts; absent: 1 each. */
  weights?: Float32Array;
  exposure?: Float32Array;
  events?: Uint8Array;
  /** Of several targets: the columns after this one. */
  further?: readonly TargetCells[];
}
