import { describe, expect, it } from 'vitest';
import { Stream } from '../../../src/random.js';
import { Evaluator } from '../../../src/search/evaluator.js';
import { fitNetwork } from '../../../src/search/fit.js';
import { emptyNetwork } from '../../../src/search/network.js';
import { CENTRE, slabsAt } from '../../../src/search/scales.js';
import { spreadOf } from '../../../src/search/spread.js';
import { withLinear } from '../../../src/search/starts.js';
import { normalColumns, numbers, tableFrom } from './tables.js';

const stream = Stream.fromSeed('spread');
const columns = normalColumns(100, 2, stream);
const fitted = (y: ArrayLike<number>, task: 'binary' | 'regression') => {
  const table = tableFrom(columns, Float32Array.from(y), task);
  const evaluator = new Evaluator(table);
  const fit = fitNetwork(evaluator, withLinear(table, emptyNetwork(1), [0]), slabsAt(table.likelihood, CENTRE));
  return { evaluator, fit, spread: spreadOf(evaluator, fit, stream) };
};

describe('the spread of a factorised Gaussian', () => {
  it('of normal noise is that of each weight given the others', () => {
    const { fit: { hessian, layout: { size } }, spread } = fitted(numbers(columns[0]), 'regression');
    spread.forEach((sd, p) => expect(sd).toBeCloseTo(1 / Math.sqrt(hessian[p * size + p]), 10));
  });

  it('of classes is where the expected curvature is its own, by many draws', () => {
    const { evaluator, fit: { layout, w }, spread } = fitted(Float64Array.from(columns[0], (x) => Number(x > 0)), 'binary');
    const curvature = new Float64Array(layout.size);
    for (let s = 0; s < 2000; s++) {
      const z = stream.split('check', s).normals(layout.size);
      evaluator.value(layout, w.map((mode, p) => mode + spread[p] * z[p]));
      evaluator.gradient();
      const { gaussNewton } = evaluator.hessian();
      for (let p = 0; p < layout.size; p++) curvature[p] += gaussNewton[p * layout.size + p] / 2000;
    }
    // Six draws have an error of their own.
    spread.forEach((sd, p) => expect(Math.abs(Math.log(sd ** 2 * curvature[p]))).toBeLessThan(0.5));
  });
});
