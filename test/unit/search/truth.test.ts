import { describe, expect, it } from 'vitest';
import { finish } from '../../../src/steps.js';
import { Stream } from '../../../src/random.js';
import {
  Chain, chainOptions, denseLinear, drawMembers, memberOutputs, stackedMembers, startsOf, summarise, tableOf, weightedScales,
  type ChainState,
  type SearchSummary, type SearchTable,
} from '../../../src/search/index.js';
import { flips, friedman, normalColumns, numbers, oneHot, tableFrom } from './tables.js';

/** One chain from nothing. */
function search(table: SearchTable, steps: number, stream: Stream): SearchSummary {
  const chain = new Chain(table, chainOptions(table, startsOf(table, [])[0], { steps }), stream);
  for (const _ of chain.steps());
  return summarise([chain.snapshot()], table.inputs);
}

const chosen = ({ pips }: SearchSummary): number[] => Array.from(pips.keys()).filter((input) => pips[input] > 0.5);

describe('the search', () => {
  it("finds Friedman's five inputs, three of them nonlinear, among 20", () => {
    const stream = Stream.fromSeed('friedman');
    const { columns, y } = friedman(300, 20, stream);
    const summary = search(tableFrom(columns, numbers(y), 'regression'), 500, stream.split('chain'));
    expect(chosen(summary)).toEqual([0, 1, 2, 3, 4]);
    for (const input of [0, 1, 2]) expect(summary.nonlinear[input]).toBeGreaterThan(0.9);
    for (let input = 5; input < 20; input++) expect(summary.pips[input]).toBeLessThan(0.2);
  });

  it('has no hidden units where none are asked for', () => {
    const stream = Stream.fromSeed('linear alone');
    const columns = normalColumns(200, 3, stream);
    const noise = stream.split('noise').normals(200);
    const y = numbers(columns[0].map((value, n) => value + 2 * Math.abs(columns[1][n]) + 0.3 * noise[n]));
    const table = tableFrom(columns, y, 'regression');
    const summaryOf = (units: boolean): SearchSummary => {
      const chain = new Chain(table, chainOptions(table, startsOf(table, [])[0], { steps: 400, units }), stream.split('chain'));
      for (const _ of chain.steps());
      return summarise([chain.snapshot()], 3);
    };
    expect(chosen(summaryOf(true))).toEqual([0, 1]);
    const linear = summaryOf(false);
    expect([linear.pips[0] > 0.9, Math.max(...linear.nonlinear)]).toEqual([true, 0]);
    expect(linear.structures.every(({ visited: { network: { units } } }) => units.length === 0)).toBe(true);
  });

  it('finds nothing in noise', () => {
    for (const [seed, task] of [[1, 'regression'], [2, 'binary']] as const) {
      const stream = Stream.fromSeed(`noise ${seed}`);
      const noise = Float64Array.from(stream.split('y').normals(120));
      const y = task === 'binary' ? flips(new Float64Array(120), stream) : numbers(noise);
      const summary = search(tableFrom(normalColumns(120, 8, stream), y, task), 500, stream.split('chain'));
      expect(chosen(summary)).toEqual([]);
    }
  });

  it('finds the two inputs of an exclusive or', () => {
    const stream = Stream.fromSeed('xor');
    const columns = normalColumns(200, 6, stream);
    const y = flips(columns[1].map((value, n) => (value * columns[4][n] > 0 ? 3 : -3)), stream);
    const summary = search(tableFrom(columns, y, 'binary'), 900, stream.split('chain'));
    expect(chosen(summary)).toEqual([1, 4]);
    expect(Math.min(summary.nonlinear[1], summary.nonlinear[4])).toBeGreaterThan(0.9);
  });

  it('shares an effect between twins', () => {
    const stream = Stream.fromSeed('twins');
    const columns = normalColumns(150, 5, stream);
    const other = stream.split('twin').normals(150);
    columns[3] = columns[2].map((value, n) => value + 0.01 * other[n]);
    const noise = stream.split('noise').normals(150);
    const y = numbers(columns[2].map((value, n) => value + columns[4][n] + noise[n]));
    const { pips } = search(tableFrom(columns, y, 'regression'), 1500, stream.split('chain'));
    expect(pips[2] + pips[3]).toBeGreaterThan(0.95);
    expect(Math.abs(pips[2] - pips[3])).toBeLessThan(0.5);
  });

  it('takes the columns of a text input together, and keeps what is forced', () => {
    const stream = Stream.fromSeed('groups');
    const [a, b, c, d] = normalColumns(150, 4, stream);
    const labels = Array.from(a, (value, n) => (value + b[n] > 0.5 ? 2 : value - b[n] > 0.5 ? 1 : 0));
    const table = tableFrom([a, b, c, d], oneHot(labels, 3), 'multiclass', [0, 0, 1, 2]);
    const options = chainOptions(table, startsOf(table, [2])[0], { own: [null, null, 1], steps: 300 });
    const chain = new Chain(table, options, stream.split('chain'));
    for (const _ of chain.steps());
    const { pips, structures } = summarise([chain.snapshot()], 3);
    expect(pips[0]).toBeGreaterThan(0.95);
    expect(pips[2]).toBeCloseTo(1, 9);
    for (const { visited: { network } } of structures) {
      for (const { input, weight } of network.skips) expect(weight.length).toBe(input === 0 ? 6 : 3);
    }
  });

  it('moves the log odds of a weak input by log 81 from a prior of .1 to one of .9', () => {
    const stream = Stream.fromSeed('own priors');
    const columns = normalColumns(150, 4, stream);
    const noise = stream.split('noise').normals(150);
    const y = Float64Array.from(columns[0], (value, n) => value + 0.22 * columns[1][n] + noise[n]);
    const table = tableFrom(columns, numbers(y), 'regression');
    const found = [0.1, 0.9].map((prior) => {
      const own = [null, prior, null, null];
      const options = { ...chainOptions(table, startsOf(table, [])[0], { own, steps: 4000 }), fixedScales: true };
      const chain = new Chain(table, options, stream.split('chain'));
      for (const _ of chain.steps());
      return summarise([chain.snapshot()], 4);
    });
    const odds = (of: 'byEvidence' | 'byVisits', at: number): number => Math.log(found[at][of][1] / (1 - found[at][of][1]));
    expect(found[0].pips[1]).toBeGreaterThan(0.02);
    expect(found[1].pips[1]).toBeLessThan(0.98);
    // All models that matter are among those that were fitted; visits have a Monte-Carlo error.
    expect(Math.abs(odds('byEvidence', 1) - odds('byEvidence', 0) - Math.log(81))).toBeLessThan(0.05);
    expect(Math.abs(odds('byVisits', 1) - odds('byVisits', 0) - Math.log(81))).toBeLessThan(0.8);
  });

  it('says where chains differ', () => {
    const of = (input: number): ChainState => ({
      step: 1, current: 0, scales: { skip: 0, in: 0, out: 0 }, moves: {}, fits: 1,
      visited: [{
        network: { bias: new Float64Array(1), skips: [{ input, mask: 1, weight: Float64Array.of(1) }], units: [] },
        scales: { skip: 0, in: 0, out: 0 }, evidence: -1, log: -1, visits: 1, abandoned: false, indefinite: false,
      }],
    });
    const { pips, unstable } = summarise([of(0), of(1)], 3);
    expect([...pips]).toEqual([0.5, 0.5, 0]);
    expect(unstable).toEqual([true, true, false]);
  });
});

