import { describe, expect, it } from 'vitest';
import { wideWorkOf } from '../../../src/linear/effects.js';
import { linearSteps, type LinearPart, type LinearProblem } from '../../../src/linear/index.js';
import { likelihoodOf } from '../../../src/likelihood/index.js';
import { Stream } from '../../../src/random.js';
import { finished, planted } from './tables.js';

const partOf = (problem: LinearProblem): LinearPart => finished(linearSteps(problem, Stream.fromSeed('linear')));

describe('single effects', () => {
  it('name the inputs of a number, and no others', () => {
    const { effects } = partOf(planted('regression', { rows: 200, inputs: 8, effects: { 1: [1], 5: [-0.6] } }, 'number'));
    expect(effects!.sets.map(({ inputs }) => inputs)).toEqual([[1], [5]]);
    expect([...effects!.pips].map((pip) => pip > 0.5)).toEqual([0, 1, 2, 3, 4, 5, 6, 7].map((j) => j === 1 || j === 5));
    expect(Math.sign(effects!.weight[5])).toBe(-1);
  });

  it('name those of two classes, and of three', () => {
    const two = partOf(planted('binary', { rows: 300, inputs: 6, effects: { 0: [1.5], 4: [-1] } }, 'binary')).effects!;
    expect(two.sets.map(({ inputs }) => inputs)).toEqual([[0], [4]]);
    const three = partOf(planted('multiclass', { rows: 300, inputs: 6, effects: { 2: [2, -1, -1], 3: [0, 1, -1] } }, 'three')).effects!;
    expect(three.sets.map(({ inputs }) => inputs)).toEqual([[2], [3]]);
  });

  it('leave twins in one set, each with a share', () => {
    const { effects } = partOf(planted('regression', { rows: 100, inputs: 6, twins: [[3, 2, 0.998]], effects: { 2: [1] } }, 'twins'));
    expect(effects!.sets).toHaveLength(1);
    const [{ inputs, probabilities, purity }] = effects!.sets;
    expect([...inputs].sort()).toEqual([2, 3]);
    expect(probabilities[1]).toBeGreaterThan(0.05);
    expect(purity).toBeGreaterThan(0.99);
  });

  it('take an input of several columns as a whole', () => {
    const table = planted('binary', { rows: 300, inputs: 5, widths: { 1: 3, 3: 2 }, effects: { 1: [0.8] } }, 'columns');
    expect(partOf(table).effects!.sets.map(({ inputs }) => inputs)).toEqual([[1]]);
  });
});

describe('priors of inputs', () => {
  const truth = { rows: 150, inputs: 6, effects: { 0: [1], 3: [0.18] } };

  it.each(['regression', 'binary'] as const)('%s: from .1 to .9 the log odds of a weak input move by log 81', (task) => {
    const odds = [0.1, 0.9].map((prior) => {
      const { effects } = partOf({ ...planted(task, truth, 'own priors'), own: [null, null, null, prior, null, null] });
      return Math.log(effects!.pips[3] / (1 - effects!.pips[3]));
    });
    expect(Math.abs(odds[1] - odds[0] - Math.log(81))).toBeLessThan(0.1);
  });

  it('change nothing where they are those of the others', () => {
    const table = planted('regression', truth, 'own priors');
    const one = 1 / 7;
    const [none, same] = [undefined, Array.from({ length: 6 }, () => one)].map((own) => partOf({ ...table, own }).effects!);
    same.pips.forEach((pip, j) => expect(pip).toBeCloseTo(none.pips[j], 9));
  });

  it('keep an input that does nothing, which is then part of what the others are judged beside', () => {
    const table = planted('regression', { rows: 150, inputs: 4, twins: [[1, 0, 0.9]], effects: { 0: [1] } }, 'kept');
    const { effects } = partOf({ ...table, own: [1, null, null, 1] });
    expect([effects!.pips[0], effects!.pips[3]]).toEqual([1, 1]);
    expect(effects!.pips[1]).toBeLessThan(0.5);
    expect(effects!.sets).toEqual([]);
    // The coefficient is that of the model with both.
    expect(effects!.weight[0]).toBeGreaterThan(0.4);
    expect(Math.abs(effects!.weight[3])).toBeGreaterThan(0);
    expect(Math.abs(effects!.weight[3])).toBeLessThan(0.3);
  });
});

describe('ridge', () => {
  it.each(['regression', 'binary', 'multiclass'] as const)('%s: the gradient of the objective is zero', (task) => {
    const table = planted(task, { rows: 120, inputs: 7, effects: task === 'multiclass' ? { 0: [1, 0, -1] } : { 0: [1], 2: [0.5] } }, task);
    const { weight, bias, penalty, noiseVariance } = partOf(table).ridge!;
    const [K, d] = [table.y.cols, table.x.cols];
    const gradient = weight.map((each) => -penalty * each);
    for (let n = 0; n < table.x.rows; n++) {
      const f = Float64Array.from({ length: K }, (_, k) => {
        let sum = bias[k];
        for (let c = 0; c < d; c++) sum += table.x.data[n * d + c] * weight[c * K + k];
        return sum;
      });
      const { gradient: own } = likelihoodOf(task).derivatives(f, table.y.data.subarray(n * K, (n + 1) * K), noiseVariance);
      for (let c = 0; c < d; c++) for (let k = 0; k < K; k++) gradient[c * K + k] += table.x.data[n * d + c] * own[k];
    }
    // Before the fit it is of the order of the rows.
    expect(Math.max(...gradient.map(Math.abs))).toBeLessThan(0.5);
  });
});

describe('too much work', () => {
  it('leaves the effects out, says so with the figures, and keeps marginal factors and ridge', () => {
    const table = planted('multiclass', { rows: 120, inputs: 6, effects: { 4: [2, 0, -2] } }, 'large');
    const part = finished(linearSteps(table, Stream.fromSeed('linear'), 1000));
    expect(part.effects).toBeUndefined();
    expect(part.skipped).toMatch(/120 rows, 6 encoded columns and 3 classes/);
    expect(part.marginal!.indexOf(Math.max(...part.marginal!))).toBe(4);
    expect(part.ridge!.weight).toHaveLength(18);
  });

  it('leaves out what takes the cube of the columns of one input', () => {
    const [rows, levels] = [400, 330];
    const draws = Stream.fromSeed('wide').normals(rows);
    const data = new Float32Array(rows * (levels + 1));
    for (let n = 0; n < rows; n++) {
      data[n * (levels + 1)] = draws[n];
      data[n * (levels + 1) + 1 + (n % levels)] = 1;
    }
    const group = Int32Array.from({ length: levels + 1 }, (_, c) => Math.min(c, 1));
    const wide: LinearProblem = {
      task: 'regression', x: { rows, cols: levels + 1, data }, y: { rows, cols: 1, data: draws }, group, inputs: 2,
    };
    expect(wideWorkOf(wide)).toBe(rows * levels ** 2 + 30 * levels ** 3);
    expect(wideWorkOf({ ...wide, group: Int32Array.from({ length: levels + 1 }, (_, c) => c), inputs: levels + 1 })).toBe(0);
    const part = finished(linearSteps(wide, Stream.fromSeed('linear')));
    expect(part.effects).toBeUndefined();
    expect(part.marginal).toBeUndefined();
    expect(part.skipped).toMatch(/400 rows, 331 encoded columns/);
    expect(part.ridge!.weight).toHaveLength(levels + 1);
  });
});
