import { describe, expect, it } from 'vitest';
import { labelledRows, rowFacts } from '../../../src/data/index.js';
import { rowLosses } from '../../../src/inference/predictive/evaluate.js';
import { finish } from '../../../src/steps.js';
import { likelihoodOf, metricsOf, takeResponses, type OutputDraws } from '../../../src/likelihood/index.js';
import { factorModel } from '../../../src/linear/factor-model.js';
import { PenalisedFit } from '../../../src/linear/penalised-fit.js';
import { Rows } from '../../../src/linear/rows.js';
import { scoresOf } from '../../../src/linear/scores.js';
import { takeRows } from '../../../src/maths/vector.js';
import { Stream } from '../../../src/random.js';
import { Evaluator } from '../../../src/search/evaluator.js';
import { fitNetwork } from '../../../src/search/fit.js';
import { tableOf } from '../../../src/search/problem.js';
import { CENTRE, slabsAt } from '../../../src/search/scales.js';
import type { LabelledDataset, Matrix, Response, Target } from '../../../src/types.js';
import { fitDataOf } from '../../../src/work/weights.js';
import { problemOf, read } from '../data/sources.js';
import { flips, oneHot } from '../search/tables.js';

const N = 60;
const stream = Stream.fromSeed('weights');
const x: Matrix = { rows: N, cols: 3, data: stream.split('x').normals(3 * N) };
const f = Float64Array.from({ length: N }, (_, n) => x.data[3 * n] + x.data[3 * n + 1] / 2);
const labels = Float32Array.from(f, (v) => (v < -0.5 ? 0 : v < 0.5 ? 1 : 2));
const noise = stream.split('noise').normals(N);
const Y: Record<'regression' | 'binary' | 'multiclass', { y: Float32Array; response: Response; target: Target }> = {
  regression: (() => {
    const y = Float32Array.from(f, (value, n) => value + noise[n]);
    return { y, response: { rows: N, cols: 1, data: y }, target: { name: 'y', task: 'regression', mean: 3, scale: 2 } };
  })(),
  binary: (() => {
    const y = flips(f, stream);
    return { y, response: { rows: N, cols: 1, data: y }, target: { name: 'y', task: 'binary', levels: ['a', 'b'] } };
  })(),
  multiclass: { y: labels, response: oneHot(labels, 3), target: { name: 'y', task: 'multiclass', levels: ['a', 'b', 'c'] } },
};
const counts = Float32Array.from({ length: N }, (_, n) => (n * 7) % 4);
const repeated = Int32Array.from([...counts].flatMap((count, n) => Array.from({ length: count }, () => n)));

describe.each(['regression', 'binary', 'multiclass'] as const)('whole weights are repeated rows: %s', (task) => {
  const { y, response, target } = Y[task];
  const weighted: Response = { ...response, weights: counts };
  const rows = takeResponses(response, repeated);
  const group = Int32Array.of(0, 1, 2);
  const problems = [{ x, y: weighted }, { x: takeRows(x, repeated), y: rows }]
    .map((each) => ({ task, ...each, group, inputs: 3 }));
  const likelihood = likelihoodOf(task);
  const K = response.cols;

  it('for Bayes factors of linear models', () => {
    const [one, other] = problems.map((problem) => factorModel(problem));
    expect([...one.beside([]).log].every((value, c) => Math.abs(value - other.beside([]).log[c]) < 1e-5)).toBe(true);
    expect(one.joint([0, 1])).toBeCloseTo(other.joint([0, 1]), 5);
    const means = [one, other].map((model) => model.beside([0]).mean);
    means[0].forEach((mean, c) => expect(mean).toBeCloseTo(means[1][c], 4));
  });

  it('for a penalised fit', () => {
    const thetas = problems.map((problem) => {
      const all = Int32Array.from({ length: problem.x.rows }, (_, n) => n);
      const scores = scoresOf(problem.x);
      const fit = new PenalisedFit(scores, new Rows(likelihood, problem.y), all);
      finish(fit.climb(2));
      return [...fit.theta.subarray(0, K), ...scores.back(fit.theta.subarray(K), K)];
    });
    thetas[0].forEach((value, at) => expect(value).toBeCloseTo(thetas[1][at], 2));
  });

  it('for the evidence of a structure, at the same mode', () => {
    const mask = 2 ** K - 1;
    const network = {
      bias: new Float64Array(K), skips: [{ input: 0, mask, weight: new Float64Array(K) }],
      units: [{
        inputs: [0, 1], mask, bias: 0.1, weights: [Float64Array.of(0.5), Float64Array.of(-0.4)],
        out: new Float64Array(K).fill(0.5),
      }],
    };
    const fits = problems.map((problem) => fitNetwork(new Evaluator(tableOf(problem)), network, slabsAt(likelihood, CENTRE)));
    expect(fits[0].evidence).toBeCloseTo(fits[1].evidence, 2);
    fits[0].w.forEach((value, p) => expect(value).toBeCloseTo(fits[1].w[p], 1));
  });

  it('for predictions without inputs', () => {
    const own = likelihood.nullModel(y, target, { weights: counts });
    const other = likelihood.nullModel(Float32Array.from(repeated, (n) => y[n]), target);
    own.output.forEach((value, k) => expect(value).toBeCloseTo(other.output[k], 6));
    expect(own.noiseVariance).toBeCloseTo(other.noiseVariance, 6);
    expect(likelihood.nullLogLikelihood(weighted)).toBeCloseTo(likelihood.nullLogLikelihood(rows), 4);
  });

  it('for every metric, but for its error', () => {
    const values = stream.split('outputs').normals(N * K);
    const drawn = (chosen: Int32Array): OutputDraws => ({
      task, draws: 1, rows: chosen.length, outputs: K, noiseVariance: 0.7,
      values: Float32Array.from([...chosen].flatMap((n) => [...values.subarray(n * K, (n + 1) * K)])),
    });
    const all = Int32Array.from({ length: N }, (_, n) => n);
    const own = metricsOf(rowLosses(drawn(all), y, target, undefined, { weights: counts }));
    const other = metricsOf(rowLosses(drawn(repeated), Float32Array.from(repeated, (n) => y[n]), target));
    for (const [name, value] of Object.entries(own)) {
      if (name !== 'rows' && !name.endsWith('Se')) expect([name, value]).toEqual([name, expect.closeTo(other[name]!, 9)]);
    }
    expect(Object.keys(own)).toEqual(Object.keys(other));
  });
});

