import { describe, expect, it } from 'vitest';
import { inclusion } from '../../../../src/inference/inclusion/inclusion.js';
import { compressedOutputs } from '../../../../src/inference/predictive/compressed.js';
import { columnSubset } from '../../../../src/inference/predictive/compressed-draws.js';
import { prune } from '../../../../src/inference/prune/prune.js';
import { finish } from '../../../../src/steps.js';
import { averageOutputs, hasAverage, listOf, networkAt } from '../../../../src/inference/structure/networks.js';
import { structurePosterior } from '../../../../src/inference/structure/posterior.js';
import { startFrom } from '../../../../src/inference/structure/start.js';
import { Stream } from '../../../../src/random.js';
import { Evaluator } from '../../../../src/search/evaluator.js';
import { fitNetwork } from '../../../../src/search/fit.js';
import { layoutOf, pack } from '../../../../src/search/layout.js';
import { activeInputs, emptyNetwork, type Network } from '../../../../src/search/network.js';
import { outputsAt } from '../../../../src/search/outputs.js';
import type { StructurePrior } from '../../../../src/search/prior.js';
import type { SearchTable } from '../../../../src/search/problem.js';
import { referenceOf } from '../../../../src/search/reference.js';
import { CENTRE, slabsAt } from '../../../../src/search/scales.js';
import { withLinear } from '../../../../src/search/starts.js';
import { summarise } from '../../../../src/search/summary.js';
import type { Matrix, Posterior, StructureAverage } from '../../../../src/types.js';
import { encoderFor, randomPosterior, randomRows } from '../../../helpers/random-posterior.js';
import { normalColumns, oneHot, tableFrom } from '../../search/tables.js';

const FEATURES = [1, 2, 1, 1];
const GROUP = Int32Array.of(0, 1, 1, 2, 3);
const stream = Stream.fromSeed('structure');
const columns = normalColumns(120, 5, stream);
const noise = stream.split('noise').normals(120);
const labels = Array.from(columns[0], (a, n) => (a + columns[1][n] ** 2 + 0.3 * noise[n] < 0 ? 0 : columns[2][n] < 0.3 ? 1 : 2));
const table = tableFrom(columns, oneHot(labels, 3), 'multiclass', [...GROUP]);
const slabs = slabsAt(table.likelihood, CENTRE);
const prior: StructurePrior = { inputs: 4, outputs: 3, forced: [], sparsity: 4, unitRatio: 0.1, mostUnits: 10 };

const unit = (inputs: number[], seed: string): Network['units'][number] => {
  const own = stream.split(seed);
  return {
    inputs, mask: 0b111, bias: own.normals(1)[0], weights: inputs.map((input) => Float64Array.from(own.normals(FEATURES[input]))),
    out: Float64Array.from(own.normals(3)),
  };
};
const network: Network = { ...withLinear(table, emptyNetwork(3), [0, 1]), units: [unit([1], 'a'), unit([0, 1], 'b')] };

function asColumns({ rows, cols, data }: Matrix): Float64Array[] {
  return Array.from({ length: cols }, (_, c) => Float64Array.from({ length: rows }, (_each, n) => data[n * cols + c]));
}

const randomNetwork = (seed: number, hidden: number[]): Posterior =>
  randomPosterior({ seed, task: 'multiclass', activation: 'silu', gates: 'both', features: FEATURES, hidden });

const laid = (of: SearchTable, each: Network) => {
  const layout = layoutOf(each, of.places, of.outputs, slabs);
  return { layout, w: pack(each, of, layout.size) };
};

describe('lists of networks', () => {
  it('give each network back, with units and without', () => {
    const networks = [network, withLinear(table, emptyNetwork(3), [2]), emptyNetwork(3)].map((each) => laid(table, each));
    const list = listOf(networks);
    const x = asColumns(randomRows(1, 7, 5));
    networks.forEach(({ layout, w }, m) => {
      const back = networkAt(list, m);
      expect([back.units, back.outputs, back.size]).toEqual([layout.units, 3, layout.size]);
      const [expected, found] = [outputsAt(layout, w, x, 7), outputsAt(back, back.w, x, 7)];
      found.forEach((value, at) => expect(value).toBeCloseTo(expected[at], 5));
    });
  });

  it('predict by every network that was drawn', () => {
    const draws = { ...listOf([laid(table, network), laid(table, emptyNetwork(3))]), noiseVariance: Float64Array.of(0.5, 1.5) };
    const posterior = randomNetwork(1, [2]);
    const averaged = { ...posterior, average: { structures: { ...draws, share: Float64Array.of(0.7, 0.3) }, draws } };
    const x = randomRows(2, 4, 5);
    expect(hasAverage(posterior)).toBe(false);
    const { draws: count, values, noiseVariance } = averageOutputs(averaged, x);
    expect([count, values.length, noiseVariance]).toEqual([2, 24, 1]);
    const { layout, w } = laid(table, network);
    outputsAt(layout, w, asColumns(x), 4).forEach((value, at) => expect(values[at]).toBeCloseTo(value, 4));
    expect(values.subarray(12).every((value) => value === 0)).toBe(true);
  });
});