describe('the average over structures', () => {
  it('holds the linear model of all inputs where many matter a little, and not where one matters', () => {
    const stream = Stream.fromSeed('dense');
    const columns = normalColumns(200, 20, stream);
    const noise = stream.split('noise').normals(200);
    const shareOf = (weight: (c: number) => number): number => {
      const y = Float64Array.from(noise, (value, n) => columns.reduce((sum, column, c) => sum + weight(c) * column[n], value));
      const table = tableFrom(columns, numbers(y), 'regression');
      const dense = finish(denseLinear(table));
      const { structures } = search(table, 200, stream.split('chain'));
      return finish(stackedMembers(table, structures, weightedScales(dense), 200, stream.split('draws'))).share;
    };
    expect(shareOf((c) => (c % 2 === 0 ? 0.25 : -0.25))).toBeGreaterThan(0.9);
    expect(shareOf((c) => (c === 3 ? 1 : 0))).toBeLessThan(0.4);
  });

  it('predicts numbers with the spread that they have', () => {
    const stream = Stream.fromSeed('average');
    const columns = normalColumns(400, 3, stream);
    const noise = stream.split('noise').normals(400);
    const y = Float32Array.from(columns[0], (value, n) => 0.8 * Math.abs(value) - 0.6 + 0.5 * columns[1][n] + 0.4 * noise[n]);
    const half = (from: number): Float32Array =>
      Float32Array.from({ length: 600 }, (_, at) => columns[at % 3][from + Math.floor(at / 3)]);
    const x = { rows: 200, cols: 3, data: half(0) };
    const known = { rows: 200, cols: 1, data: y.slice(0, 200) };
    const table = tableOf({ task: 'regression', x, y: known, group: Int32Array.of(0, 1, 2), inputs: 3 });
    const { structures } = search(table, 500, stream.split('chain'));
    const steps = drawMembers(table, structures, 60, stream.split('draws'));
    let step = steps.next();
    while (!step.done) step = steps.next();
    const members = step.value;
    expect(members.length).toBe(60);
    const values = memberOutputs(members, { rows: 200, cols: 3, data: half(200) });
    let squares = 0;
    for (let n = 0; n < 200; n++) {
      const mean = members.reduce((sum, _, s) => sum + values[s * 200 + n] / 60, 0);
      squares += (mean - y[200 + n]) ** 2 / 200;
    }
    const variance = members.reduce((sum, { noiseVariance }) => sum + noiseVariance / 60, 0);
    // The noise has variance .16, known from 200 rows within a tenth.
    expect(variance).toBeGreaterThan(0.12);
    expect(variance).toBeLessThan(0.21);
    expect(squares).toBeLessThan(0.23);
  });
});
