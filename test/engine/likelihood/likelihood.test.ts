import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { startEngine } from '../../../src/engine/backend.js';
import { classesOf, isTask, likelihoodOf, tasks, taskOfClasses, unitsOf } from '../../../src/likelihood/index.js';
import type { Target, Task } from '../../../src/types.js';
import { TASKS } from '../../helpers/worlds.js';

beforeAll(() => startEngine());

const LOG_NOISE = -0.4;
const F: Record<string, number[][]> = {
  regression: [[0.3], [-1.2], [2]], binary: [[0.3], [-1.2], [2]], multiclass: [[0.3, -1, 2], [0, 0, 0.5], [-3, 1, 1]],
};
const Y: Record<string, number[][]> = {
  regression: [[0.1], [0.4], [-2]], binary: [[1], [0], [0]], multiclass: [[1, 0, 0], [0, 0, 1], [0, 1, 0]],
};

const TARGETS: Record<string, Target> = {
  regression: { name: 'y', task: 'regression', mean: 3, scale: 2 }, binary: { name: 'y', task: 'binary', levels: ['a', 'b'] },
  multiclass: { name: 'y', task: 'multiclass', levels: ['a', 'b', 'c'] },
};

/** log p(y | f) of one row, by the textbook. */
function textbook(task: Task, f: number[], y: number[], logNoise: number): number {
  if (task === 'regression') {
    const variance = Math.exp(logNoise);
    return Math.log(Math.exp(-((y[0] - f[0]) ** 2) / (2 * variance)) / Math.sqrt(2 * Math.PI * variance));
  }
  if (task === 'binary') {
    const p = 1 / (1 + Math.exp(-f[0]));
    return Math.log(y[0] === 1 ? p : 1 - p);
  }
  return Math.log(Math.exp(f[y.indexOf(1)]) / f.reduce((sum, v) => sum + Math.exp(v), 0));
}

const total = (task: Task, f: number[][], logNoise = LOG_NOISE): number =>
  f.reduce((sum, row, n) => sum + textbook(task, row, Y[task][n], logNoise), 0);

function terms(task: Task, f: number[][], y: number[][]) {
  return tf.tidy(() => {
    const found = likelihoodOf(task).terms(tf, tf.tensor2d(f), tf.tensor2d(y), tf.tensor1d([LOG_NOISE]));
    return {
      logLikelihood: found.logLikelihood.dataSync()[0], outputGradient: found.outputGradient.arraySync(),
      noiseGradient: [...found.noiseGradient.dataSync()],
    };
  });
}

