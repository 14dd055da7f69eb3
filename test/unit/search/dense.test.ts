import { describe, expect, it } from 'vitest';
import { Stream } from '../../../src/random.js';
import { allLinear, Axes } from '../../../src/search/axes.js';
import {
  denseLinear, drawMembers, Evaluator, fitNetwork, memberOutputs, slabsAt, weightedScales, type SearchTable,
} from '../../../src/search/index.js';
import { pack } from '../../../src/search/layout.js';
import { drawWeights } from '../../../src/search/posterior.js';
import { flips, normalColumns, oneHot, tableFrom } from './tables.js';

const CENTRE = { skip: 0, in: 0, out: 0 };

function finish<T>(steps: Generator<void, T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** Fits at the centre of the scales: on all columns, and on axes. */
function both(table: SearchTable): { direct: number; axes: number; weights: Float64Array[] } {
  const [axes] = Axes.of(table, [0]);
  const turned = axes.table;
  const fit = (of: SearchTable): ReturnType<typeof fitNetwork> =>
    fitNetwork(new Evaluator(of), allLinear(of), slabsAt(of.likelihood, CENTRE));
  const [direct, onAxes] = [fit(table), fit(turned)];
  return {
    direct: direct.evidence, axes: onAxes.evidence,
    weights: [direct.w, axes.back(pack(onAxes.network, turned, onAxes.layout.size))],
  };
}

describe('the linear model of all inputs', () => {
  it('is on axes what it is on the columns: evidence and mode', () => {
    const stream = Stream.fromSeed('axes');
    const many = normalColumns(16, 30, stream);
    const few = normalColumns(60, 4, stream);
    const level = few[0].map((value) => Number(value > 0));
    const labels = Array.from(few[1], (value, n) => (value + few[2][n] > 0.5 ? 2 : value > few[3][n] ? 1 : 0));
    for (const table of [
      tableFrom(many, flips(many[0], stream), 'binary'),
      // A column beside its complement: fewer axes than columns. Inputs are not in the order of the columns.
      tableFrom([level, few[1], few[2], level.map((value) => 1 - value)], oneHot(labels, 3), 'multiclass', [1, 0, 2, 1]),
    ]) {
      const { direct, axes, weights } = both(table);
      expect(axes).toBeCloseTo(direct, 2);
      weights[0].forEach((value, p) => expect(weights[1][p]).toBeCloseTo(value, 1));
    }
  });

  it('predicts classes that the columns show together, where they outnumber the rows', () => {
    const stream = Stream.fromSeed('wide');
    const [rows, columns] = [40, 200];
    const factor = Float64Array.from(stream.split('factor').normals(2 * rows));
    const loads = stream.split('loads').normals(columns);
    const x = normalColumns(2 * rows, columns, stream)
      .map((noise, c) => noise.map((value, n) => 1.5 * value + loads[c] * factor[n]));
    const y = flips(factor.map((value) => 4 * value), stream);
    const table = tableFrom(x.map((column) => column.slice(0, rows)), y.slice(0, rows), 'binary');
    const dense = finish(denseLinear(table));
    const all = weightedScales(dense);
    expect(all.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 6);
    const members = finish(drawMembers(table, all, 60, stream.split('draws')));
    const data = Float32Array.from({ length: rows * columns }, (_, at) => x[at % columns][rows + Math.floor(at / columns)]);
    const values = memberOutputs(members, { rows, cols: columns, data });
    let nll = 0;
    for (let n = 0; n < rows; n++) {
      const p = members.reduce((sum, _, s) => sum + 1 / (1 + Math.exp(-values[s * rows + n])) / members.length, 0);
      nll -= Math.log(y[rows + n] === 1 ? p : 1 - p) / rows;
    }
    // Who knows the factor has about .31, who knows nothing .69.
    expect(nll).toBeLessThan(0.5);
  });

  it('is left out where it takes too much work', () => {
    const wide = tableFrom(normalColumns(20, 3, Stream.fromSeed('wide')), new Float32Array(20), 'binary');
    const larger = { ...wide, rows: 100_000, x: Array.from({ length: 100 }, () => wide.x[0]) };
    expect(finish(denseLinear(larger))).toEqual([]);
  });
});

describe('draws of weights', () => {
  it('have the mean of the posterior where classes separate, by quadrature', () => {
    const x = Float64Array.of(-2, -1.2, -0.7, 0.4, 0.8, 1.1, 1.6);
    const table = tableFrom([x], Float32Array.from(x, (value) => Number(value > 0)), 'binary');
    const slabs = slabsAt(table.likelihood, { ...CENTRE, skip: 3 });
    const evaluator = new Evaluator(table);
    const fit = fitNetwork(evaluator, allLinear(table), slabs);
    const [mass, bias, slope] = [0, 0, 0].map(() => ({ sum: 0 }));
    for (let a = -8; a <= 8; a += 0.1) {
      for (let b = -2; b <= 16; b += 0.1) {
        const p = Math.exp(evaluator.value(fit.layout, Float64Array.of(a, b)));
        mass.sum += p;
        bias.sum += p * a;
        slope.sum += p * b;
      }
    }
    const draws = drawWeights(evaluator, fit, 2000, Stream.fromSeed('draws'));
    const mean = (p: number): number => draws.reduce((sum, { w }) => sum + w[p], 0) / draws.length;
    // Their standard deviations are 1.5 and 2.4; the mode of the slope is 1.7 below the mean.
    expect(Math.abs(mean(0) - bias.sum / mass.sum)).toBeLessThan(0.2);
    expect(Math.abs(mean(1) - slope.sum / mass.sum)).toBeLessThan(0.3);
  });
});
