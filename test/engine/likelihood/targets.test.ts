/** Likelihoods of counts, times and other numbers: tensors, plain numbers and closed forms agree. */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { startEngine } from '../../../src/engine/backend.js';
import { likelihoodOf } from '../../../src/likelihood/index.js';
import { Rows } from '../../../src/linear/rows.js';
import { CASES, type Case } from '../../helpers/target-cases.js';

beforeAll(() => startEngine());

const H = 1e-5;

const total = ({ f, y, noise, density, known }: Case, shift = 0, log = Math.log(noise)): number =>
  f.reduce((sum, row, n) => sum + density(row.map((v) => v + shift), y[n], Math.exp(log), known, n), 0);

const rowsOf = ({ task, y, known, f }: Case) => likelihoodOf(task).response(Float32Array.from(y), f[0].length, known);

function terms(each: Case) {
  const rows = rowsOf(each);
  return tf.tidy(() => {
    const found = likelihoodOf(each.task).terms(
      tf, tf.tensor2d(each.f), tf.tensor2d(rows.data, [rows.rows, rows.cols]), tf.tensor1d([Math.log(each.noise)]));
    return {
      logLikelihood: found.logLikelihood.dataSync()[0], outputGradient: found.outputGradient.arraySync(),
      noiseGradient: [...found.noiseGradient.dataSync()],
    };
  });
}

describe.each(CASES)('$name', (each) => {
  const { task, f, y, noise, density, known } = each;
  const { derivatives, logDensity, learnsNoise, perDraw } = likelihoodOf(task);
  const rows = rowsOf(each);
  const row = (n: number): Float32Array => rows.data.subarray(n * rows.cols, (n + 1) * rows.cols);

  it('log p is the textbook sum, in tensors and in plain numbers', () => {
    const sum = total(each);
    expect(Math.abs(terms(each).logLikelihood / sum - 1)).toBeLessThan(2e-5);
    f.forEach((own, n) => expect(logDensity(own, row(n), noise)).toBeCloseTo(density(own, y[n], noise, known, n), 5));
  });

  it('gradients are central differences', () => {
    const { outputGradient, noiseGradient } = terms(each);
    f.forEach((own, n) => own.forEach((_, k) => {
      const at = (by: number): number => density(own.map((v, j) => (j === k ? v + by : v)), y[n], noise, known, n);
      const slope = (at(H) - at(-H)) / (2 * H);
      expect(outputGradient[n][k]).toBeCloseTo(slope, 3);
      expect(derivatives(own, row(n), noise).gradient[k]).toBeCloseTo(slope, 4);
    }));
    const slope = learnsNoise ? (total(each, 0, Math.log(noise) + H) - total(each, 0, Math.log(noise) - H)) / (2 * H) : 0;
    expect(noiseGradient).toHaveLength(1);
    expect(Math.abs(noiseGradient[0] - slope)).toBeLessThan(1e-3 * Math.max(1, Math.abs(slope)));
  });

  it('gradients stay far within what a float holds where a network is wildly wrong', () => {
    for (const far of [-200, 200]) {
      const wild = { ...each, f: f.map((own) => own.map(() => far)) };
      const { logLikelihood, outputGradient, noiseGradient } = terms(wild);
      // Optimisers take squares of sums of them.
      for (const value of [...outputGradient.flat(), ...noiseGradient]) expect(Math.abs(value)).toBeLessThan(1e16);
      expect(logLikelihood).toBeGreaterThan(-1e30);
    }
  });

  it.skipIf(each.expectedInformation)('the Hessian is that of the density', () => {
    f.forEach((own, n) => own.forEach((_, k) => {
      const slopes = (by: number): Float64Array => derivatives(own.map((v, j) => (j === k ? v + by : v)), row(n), noise).gradient;
      const [up, down] = [slopes(H), slopes(-H)];
      const { hessian } = derivatives(own, row(n), noise);
      own.forEach((__, j) => expect(hessian[j * own.length + k]).toBeCloseTo((up[j] - down[j]) / (2 * H), 4));
    }));
  });

  it('all rows at once, and draw by draw, it is the same', () => {
    const weights = Float32Array.from(y, (_, n) => 1 + (n % 3));
    const all = new Rows(likelihoodOf(task), { ...rows, weights }, noise);
    const sum = f.reduce((s, own, n) => s + weights[n] * logDensity(own, row(n), noise), 0);
    expect(all.at(Float64Array.from(f.flat()))).toBeCloseTo(sum, 5);
    f.forEach((own, n) => {
      const { gradient, hessian } = derivatives(own, row(n), noise);
      gradient.forEach((g, k) => expect(all.gradient[n * own.length + k]).toBeCloseTo(weights[n] * g, 6));
      hessian.forEach((h, k) => expect(all.information[n * own.length ** 2 + k]).toBeCloseTo(-weights[n] * h, 6));
    });
    const shifts = [0, 0.3, -0.4];
    const found = tf.tidy(() => [...perDraw(tf, tf.tensor3d(shifts.map((shift) => f.map((own) => own.map((v) => v + shift)))),
      tf.tensor2d(rows.data, [rows.rows, rows.cols]), noise).dataSync()]);
    shifts.forEach((shift, s) => expect(Math.abs(found[s] / total(each, shift) - 1)).toBeLessThan(2e-5));
  });

  it('the null model is the best of those that are the same for every row', () => {
    const { nullLogLikelihood, nullModel } = likelihoodOf(task);
    const ys = Float32Array.from(y);
    const { output, noiseVariance } = nullModel(ys, known?.target as never, known);
    const at = (out: number[], variance: number): number =>
      y.reduce((sum, value, n) => sum + density(out, value, variance, known, n), 0);
    const best = at(output, noiseVariance);
    expect(best).toBeCloseTo(nullLogLikelihood(rows), 4);
    output.forEach((_, k) => [0.05, -0.05].forEach((by) =>
      expect(at(output.map((v, j) => (j === k ? v + by : v)), noiseVariance)).toBeLessThan(best + 1e-9)));
    if (!learnsNoise || noiseVariance < 1e-5) return;
    for (const by of [1.1, 0.9]) expect(at(output, noiseVariance * by)).toBeLessThan(best + 1e-9);
  });
});
