/** Tables with a planted truth for the tests of the linear part. */
import type { LinearProblem } from '../../../src/linear/index.js';
import { likelihoodOf } from '../../../src/likelihood/index.js';
import { Stream } from '../../../src/random.js';
import type { Task } from '../../../src/types.js';

export interface Planted {
  rows: number;
  inputs: number;
  /** Pairs [input, input it follows, correlation]. */
  twins?: [number, number, number][];
  /** Coefficient of an input by its place: one number for each output. */
  effects?: Record<number, number[]>;
  /** Columns of an input by its place; else one. */
  widths?: Record<number, number>;
  /** Standard deviation of the noise of a number. */
  noise?: number;
}

/** A number, one of two classes, or one of as many classes as an effect has coefficients. */
export function planted(task: Task, truth: Planted, seed: string): LinearProblem {
  const { rows, inputs, twins = [], effects = {}, widths = {}, noise = 1 } = truth;
  const stream = Stream.fromSeed(seed);
  const group = Int32Array.from(Array.from({ length: inputs }, (_, j) => new Array<number>(widths[j] ?? 1).fill(j)).flat());
  const d = group.length;
  const data = stream.split('x').normals(rows * d);
  for (const [j, other, r] of twins) {
    for (let n = 0; n < rows; n++) data[n * d + j] = r * data[n * d + other] + Math.sqrt(1 - r * r) * data[n * d + j];
  }
  const K = Math.max(1, ...Object.values(effects).map((each) => each.length));
  const outputs = Math.max(K, task === 'multiclass' ? 3 : 1);
  const errors = stream.split('noise').normals(rows);
  const draws = stream.split('classes').uniforms(rows);
  const y = Float32Array.from({ length: rows }, (_, n) => {
    const f = Array.from({ length: outputs }, (__, k) =>
      group.reduce((sum, input, c) => sum + data[n * d + c] * (effects[input]?.[k] ?? 0), 0));
    if (task === 'regression') return f[0] + noise * errors[n];
    const shares = task === 'binary' ? [1 / (1 + Math.exp(f[0])), 1 / (1 + Math.exp(-f[0]))] : softmax(f);
    let [label, left] = [0, draws[n]];
    while (label < shares.length - 1 && left > shares[label]) left -= shares[label++];
    return label;
  });
  if (task === 'regression') standardise(y);
  return { task, x: { rows, cols: d, data }, y: likelihoodOf(task).response(y, outputs), group, inputs };
}

function softmax(f: number[]): number[] {
  const exps = f.map(Math.exp);
  const total = exps.reduce((sum, e) => sum + e, 0);
  return exps.map((e) => e / total);
}

function standardise(y: Float32Array): void {
  const mean = y.reduce((sum, value) => sum + value, 0) / y.length;
  const scale = Math.sqrt(y.reduce((sum, value) => sum + (value - mean) ** 2, 0) / y.length);
  y.forEach((value, n) => { y[n] = (value - mean) / scale; });
}

/** Runs steps in one go. */
export function finished<T>(steps: Generator<void, T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}
