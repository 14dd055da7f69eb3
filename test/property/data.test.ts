import fc from 'fast-check';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import {
  allRows, decode, encode, fitEncoder, foldRows, readTable, splitRows, streamChunks, subsetEncoder, type CsvSource, type Table,
} from '../../src/data/index.js';
import { Stream } from '../../src/random.js';
import type { Encoder } from '../../src/types.js';

const READ = { delimiter: 'auto', missing: ['NA'] };
const options = (target: string, validation = 0.1, test = 0.2, stratify = true) => ({
  target, task: 'auto' as const, missing: READ.missing, columns: {}, split: { validation, test, stratify, testFile: null },
});

function memory(text: string, chunk = 64): CsvSource {
  const bytes = Buffer.from(text);
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += chunk) parts.push(bytes.subarray(at, at + chunk));
  return { name: 'property.csv', open: () => Readable.from(parts) };
}

const quote = (cell: string) => `"${cell.replaceAll('"', '""')}"`;

function cell(table: Table, column: number, row: number): string | number | null {
  const stored = table.columns[column];
  if (stored.type === 'number') return Number.isNaN(stored.values[row]) ? null : stored.values[row];
  return stored.codes[row] < 0 ? null : stored.levels[stored.codes[row]];
}

/** A text that begins with a letter no number or missing token begins with, and ends with one: nothing is trimmed. */
const text = fc.string({ unit: fc.constantFrom(...'aé€😀 ",;|\t\n\r\'x1.'), maxLength: 8 }).map((inner) => `z${inner}z`);

describe('CSV', () => {
  it('comes back as it was written, whatever the delimiter, line ends and chunks', async () => {
    const tables = fc.integer({ min: 1, max: 4 }).chain((width) => fc.record({
      names: fc.uniqueArray(text, { minLength: width, maxLength: width }),
      rows: fc.array(fc.array(fc.oneof(text, fc.constant('')), { minLength: width, maxLength: width }), {
        minLength: 1, maxLength: 6,
      }),
      delimiter: fc.constantFrom(',', ';', '\t', '|'),
      eol: fc.constantFrom('\n', '\r\n', '\r'),
      chunk: fc.integer({ min: 1, max: 40 }),
      bom: fc.constantFrom('', '\ufeff'),
    }));
    await fc.assert(fc.asyncProperty(tables, async ({ names, rows, delimiter, eol, chunk, bom }) => {
      // A row of one empty cell is a blank line, and blank lines are no rows.
      const written = names.length === 1 ? rows.map(([only]) => [only === '' ? 'zz' : only]) : rows;
      const csv = bom + [names, ...written].map((cells) => cells.map(quote).join(delimiter)).join(eol);
      const table = await readTable(memory(csv, chunk), { ...READ, delimiter: names.length === 1 ? delimiter : 'auto' });
      expect(table.names).toEqual(names);
      expect(table.rows).toBe(written.length);
      let line = 1;
      const breaks = (cells: string[]) => cells.join('').match(/\r\n|\r|\n/g)?.length ?? 0;
      let before = names;
      written.forEach((cells, row) => {
        // Cells are joined by the delimiter, so a CR and a LF in neighbouring cells stay two breaks.
        line += 1 + before.reduce((sum, part) => sum + breaks([part]), 0);
        expect(table.lines[row]).toBe(line);
        cells.forEach((value, column) => expect(cell(table, column, row)).toBe(value === '' ? null : value));
        before = cells;
      });
    }), { seed: 1, numRuns: 100 });
  });

  it('gives the same rows in chunks as at once', async () => {
    const rows = fc.array(fc.tuple(fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constant('NA')), text), {
      minLength: 1, maxLength: 30,
    });
    await fc.assert(fc.asyncProperty(rows, fc.integer({ min: 1, max: 9 }), async (cells, chunkRows) => {
      const csv = 'a,b\n' + cells.map(([a, b]) => `${a},${quote(b)}`).join('\n');
      const whole = await readTable(memory(csv), READ);
      let row = 0;
      for await (const chunk of streamChunks(memory(csv), { ...READ, chunkRows })) {
        expect(chunk.rows).toBe(Math.min(chunkRows, cells.length - row));
        for (let i = 0; i < chunk.rows; i++, row++) {
          const expected = [cell(whole, 0, row), cell(whole, 1, row), whole.lines[row]];
          expect([cell(chunk, 0, i), cell(chunk, 1, i), chunk.lines[i]]).toEqual(expected);
        }
      }
      expect(row).toBe(cells.length);
    }), { seed: 2, numRuns: 50 });
  });
});

