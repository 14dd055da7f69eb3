import { describe, expect, it } from 'vitest';
import { Stream } from '../../../src/random.js';
import { Evaluator } from '../../../src/search/evaluator.js';
import { fitNetwork } from '../../../src/search/fit.js';
import { layoutOf } from '../../../src/search/layout.js';
import type { Network } from '../../../src/search/network.js';
import type { SearchTable } from '../../../src/search/problem.js';
import { CENTRE, slabsAt } from '../../../src/search/scales.js';
import { flips, normalColumns, numbers, oneHot, tableFrom } from './tables.js';

const stream = Stream.fromSeed('evaluator');
const columns = normalColumns(40, 4, stream);
const f = columns[0].map((value, n) => value + columns[1][n] ** 2 - 1);
const labels = Array.from(f, (v) => (v < -0.5 ? 0 : v < 0.5 ? 1 : 2));
// Columns 2 and 3 are one input.
const group = [0, 1, 2, 2];

const TABLES: [string, SearchTable, number][] = [
  ['numbers', tableFrom(columns, numbers(f), 'regression', group), 1],
  ['two classes', tableFrom(columns, flips(f, stream), 'binary', group), 1],
  ['three classes', tableFrom(columns, oneHot(labels, 3), 'multiclass', group), 3],
];

function networkOf(K: number): Network {
  const [all, last] = [2 ** K - 1, 2 ** (K - 1)];
  return {
    bias: new Float64Array(K),
    skips: [
      { input: 0, mask: all, weight: new Float64Array(K) }, { input: 2, mask: last, weight: new Float64Array(2 * K) },
    ],
    units: [
      { inputs: [1], mask: all, bias: 0, weights: [new Float64Array(1)], out: new Float64Array(K) },
      { inputs: [0, 2], mask: last, bias: 0, weights: [new Float64Array(1), new Float64Array(2)], out: new Float64Array(K) },
    ],
  };
}

describe.each(TABLES)('log posterior of %s', (_, table, K) => {
  const slabs = slabsAt(table.likelihood, CENTRE);
  const layout = layoutOf(networkOf(K), table.places, K, slabs);
  const w = Float64Array.from(stream.split('weights').normals(layout.size), (value) => 0.7 * value);
  const evaluator = new Evaluator(table);
  const at = (p: number, step: number): Float64Array => w.map((value, q) => (q === p ? value + step : value));
  const STEP = 1e-5;

  it('has the gradient that differences have', () => {
    evaluator.value(layout, w);
    const gradient = evaluator.gradient();
    for (let p = 0; p < layout.size; p++) {
      const slope = (evaluator.value(layout, at(p, STEP)) - evaluator.value(layout, at(p, -STEP))) / (2 * STEP);
      expect(gradient[p]).toBeCloseTo(slope, 4);
    }
  });

  it('has the Hessian that differences of the gradient have', () => {
    evaluator.value(layout, w);
    evaluator.gradient();
    const { full } = evaluator.hessian();
    for (let p = 0; p < layout.size; p++) {
      const gradientAt = (step: number): Float64Array => {
        evaluator.value(layout, at(p, step));
        return evaluator.gradient();
      };
      const [above, below] = [gradientAt(STEP), gradientAt(-STEP)];
      for (let q = 0; q < layout.size; q++) {
        expect(full[p * layout.size + q]).toBeCloseTo((below[q] - above[q]) / (2 * STEP), 4);
        expect(full[q * layout.size + p]).toBe(full[p * layout.size + q]);
      }
    }
  });

  it('is no lower near the mode than at it', () => {
    const zero = networkOf(K);
    const units = zero.units.map((unit, h) =>
      ({ ...unit, bias: 0.3, weights: unit.weights.map((each) => each.map(() => 0.5 + h)) }));
    const start = { ...zero, units };
    const { w: mode, layout: own, posterior, indefinite } = fitNetwork(evaluator, start, slabs);
    expect(indefinite).toBe(false);
    for (let draw = 0; draw < 20; draw++) {
      const moved = stream.split('near', draw).normals(own.size);
      expect(evaluator.value(own, mode.map((value, p) => value + 0.05 * moved[p]))).toBeLessThan(posterior + 5e-3);
    }
  });
});
