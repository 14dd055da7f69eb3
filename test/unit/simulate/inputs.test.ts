import { describe, expect, it } from 'vitest';
import { Stream } from '../../../src/random.js';
import { drawInputs, type Structure } from '../../../src/simulate/inputs.js';
import { relativesOf } from '../../../src/simulate/relatives.js';
import type { Matrix } from '../../../src/types.js';

const ROWS = 20_000;

function moment({ rows, cols, data }: Matrix, a: number, b: number): number {
  let sum = 0;
  for (let n = 0; n < rows; n++) sum += data[n * cols + a] * data[n * cols + b];
  return sum / rows;
}

describe('Gaussian inputs', () => {
  // A correlation of 20,000 rows has a standard error of at most 0.007, a variance of 0.01.
  it.each<[Structure, (distance: number) => number]>([['ar1', (d) => 0.8 ** d], ['equal', () => 0.8]])('%s', (structure, expected) => {
    const x = drawInputs(ROWS, { inputs: 4, correlation: 0.8, structure }, Stream.fromSeed(1));
    for (let a = 0; a < 4; a++) {
      expect(Math.abs(moment(x, a, a) - 1)).toBeLessThan(0.05);
      for (let b = 0; b < a; b++) expect(Math.abs(moment(x, a, b) - expected(a - b))).toBeLessThan(0.04);
    }
  });

  it.each<Structure>(['ar1', 'equal'])('%s with correlation 0 are independent', (structure) => {
    const x = drawInputs(ROWS, { inputs: 3, correlation: 0, structure }, Stream.fromSeed(2));
    for (const [a, b] of [[0, 1], [0, 2], [1, 2]]) expect(Math.abs(moment(x, a, b))).toBeLessThan(0.03);
  });
});

describe('relatives', () => {
  it('are true inputs with which any column correlates, whatever its sign; never an input itself', () => {
    // Columns: input 0, its negative (1), noise (2), and input 3 with noise and a copy of column 2.
    const noise = Stream.fromSeed(3).normals(300);
    const data = Float32Array.from({ length: 500 }, (_, at) => {
      const [n, c] = [Math.floor(at / 5), at % 5];
      return [noise[n], 3 - noise[n], noise[100 + n], noise[200 + n], noise[100 + n]][c];
    });
    const group = Int32Array.of(0, 1, 2, 3, 3);
    expect(relativesOf({ rows: 100, cols: 5, data }, group, [0, 2], 0.7)).toEqual([[], [0], [], [2]]);
  });

  it('a constant column has none', () => {
    const x = { rows: 3, cols: 2, data: Float32Array.of(1, 1, 1, 2, 1, 3) };
    expect(relativesOf(x, Int32Array.of(0, 1), [0, 1], 0.7)).toEqual([[], []]);
  });
});