describe('JSON Lines', () => {
  it('have the cells that the CSV of the same rows has', async () => {
    const anyCell = fc.oneof(
      text, fc.double({ noNaN: true, noDefaultInfinity: true }), fc.maxSafeInteger(), fc.boolean(), fc.constant(null),
      fc.string({ unit: 'binary', maxLength: 6 }).map((odd) => `z${odd.replaceAll('\0', '')}z`),
    );
    const tables = fc.integer({ min: 2, max: 4 }).chain((width) => fc.record({
      names: fc.uniqueArray(text, { minLength: width, maxLength: width }),
      rows: fc.array(fc.array(anyCell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 6 }),
      chunk: fc.integer({ min: 1, max: 40 }), left: fc.boolean(),
    }));
    await fc.assert(fc.asyncProperty(tables, async ({ names, rows, chunk, left }) => {
      const csv = [names, ...rows].map((cells) => cells.map((each) => quote(String(each ?? ''))).join(',')).join('\n');
      // Missing cells may be left out, but in the first line, which has the names in their order.
      const objects = rows.map((cells, row) => JSON.stringify(Object.fromEntries(
        names.map((name, at) => [name, cells[at]]).filter(([, each]) => !left || row === 0 || each !== null))));
      const [expected, found] = [await readTable(memory(csv), READ), await readTable(memory(objects.join('\n'), chunk), READ)];
      expect({ ...found, lines: 0, sha256: '', delimiter: ',' }).toEqual({ ...expected, lines: 0, sha256: '' });
    }), { seed: 3, numRuns: 200 });
  });
});

