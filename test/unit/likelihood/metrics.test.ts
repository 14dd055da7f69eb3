import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { evaluateDraws, figuresOfClasses, rowLosses } from '../../../src/inference/predictive/evaluate.js';
import { meanDistance } from '../../../src/likelihood/crps.js';
import { metricsOf, type OutputDraws } from '../../../src/likelihood/index.js';
import { pinball } from '../../../src/likelihood/numbers.js';
import { areaUnderRoc } from '../../../src/likelihood/ranking.js';
import { Stream } from '../../../src/random.js';
import type { Target } from '../../../src/types.js';

type Task = 'binary' | 'multiclass' | 'regression';

/** Made by scikit-learn and SciPy: test/fixtures/metrics/make.py. */
interface Case {
  outputs: number[][] | number[][][];
  y: number[];
  threshold: number;
  noiseVariance?: number;
  mean: number;
  scale: number;
  quantiles: Record<'05' | '95', number[]>;
  metrics: Record<string, number> & Lists;
  atThreshold: Record<string, number> & Lists;
}
interface Lists { confusion: number[][]; precision: number[]; recall: number[]; f1ByClass: number[]; aucByClass?: number[] }

const fixture = JSON.parse(readFileSync(new URL('../../fixtures/metrics/metrics.json', import.meta.url), 'utf8')) as
  Record<Task, Record<string, Case>>;

const drawsOf = (task: Task, { outputs, y, noiseVariance = 1 }: Case): OutputDraws => {
  const values = Float32Array.from((outputs as number[][][]).flat(3));
  const [draws, rows] = [outputs.length, y.length];
  return { task, draws, rows, outputs: values.length / draws / rows, values, noiseVariance };
};

const targetOf = (task: Task, { mean, scale }: Case): Target => {
  if (task === 'regression') return { name: 'y', task, mean, scale };
  if (task === 'binary') return { name: 'y', task, levels: ['no', 'yes'] };
  return { name: 'y', task, levels: ['a', 'b', 'c'] };
};

const CASES = (['binary', 'multiclass', 'regression'] as const)
  .flatMap((task) => Object.entries(fixture[task]).map(([name, each]) => ({ task, name, each })));

const close = (found: number | undefined, said: number, within = 1e-9): void =>
  expect(Math.abs(found! - said), `${found} beside ${said}`).toBeLessThanOrEqual(within * Math.max(1, Math.abs(said)));

describe('metrics are those of scikit-learn', () => {
  it.each(CASES)('$task, $name', ({ task, each }) => {
    const metrics = evaluateDraws(drawsOf(task, each), Float32Array.from(each.y), targetOf(task, each));
    for (const [name, value] of Object.entries(each.metrics)) {
      if (typeof value !== 'number') continue;
      // The quantiles of the mixture are those of a distribution function that is right to 1e-7.
      close(metrics[name], value, name.startsWith('pinball') ? 1e-6 : 1e-9);
    }
  });

  it.each(CASES.filter(({ task }) => task !== 'regression'))('class by class: $task, $name', ({ task, each }) => {
    const target = targetOf(task, each);
    const compare = (threshold: number | undefined, said: Case['metrics']): void => {
      const losses = rowLosses(drawsOf(task, each), Float32Array.from(each.y), target, threshold);
      const metrics = metricsOf(losses);
      for (const name of ['accuracy', 'balancedAccuracy', 'mcc', 'f1']) close(metrics[name], said[name]);
      figuresOfClasses(losses, target)!.forEach(({ predicted, precision, recall, f1, auc, rows }, c) => {
        expect((target as { levels: string[] }).levels.map((level) => predicted[level] ?? 0)).toEqual(said.confusion[c]);
        expect(rows).toBe(said.confusion[c].reduce((sum, count) => sum + count));
        // What scikit-learn says is 0 for want of a denominator is left out.
        close(precision ?? 0, said.precision[c]);
        close(recall ?? 0, said.recall[c]);
        close(f1 ?? 0, said.f1ByClass[c]);
        close(auc, said.aucByClass?.[c] ?? each.metrics.auc);
      });
    };
    compare(undefined, each.metrics);
    if (task === 'binary') compare(each.threshold, each.atThreshold);
  });

  it.each(Object.entries(fixture.regression))('pinball losses of given quantiles: %s', (_, { y, quantiles, scale, metrics }) => {
    for (const level of ['05', '95'] as const) {
      const losses = y.map((value, n) => scale * pinball(value, quantiles[level][n], Number(`0.${level}`)));
      close(losses.reduce((sum, loss) => sum + loss) / y.length, metrics[`pinball${level}`]);
    }
  });
});

