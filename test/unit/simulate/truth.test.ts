import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { likelihoodOf, type SimulationSetting } from '../../../src/likelihood/index.js';
import { Stream } from '../../../src/random.js';
import { drawFunction } from '../../../src/simulate/function.js';
import { drawTarget, drawTruth, type TruthSetting } from '../../../src/simulate/truth.js';
import type { Matrix, Target, Task } from '../../../src/types.js';

const gaussian = (rows: number, cols: number, seed: string | number = 'x'): Matrix =>
  ({ rows, cols, data: Stream.fromSeed(seed).normals(rows * cols) });
const alone = (cols: number): Int32Array => Int32Array.from({ length: cols }, (_, c) => c);
const setting = (task: Task, group: Int32Array): TruthSetting => ({ outputs: task === 'multiclass' ? 3 : 1, group });
const sharesOf = (task: Task): number[] => ({ regression: [], binary: [0.7, 0.3], multiclass: [0.5, 0.3, 0.2] })[task as string]!;

/** A signal in a target whose training rows have these classes. */
function like(task: Task, signal: number): SimulationSetting<Target> {
  const y = Float32Array.from(sharesOf(task).flatMap((share, k) => new Array<number>(Math.round(1000 * share)).fill(k)));
  return { target: likelihoodOf(task).simulation!.invented('y'), y, signal };
}

/** The same rows with other values in some columns. */
function withOther({ rows, cols, data }: Matrix, columns: (column: number) => boolean): Matrix {
  const other = Stream.fromSeed('other').normals(data.length);
  return { rows, cols, data: data.map((value, at) => (columns(at % cols) ? other[at] : value)) };
}

const tasks: Task[] = ['regression', 'binary', 'multiclass'];

describe('a planted truth', () => {
  it('has 1 to min(8, half of the inputs), each number now and then', () => {
    for (const [inputs, most] of [[1, 1], [3, 1], [6, 3], [40, 8]]) {
      const x = gaussian(12, inputs);
      const counts = Array.from({ length: 120 }, (_, i) =>
        drawTruth(x, setting('regression', alone(inputs)), Stream.fromSeed(i)).inputs.length);
      expect([...new Set(counts)].sort((a, b) => a - b)).toEqual(Array.from({ length: most }, (_, k) => k + 1));
    }
  });

  it('makes the target depend on its inputs, on each of them, and on no other', () => {
    fc.assert(fc.property(fc.constantFrom(...tasks), fc.nat(), (task, seed) => {
      const group = Int32Array.of(0, 1, 2, 2, 3, 4, 5);
      const x = gaussian(60, group.length, seed);
      const truth = drawTruth(x, setting(task, group), Stream.fromSeed(seed));
      const values = (rows: Matrix): Float64Array[] => truth.functions.map((f) => f.at(rows));
      expect(values(withOther(x, (c) => !truth.inputs.includes(group[c])))).toEqual(values(x));
      for (const input of truth.inputs) expect(values(withOther(x, (c) => group[c] === input))).not.toEqual(values(x));
    }), { numRuns: 60 });
  });

  it('gives the same target when another column changes', () => {
    for (const task of tasks) {
      const x = gaussian(200, 9);
      const truth = drawTruth(x, setting(task, alone(9)), Stream.fromSeed(5));
      const target = (rows: Matrix): unknown =>
        drawTarget(truth, [rows], like(task, 0.6), Stream.fromSeed('target'));
      expect(target(withOther(x, (c) => !truth.inputs.includes(c)))).toEqual(target(x));
      expect(target(withOther(x, (c) => c === truth.inputs[0]))).not.toEqual(target(x));
    }
  });

  it('is the same function on any rows', () => {
    const x = gaussian(50, 4);
    const f = drawFunction(x, alone(4), [0, 2], Stream.fromSeed(3));
    const last = { rows: 10, cols: 4, data: x.data.subarray(160) };
    expect(f.at(last)).toEqual(f.at(x).subarray(40));
  });

  it('has mean 0 and variance 1 on its rows', () => {
    for (let seed = 0; seed < 20; seed++) {
      const x = gaussian(300, 5, seed);
      const values = drawFunction(x, alone(5), [0, 1, 4], Stream.fromSeed(seed)).at(x);
      const mean = values.reduce((sum, v) => sum + v, 0) / 300;
      expect(mean).toBeCloseTo(0, 9);
      expect(values.reduce((sum, v) => sum + v * v, 0) / 300).toBeCloseTo(1, 9);
    }
  });

  it('of an input with two values as frequent as one another is linear or a sine: its square is constant', () => {
    const x: Matrix = { rows: 40, cols: 1, data: Float32Array.from({ length: 40 }, (_, n) => (n % 2 === 0 ? -1 : 1)) };
    const functions = Array.from({ length: 60 }, (_, seed) => drawFunction(x, alone(1), [0], Stream.fromSeed(seed)));
    expect(new Set(functions.map(({ effects }) => effects[0]))).toEqual(new Set(['linear', 'sine']));
    for (const { at } of functions) expect(Math.abs(at(x)[0] - at(x)[1])).toBeCloseTo(2, 6);
  });

  it('has linear, quadratic and sine effects, and a product of two of its inputs', () => {
    const x = gaussian(50, 8);
    const functions = Array.from({ length: 20 }, (_, seed) => drawFunction(x, alone(8), [1, 3, 6], Stream.fromSeed(seed)));
    expect(new Set(functions.flatMap(({ effects }) => effects))).toEqual(new Set(['linear', 'quadratic', 'sine']));
    for (const { interaction } of functions) {
      expect(interaction!.every((input) => [1, 3, 6].includes(input))).toBe(true);
      expect(interaction![0]).not.toBe(interaction![1]);
    }
    expect(drawFunction(x, alone(8), [2], Stream.fromSeed(1)).interaction).toBeUndefined();
  });
});

