/** Metrics against their definitions; those of weighted rows are those of rows that are there as often as they weigh. */
import { describe, expect, it } from 'vitest';
import { rowLosses } from '../../../src/inference/predictive/evaluate.js';
import {
  balancedAccuracy, classFigures, confusionMatrix, f1, macroF1, matthewsCorrelation, type Decided,
} from '../../../src/likelihood/confusion.js';
import { metricsOf, type OutputDraws } from '../../../src/likelihood/index.js';
import { areaOfClass, calibrationError, R2, rankingOfClass } from '../../../src/likelihood/metrics.js';
import { areaUnderRoc, averagePrecision, rankingCuts } from '../../../src/likelihood/ranking.js';
import { lossesOfEach } from '../../../src/likelihood/several-metrics.js';
import { Stream } from '../../../src/random.js';
import type { RowFacts, Target } from '../../../src/types.js';

const ROWS = 30;
const stream = Stream.fromSeed('weighted metrics');
const weights = Float32Array.from({ length: ROWS }, (_, n) => n % 4);
/** Each row as often as it weighs, a fourth of them never. */
const often = Array.from(weights).flatMap((weight, n) => Array<number>(weight).fill(n));
const take = (values: ArrayLike<number>): number[] => often.map((n) => values[n]);

const TARGETS: [Target, number][] = [
  [{ name: 'y', task: 'regression', mean: 3, scale: 2 }, 1], [{ name: 'y', task: 'student', mean: 3, scale: 2, degrees: 5 }, 1],
  [{ name: 'y', task: 'poisson', rate: 2 }, 1], [{ name: 'y', task: 'binary', levels: ['a', 'b'] }, 1],
  [{ name: 'y', task: 'multiclass', levels: ['a', 'b', 'c'] }, 3],
  [{ name: 'y', task: 'ordinal', levels: ['a', 'b', 'c'], cuts: [-1, 1] }, 1], [{ name: 'y', task: 'weibull', scale: 2 }, 1],
];

describe.each(TARGETS)('$task', (target, outputs) => {
  const values = stream.split('f').normals(ROWS * outputs);
  const labels = target.task === 'binary' ? 2 : 3;
  const y = Float32Array.from(stream.split('y').uniforms(ROWS), (u) => (target.task === 'weibull' ? 0.1 + u : Math.floor(labels * u)));
  const of = (rows: readonly number[], facts: RowFacts) => {
    const draws: OutputDraws = {
      task: target.task, draws: 1, rows: rows.length, outputs, noiseVariance: 0.5,
      values: Float32Array.from(rows.flatMap((n) => Array.from(values.subarray(n * outputs, (n + 1) * outputs)))),
    };
    return metricsOf(rowLosses(draws, Float32Array.from(rows, (n) => y[n]), target, undefined, facts));
  };
  const [weighted, repeated] = [of([...weights.keys()], { weights }), of(often, {})];
  // Errors know how many rows there are, and scores over time at which times rows ended.
  const names = Object.keys(repeated).filter((name) => !name.endsWith('Se') && name !== 'rows' && name !== 'ibs');

  it('has every metric of the rows repeated', () => {
    expect(names.length).toBeGreaterThan(target.task === 'weibull' ? 2 : 5);
    for (const name of names) expect(weighted[name], name).toBeCloseTo(repeated[name]!, 9);
    expect(weighted.rows).toBe(ROWS);
  });
});

