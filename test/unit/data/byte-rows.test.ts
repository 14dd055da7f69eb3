import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { readTable, type Table } from '../../../src/data/index.js';
import type { ReadOptions } from '../../../src/data/read-options.js';
import { TableBuilder } from '../../../src/data/table.js';
import { Stream } from '../../../src/random.js';
import { memory, READ } from './sources.js';

/** What csv-parse makes of a text, cell by cell as texts. */
function reference(text: string, delimiter: string, options: ReadOptions): Table {
  const records = parse(text, {
    delimiter, bom: true, quote: '"', record_delimiter: ['\r\n', '\n', '\r'], relax_column_count: true, trim: true, info: true,
  }) as unknown as { record: string[]; info: { lines: number } }[];
  const rows = records.filter(({ record }) => record.length > 1 || record[0].trim() !== '');
  const [{ record: names, info }] = rows;
  const builder = new TableBuilder('data.csv', names.map((name) => name.trim()), info.lines, delimiter, options.missing, options);
  for (const { record, info: { lines } } of rows.slice(1)) builder.add(record, lines);
  return builder.take();
}

const NUMBERS = [
  '0', '-0', '1', '42', '-7', '+5', '1.5', '-0.25', '.5', '5.', '-.5', '1e5', '1E-3', '2.5e+7', '1e22', '1e23', '1e400', '1e-400', '0e999999',
  '123456789012345', '-123456789012345', '1234567890123456', '-1234567890123456', '0.1234567890123456789', '9007199254740993.0',
  '0.30000000000000004', '-1.7976931348623157e308', '5e-324', '2.2250738585072014E-308', '1.000000000000000055511151231257827',
  '1.0000000000000001', '8.5', '0.000001234567890123456', '1.5e3', '01', '007', '-05', '00.5', '0x1F', '1e', '1e+', '--1', '1.2.3', '1_000',
  '1,5', '12.5%', '1 000', '1 234.5', '1\u00a0000',
];
const TEXTS = [
  '', ' ', 'NA', '?', '-999', 'a', 'red', 'dark red', ' padded ', 'é', 'ü ber', '\u00a0x\u00a0', '数', 'true', 'nan',
  'Infinity', '-', '+', '.', 'e5', 'x'.repeat(80), '=1', "it's",
];

/** A table: columns of numbers, of texts, and of both; of every third one some cells stand in quotes, a few with more in them. */
function draw(seed: number): { text: string; delimiter: string; options: ReadOptions } {
  const stream = Stream.fromSeed(seed).split('bytes');
  const pick = <T>(from: readonly T[]): T => from[stream.integer(from.length)];
  const delimiter = pick([',', ';', '|', '\t']);
  const end = pick(['\n', '\r\n', '\r']);
  const columns = 1 + stream.integer(5);
  const kinds = Array.from({ length: columns }, () => stream.integer(4));
  const number = (): string => {
    const [value] = stream.normals(1);
    const large = value * 10 ** stream.integer(24);
    const forms = [value.toFixed(stream.integer(8)), String(value), value.toExponential(stream.integer(19))];
    return pick([...forms, large.toPrecision(17), pick(NUMBERS)]);
  };
  const cell = (kind: number): string =>
    [number, () => pick(TEXTS), () => pick([number(), pick(TEXTS)]), () => pick(['1', '2.50', 'NA', ''])][kind]();
  const tab = delimiter === '\t' ? ' ' : '\t';
  const quoting = seed % 3 === 0 ? 2 + stream.integer(3) : 0;
  const hard = seed % 6 === 0;
  const quoted = (text: string): string => {
    if (quoting === 0 || stream.integer(quoting) > 0) return text.replaceAll(delimiter, '');
    return `"${hard && stream.integer(8) === 0 ? `${text}${pick(['""', '\n', '\r\n', delimiter])}` : text}"`;
  };
  const blank = (): string => pick(['', '', '', '', ' ', tab, '  ']);
  const rows = Array.from({ length: 1 + stream.integer(30) }, () =>
    (stream.integer(12) === 0 ? pick(['', ' ', `${tab} `]) : kinds.map((kind) => blank() + quoted(cell(kind)) + blank()).join(delimiter)));
  const names = kinds.map((_, at) => quoted(`c${at}`).replace(/[\r\n]|""/g, '')).join(delimiter);
  const text = [pick(['', '\ufeff']) + names, ...rows, columns > 1 ? kinds.map(() => '1').join(delimiter) : '1'].join(end) + pick(['', end]);
  const missing = pick([['NA', '?'], ['-999', 'NA'], []]);
  const style = delimiter === ',' ? {} : pick([{}, { decimal: ',' as const }, { thousands: ',' as const }, { thousands: ' ' as const }]);
  return { text, delimiter, options: { ...READ, delimiter, missing, ...style } };
}

describe('rows from bytes', () => {
  it('are cell by cell what csv-parse gives, over 2,000 tables', async () => {
    let [cells, texts] = [0, 0];
    for (let seed = 0; seed < 2000; seed++) {
      const { text, delimiter, options } = draw(seed);
      const read = await readTable(memory(text, 'data.csv', [3, 17, 100, 10_000][seed % 4]), options);
      const other = reference(text, delimiter, options);
      expect({ ...read, lines: null, headerLine: null, sha256: '' }, JSON.stringify(text)).toEqual({ ...other, lines: null, headerLine: null });
      cells += read.rows * read.names.length;
      texts += read.columns.filter(({ type }) => type === 'text').length;
    }
    // Of both ways there were enough.
    expect([cells > 50_000, texts > 1000]).toEqual([true, true]);
  });

  it('are numbers to the last bit', async () => {
    const stream = Stream.fromSeed(1).split('bits');
    const bits = new DataView(new ArrayBuffer(8));
    const numbers = Array.from({ length: 20_000 }, (_, at) => {
      if (at % 2 === 0) return String(stream.normals(1)[0] * 10 ** (stream.integer(12) - 6));
      // Halfway between two doubles, or near to it.
      bits.setFloat64(0, 1 + stream.uniform());
      const low = bits.getFloat64(0);
      bits.setBigUint64(0, bits.getBigUint64(0) + 1n);
      const twice = BigInt(low * 2 ** 52) + BigInt(bits.getFloat64(0) * 2 ** 52);
      const middle = twice * 10n ** 21n / 2n ** 53n + BigInt(stream.integer(3) - 1);
      return `1.${String(middle).slice(1)}`;
    });
    const { columns: [column] } = await readTable(memory(`x\n${numbers.join('\n')}\n`), READ);
    expect(column.type).toBe('number');
    const wrong = numbers.filter((text, at) => !Object.is((column as { values: Float64Array }).values[at], Number(text)));
    expect(wrong).toEqual([]);
  });
});
