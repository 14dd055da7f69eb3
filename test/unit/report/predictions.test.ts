import { describe, expect, it } from 'vitest';
import { averagePrecision, rankingOfClass, type Metrics, type OutputDraws } from '../../../src/likelihood/index.js';
import { areaUnderRoc, rankingCuts } from '../../../src/likelihood/ranking.js';
import { Stream } from '../../../src/random.js';
import { lossesOf, type HeldOutDraws } from '../../../src/report/held-out.js';
import { confusion } from '../../../src/report/sections/confusion.js';
import { thinned } from '../../../src/report/sections/axes.js';
import { dotsOf, scaleOf } from '../../../src/report/sections/dots.js';
import { predictions } from '../../../src/report/sections/predictions.js';
import { precisionPoints, rankings, rocPoints } from '../../../src/report/sections/rankings.js';
import { quantileResiduals } from '../../../src/report/sections/residuals.js';
import { metricCell } from '../../../src/text/metric-rows.js';
import type { Target, Task } from '../../../src/types.js';
import { reportData } from '../../helpers/report-data.js';

const TARGETS: Partial<Record<Task, Target>> = {
  counts: { name: 'y', task: 'counts', rate: 2 }, weibull: { name: 'y', task: 'weibull', scale: 1 },
  ordinal: { name: 'y', task: 'ordinal', levels: ['low', 'middle', 'high'], cuts: [-0.5, 0.5] },
};
const count = (text: string, pattern: RegExp): number => (text.match(pattern) ?? []).length;
const near = (values: readonly number[]): unknown[] => values.map((value) => expect.closeTo(value, 5) as unknown);
const drawsOf = (heldOut: unknown): HeldOutDraws => heldOut as HeldOutDraws;

/** Two classes with probabilities as they are given. */
function twoClasses(p: readonly number[], y: readonly number[], weights?: readonly number[]): HeldOutDraws {
  const target: Target = { name: 'y', task: 'binary', levels: ['no', 'yes'] };
  const outputs: OutputDraws = {
    task: 'binary', known: { target }, draws: 1, rows: p.length, outputs: 1, noiseVariance: 1,
    values: Float32Array.from(p, (value) => Math.log(value / (1 - value))),
  };
  return { split: 'test', outputs, y: Float32Array.from(y), weights: weights && Float32Array.from(weights) };
}

describe('curves, against scikit-learn 1.9.1', () => {
  const p = [0.1, 0.4, 0.35, 0.8, 0.4, 0.65, 0.2, 0.9];
  const y = [0, 0, 1, 1, 1, 0, 0, 1];
  const inside = y.map((label) => label === 1);
  // roc_curve, precision_recall_curve, roc_auc_score and average_precision_score of these.
  it.each([
    [undefined, 0.78125, 0.816667, [0, 0, 0, 0.25, 0.5, 0.5, 0.75, 1], [0, 0.25, 0.5, 0.5, 0.75, 1, 1, 1],
      [0.25, 0.5, 0.5, 0.75, 1], [1, 1, 0.666667, 0.6, 0.666667]],
    [[1, 2, 0.5, 1, 3, 1, 2, 1.5], 0.791667, 0.795752, [0, 0, 0, 0.166667, 0.5, 0.5, 0.833333, 1],
      [0, 0.25, 0.416667, 0.416667, 0.916667, 1, 1, 1],
      [0.25, 0.416667, 0.416667, 0.916667, 1], [1, 1, 0.714286, 0.647059, 0.666667]],
  ])('weights %j', (weights, area, average, falseShare, recall, recallAt, precisionAt) => {
    const cuts = rankingCuts(p, inside, weights);
    expect(areaUnderRoc(p, inside, weights)!.value).toBeCloseTo(area, 6);
    expect(averagePrecision(p, inside, weights)).toBeCloseTo(average, 6);
    const roc = rocPoints(cuts);
    expect(roc.map(({ x }) => x)).toEqual(near(falseShare));
    expect(roc.map((point) => point.y)).toEqual(near(recall));
    expect(roc).toHaveLength(falseShare.length);
    const [first, ...points] = precisionPoints(cuts);
    expect(first).toEqual({ x: 0, y: 1 });
    expect(points.map((point) => point.x)).toEqual(near(recallAt));
    expect(points.map((point) => point.y)).toEqual(near(precisionAt));
    // What is drawn has the areas that are told.
    const trapezoids = roc.slice(1).reduce((sum, { x, y: share }, at) => sum + (x - roc[at].x) * (share + roc[at].y) / 2, 0);
    const steps = points.reduce((sum, point, at) => sum + (point.x - [first, ...points][at].x) * point.y, 0);
    expect([trapezoids, steps]).toEqual([expect.closeTo(area, 5), expect.closeTo(average, 5)]);
    const { text } = rankings(twoClasses(p, y, weights), { name: 'y', task: 'binary', levels: ['no', 'yes'] }, undefined)!;
    expect(text).toContain(`<strong>${area.toFixed(4)} ± `);
    expect(text).toContain(`<strong>${average.toFixed(4)} ± `);
  });

  it('of many rows have few points', () => {
    const many = Array.from({ length: 10_000 }, (_, at) => ({ x: at / 9999, y: 0 }));
    expect(thinned(many).length).toBeLessThan(510);
    expect(thinned(many).at(-1)).toEqual({ x: 1, y: 0 });
  });
});