describe('encode', () => {
  const number = fc.oneof(
    fc.integer({ min: -1000, max: 1000 }),
    fc.double({ min: -1e6, max: 1e6, noNaN: true }),
  ).map((value) => (value === 0 ? 0 : value));
  const level = fc.constantFrom('red', 'green', 'blue', 'other');
  const row = fc.record({ number: fc.option(number, { freq: 5 }), level: fc.option(level, { freq: 5 }) });
  const rows = fc.array(row, { minLength: 4, maxLength: 40 });

  async function tableOf(cells: { number: number | null; level: string | null }[]): Promise<Table> {
    // The first two rows make every kind of cell vary; the target alternates.
    const all = [{ number: -1.5, level: 'red' }, { number: 2.5, level: 'green' }, ...cells];
    const lines = all.map((r, i) => `${r.number ?? 'NA'},${r.level ?? ''},${i % 2 ? 'yes' : 'no'}`);
    return readTable(memory(`n,l,y\n${lines.join('\n')}\n`), READ);
  }

  /** Wild cells are squeezed, so that a float has fewer digits of them. */
  const squeezed = ({ features }: Encoder): boolean =>
    features.some(({ columns }) => columns.some(({ clip }) => clip !== undefined));

  it('is undone by decode on the training rows', async () => {
    await fc.assert(fc.asyncProperty(rows, async (cells) => {
      const table = await tableOf(cells);
      const encoder = fitEncoder(table, allRows(table.rows), options('y'));
      fc.pre(!squeezed(encoder));
      const { x } = encode(table, encoder);
      const { scale } = encoder.features[0].columns[0];
      for (let r = 0; r < table.rows; r++) {
        const decoded = decode(encoder, x.data.subarray(r * x.cols, (r + 1) * x.cols));
        const [number, word] = [cell(table, 0, r), cell(table, 1, r)];
        expect(decoded.get('l')).toBe(word);
        if (number === null) expect(decoded.get('n')).toBeNull();
        else expect(Math.abs((decoded.get('n') as number) - (number as number))).toBeLessThanOrEqual(1e-6 * 8 * scale);
      }
    }), { seed: 3, numRuns: 75 });
  });

  it('does not depend on the rows it was not fitted on, nor on which rows are encoded together', async () => {
    await fc.assert(fc.asyncProperty(rows, rows, async (cells, others) => {
      const alone = await tableOf(cells);
      const joined = await tableOf([...cells, ...others]);
      const training = allRows(alone.rows);
      const encoder = fitEncoder(joined, training, options('y'));
      expect(encoder).toEqual(fitEncoder(alone, training, options('y')));
      const { x } = encode(joined, encoder);
      const last = joined.rows - 1;
      expect(encode(joined, encoder, Int32Array.of(last)).x.data).toEqual(x.data.slice(last * x.cols));
    }), { seed: 4, numRuns: 50 });
  });

  it('gives the same columns after others were pruned, on old and new rows', async () => {
    const keep = fc.array(fc.boolean(), { minLength: 8, maxLength: 8 });
    await fc.assert(fc.asyncProperty(rows, rows, keep, async (cells, others, flags) => {
      const table = await tableOf([...cells, ...others]);
      const encoder = fitEncoder(table, allRows(cells.length + 2), options('y'));
      const { x } = encode(table, encoder);
      const kept = flags.slice(0, x.cols);
      const part = encode(table, subsetEncoder(encoder, kept)).x;
      expect(Array.from(part.data)).toEqual(Array.from(x.data).filter((_, i) => kept[i % x.cols]));
    }), { seed: 7, numRuns: 50 });
  });

  it('gives finite inputs with mean 0 and at most unit variance on the training rows', async () => {
    await fc.assert(fc.asyncProperty(rows, async (cells) => {
      const table = await tableOf(cells);
      const encoder = fitEncoder(table, allRows(table.rows), options('y'));
      fc.pre(!squeezed(encoder));
      const { x } = encode(table, encoder);
      for (let column = 0; column < x.cols; column++) {
        const values = Array.from({ length: x.rows }, (_, r) => x.data[r * x.cols + column]);
        const mean = values.reduce((sum, value) => sum + value, 0) / x.rows;
        const variance = values.reduce((sum, value) => sum + value * value, 0) / x.rows - mean * mean;
        expect(Math.abs(mean)).toBeLessThan(1e-5);
        expect(variance).toBeLessThan(1 + 1e-4);
      }
    }), { seed: 5, numRuns: 100 });
  });
});

describe('splitRows', () => {
  const cases = fc.record({
    classes: fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 20, maxLength: 120 }),
    validation: fc.constantFrom(0, 0.05, 0.1, 0.3),
    test: fc.constantFrom(0, 0.1, 0.25, 0.5),
    stratify: fc.boolean(),
    seed: fc.nat(1000),
  });

  it('divides all rows once, in the asked sizes and, where stratified, proportions', async () => {
    await fc.assert(fc.asyncProperty(cases, async ({ classes, validation, test, stratify, seed }) => {
      // Ten rows of each class, so that none is too rare for its share.
      const labels = [...classes, ...Array.from({ length: 30 }, (_, i) => i % 3)].map((i) => 'abc'[i]);
      const table = await readTable(memory(`x,y\n${labels.map((label, i) => `${i},${label}`).join('\n')}\n`), READ);
      const parts = splitRows(table, options('y', validation, test, stratify), Stream.fromSeed(seed));
      const n = labels.length;
      expect([...parts.train, ...parts.validation, ...parts.test].sort((a, b) => a - b)).toEqual([...allRows(n)]);
      expect(parts.test.length).toBe(test === 0 ? 0 : Math.max(1, Math.round(test * n)));
      expect(parts.validation.length).toBe(validation === 0 ? 0 : Math.max(1, Math.round(validation * n)));
      if (!stratify) return;
      for (const label of 'abc') {
        const of = (rows: ArrayLike<number>) => Array.from(rows).filter((r) => labels[r] === label).length;
        const total = of(allRows(n));
        expect(Math.abs(of(parts.test) - (total * parts.test.length) / n)).toBeLessThan(1);
        expect(Math.abs(of(parts.validation) - (total * parts.validation.length) / n)).toBeLessThan(2);
      }
    }), { seed: 6, numRuns: 75 });
  });
});