describe.each(TASKS)('%s', (task) => {
  it('log p is the textbook sum', () => {
    expect(terms(task, F[task], Y[task]).logLikelihood).toBeCloseTo(total(task, F[task]), 5);
  });

  it('the gradient in f is a central difference', () => {
    const { outputGradient } = terms(task, F[task], Y[task]);
    F[task].forEach((row, n) => row.forEach((_, c) => {
      const moved = (by: number): number =>
        total(task, F[task].map((r, m) => r.map((v, d) => (m === n && d === c ? v + by : v))));
      expect(outputGradient[n][c]).toBeCloseTo((moved(1e-5) - moved(-1e-5)) / 2e-5, 4);
    }));
  });

  it('the gradient in log sigma^2 is a central difference', () => {
    const expected = (total(task, F[task], LOG_NOISE + 1e-5) - total(task, F[task], LOG_NOISE - 1e-5)) / 2e-5;
    const { noiseGradient } = terms(task, F[task], Y[task]);
    expect(noiseGradient).toHaveLength(1);
    expect(noiseGradient[0]).toBeCloseTo(expected, 4);
  });

  it('log p of one row and its derivatives in f are those of the textbook, in plain numbers', () => {
    const { derivatives, logDensity } = likelihoodOf(task);
    const noise = Math.exp(LOG_NOISE);
    F[task].forEach((f, n) => {
      const [y, K] = [Y[task][n], f.length];
      expect(logDensity(f, y, noise)).toBeCloseTo(textbook(task, f, y, LOG_NOISE), 10);
      const { gradient, hessian } = derivatives(f, y, noise);
      const moved = (k: number, by: number): number[] => f.map((v, j) => (j === k ? v + by : v));
      for (let k = 0; k < K; k++) {
        const slope = (textbook(task, moved(k, 1e-5), y, LOG_NOISE) - textbook(task, moved(k, -1e-5), y, LOG_NOISE)) / 2e-5;
        expect(gradient[k]).toBeCloseTo(slope, 6);
        const [up, down] = [derivatives(moved(k, 1e-5), y, noise).gradient, derivatives(moved(k, -1e-5), y, noise).gradient];
        for (let j = 0; j < K; j++) expect(hessian[j * K + k]).toBeCloseTo((up[j] - down[j]) / 2e-5, 6);
      }
      expect(hessian).toHaveLength(K * K);
    });
  });

  it('the null model is the best of those that are the same for every row', () => {
    const ys: Record<string, number[]> = { regression: [0.4, -1, 2, 0.1], binary: [1, 0, 1, 1], multiclass: [2, 0, 1, 2] };
    const { allowsOutputs, nullLogLikelihood, nullModel, logDensity, outputNames, response } = likelihoodOf(task);
    const target = TARGETS[task];
    // Of classes half a row is added to each: with many rows that is as good as nothing.
    const y = Float32Array.from(Array.from({ length: 1000 }, () => ys[task]).flat());
    const { length: outputs } = outputNames(target);
    expect(allowsOutputs(outputs)).toBe(true);
    const rows = response(y, outputs);
    const { output, noiseVariance } = nullModel(y, target);
    const sum = (f: readonly number[]): number => y.reduce((total, _, n) =>
      total + logDensity(f, rows.data.subarray(n * outputs, (n + 1) * outputs), noiseVariance), 0);
    const best = nullLogLikelihood(rows);
    expect(sum(output)).toBeLessThan(best + 1e-6);
    expect(sum(output)).toBeGreaterThan(best - (task === 'regression' ? 1e-6 : 1e-3));
    output.forEach((_, k) => [0.1, -0.1].forEach((by) =>
      expect(sum(output.map((v, j) => (j === k ? v + by : v)))).toBeLessThan(sum(output))));
  });

  it('draw by draw it is the same', () => {
    const shifts = [0, 0.7, -1.1];
    const draws = shifts.map((shift) => F[task].map((row) => row.map((v, c) => v + shift * (c + 1))));
    const [f3, y2] = [tf.tensor3d(draws), tf.tensor2d(Y[task])];
    const found = tf.tidy(() => [...likelihoodOf(task).perDraw(tf, f3, y2, Math.exp(LOG_NOISE)).dataSync()]);
    tf.dispose([f3, y2]);
    draws.forEach((f, s) => expect(found[s]).toBeCloseTo(total(task, f), 4));
  });
});

describe('far from the data', () => {
  it.each([['binary' as const, [[200], [-200]], [[0], [1]], -400], ['multiclass' as const, [[300, 0, -300]], [[0, 0, 1]], -600]])(
    '%s: log p is large and finite', (task, f, y, expected) => {
      const { logLikelihood, outputGradient } = terms(task, f, y);
      expect(logLikelihood).toBeCloseTo(expected, 2);
      expect(outputGradient.flat().every(Number.isFinite)).toBe(true);
    });
});

describe('the registry', () => {
  it('knows the tasks in order', () => {
    expect(tasks().slice(0, 3)).toEqual(TASKS);
    expect([isTask('binary'), isTask('nothing'), isTask(undefined)]).toEqual([true, false, false]);
    expect(() => likelihoodOf('nothing' as Task)).toThrow(RangeError);
  });

  it('tells classes from numbers', () => {
    expect(classesOf(TARGETS.regression)).toBeUndefined();
    expect(classesOf(TARGETS.binary)).toEqual(['a', 'b']);
    expect(unitsOf(TARGETS.regression)).toEqual({ scale: 2, shift: 3 });
    expect(unitsOf(TARGETS.multiclass)).toEqual({ scale: 1, shift: 0 });
    expect([1, 2, 3, 60].map(taskOfClasses)).toEqual([undefined, 'binary', 'multiclass', 'multiclass']);
  });

  it('one output for a number or two classes, one for each class of more', () => {
    expect(TASKS.map((task) => likelihoodOf(task).outputNames(TARGETS[task]).length)).toEqual([1, 1, 3]);
    const five = { name: 'y', task: 'multiclass' as const, levels: ['a', 'b', 'c', 'd', 'e'] };
    expect(likelihoodOf('multiclass').outputNames(five)).toHaveLength(5);
    expect(TASKS.map((task) => [1, 2, 3].map((count) => likelihoodOf(task).allowsOutputs(count))))
      .toEqual([[true, false, false], [true, false, false], [false, true, true]]);
  });
});
