/** Several numbers: figures of SciPy and scikit-learn (test/fixtures/targets/make.py), and each of them as it would be alone. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { figuresOfTargets, rowLosses } from '../../../src/inference/predictive/evaluate.js';
import { eachOf, likelihoodOf, marginsOf, metricsOf, outputsFor, type NumbersLikelihood, type OutputDraws } from '../../../src/likelihood/index.js';
import { Stream } from '../../../src/random.js';
import type { Target } from '../../../src/types.js';

type Pair = [number, number];

const { several: said } = JSON.parse(readFileSync(new URL('../../fixtures/targets/targets.json', import.meta.url), 'utf8')) as {
  several: Record<'y' | 'mean', Pair[]> & Record<'sd' | 'scale' | 'rmse' | 'mae' | 'r2', Pair>
    & Record<'logDensity' | 'relativeRmse' | 'meanR2', number>;
};

/** The common variance is 1, so that `noise` is that of each encoded target. */
const targets = said.scale.map((scale, k) => ({ name: 'ab'[k], mean: k - 3, scale, noise: (said.sd[k] / scale) ** 2 }));
const target: Target = { name: 'a, b', task: 'several', targets };
const encoded = (rows: Pair[], k: number): number[] => rows.map((row) => (row[k] - targets[k].mean) / targets[k].scale);
const y = Float32Array.from(encoded(said.y, 0));
const facts = { others: [Float64Array.from(said.y, (row) => row[1])] };

const outputsOf = (draws: number, spread = 0): OutputDraws => {
  const noise = Stream.fromSeed('several').normals(draws * 2 * y.length);
  const means = said.mean.flatMap((_, n) => [0, 1].map((k) => encoded(said.mean, k)[n]));
  return {
    task: 'several', draws, rows: y.length, outputs: 2, noiseVariance: 1,
    values: noise.map((e, at) => means[at % means.length] + spread * e),
  };
};

const near = (found: number, expected: number): void => expect(Math.abs(found / expected - 1)).toBeLessThan(1e-4);

describe('several numbers', () => {
  const losses = rowLosses(outputsOf(1), y, target, undefined, facts);

  it('have the density and the errors of other libraries, each in its own units', () => {
    near(-losses.nll.reduce((sum, value) => sum + value, 0), said.logDensity);
    const { relativeRmse, meanR2 } = metricsOf(losses);
    near(relativeRmse!, said.relativeRmse);
    near(meanR2!, said.meanR2);
    const each = figuresOfTargets(losses, target)!;
    expect(each.map(({ target: name }) => name)).toEqual(['a', 'b']);
    each.forEach(({ metrics: { rmse, mae, r2 } }, k) => {
      near(rmse!, said.rmse[k]);
      near(mae!, said.mae[k]);
      near(r2!, said.r2[k]);
    });
  });

  it('are each what they are alone, also where draws differ', () => {
    const outputs = outputsFor(outputsOf(8, 0.4), target, facts);
    const together = figuresOfTargets(rowLosses(outputsOf(8, 0.4), y, target, undefined, facts), target)!;
    marginsOf(outputs, target).forEach(({ target: own, outputs: draws }, k) => {
      expect(own).toEqual({ name: targets[k].name, task: 'regression', mean: targets[k].mean, scale: targets[k].scale });
      expect(draws.noiseVariance).toBe(targets[k].noise);
      const alone = metricsOf(rowLosses(draws, Float32Array.from(encoded(said.y, k)), own));
      for (const name of ['rmse', 'nll', 'crps', 'coverage90', 'pinball05']) near(together[k].metrics[name]!, alone[name]!);
    });
  });

  it('count rows by their weights', () => {
    const weights = Float32Array.from(y, (_, n) => 1 + (n % 2));
    const twice = Array.from(y.keys()).flatMap((n) => Array<number>(1 + (n % 2)).fill(n));
    const outputs = outputsOf(1);
    const values = Float32Array.from(twice.flatMap((n) => [...outputs.values.subarray(2 * n, 2 * n + 2)]));
    const known = { others: [Float64Array.from(twice, (n) => facts.others[0][n])] };
    const ys = Float32Array.from(twice, (n) => y[n]);
    const repeated = rowLosses({ ...outputs, rows: twice.length, values }, ys, target, undefined, known);
    const [weighed, often] = [rowLosses(outputs, y, target, undefined, { ...facts, weights }), repeated].map((each) =>
      ({ ...metricsOf(each), each: figuresOfTargets(each, target)! }));
    near(weighed.relativeRmse!, often.relativeRmse!);
    near(weighed.meanR2!, often.meanR2!);
    weighed.each.forEach(({ metrics }, k) => near(metrics.rmse!, often.each[k].metrics.rmse!));
  });

  it('share noise as what is left over of them, whatever their units', () => {
    const likelihood = likelihoodOf('several') as NumbersLikelihood<'several'>;
    const { targets: found } = likelihood.withNoise(target, [0.1, 0.4]);
    expect(found[0].noise * found[1].noise).toBeCloseTo(1, 12);
    expect(found[1].noise / found[0].noise).toBeCloseTo(4, 12);
    // A target that is a line in the inputs has no noise, and then counts no more than so much.
    const [first, second] = likelihood.withNoise(target, [0, 1]).targets;
    expect(second.noise / first.noise).toBeCloseTo(1e4, 4);
    expect(eachOf(target)).toHaveLength(2);
  });
});