describe('classes', () => {
  const labels = Array.from(stream.split('labels').uniforms(ROWS), (u) => Math.floor(3 * u));
  const predicted = Array.from(stream.split('predicted').uniforms(ROWS), (u, n) => (u < 0.5 ? labels[n] : Math.floor(6 * u) - 3));
  const weight = Float64Array.from(weights);
  const plain: Decided = { labels: take(labels), predicted: take(predicted) };

  it('are decided as well as the rows repeated', () => {
    const weighed = { labels, predicted, weight };
    for (const of of [balancedAccuracy, macroF1, matthewsCorrelation]) expect(of(weighed)).toBeCloseTo(of(plain), 12);
    for (const label of [0, 1, 2, 7]) expect(f1(weighed, label)).toBeCloseTo(f1(plain, label), 12);
    expect(f1(plain, 7)).toBe(0);
  });

  it('have figures of their own, by the counts of the confusion matrix', () => {
    const levels = ['a', 'b', 'c', 'never'];
    const count = (of: (n: number) => boolean): number => often.filter((_, n) => of(n)).length;
    const figures = classFigures(plain, levels, (label) => (label === 1 ? 0.75 : undefined));
    levels.slice(0, 3).forEach((level, c) => {
      const [truly, claimed, both] = [
        count((n) => plain.labels[n] === c), count((n) => plain.predicted[n] === c),
        count((n) => plain.labels[n] === c && plain.predicted[n] === c),
      ];
      expect(figures[c]).toEqual({
        class: level, rows: truly, precision: both / claimed, recall: both / truly, f1: 2 * both / (truly + claimed),
        ...(c === 1 && { auc: 0.75 }),
        predicted: Object.fromEntries([0, 1, 2].flatMap((to) => {
          const rows = count((n) => plain.labels[n] === c && plain.predicted[n] === to);
          return rows > 0 ? [[levels[to], rows]] : [];
        })),
      });
    });
    expect(figures[3]).toEqual({ class: 'never', rows: 0, predicted: {} });
    // Rows are counted whatever they weigh; shares are weighted.
    const weighed = classFigures({ labels, predicted, weight }, levels, () => undefined);
    weighed.slice(0, 3).forEach(({ rows, precision, recall, f1: both }, c) => {
      expect(rows).toBe(labels.filter((label) => label === c).length);
      expect([precision, recall, both]).toEqual([figures[c].precision, figures[c].recall, figures[c].f1]);
    });
    const cells = confusionMatrix({ labels, predicted, weight }, 3).flatMap((row) => [...row.values()]);
    expect(cells.reduce((sum, cell) => sum + cell.weight, 0)).toBe(often.length);
    expect(cells.reduce((sum, cell) => sum + cell.rows, 0)).toBe(ROWS);
  });

  it('agree with truth by nothing where either never changes', () => {
    expect(matthewsCorrelation({ labels: [0, 1, 1], predicted: [1, 1, 1] })).toBe(0);
    expect(matthewsCorrelation({ labels: [0, 1, 1], predicted: [0, 1, 1] })).toBe(1);
    expect(matthewsCorrelation({ labels: [0, 1, 0, 1], predicted: [1, 0, 1, 0] })).toBe(-1);
  });
});

