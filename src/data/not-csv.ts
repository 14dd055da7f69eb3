/** What a file is that is no CSV, by its first bytes, and how to make one of it. */

import { fail, type BnncError } from '../errors.js';

interface Format {
  name: string;
  hint: string;
  begins(head: Buffer): boolean;
}

const bytes = (...values: number[]) => (head: Buffer): boolean => values.every((value, at) => head[at] === value);
const text = (start: string) => (head: Buffer): boolean => head.subarray(0, start.length).equals(Buffer.from(start, 'latin1'));
const pattern = (start: RegExp) => (head: Buffer): boolean => start.test(head.toString('latin1', 0, 400));
const packed = (name: string, program: string, ...signature: number[]): Format =>
  ({ name: `a file compressed by ${name}`, hint: `Unpack it (${program}), or pack it with gzip.`, begins: bytes(...signature) });

const EXCEL = "Save the sheet as 'CSV UTF-8' in the spreadsheet program.";
const ZIP = text('PK\x03\x04');
/** The first entries of a workbook. */
const inWorkbook = (head: Buffer): boolean => /\[Content_Types\]\.xml|_rels\/|xl\/|docProps\//.test(head.toString('latin1', 0, 400));

const FORMATS: Format[] = [
  { name: 'an Excel workbook', hint: EXCEL, begins: (head) => ZIP(head) && inWorkbook(head) },
  { name: 'a zip archive', hint: 'Take the table out: unzip -p old.zip > new.csv', begins: ZIP },
  { name: 'an old Excel workbook (xls)', hint: EXCEL, begins: bytes(0xd0, 0xcf, 0x11, 0xe0) },
  {
    name: 'an SQLite database', hint: "Take a table out: sqlite3 -header -csv old.db 'select * from NAME' > new.csv",
    begins: text('SQLite format 3\0'),
  },
  {
    name: 'a DuckDB database', hint: 'Name it as duckdb:FILE, and the rows by a query (data.query).',
    begins: (head) => head.toString('latin1', 8, 12) === 'DUCK',
  },
  { name: 'an encrypted Parquet file', hint: 'Decrypt it first.', begins: text('PARE') },
  packed('bzip2', 'bunzip2', 0x42, 0x5a, 0x68), packed('xz', 'unxz', 0xfd, 0x37, 0x7a, 0x58, 0x5a),
  packed('zstd', 'unzstd', 0x28, 0xb5, 0x2f, 0xfd),
  { name: 'a PDF document', hint: 'Save the table as CSV.', begins: text('%PDF-') },
  { name: 'a JSON document', hint: "Write an object a line: jq -c '.[]' old.json > new.jsonl", begins: pattern(/^(\ufeff|ï»¿)?\s*\[\s*[[{]/) },
  { name: 'a web page', hint: 'Save the table itself, as CSV.', begins: pattern(/^(\ufeff|ï»¿)?\s*<(!doctype html|html|table)\b/i) },
];

/** How many of the first bytes tell. */
export const TELLING = 400;

/**
 * The refusal of a file that is another format; undefined for what may be CSV.
 * @param head at least {@link TELLING} bytes, or all
 */
export function otherFormat(head: Buffer, file: string): BnncError | undefined {
  const found = FORMATS.find(({ begins }) => begins(head));
  return found && fail('data.not-csv', `this is ${found.name}, not CSV`, { where: { file }, hint: found.hint });
}
