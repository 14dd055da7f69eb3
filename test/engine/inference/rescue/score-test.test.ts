import { beforeAll, describe, expect, it } from 'vitest';
import { startEngine } from '../../../../src/engine/backend.js';
import { scoreTest } from '../../../../src/inference/rescue/score-test.js';
import { Stream } from '../../../../src/random.js';
import type { FitData } from '../../../../src/train/types.js';
import type { Posterior, Task } from '../../../../src/types.js';
import { posteriorOfLayers } from '../../../helpers/gated-layers.js';

beforeAll(() => startEngine());

const N = 400;
const P = 12;
const stream = Stream.fromSeed('screen');
const x = { rows: N, cols: P, data: stream.split('x').normals(N * P) };
const at = (n: number, input: number): number => x.data[n * P + input];

/** A linear network that uses input 1 with weight 1, and no other. */
const network = (task: Task, outputs = 1): Posterior => posteriorOfLayers({
  task, activation: 'silu', gates: 'both', noiseVariance: 0.25,
  layers: [{
    inputs: P, outputs, mu: Float32Array.from({ length: P * outputs }, (_, w) => Number(w < outputs)),
    sigma: new Float32Array(P * outputs).fill(0.01), alpha: new Float32Array(P * outputs).fill(1),
    z: Float32Array.from({ length: P }, (_, k) => Number(k === 0)), group: Int32Array.from({ length: P }, (_, k) => k),
    biasMu: new Float32Array(outputs), biasSigma: new Float32Array(outputs).fill(0.01), node: 0.1, prior: { edge: 0.1, tau: 1 },
  }],
});
const PIPS = Float64Array.from({ length: P }, (_, k) => Number(k === 0));

const dataOf = (f: (n: number, noise: number) => number[]): FitData => {
  const noise = stream.split('noise').normals(N);
  const rows = Array.from({ length: N }, (_, n) => f(n, noise[n]));
  return { x, y: { rows: N, cols: rows[0].length, data: Float32Array.from(rows.flat()) } };
};
const screened = (task: Task, data: FitData): number[] =>
  scoreTest(network(task, data.y.cols), data, PIPS, Stream.fromSeed(1)).map((k) => k + 1);

describe('screening closed inputs by what the network leaves over', () => {
  it('finds a linear, a quadratic and a product with an open input, the strongest first', () => {
    const data = dataOf((n, e) => [at(n, 0) + 0.9 * at(n, 3) + 0.5 * (at(n, 5) ** 2 - 1) + 0.4 * at(n, 0) * at(n, 7) + 0.5 * e]);
    expect(screened('regression', data)).toEqual([4, 6, 8]);
  });

  it('finds nothing in noise', () => {
    expect(screened('regression', dataOf((n, e) => [at(n, 0) + 0.5 * e]))).toEqual([]);
  });

  it('names no more than four', () => {
    const data = dataOf((n) => [Array.from({ length: P }, (_, k) => at(n, k)).reduce((sum, v) => sum + v, 0)]);
    expect(screened('regression', data)).toHaveLength(4);
  });

  it('works on the residuals of class probabilities', () => {
    expect(screened('binary', dataOf((n, e) => [Number(at(n, 0) + 2 * at(n, 4) + e > 0)]))).toEqual([5]);
    const classes = dataOf((n) => [0, 1, 2].map((c) => Number(c === (at(n, 6) > 0.5 ? 2 : at(n, 6) < -0.5 ? 1 : 0))));
    expect(screened('multiclass', classes)).toEqual([7]);
  });
});
