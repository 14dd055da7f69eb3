/** What of DuckDB is used, and its values as cells: those that a CSV of the same table has. */

import { fail, type BnncError } from '../errors.js';
import { dayText } from './date.js';
import { momentText } from './moment-text.js';
import { plainNumber, type StyleOptions } from './style.js';
import { shorten } from './wording.js';
import { shortFloat32 } from './write-csv.js';

/** The part of `@duckdb/node-api` that is used. */
export interface Duckdb {
  DuckDBInstance: {
    create(path: string, options?: Record<string, string>): Promise<{ connect(): Promise<DuckdbConnection>; closeSync(): void }>;
  };
}
export interface DuckdbConnection {
  extractStatements(sql: string): Promise<{ count: number; prepare(index: number): Promise<DuckdbStatement> }>;
  disconnectSync(): void;
}
interface DuckdbStatement {
  run(): Promise<unknown>;
  stream(): Promise<DuckdbResult>;
}
export interface DuckdbResult {
  returnType: number;
  columnNames(): string[];
  columnTypes(): DuckdbType[];
  fetchChunk(): Promise<{ rowCount: number; getColumns(): unknown[][] } | null>;
}
/** Its text is the type in SQL. */
export interface DuckdbType {
  toString(): string;
}

const WHOLE = /^U?(TINY|SMALL|BIG|HUGE|)INT(EGER)?$/;
const PER_SECOND = { micros: 1_000_000n, millis: 1_000n, nanos: 1_000_000_000n, seconds: 1n } as const;
const NESTED = /\[\d*\]$|^(STRUCT|MAP|UNION|VARIANT)\b/;
const BYTES = /^(BLOB|BIT|GEOMETRY)\b/;

/** Why a column of a type has no cells; undefined where it has. */
export function noCell(type: DuckdbType, name: string, file: string): BnncError | undefined {
  const text = String(type);
  const ignore = 'A column that is not needed may stay as it is, with kind: ignore in data.columns.';
  if (NESTED.test(text)) {
    const message = `column '${shorten(name)}': a cell must be a number, a text, a boolean, a date or null, not ${shorten(text)}`;
    return fail('data.nested-cell', message, { where: { file }, hint: `Ask for its parts as columns of their own. ${ignore}` });
  }
  if (!BYTES.test(text) && text !== 'INTERVAL') return undefined;
  const what = text === 'INTERVAL' ? 'intervals' : 'bytes';
  return fail('data.binary-column', `column '${shorten(name)}' has ${what}`, { where: { file }, hint: `Ask for text or numbers. ${ignore}` });
}

/** Of a value that is not null. */
export function duckdbCell(type: DuckdbType, style: StyleOptions): (value: unknown) => string | number {
  const text = String(type);
  const number = plainNumber(style);
  if (WHOLE.test(text)) return (value) => (typeof value === 'number' ? value : number(String(value)));
  if (text === 'FLOAT') return (value) => shortFloat32(value as number);
  if (text === 'DOUBLE') return (value) => value as number;
  if (text.startsWith('DECIMAL')) return (value) => number(String(value));
  if (text === 'DATE') return (value) => dayText((value as { days: number }).days);
  if (text.startsWith('TIMESTAMP')) {
    const zone = text.endsWith('ZONE') ? 'Z' : '';
    return (value) => clock(value as object) + zone;
  }
  if (text === 'TIME') return (value) => clock(value as object).slice('1970-01-01T'.length);
  return String;
}

/** ISO 8601 of a value that has what it counts as its only key. */
function clock(value: object): string {
  const [unit] = (['micros', 'millis', 'nanos', 'seconds'] as const).filter((each) => Object.hasOwn(value, each));
  return momentText((value as Record<typeof unit, bigint>)[unit], PER_SECOND[unit]);
}
