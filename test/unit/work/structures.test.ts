import { describe, expect, it } from 'vitest';
import { ensembleOf } from '../../../src/inference/prune/ensemble.js';
import { finish } from '../../../src/steps.js';
import { Stream } from '../../../src/random.js';
import { Evaluator } from '../../../src/search/evaluator.js';
import { fitNetwork } from '../../../src/search/fit.js';
import { emptyNetwork } from '../../../src/search/network.js';
import { tableOf } from '../../../src/search/problem.js';
import { CENTRE, slabsAt } from '../../../src/search/scales.js';
import { chainOptions, withLinear } from '../../../src/search/starts.js';
import { averageSteps } from '../../../src/work/structures.js';
import { encoderFor } from '../../helpers/random-posterior.js';
import { normalColumns, numbers, standardised } from '../search/tables.js';

const stream = Stream.fromSeed('structures');
const columns = normalColumns(100, 4, stream).map(standardised);
const noise = stream.split('noise').normals(100);
const data = new Float32Array(400);
columns.forEach((column, c) => column.forEach((value, n) => { data[n * 4 + c] = value; }));
const problem = {
  task: 'regression' as const, x: { rows: 100, cols: 4, data },
  y: { rows: 100, cols: 1, data: numbers(columns[0].map((a, n) => a + noise[n])) }, group: Int32Array.of(0, 1, 2, 3), inputs: 4,
};
const table = tableOf(problem);

describe('what chains come to', () => {
  it('has the reference among its structures, so that what the PIPs name can be exported as an ensemble', () => {
    // Three structures as probable as one another share one input: its PIP is 1, those of the others 1/3.
    const visited = [1, 2, 3].map((other) => {
      const start = withLinear(table, emptyNetwork(1), [0, other]);
      const { network, evidence } = fitNetwork(new Evaluator(table), start, slabsAt(table.likelihood, CENTRE));
      return { network, scales: CENTRE, evidence, log: -160, visits: 10, abandoned: false, indefinite: false };
    });
    const { prior } = chainOptions(table, emptyNetwork(1), { steps: 10 });
    const chain = { step: 1, visited, current: 0, scales: CENTRE, moves: {}, fits: 2 };
    const { posterior: { average, noiseVariance }, inputs: { pips } } = finish(averageSteps(problem, [chain], prior, stream));
    expect(Array.from(pips, (pip) => Number(pip.toFixed(6)))).toEqual([1, 0.333333, 0.333333, 0.333333]);
    const { structures } = average!;
    expect(structures.share.length).toBe(4);
    expect(Array.from(structures.share)).toEqual(Array.from(structures.share).sort((a, b) => b - a));
    const encoder = encoderFor('regression', [1, 1, 1, 1]);
    const options = { size: 4, inputs: new Set([encoder.features[0].name]), threshold: 0.5 };
    const found = ensembleOf({ structures, encoder, pips, noiseVariance }, options);
    expect(found!.structures).toBe(1);
    expect(found!.model.encoder.features.length).toBe(1);
  });

  it('has the linear model of all inputs of classes beside them, with its weight', () => {
    const y = { rows: 100, cols: 1, data: Float32Array.from(noise, (value, n) => Number(columns[0][n] - columns[1][n] > value)) };
    const classes = { ...problem, task: 'binary' as const, y };
    const own = tableOf(classes);
    const start = withLinear(own, emptyNetwork(1), [0, 1]);
    const { network, evidence } = fitNetwork(new Evaluator(own), start, slabsAt(own.likelihood, CENTRE));
    const visited = [{ network, scales: CENTRE, evidence, log: evidence, visits: 10, abandoned: false, indefinite: false }];
    const { prior } = chainOptions(own, emptyNetwork(1), { steps: 10 });
    const chain = { step: 1, visited, current: 0, scales: CENTRE, moves: {}, fits: 1 };
    const { posterior: { background }, facts } = finish(averageSteps(classes, [chain], prior, stream));
    expect(facts.dense).toBeGreaterThan(0);
    expect(1 - background!.share).toBeCloseTo(facts.dense!, 9);
    // The prior of the scales lets the weights be about those of the structure.
    const [a, b, ...others] = Array.from(background!.weight, (value) => value / facts.dense!);
    expect(a).toBeGreaterThan(0.5);
    expect(b).toBeLessThan(-0.5);
    for (const other of others) expect(Math.abs(other)).toBeLessThan(0.8);
  });
});
