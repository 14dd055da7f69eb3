import { describe, expect, it } from 'vitest';
import { evaluateDraws } from '../../../../src/inference/predictive/evaluate.js';
import { calibrationError } from '../../../../src/likelihood/metrics.js';
import { topClass, type OutputDraws } from '../../../../src/likelihood/index.js';
import { Stream } from '../../../../src/random.js';
import type { Target } from '../../../../src/types.js';

const NUMBER: Target = { name: 'y', task: 'regression', mean: 100, scale: 10 };
const CLASSES: Target = { name: 'y', task: 'binary', levels: ['no', 'yes'] };

const outputs = (task: OutputDraws['task'], values: number[], rows: number, rest: Partial<OutputDraws> = {}): OutputDraws => ({
  task, draws: 1, rows, outputs: values.length / rows, values: Float32Array.from(values), noiseVariance: 1, ...rest,
});

describe('regression', () => {
  it('is measured in the target\'s own units', () => {
    const residuals = [1, -1, 2, 0];
    const metrics = evaluateDraws(outputs('regression', [0, 0, 0, 0], 4, { noiseVariance: 0.5 }), Float32Array.from(residuals), NUMBER);
    expect(metrics.rows).toBe(4);
    expect(metrics.rmse).toBeCloseTo(10 * Math.sqrt(6 / 4), 10);
    // -log N(y; 100, 10^2 * 0.5) at residuals 10, -10, 20, 0.
    const losses = residuals.map((r) => ((10 * r) ** 2) / (2 * 50) + 0.5 * Math.log(2 * Math.PI * 50));
    const mean = losses.reduce((sum, v) => sum + v, 0) / 4;
    expect(metrics.nll).toBeCloseTo(mean, 6);
    expect(metrics.nllSe).toBeCloseTo(Math.sqrt(losses.reduce((sum, v) => sum + (v - mean) ** 2, 0) / 3 / 4), 6);
    // sd 7.07, so the 90 % interval is 11.6 to either side: three of four.
    expect(metrics.coverage90).toBe(0.75);
    expect(metrics.accuracy).toBeUndefined();
  });

  it('the standard error of the RMSE is that of repeated samples', () => {
    const stream = Stream.fromSeed('rmse');
    const found = Array.from({ length: 300 }, () => evaluateDraws(outputs('regression', Array<number>(100).fill(0), 100), stream.normals(100), NUMBER));
    const mean = found.reduce((sum, { rmse }) => sum + rmse!, 0) / 300;
    const sd = Math.sqrt(found.reduce((sum, { rmse }) => sum + (rmse! - mean) ** 2, 0) / 299);
    const said = found.reduce((sum, { rmseSe }) => sum + rmseSe!, 0) / 300;
    // The standard deviation of 300 repeats is known to 4 %.
    expect(said / sd).toBeGreaterThan(0.8);
    expect(said / sd).toBeLessThan(1.2);
  });

  it('coverage is 90 % when the model is right', () => {
    const stream = Stream.fromSeed('coverage');
    const n = 4000;
    const { coverage90 } = evaluateDraws(outputs('regression', Array<number>(n).fill(0), n), stream.normals(n), NUMBER);
    expect(Math.abs(coverage90! - 0.9)).toBeLessThan(5 * Math.sqrt(0.09 / n));
  });

  it('no error has no standard error', () => {
    const { rmse, rmseSe } = evaluateDraws(outputs('regression', [0, 0], 2), Float32Array.of(0, 0), NUMBER);
    expect([rmse, rmseSe]).toEqual([0, 0]);
  });
});

describe('classification', () => {
  const logit = (p: number): number => Math.log(p / (1 - p));
  const values = [0.9, 0.6, 0.2, 0.7].map(logit);

  it('counts hits and the log of the true class\'s probability', () => {
    const metrics = evaluateDraws(outputs('binary', values, 4), Float32Array.of(1, 0, 0, 1), CLASSES);
    expect(metrics.accuracy).toBe(0.75);
    expect(metrics.accuracySe).toBeCloseTo(Math.sqrt((0.75 * 0.25 * 4) / 3 / 4), 10);
    expect(metrics.nll).toBeCloseTo(-(Math.log(0.9) + Math.log(0.4) + Math.log(0.8) + Math.log(0.7)) / 4, 6);
    // Confidences .9, .6, .8, .7 in bins 13, 9 (or 8), 12 (or 11), 10: all apart, so the mean gap.
    expect(metrics.ece).toBeCloseTo((0.1 + 0.6 + 0.2 + 0.3) / 4, 5);
    expect(metrics.rmse).toBeUndefined();
  });

  it('takes any number of classes', () => {
    const target: Target = { name: 'y', task: 'multiclass', levels: ['a', 'b', 'c'] };
    const metrics = evaluateDraws(outputs('multiclass', [2, 0, 0, 0, 0, 5, 0, 1, 0], 3), Float32Array.of(0, 2, 2), target);
    expect(metrics.accuracy).toBeCloseTo(2 / 3, 10);
    const log = (f: number[], c: number): number => f[c] - Math.log(f.reduce((sum, v) => sum + Math.exp(v), 0));
    expect(metrics.nll).toBeCloseTo(-(log([2, 0, 0], 0) + log([0, 0, 5], 2) + log([0, 1, 0], 2)) / 3, 6);
  });

  it('a class held impossible costs much, not infinitely much', () => {
    const { nll } = evaluateDraws(outputs('binary', [2000], 1), Float32Array.of(0), CLASSES);
    expect(nll).toBeGreaterThan(80);
    expect(Number.isFinite(nll)).toBe(true);
  });
});

describe('calibration error', () => {
  it('weighs the gap of each of 15 bins by its rows', () => {
    // Bin 12 (.80-.867): confidences .82, .84, .85, hits 1 of 3. Bin 14: 1.0 and .95, both hit. Bin 5: .34, missed.
    const error = calibrationError([0.82, 0.84, 0.85, 1, 0.95, 0.34], [1, 0, 0, 1, 1, 0]);
    const gaps = [Math.abs(1 - (0.82 + 0.84 + 0.85)), Math.abs(2 - 1.95), 0.34];
    expect(error).toBeCloseTo(gaps.reduce((sum, v) => sum + v, 0) / 6, 10);
  });

  it('is zero for honest certainty and one for false certainty', () => {
    expect(calibrationError([1, 1], [1, 1])).toBe(0);
    expect(calibrationError([1, 1], [0, 0])).toBe(1);
  });
});

describe('the likeliest class', () => {
  it('is the first on ties', () => {
    expect(topClass(Float32Array.of(0.25, 0.5, 0.25))).toEqual({ index: 1, value: 0.5 });
    expect(topClass(Float32Array.of(0.5, 0.5)).index).toBe(0);
  });
});