describe('the area under the ROC curve', () => {
  const stream = Stream.fromSeed('auc');
  const inside = Array.from(stream.split('class').uniforms(40), (u) => u < 0.4);

  it('is the share of pairs in the right order, with its error by DeLong', () => {
    const scores = Array.from(stream.split('score').normals(40), (e, n) => Math.round(2 * (e + Number(inside[n]))) / 2);
    const [inner, outer] = [scores.filter((_, n) => inside[n]), scores.filter((_, n) => !inside[n])];
    const order = (a: number, b: number): number => (a > b ? 1 : a === b ? 0.5 : 0);
    const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = (values: number[]): number =>
      mean(values.map((value) => (value - mean(values)) ** 2)) * values.length / (values.length - 1);
    const ofInner = inner.map((a) => mean(outer.map((b) => order(a, b))));
    const ofOuter = outer.map((b) => mean(inner.map((a) => order(a, b))));
    const { value, error } = areaUnderRoc(scores, inside)!;
    close(value, mean(ofInner), 1e-12);
    close(error, Math.sqrt(variance(ofInner) / inner.length + variance(ofOuter) / outer.length), 1e-12);
  });

  it('is a half of scores that are all the same, and nothing of one class alone', () => {
    expect(areaUnderRoc(new Float64Array(40), inside)).toEqual({ value: 0.5, error: 0 });
    expect(areaUnderRoc([1, 2], [true, true])).toBeUndefined();
    const draws = drawsOf('binary', { ...fixture.binary.ties, outputs: [[1, 2]], y: [1, 1] });
    const metrics = evaluateDraws(draws, Float32Array.of(1, 1), targetOf('binary', fixture.binary.ties));
    expect([metrics.auc, metrics.averagePrecision, metrics.balancedAccuracy]).toEqual([undefined, undefined, 1]);
  });

  it('tells probabilities apart that a double cannot', () => {
    const values = Float32Array.of(800, 900, 1000, 800, 900, 1000);
    const outputs = { task: 'binary', draws: 2, rows: 3, outputs: 1, noiseVariance: 1, values } as const;
    expect(evaluateDraws(outputs, Float32Array.of(0, 1, 1), targetOf('binary', fixture.binary.ties)).auc).toBe(1);
    const negative = { ...outputs, values: outputs.values.map((value) => -value) };
    expect(evaluateDraws(negative, Float32Array.of(0, 1, 1), targetOf('binary', fixture.binary.ties)).auc).toBe(0);
  });
});

describe('the mean distance of a normal variable to a point', () => {
  it('is its integral', () => {
    for (const t of [0, 0.01, -0.3, 1, 2.718, 5.5, 8.99, 12]) {
      let sum = 0;
      const step = 1 / 512;
      const density = (z: number): number => Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
      for (let z = -10 + step / 2; z < 10; z += step) sum += step * Math.abs(z - t) * density(z);
      // The kink costs the midpoint rule step^2 / 8 times the density there.
      expect(Math.abs(meanDistance(t) - sum)).toBeLessThan(2e-6);
    }
    // t (2 Phi(t) - 1) + 2 phi(t), Phi(1) = 0.8413447460685429.
    expect(meanDistance(1)).toBeCloseTo(2 * 0.8413447460685429 - 1 + 2 * 0.24197072451914337, 13);
    expect(meanDistance(1 / 3)).toBeCloseTo((2 * 0.6305586598182363 - 1) / 3 + 2 * 0.37738322769299, 11);
  });
});
