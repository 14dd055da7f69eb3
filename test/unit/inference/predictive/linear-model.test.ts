import { expect, it } from 'vitest';
import { linearDraws, linearSize } from '../../../../src/inference/predictive/linear-model.js';

it('predicts x W + b, as one draw', () => {
  const ridge = {
    weight: Float64Array.of(1, 0, 2, -1, 0, 3), bias: Float64Array.of(10, 20), penalty: 1, noiseVariance: 0.25,
  };
  const x = { rows: 2, cols: 3, data: Float32Array.of(1, 2, 3, 0, 0, 1) };
  // Row 1: 10 + 1 + 4 + 0, 20 + 0 - 2 + 9; row 2: the last row of W.
  expect(linearDraws(ridge, 'multiclass', x))
    .toEqual({ task: 'multiclass', draws: 1, rows: 2, outputs: 2, values: Float32Array.of(15, 27, 10, 23), noiseVariance: 0.25 });
  expect(linearSize(ridge)).toEqual({ parameters: 8, nonZero: 6, multiplyAdds: 6 });
});