describe('rankings', () => {
  const inside = Array.from(stream.split('inside').uniforms(ROWS), (u) => u < 0.4);
  // Some scores are equal.
  const scores = Array.from(stream.split('scores').normals(ROWS), (e, n) => Math.round(2 * (e + Number(inside[n]))) / 2);
  const kept = often.map((n) => inside[n]);

  it('of weighted rows are those of rows repeated', () => {
    expect(areaUnderRoc(scores, inside, weights)!.value).toBeCloseTo(areaUnderRoc(take(scores), kept)!.value, 12);
    expect(averagePrecision(scores, inside, weights)).toBeCloseTo(averagePrecision(take(scores), kept)!, 12);
    const alive = rankingCuts(scores, inside, weights);
    const cuts = rankingCuts(take(scores), kept);
    for (const cut of cuts) expect(alive).toContainEqual(cut);
    expect(alive.at(-1)).toMatchObject({ seen: often.length, hits: kept.filter(Boolean).length });
    expect(areaUnderRoc(scores, inside, weights.map((w, n) => (inside[n] ? 0 : w)))).toBeUndefined();
    expect(areaUnderRoc(scores, inside, weights.map((w, n) => (inside[n] ? w : 0)))).toBeUndefined();
  });

  it('have the error of DeLong where all weights are one', () => {
    const [plain, ones] = [areaUnderRoc(scores, inside)!, areaUnderRoc(scores, inside, new Float64Array(ROWS).fill(1))!];
    expect(ones.value).toBeCloseTo(plain.value, 12);
    expect(ones.error / plain.error).toBeCloseTo(1, 1);
    // Of one row inside nothing is known, and the others alone have an error.
    const one = areaUnderRoc([1, 2, 3, 2.5], [false, false, false, true])!;
    expect(one.value).toBeCloseTo(2 / 3, 12);
    expect(one.error).toBeCloseTo(Math.sqrt((1 / 3) / 3), 12);
  });

  it('average precision is the sum over gains of recall', () => {
    // Falling: hit, miss, hit.
    expect(averagePrecision([3, 2, 1], [true, false, true])).toBeCloseTo(0.5 + 0.5 * 2 / 3, 12);
    expect(averagePrecision([3, 2, 1], [false, false, false])).toBeUndefined();
    expect(averagePrecision([], [])).toBeUndefined();
    expect(rankingCuts([1, 2, 2], [true, false, true]))
      .toEqual([{ score: 2, hits: 1, seen: 2 }, { score: 1, hits: 2, seen: 3 }]);
  });

  it('of a class that all rows have, or that has no scores, are none', () => {
    const nll = new Float64Array(3);
    const losses = { nll, labels: Float64Array.of(1, 1, 0), score1: Float64Array.of(2, 1, 0) };
    expect(rankingOfClass(losses, 1)).toMatchObject({ area: { value: 1 }, averagePrecision: 1, cuts: { length: 3 } });
    expect(rankingOfClass(losses, 0)).toBeUndefined();
    // Of two classes the area is that of both.
    expect(areaOfClass(losses, 0)).toBe(1);
    expect(areaOfClass({ ...losses, score0: Float64Array.of(0, 1, 2) }, 0)).toBe(1);
    expect(rankingOfClass({ ...losses, labels: Float64Array.of(1, 1, 1) }, 1)).toBeUndefined();
  });
});

describe('means over rows', () => {
  it('calibration gaps are signed within a bin and not between bins', () => {
    // 0.61 and 0.65 are in one bin of a fifteenth, 1 in the last.
    expect(calibrationError([0.61, 0.65], [1, 0])).toBeCloseTo(Math.abs(1 - 1.26) / 2, 12);
    expect(calibrationError([0.61, 1], [1, 0])).toBeCloseTo((0.39 + 1) / 2, 12);
    expect(calibrationError([0.61, 1], [1, 0], [3, 1])).toBeCloseTo((3 * 0.39 + 1) / 4, 12);
  });

  it('the share of variance explained is 0 of the mean itself, and none of targets that are the same', () => {
    const of = (truth: number[], squares: number[], weight?: number[]): number | undefined => R2.value({
      nll: new Float64Array(truth.length), truth: Float64Array.from(truth), squares: Float64Array.from(squares),
      ...(weight && { weight: Float64Array.from(weight) }),
    });
    expect(of([1, 2, 3], [1, 0, 1])).toBe(0);
    expect(of([1, 2, 3], [0.5, 0, 0.5])).toBeCloseTo(0.5, 12);
    expect(of([1, 3], [0, 0.75], [1, 3])).toBeCloseTo(1 - 2.25 / 3, 12);
    expect(of([2, 2], [1, 0])).toBeUndefined();
  });

  it('losses on each of several targets have the weights of all', () => {
    const [nll, weight] = [Float64Array.of(1, 2), Float64Array.of(1, 3)];
    const own = Float64Array.of(5, 6);
    expect(lossesOfEach({ nll, weight, '0:squares': own, '1:squares': nll, '1:truth': own, inside: own }))
      .toEqual([{ nll, weight, squares: own }, { nll, weight, squares: nll, truth: own }]);
    expect(lossesOfEach({ nll, '0:squares': own })).toEqual([{ nll, squares: own }]);
    expect(lossesOfEach({ nll })).toEqual([]);
  });
});
