// Changes of cells: the table stays one, but its cells are not what they were.
import { readFileSync } from 'node:fs';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { mutateDocument } from './document.mjs';
import { pick, WORDS } from './mutate.mjs';

/** So many cells change, from one to all of a column. */
function* chosen(rows, columns, stream) {
  const column = stream.integer(columns);
  if (stream.integer(4) === 0) for (let row = 0; row < rows; row++) yield [row, column];
  else for (let left = 1 + stream.integer(8); left > 0; left--) yield [stream.integer(rows), stream.integer(columns)];
}

const quoted = (cell) => (/[",\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

/** The header is the first row, which changes as the others do. */
export function csvCells(file, stream) {
  const rows = readFileSync(file, 'utf8').trim().split('\n').map((line) => line.split(','));
  const same = pick(WORDS, stream);
  const first = stream.integer(5) === 0 ? 0 : 1;
  for (const [row, column] of chosen(rows.length - first, rows[0].length, stream)) {
    rows[row + first][column] = stream.integer(2) ? same : pick(WORDS, stream);
  }
  const [between, end] = [pick([',', ',', ',', ';', '\t', '|'], stream), pick(['\n', '\n', '\r\n', '\r'], stream)];
  return { bytes: Buffer.from(rows.map((row) => row.map(quoted).join(between)).join(end)), how: 'cells' };
}

export function lineCells(file, stream) {
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  // Each once: what has become very deep cannot be taken apart again.
  const rows = new Set([...chosen(lines.length, 1, stream)].map(([row]) => row));
  for (const row of rows) lines[row] = mutateDocument(JSON.parse(lines[row]), stream, 2).text;
  return { bytes: Buffer.from(lines.join('\n')), how: 'cells' };
}

/** Columns of another type, and cells that their type just holds. */
const COLUMNS = [
  () => 1e308, () => Number.NaN, () => -Infinity, () => 5e-324, (row) => (row % 2 ? 1e300 : -1e300),
  () => 2n ** 62n, () => -(2n ** 63n), (row) => BigInt(row),
  () => true, (row) => row % 3 === 0, () => null, () => new Date(8.64e15), () => new Date(-8.64e15),
  (row) => new Date(86_400_000 * row), () => [1, 2], () => ({ a: 1 }),
  () => '', () => 'x'.repeat(2000), () => '\0', () => '\ud800', (row) => (row % 2 ? null : 'NaN'), (row) => `level ${row}`,
  () => new Uint8Array([255, 0, 254]),
];

export function parquetCells(file, stream) {
  const csv = readFileSync(file.replace(/parquet$/, 'csv'), 'utf8').trim().split('\n').map((line) => line.split(','));
  const [names, rows] = [csv[0], csv.slice(1)];
  const columns = names.map((name, c) => ({ name, data: /** @type {any[]} */ (rows.map((row) => row[c])) }));
  for (let left = 1 + stream.integer(2); left > 0; left--) {
    const column = pick(columns, stream);
    const cell = pick(COLUMNS, stream);
    column.data = rows.map((_row, n) => cell(n));
    if (stream.integer(8) === 0) column.name = pick(WORDS, stream).slice(0, 50);
  }
  const written = () => new Uint8Array(parquetWriteBuffer({ columnData: columns, rowGroupSize: 1 + stream.integer(60) }));
  try {
    return { bytes: Buffer.from(written()), how: 'cells' };
  } catch {
    // What the writer itself does not take.
    return { bytes: readFileSync(file), how: 'none' };
  }
}
