/** Values of a Parquet column as cells: what a CSV of the same table has. */

import type { FileMetaData, SchemaElement, SchemaTree } from 'hyparquet';
import { dayText } from './date.js';
import { momentText } from './moment-text.js';
import type { StyleOptions } from './style.js';
import { plainNumber } from './style.js';
import { shortFloat32 } from './write-csv.js';

/** A cell as the table's builder takes it. */
export type Cell = string | number;
/** Of a value that is not null. @throws NotText */
export type ToCell = (value: unknown) => Cell;

/** Bytes that are no text in UTF-8. */
export class NotText extends Error {}

export interface ParquetColumn {
  name: string;
  /** Undefined where its values are no cells. */
  toCell?: ToCell;
  /** What they are instead. */
  otherwise?: 'a list' | 'a group of columns' | 'bytes' | 'an interval';
}

/** Types that the reader passes on as they are stored, so that nothing of them is rounded: they become cells here. */
const STORED = new Set(['DECIMAL', 'DATE', 'TIME', 'TIMESTAMP', 'JSON', 'BSON', 'ENUM', 'GEOMETRY', 'GEOGRAPHY']);
const typeOf = ({ logical_type: logical, converted_type: converted }: SchemaElement): string | undefined =>
  logical?.type ?? converted?.replace(/_(MILLIS|MICROS)$/, '');

/** The columns of a file, and its description with which they are to be read. */
export function parquetColumns(
  { children }: SchemaTree, metadata: FileMetaData, style: StyleOptions,
): { columns: ParquetColumn[]; stored: FileMetaData } {
  const columns = children.map(({ element, children: parts }): ParquetColumn => {
    const { name } = element;
    const repeated = element.repetition_type === 'REPEATED' || typeOf(element) === 'LIST';
    if (parts.length > 0 || repeated) return { name, otherwise: repeated ? 'a list' : 'a group of columns' };
    const toCell = converter(element, style);
    return typeof toCell === 'string' ? { name, otherwise: toCell } : { name, toCell };
  });
  const schema = metadata.schema.map((element): SchemaElement => {
    const { logical_type: _logical, converted_type: _converted, ...rest } = element;
    return STORED.has(typeOf(element)!) ? rest : element;
  });
  return { columns, stored: { ...metadata, schema } };
}

function converter(element: SchemaElement, style: StyleOptions): ToCell | 'bytes' | 'an interval' {
  const type = typeOf(element);
  const number = plainNumber(style);
  if (type === 'DECIMAL') {
    const scale = element.scale ?? (element.logical_type as { scale?: number } | undefined)?.scale ?? 0;
    return (value) => number(decimalText(wholeOf(value as number | bigint | Uint8Array), scale));
  }
  if (type === 'DATE') return (value) => dayText(value as number);
  if (type === 'TIME' || type === 'TIMESTAMP') return clock(element, type);
  if (type === 'INTERVAL') return 'an interval';
  if (type === 'UUID' || type === 'FLOAT16') return (value) => value as Cell;
  switch (element.type) {
    case 'BOOLEAN': return (value) => (value ? 'true' : 'false');
    case 'FLOAT': return (value) => shortFloat32(value as number);
    case 'INT96': return (value) => momentText(value as bigint, 1_000_000_000n);
    case 'BYTE_ARRAY': return type === 'BSON' || type === 'GEOMETRY' || type === 'GEOGRAPHY' ? 'bytes' : textOf;
    case 'FIXED_LEN_BYTE_ARRAY': return 'bytes';
    default: return (value) => (typeof value === 'bigint' ? whole(value) : value as number);
  }
}

const decoder = new TextDecoder('utf-8', { fatal: true });
function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  try {
    return decoder.decode(value as Uint8Array);
  } catch {
    throw new NotText();
  }
}

/** What a double holds in 15 digits is a number; of more digits the text tells. */
const whole = (value: bigint): Cell => (value < TOO_LARGE && value > -TOO_LARGE ? Number(value) : String(value));
const TOO_LARGE = 10n ** 15n;

/** Of a decimal number: what it counts. Bytes are big-endian, in two's complement. */
function wholeOf(value: number | bigint | Uint8Array): bigint {
  if (!(value instanceof Uint8Array)) return BigInt(value);
  const bits = value.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  return BigInt.asIntN(8 * value.length, bits);
}

/** `-1.05` of -105 and a scale of 2. */
function decimalText(value: bigint, scale: number): string {
  if (scale <= 0) return String(value * 10n ** BigInt(-scale));
  const digits = String(value < 0n ? -value : value).padStart(scale + 1, '0');
  return `${value < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

const PER_SECOND = { MILLIS: 1_000n, MICROS: 1_000_000n, NANOS: 1_000_000_000n } as const;

function clock({ logical_type: logical, converted_type: converted }: SchemaElement, type: 'TIME' | 'TIMESTAMP'): ToCell {
  const { unit, isAdjustedToUTC } = (logical ?? { unit: converted!.endsWith('MILLIS') ? 'MILLIS' : 'MICROS', isAdjustedToUTC: true }) as
    { unit: keyof typeof PER_SECOND; isAdjustedToUTC: boolean };
  const perSecond = PER_SECOND[unit];
  if (type === 'TIME') return (value) => momentText(BigInt(value as number | bigint), perSecond).slice('1970-01-01T'.length);
  return (value) => momentText(value as bigint, perSecond) + (isAdjustedToUTC ? 'Z' : '');
}