describe('the posterior of a search', () => {
  const evaluator = new Evaluator(table);
  const fit = fitNetwork(evaluator, network, slabs);
  const visited = {
    network: fit.network, scales: CENTRE, evidence: fit.evidence, log: 0, visits: 10, abandoned: false, indefinite: false,
  };
  const other = { ...visited, network: withLinear(table, emptyNetwork(3), [0, 1, 3]), log: -2.5, visits: 1 };
  const chain = { step: 1, visited: [visited, other], current: 0, scales: CENTRE, moves: {}, fits: 2 };
  const summary = summarise([chain], 4);
  const reference = finish(referenceOf(table, summary, prior, stream));
  const list = listOf([laid(table, fit.network)]);
  const average: StructureAverage = {
    structures: { ...list, share: Float64Array.of(1) }, draws: { ...list, noiseVariance: Float64Array.of(1) },
  };
  const { posterior, inclusion: pips } = structurePosterior('multiclass', GROUP, { reference, summary, average, table, prior });
  const encoder = encoderFor('multiclass', FEATURES);

  it('is at one half the reference structure, and computes what it computes', () => {
    const { model } = prune(posterior, pips, encoder, { threshold: 0.5, level: 'all' });
    expect(model.encoder.features.map(({ name }) => name)).toEqual([0, 1].map((input) => encoder.features[input].name));
    const x = randomRows(3, 9, 5);
    const { layout, w, network: kept } = reference.fit;
    expect(activeInputs(kept)).toEqual([0, 1]);
    const expected = outputsAt(layout, w, asColumns(x), 9);
    const found = compressedOutputs(model, columnSubset(encoder, model.encoder)(x));
    found.forEach((value, at) => expect(value).toBeCloseTo(expected[at], 4));
  });

  it('names at each threshold the inputs of that PIP, for some way of each is as probable as the input', () => {
    for (const threshold of [0.03, 0.2, 0.5, 0.8, 0.95]) {
      const { model } = prune(posterior, pips, encoder, { threshold, level: 'all' });
      const wanted = encoder.features.filter((_, input) => summary.pips[input] >= threshold).map(({ name }) => name);
      expect(model.encoder.features.map(({ name }) => name)).toEqual(wanted);
    }
  });

  it('has probabilities', () => {
    for (const { alpha, sigma } of posterior.layers) {
      expect(alpha.every((value) => value >= 0 && value <= 1)).toBe(true);
      expect(sigma.every((value) => value >= 0)).toBe(true);
    }
    expect(Array.from(pips.inputs)).toEqual(Array.from(summary.pips));
    expect(pips.nonlinear![1]).toBeGreaterThan(0.8);
  });
});

describe('a start from a variational network', () => {
  it.each([[[3]], [[]]])('computes what one of silu with hidden layers %j computes', (hidden) => {
    const posterior = randomNetwork(7, hidden);
    const encoder = encoderFor('multiclass', FEATURES);
    const { model } = prune(posterior, inclusion(posterior, { stream: Stream.fromSeed(1) }), encoder, { threshold: 0.5, level: 'all' });
    const start = startFrom(model, encoder, table);
    const { layout, w } = laid(table, start);
    const x = randomRows(5, 6, 5);
    const expected = compressedOutputs(model, columnSubset(encoder, model.encoder)(x));
    outputsAt(layout, w, asColumns(x), 6).forEach((value, at) => expect(value).toBeCloseTo(expected[at], 4));
    expect(activeInputs(start).length).toBe(model.encoder.features.length);
  });

  it('of two hidden layers has the units that feed the outputs, on the inputs that reach them', () => {
    const posterior: Posterior = { ...randomNetwork(3, [4, 12]), activation: 'tanh' };
    for (const { alpha } of posterior.layers) alpha.fill(1);
    for (const { z } of [posterior.inputs, ...posterior.units]) z.fill(1);
    const encoder = encoderFor('multiclass', FEATURES);
    const { model } = prune(posterior, inclusion(posterior, { stream: Stream.fromSeed(1) }), encoder, { threshold: 0.5, level: 'all' });
    const { units } = startFrom(model, encoder, table);
    expect(units.length).toBe(8);
    expect(units.every(({ inputs }) => inputs.length === 4)).toBe(true);
  });
});
