import { describe, expect, it } from 'vitest';
import { allRows, columnRemarks, decode, encode, fitEncoder } from '../../../src/data/index.js';
import { standardise, unstandardise } from '../../../src/data/standardise.js';
import { CLIP, wildReach } from '../../../src/data/wild.js';
import { moments } from '../../../src/maths/statistics.js';
import { Stream } from '../../../src/random.js';
import { say } from '../../../src/voice.js';
import { everyReader, modelOf } from '../../helpers/export-agreement.js';
import { dataOptions, read } from './sources.js';

const draws = [...Stream.fromSeed('wild').normals(60)];
const csv = (cells: readonly (string | number)[]): string => `c,w,y\n${cells.map((cell, i) => `${cell},${i % 7},${i % 2}`).join('\n')}\n`;
const withCell = (cell: string, at = 17): (string | number)[] => draws.map((value, i) => (i === at ? cell : value));

async function fit(cells: readonly (string | number)[], rows?: Int32Array) {
  const table = await read(csv(cells));
  const train = rows ?? allRows(table.rows);
  const encoder = fitEncoder(table, train, dataOptions('y'));
  const remarks = columnRemarks(table, train, encoder, { columns: {} }).map((text) => say(text));
  return { table, encoder, column: encoder.features[0].columns[0], remarks };
}

describe('a cell of 1e30', () => {
  it('does not set the scale of its column, and is told of with its line', async () => {
    const { table, encoder, column, remarks } = await fit(withCell('1e30'));
    const others = Float64Array.from(draws.filter((_, i) => i !== 17));
    const { mean, sd } = moments(others, allRows(59));
    expect(column.mean).toBeCloseTo(mean, 12);
    expect(column.scale).toBeCloseTo(sd, 12);
    expect(column).toMatchObject({ clip: CLIP, range: [Math.min(...others), Math.max(...others)] });
    expect(remarks).toEqual(["input 'c': 1e+30 in line 19 is far from all other cells; it counts as a large value of no particular size"]);
    const { x } = encode(table, encoder);
    expect(x.data[2 * 17]).toBe(2 * CLIP);
    expect(x.data[0]).toBeCloseTo((draws[0] - mean) / sd, 5);
    expect(decode(encoder, x.data.subarray(0, 2)).get('c')).toBeCloseTo(draws[0], 5);
  });

  it('is told of in rows that are not trained on, too, which change nothing', async () => {
    const { column, remarks } = await fit(withCell('-1e30', 59), allRows(50));
    expect(column).toEqual((await fit(draws, allRows(50))).column);
    expect(remarks).toEqual(["input 'c': -1e+30 in line 61 is far from all training cells; it may spoil what is measured"]);
  });

  it('may be a percentage', async () => {
    const { column, remarks } = await fit(withCell('1e30').map((cell) => `${cell}%`));
    expect(column.clip).toBe(CLIP);
    expect(remarks[0]).toContain('1e+30% in line 19');
  });

  it('of a slip of the pen is found as well', async () => {
    expect((await fit(draws.map((value, i) => (i === 17 ? 17_500 : 175 + 10 * value)))).column.clip).toBe(CLIP);
  });

  it('leaves other tables as they are', async () => {
    const columns = [
      draws, draws.map((value) => Math.exp(1.5 * value)), draws.map((_, i) => (i === 3 ? 1 : 0)), draws.map((_, i) => i),
      draws.map((value, i) => (i === 17 ? 30 : value)),
    ];
    for (const values of columns) expect(wildReach(Float64Array.from(values), allRows(60))).toBeUndefined();
  });

  it('is the same to every export', async () => {
    const model = await modelOf(csv(withCell('1e30')));
    expect(model.encoder.features[0].columns[0].clip).toBe(CLIP);
    const rows = ['1e30', '-1e9', '25', '-11', '0.5', ''].map((c, i) => ({ c, w: String(i) }));
    const { program, ...others } = await everyReader(model, rows);
    expect(new Set(program).size).toBe(6);
    for (const found of Object.values(others)) found.forEach((value, i) => expect(value).toBeCloseTo(program[i], 4));
  });
});

describe('the clip', () => {
  it('is smooth, rises, stays below twice itself, and has a way back', () => {
    const column = { mean: 3, scale: 2, clip: 10 };
    const at = (z: number): number => standardise(column, 3 + 2 * z);
    expect([at(10), at(-10), at(5)]).toEqual([10, -10, 5]);
    const slope = (z: number): number => (at(z + 1e-4) - at(z - 1e-4)) / 2e-4;
    expect(slope(10 - 1e-3)).toBeCloseTo(1, 6);
    expect(slope(10 + 1e-3)).toBeCloseTo(1, 3);
    for (let z = 0; z < 100; z++) expect(at(z + 1)).toBeGreaterThan(at(z));
    expect(at(1e300)).toBeLessThanOrEqual(20);
    for (const z of [-50, -10, 0, 9, 12, 300]) expect(unstandardise(column, at(z))).toBeCloseTo(3 + 2 * z, 6);
    expect(Number.isFinite(unstandardise(column, 20))).toBe(true);
  });
});

describe('what is not wild', () => {
  it('is what all others are within reach of, found by sorting all of them', () => {
    for (let seed = 0; seed < 150; seed++) {
      const stream = Stream.fromSeed(seed).split('reach');
      const count = 8 + stream.integer(300);
      const far = 10 ** (stream.integer(50) / 10);
      const values = Float64Array.from(stream.normals(count), (value) => (stream.integer(40) === 0 ? far * value : value));
      const rows = allRows(count);
      expect(wildReach(values, rows)).toEqual(bySorting(values, rows));
    }
  });
});

/** Its definition. */
function bySorting(values: Float64Array, rows: Int32Array): ReturnType<typeof wildReach> {
  const { mean, sd } = moments(values, rows);
  const near = Math.min(5, 0.9 * Math.sqrt(values.length - 1)) * sd;
  if (values.length < 10 || !values.some((value) => Math.abs(value - mean) > near)) return undefined;
  const centre = values.toSorted()[values.length >> 1];
  const inner = values.toSorted((a, b) => Math.abs(a - centre) - Math.abs(b - centre))
    .subarray(0, values.length - Math.max(1, Math.ceil(0.01 * values.length)));
  const reach = 100 * moments(inner, allRows(inner.length)).sd;
  return values.some((value) => Math.abs(value - centre) > reach) ? { centre, reach } : undefined;
}
