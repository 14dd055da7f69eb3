import { describe, expect, it } from 'vitest';
import { encode, fileSource, fitEncoder, readTable, rowsTable, splitRows, type Row, type Table } from '../../../../src/data/index.js';
import { Stream } from '../../../../src/random.js';
import type { LabelledDataset } from '../../../../src/types.js';
import { leakageFindings } from '../../../../src/work/leakage/findings.js';
import { watchLeakage, type Leakage } from '../../../../src/work/leakage/leakage.js';
import { patientTable } from '../../../helpers/patients.js';
import { dataOptions, READ } from '../../data/sources.js';

function look(table: Table, target: string, seed: number, group?: string): Leakage {
  const split = { validation: 0.1, test: 0.2, stratify: true, testFile: null, testQuery: null, ...(group && { group }) };
  const options = dataOptions(target, { split });
  const { train, test } = splitRows(table, options, Stream.fromSeed(seed));
  const encoder = fitEncoder(table, train, options);
  const side = (rows: Int32Array) => ({ table, rows, set: encode(table, encoder, rows) as LabelledDataset });
  return watchLeakage(encoder, side(train), side(test), seed);
}

const SEEDS = [1, 2, 3, 4, 5];

describe('nearly equal rows on both sides', () => {
  it.each([
    ['a text', {}], ['a number', { name: (p: number) => 1000 + p }], ['a number that counts', { name: (p: number) => p, inputs: 12 }],
    ['72 groups of 15', { patients: 72, rows: 15, inputs: 20, within: 0.5 }],
  ])('are found, and the group is named: %s', (_, options) => {
    for (const seed of SEEDS) {
      const found = look(patientTable({ ...options, seed }), 'y', seed);
      expect(found.nearRows).toMatchObject({ column: 'patient' });
      expect(found.nearRows!.share).toBeGreaterThan(0.5);
      // That each patient has one label is no news.
      expect(found.determining).toBeUndefined();
    }
  });

  it('are found where no column says whose they are', () => {
    for (const seed of SEEDS) {
      const { nearRows } = look(patientTable({ seed, name: undefined }), 'y', seed);
      expect(nearRows).toBeDefined();
      expect(nearRows!.column).toBeUndefined();
    }
  });

  it('are not there when groups stay together', () => {
    for (const seed of SEEDS) expect(look(patientTable({ seed }), 'y', seed, 'patient')).toEqual({});
  });

  it('are told from rows that are only alike', () => {
    for (const seed of SEEDS) {
      const found = look(patientTable({ seed, patients: 72, rows: 15, inputs: 20, within: 1 }), 'y', seed);
      expect(found).toEqual({ alike: { column: 'patient', share: expect.any(Number) as number } });
    }
  });

  it('are told with what to do', () => {
    expect(leakageFindings({ nearRows: { share: 0.8, rows: 40, column: 'patient' } })).toEqual([{
      code: 'near-rows', severity: 'warning', remedy: 'Set data.split.group: patient.',
      text: "80 % of the held-out rows looked at have a nearly equal training row, of the same 'patient': "
        + 'metrics are too good for new rows, and PIPs too high',
    }]);
    expect(leakageFindings()).toEqual([]);
  });
});

describe('independent rows', () => {
  it.each([
    ['raisin', 'Class'], ['penguins', 'species'], ['breast_cancer', 'diagnosis'], ['diabetes', 'progression'],
  ])('of %s raise no alarm', async (file, target) => {
    const table = await readTable(fileSource(`datasets/${file}.csv`), READ);
    for (const seed of SEEDS) expect(look(table, target, seed)).toEqual({});
  });

  // Of rows on a line, in clumps, with heavy tails and with few values none is nearer than chance has it.
  const drawn: Record<string, (normals: Float32Array, stream: Stream) => number[]> = {
    normal: (z) => [...z], wild: (z) => Array.from(z, (value) => Math.exp(2 * value)),
    rounded: (z) => Array.from(z, (value) => Math.round(5 * value)), line: (z) => Array.from(z, (value) => z[0] + 0.05 * value),
    clumps: (z, stream) => {
      const clump = 5 * stream.integer(3);
      return Array.from(z, (value) => value + clump);
    },
    zeros: (z) => Array.from(z, (value) => Math.max(0, value)),
  };
  it.each(Object.keys(drawn))('that are %s raise no alarm', (kind) => {
    for (const [inputs, rows, seed] of [[2, 300, 1], [6, 150, 2], [6, 600, 3], [20, 300, 4]]) {
      const stream = Stream.fromSeed(seed).split(kind);
      const all = Array.from({ length: rows }, (): Row => {
        const z = stream.normals(inputs);
        const x = drawn[kind](z, stream);
        return {
          ...Object.fromEntries(x.map((value, i) => [`x${i}`, value])),
          colour: `c${stream.integer(8)}`, zip: `z${stream.integer(30)}`, y: z[0] + stream.normals(1)[0] > 0 ? 'a' : 'b',
        };
      });
      expect(look(rowsTable(all, READ), 'y', seed)).toEqual({});
    }
  });
});

describe('an input that determines the target', () => {
  const table = (row: (z: Float32Array, n: number) => Row): Table => {
    const stream = Stream.fromSeed(5);
    return rowsTable(Array.from({ length: 120 }, (_, n) => row(stream.normals(3), n)), READ);
  };

  it('is told', () => {
    expect(look(table(([a, b, c]) => ({ a, b, c, y: b > 0.3 ? 'yes' : 'no' })), 'y', 1).determining).toEqual({ input: 'b', by: 'order' });
    expect(look(table(([a, b], n) => ({ a, b, code: 'xyz'[n % 3], y: n % 3 === 1 ? 'yes' : 'no' })), 'y', 1).determining)
      .toEqual({ input: 'code', by: 'levels' });
    expect(look(table(([a, b, c]) => ({ a, b, c, y: 32 + 1.8 * c })), 'y', 1).determining).toEqual({ input: 'c', by: 'line' });
  });

  it('is not one that nearly does', () => {
    expect(look(table(([a, b, c], n) => ({ a, b, y: (n === 7 ? -b : b) + 0 * c > 0 ? 'yes' : 'no' })), 'y', 1)).toEqual({});
    expect(look(table(([a, b, c]) => ({ a, b, y: 32 + 1.8 * a + 0.2 * c })), 'y', 1)).toEqual({});
  });
});
