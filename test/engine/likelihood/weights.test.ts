/** A row of weight two counts as much as two rows, in every sum and gradient of every likelihood. */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { startEngine } from '../../../src/engine/backend.js';
import { likelihoodOf } from '../../../src/likelihood/index.js';
import type { Response, RowFacts, Task } from '../../../src/types.js';
import { CASES } from '../../helpers/target-cases.js';

beforeAll(() => startEngine());

interface Weighed {
  name: string;
  task: Task;
  f: number[][];
  y: number[];
  noise: number;
  known?: ({ target?: never } & RowFacts) | undefined;
}

const NUMBERS = [[0.3], [-1.2], [2], [0], [0.7]];
const ALL: Weighed[] = [
  { name: 'a number', task: 'regression', f: NUMBERS, y: [0.1, 0.4, -2, 1, 3], noise: 0.6 },
  { name: 'two classes', task: 'binary', f: NUMBERS, y: [1, 0, 0, 1, 1], noise: 1 },
  {
    name: 'three classes', task: 'multiclass', noise: 1,
    f: [[0.3, -1, 2], [0, 0, 0.5], [-3, 1, 1], [1, 2, 0], [0, 4, 1]], y: [0, 2, 1, 1, 0],
  },
  ...CASES,
];
const WEIGHTS = [1, 3, 2, 1, 2];
/** Places of the rows, each as often as it weighs. */
const TWICE = WEIGHTS.flatMap((weight, n) => Array<number>(weight).fill(n));

describe.each(ALL)('$name', ({ task, f, y, noise, known }) => {
  const { allRows, perDraw, response, terms } = likelihoodOf(task);
  const K = f[0].length;
  const rows = response(Float32Array.from(y), K, known);
  const at = <V>(values: ArrayLike<V>, width: number): V[] =>
    TWICE.flatMap((n) => Array.from(values).slice(n * width, (n + 1) * width));
  const twice = at(rows.data, rows.cols);
  const matrix = ({ data }: Pick<Response, 'data'>, count: number): tf.Tensor2D => tf.tensor2d(data, [count, rows.cols]);

  it('in the sum of a batch and its gradients', () => {
    const run = (outputs: number[][], data: ArrayLike<number>, weights?: number[]) => tf.tidy(() => {
      const found = terms(
        tf, tf.tensor2d(outputs), matrix({ data: Float32Array.from(data) }, outputs.length), tf.tensor1d([Math.log(noise)]),
        weights && tf.tensor2d(weights, [weights.length, 1]));
      const [sum, gradient, inner] = [found.logLikelihood, found.outputGradient, found.noiseGradient]
        .map((each) => each.dataSync());
      return { sum: sum[0], gradient: [...gradient], noise: inner[0] };
    });
    const [weighed, plain, repeated] = [run(f, rows.data, WEIGHTS), run(f, rows.data), run(TWICE.map((n) => f[n]), twice)];
    expect(weighed.sum / repeated.sum).toBeCloseTo(1, 5);
    expect(Math.abs(weighed.noise - repeated.noise)).toBeLessThan(1e-4 * Math.max(1, Math.abs(repeated.noise)));
    expect(Math.abs(weighed.sum - plain.sum)).toBeGreaterThan(0.1);
    weighed.gradient.forEach((g, place) => expect(g).toBeCloseTo(WEIGHTS[Math.floor(place / K)] * plain.gradient[place], 4));
  });

  it('draw by draw', () => {
    const shifts = [0, 0.3, -0.4];
    const run = (outputs: number[][], data: ArrayLike<number>, weights?: number[]): Float32Array => tf.tidy(() => perDraw(
      tf, tf.tensor3d(shifts.map((shift) => outputs.map((own) => own.map((v) => v + shift)))),
      matrix({ data: Float32Array.from(data) }, outputs.length), noise, weights && tf.tensor2d(weights, [weights.length, 1]),
    ).dataSync<'float32'>());
    const [weighed, repeated] = [run(f, rows.data, WEIGHTS), run(TWICE.map((n) => f[n]), twice)];
    expect(weighed).toHaveLength(3);
    weighed.forEach((sum, s) => expect(sum / repeated[s]).toBeCloseTo(1, 5));
  });

  it('in plain numbers', () => {
    const run = (count: number, outputs: number[], data: ArrayLike<number>, weights?: Float32Array) => {
      const into = { gradient: new Float64Array(count * K), information: new Float64Array(count * K * K).fill(7) };
      return { sum: allRows!(Float64Array.from(outputs), Float32Array.from(data), into, noise, weights), ...into };
    };
    const flat = f.flat();
    const plain = run(f.length, flat, rows.data);
    const weighed = run(f.length, flat, rows.data, Float32Array.from(WEIGHTS));
    expect(weighed.sum).toBeCloseTo(run(TWICE.length, at(flat, K), twice).sum, 8);
    plain.gradient.forEach((g, place) => expect(weighed.gradient[place]).toBeCloseTo(WEIGHTS[Math.floor(place / K)] * g, 10));
    plain.information.forEach((g, place) =>
      expect(weighed.information[place]).toBeCloseTo(WEIGHTS[Math.floor(place / (K * K))] * g, 10));
  });
});