describe('what is told of predictions', () => {
  const data = reportData({ task: 'binary' });
  const { target } = data.encoder;
  const heldOut = drawsOf(data.heldOut);

  it('is what metrics.json has', () => {
    const own = data.metrics.median.splits.test!;
    const { text } = predictions(data);
    expect(text).toContain(`<strong>${metricCell(own.auc, own.aucSe)}</strong>`);
    expect(text).toContain(`<strong>${metricCell(own.averagePrecision, undefined)} ± `);
    expect(text).toContain(`Accuracy ${metricCell(own.accuracy, own.accuracySe)}`);
    const number = reportData({ task: 'regression' });
    const { rmse, rmseSe, r2 } = number.metrics.median.splits.test!;
    const words = predictions(number).text;
    expect(words).toContain(`RMSE ${metricCell(rmse, rmseSe)}`);
    expect(words).toContain(`R² ${metricCell(r2, undefined)}`);
  });

  it('has the linear model and no inputs beside it', () => {
    const { text } = rankings({ ...heldOut, linear: heldOut.outputs }, target, undefined)!;
    const { area } = rankingOfClass(lossesOf(heldOut.outputs, heldOut, target), 1)!;
    expect(text).toContain(`of the linear model (dashed) ${metricCell(area.value, undefined)}`);
    const whole = data.metrics.full.splits.test!;
    const accuracy = (value: number): { splits: { test: Metrics } } => ({ splits: { test: { ...whole, accuracy: value } } });
    const metrics = { ...data.metrics, baseline: accuracy(0.5), linear: { ...data.metrics.full, ...accuracy(0.75) } };
    expect(confusion(heldOut, target, metrics).text).toMatch(/Accuracy [\d.]+ ± [\d.]+ \(linear 0\.7500, no inputs 0\.5000\)/);
  });

  it('has a second confusion matrix where the run has a threshold of its own', () => {
    const p = [0.1, 0.3, 0.3, 0.9];
    const rows = twoClasses(p, [0, 0, 1, 1], [1, 3, 1, 1]);
    const metrics = { ...data.metrics, median: { ...data.metrics.median, decisionThreshold: 0.2 } };
    const { text } = confusion(rows, target, metrics);
    const texts = text.split('<h3>').slice(1).map((part) => [...part.matchAll(/<text [^>]*>([^<]*)<\/text>/g)].map(([, cell]) => cell));
    const cells = (all: string[]): string[] => all.filter((cell) => /^[\d. %]+$/.test(cell));
    // Numbers of rows, and shares by weight: at 0.5 both rows of the first class, at 0.2 only that of weight 1.
    expect(texts.map(cells)).toEqual([['2', '0', '1', '1', '100 %', '50.0 %', '50.0 %'], ['1', '1', '0', '2', '25.0 %', '75.0 %', '100 %']]);
    expect(predictions({ ...data, metrics, heldOut: rows }).text).toMatch(/Diamond: from the decision threshold 0\.2 on/);
  });

  it('lists the commonest mistakes of many classes', () => {
    const levels = Array.from({ length: 20 }, (_, at) => `c${at}`);
    const many: Target = { name: 'y', task: 'multiclass', levels };
    const values = Float32Array.from({ length: 400 }, (_, at) => (at % 20 === 3 ? 5 : 0));
    const rows: HeldOutDraws = {
      split: 'test', outputs: { task: 'multiclass', known: { target: many }, draws: 1, rows: 20, outputs: 20, values, noiseVariance: 1 },
      y: Float32Array.from({ length: 20 }, (_, n) => (n < 2 ? 7 : 3)),
    };
    const { text } = confusion(rows, many, data.metrics);
    expect(text).toMatch(/<th scope="row">c7<\/th><td>c3<\/td><td>2<\/td><td>100 %<\/td>/);
    expect(text).not.toContain('<svg');
  });

  it.each([
    ['counts', 2], ['weibull', 1], ['ordinal', 1], ['regression', 2], ['multiclass', 6], ['binary', 3],
  ] as const)('of %s has %i drawings', (task, drawings) => {
    const made = reportData({ task, ...(TARGETS[task] && { target: TARGETS[task] }) });
    const { text } = predictions(made);
    expect(count(text, /<svg/g)).toBe(drawings);
    expect(text.match(/.{0,60}(NaN|undefined|Infinity|\[object).{0,20}/g)).toBeNull();
  });
});

describe('residuals', () => {
  it('of a normal number are its distance in standard deviations', () => {
    const y = Stream.fromSeed('y').normals(50);
    const outputs: OutputDraws = {
      task: 'regression', draws: 1, rows: 50, outputs: 1, noiseVariance: 0.25, values: Float32Array.from(y, (_, n) => n / 100),
    };
    const target: Target = { name: 'y', task: 'regression', mean: 3, scale: 2 };
    const found = quantileResiduals({ outputs, y }, target, Array.from(y, (_, row) => ({ row })));
    found.forEach((value, n) => expect(value).toBeCloseTo(Math.max(-4, Math.min(4, (y[n] - n / 100) / 0.5)), 4));
  });

  it('of counts that are as predicted are standard normal', () => {
    const rows = 2000;
    const target: Target = { name: 'y', task: 'poisson', rate: 1 };
    const means = Float64Array.from({ length: rows }, (_, n) => 0.3 + n / 400);
    const stream = Stream.fromSeed('counts');
    const y = Float32Array.from(means, (mean) => {
      // Inversion of a Poisson distribution.
      let [k, p, u] = [0, Math.exp(-mean), stream.uniform()];
      while (u > p && k < 100) [u, k, p] = [u - p, k + 1, (p * mean) / (k + 1)];
      return k;
    });
    const outputs: OutputDraws = {
      task: 'poisson', known: { target }, draws: 1, rows, outputs: 1, noiseVariance: 1, values: Float32Array.from(means, Math.log),
    };
    const found = quantileResiduals({ outputs, y }, target, Array.from(y, (_, row) => ({ row })));
    const mean = found.reduce((sum, value) => sum + value, 0) / rows;
    const variance = found.reduce((sum, value) => sum + (value - mean) ** 2, 0) / rows;
    // Four standard errors.
    expect(Math.abs(mean)).toBeLessThan(4 / Math.sqrt(rows));
    expect(Math.abs(variance - 1)).toBeLessThan(4 * Math.sqrt(2 / rows));
  });

  it('are of at most 500 rows, on axes that fit', () => {
    const y = new Float32Array(1200);
    const outputs: OutputDraws = { task: 'regression', draws: 1, rows: 1200, outputs: 1, noiseVariance: 1, values: new Float32Array(1200) };
    const { dots, every } = dotsOf({ split: 'test', outputs, y }, { name: 'y', task: 'regression', mean: 1, scale: 2 });
    expect([dots.length, every]).toEqual([400, 3]);
    // 1.645 standard deviations of 2 about 1.
    const [{ predicted, observed, lower, upper }] = dots;
    expect([predicted, observed, lower, upper]).toEqual(near([1, 1, -2.28971, 4.28971]));
    expect(scaleOf([0, 1, 2, 3, 90])).toEqual({ type: 'sqrt' });
    expect(scaleOf([0, 1, 2, 3, 9])).toEqual({ type: 'linear' });
    expect(scaleOf([-1, 1, 2, 3, 90])).toEqual({ type: 'linear' });
  });
});