describe('rows that are not independent', () => {
  const dependent = fc.record({
    rows: fc.array(fc.record({ group: fc.nat(9), time: fc.nat(30), label: fc.constantFrom('a', 'b') }), { minLength: 12, maxLength: 80 }),
    by: fc.constantFrom({ group: 'g' }, { time: 't' }, { group: 'g', time: 't' }),
    validation: fc.constantFrom(0, 0.1, 0.3),
    test: fc.constantFrom(0.1, 0.4),
    k: fc.integer({ min: 2, max: 4 }),
    seed: fc.nat(1000),
  });
  type Dependent = { group?: string; time?: string };

  /** No group on both sides, and no row to learn from that is not earlier than all that are predicted. */
  function separate(
    rows: readonly { group: number; time: number }[], by: Dependent, inside: Int32Array, outside: Int32Array,
  ): void {
    if (by.group) {
      const groups = new Set(Array.from(inside, (row) => rows[row].group));
      for (const row of outside) expect(groups.has(rows[row].group)).toBe(false);
    }
    if (!by.time) return;
    const latest = Math.max(...Array.from(inside, (row) => rows[row].time));
    for (const row of outside) expect(rows[row].time).toBeGreaterThan(latest);
  }

  /** Undefined where there are too few groups or times, which is told. */
  function unlessTooFew<T>(make: () => T): T | undefined {
    try {
      return make();
    } catch (error) {
      expect(String(error)).toMatch(/cannot be divided|at most|only one training row/);
      return undefined;
    }
  }

  it('are never divided between what is learnt from and what is predicted', async () => {
    await fc.assert(fc.asyncProperty(dependent, async ({ rows, by, validation, test, k, seed }) => {
      const cells = rows.map(({ group, time, label }, n) => `g${group},${time},${n},${n < 2 ? 'ab'[n] : label}`);
      const table = await readTable(memory(`g,t,x,y\n${cells.join('\n')}\n`), READ);
      const config = { ...options('y', validation, test), split: { validation, test, stratify: true, testFile: null, testQuery: null, ...by } };
      const parts = unlessTooFew(() => splitRows(table, config, Stream.fromSeed(seed)));
      if (parts) {
        separate(rows, by, parts.train, parts.validation);
        separate(rows, by, parts.train, parts.test);
        separate(rows, by, parts.validation, parts.test);
        const all = [...parts.train, ...parts.validation, ...parts.test];
        expect(new Set(all).size).toBe(all.length);
        if (!(by.group && by.time)) expect(all.length).toBe(rows.length);
        expect(Math.min(parts.test.length, parts.train.length, validation > 0 ? parts.validation.length : 1)).toBeGreaterThan(0);
      }
      const folds = unlessTooFew(() => foldRows(table, config, k, Stream.fromSeed(seed)));
      folds?.rows.forEach((held, f) => {
        separate(rows, by, folds.train[f], held);
        expect(Math.min(held.length, folds.train[f].length)).toBeGreaterThan(0);
      });
      const held = folds?.rows.flatMap((each) => [...each]) ?? [];
      expect(new Set(held).size).toBe(held.length);
    }), { seed: 8, numRuns: 150 });
  });
});