describe('a simulated target', () => {
  const ROWS = 8000;
  const xs = [gaussian(ROWS, 6, 1), gaussian(ROWS, 6, 2)];

  it.each([0.1, 0.5, 0.9])('of numbers has the R² %f', (signal) => {
    const truth = drawTruth(xs[0], setting('regression', alone(6)), Stream.fromSeed(7));
    const { ys, floors } = drawTarget(truth, xs, like('regression', signal), Stream.fromSeed(8));
    expect(ys[0].reduce((sum, v) => sum + v * v, 0) / ROWS).toBeCloseTo(1, 5);
    // 1 - R² is what the truth leaves of the variance; its standard error is below 0.016.
    expect(Math.abs(1 - floors[0] ** 2 - signal)).toBeLessThan(0.05);
    // And it is what is left of y when the truth is taken away.
    const f = truth.functions[0].at(xs[0]);
    const correlation = f.reduce((sum, v, n) => sum + v * ys[0][n], 0) / ROWS;
    expect(Math.abs(correlation ** 2 - signal)).toBeLessThan(0.05);
  });

  it.each([['binary', 0.2], ['binary', 0.8], ['multiclass', 0.3], ['multiclass', 0.7]] as const)(
    'of classes (%s) has their shares and an accuracy of the truth of %f above chance', (task, signal) => {
      const shares = sharesOf(task);
      const truth = drawTruth(xs[0], setting(task, alone(6)), Stream.fromSeed(9));
      const { ys, floors } = drawTarget(truth, xs, like(task, signal), Stream.fromSeed(10));
      const most = Math.max(...shares);
      // Of 8000 rows an accuracy has a standard error of 0.006 at most, which the division makes 0.02.
      for (const floor of floors) expect(Math.abs((floor - most) / (1 - most) - signal)).toBeLessThan(0.06);
      shares.forEach((share, k) => {
        expect(Math.abs(ys[0].filter((label) => label === k).length / ROWS - share)).toBeLessThan(0.03);
      });
    });

  it('has noise of its own in every matrix, and the same for the same stream', () => {
    const small = [gaussian(30, 6, 1), gaussian(30, 6, 1)];
    const truth = drawTruth(small[0], setting('regression', alone(6)), Stream.fromSeed(7));
    const draw = (): Float32Array[] => drawTarget(truth, small, like('regression', 0.5), Stream.fromSeed(8)).ys;
    expect(draw()[0]).not.toEqual(draw()[1]);
    expect(draw()).toEqual(draw());
  });
});