describe('weights of training rows', () => {
  const set = (y: number[], weights?: number[]): LabelledDataset => ({
    x: { rows: y.length, cols: 1, data: new Float32Array(y.length) }, y: Float32Array.from(y),
    ...(weights && { weights: Float32Array.from(weights) }),
  });
  const shape = { task: 'binary' as const, widths: [1, 1] };
  const target: Target = { name: 'y', task: 'binary', levels: ['a', 'b'] };
  type Weighting = Parameters<typeof fitDataOf>[3];
  const of = (rows: LabelledDataset, weighting: Weighting) => fitDataOf(rows, shape, target, weighting).y.weights;

  it('are scaled to mean 1, or counts', () => {
    expect(of(set([0, 1, 1]), {})).toBeUndefined();
    expect([...of(set([0, 1, 1], [2, 2, 8]), {})!]).toEqual([0.5, 0.5, 2]);
    expect([...of(set([0, 1, 1], [2, 2, 8]), { weightScale: 'none' })!]).toEqual([2, 2, 8]);
  });

  it('make classes count alike, or as told', () => {
    const balanced = of(set([0, 1, 1, 1]), { classWeights: 'balanced' })!;
    expect([...balanced].map((value) => value.toFixed(4))).toEqual(['2.0000', '0.6667', '0.6667', '0.6667']);
    expect([...of(set([0, 1, 1]), { classWeights: { a: 4 } })!]).toEqual([2, 0.5, 0.5]);
    // Each class then has the same sum of weights.
    const both = of(set([0, 0, 1, 1], [1, 3, 1, 1]), { classWeights: 'balanced' })!;
    expect(both[0] + both[1]).toBeCloseTo(both[2] + both[3], 6);
  });

  it('refuse what cannot be meant', async () => {
    const unknown = await problemOf(() => of(set([0, 1]), { classWeights: { A: 2 } }));
    expect(unknown).toMatchObject({ code: 'data.class-weights', hint: "Did you mean 'a'?" });
    const number = { name: 'y', task: 'regression' as const, mean: 0, scale: 1 };
    expect(await problemOf(() => fitDataOf(set([0, 1]), { task: 'regression', widths: [1, 1] }, number, { classWeights: 'balanced' })))
      .toMatchObject({ code: 'data.class-weights' });
    expect(await problemOf(() => of(set([0, 1], [0, 0]), {}))).toMatchObject({ code: 'data.weight' });
  });

  it.each([
    ['-1', "'-1' is a negative weight"], ['many', "'many' is no number"], ['', 'the weight is missing in this row'],
    ['1e12', "'1000000000000' is too large a weight"],
  ])('refuse a cell: %s', async (cell, what) => {
    const table = await read(`w,x,y\n1,1,a\n${cell},2,b\n3,1,a\n`);
    expect(await problemOf(() => rowFacts(table, { weights: 'w' }))).toMatchObject({
      code: 'data.weight', message: `column 'w': ${what}`, where: { line: 3 },
    });
  });

  it('refuse weights that are all 0', async () => {
    const table = await read('w,x,y\n0,1,a\n0,2,b\n');
    expect(await problemOf(() => rowFacts(table, { weights: 'w' })))
      .toMatchObject({ code: 'data.weight', message: "column 'w': all weights are 0" });
  });
});

it('rows without a target are dropped where that is asked for, and keep their lines', async () => {
  const table = await read('x,y\n1,a\n2,\n3,b\n4,NA\n5,a\n');
  expect(labelledRows(table, { target: 'y' })).toBe(table);
  const left = labelledRows(table, { target: 'y', unlabelled: 'drop' });
  expect({ ...left, lines: [...left.lines] }).toMatchObject({ rows: 3, lines: [2, 4, 6], unlabelled: 2 });
});
