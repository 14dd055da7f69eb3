import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { startEngine } from '../../../src/engine/backend.js';
import { likelihood, likelihoodPerDraw } from '../../../src/model/likelihood.js';
import type { Task } from '../../../src/types.js';
import { TASKS } from './worlds.js';

beforeAll(() => startEngine());

const LOG_NOISE = -0.4;
const F: Record<Task, number[][]> = {
  regression: [[0.3], [-1.2], [2]], binary: [[0.3], [-1.2], [2]], multiclass: [[0.3, -1, 2], [0, 0, 0.5], [-3, 1, 1]],
};
const Y: Record<Task, number[][]> = {
  regression: [[0.1], [0.4], [-2]], binary: [[1], [0], [0]], multiclass: [[1, 0, 0], [0, 0, 1], [0, 1, 0]],
};

/** log p(y | f) of one row, by the textbook. */
function logDensity(task: Task, f: number[], y: number[], logNoise: number): number {
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
  f.reduce((sum, row, n) => sum + logDensity(task, row, Y[task][n], logNoise), 0);

function terms(task: Task, f: number[][], y: number[][]) {
  return tf.tidy(() => {
    const found = likelihood(task, tf.tensor2d(f), tf.tensor2d(y), tf.tensor1d([LOG_NOISE]));
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

  it('draw by draw it is the same', () => {
    const shifts = [0, 0.7, -1.1];
    const draws = shifts.map((shift) => F[task].map((row) => row.map((v, c) => v + shift * (c + 1))));
    const [f3, y2] = [tf.tensor3d(draws), tf.tensor2d(Y[task])];
    const found = tf.tidy(() => [...likelihoodPerDraw(task, f3, y2, Math.exp(LOG_NOISE)).dataSync()]);
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
