import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { predictMean } from '../../src/inference/predictive/compressed.js';
import { inclusion } from '../../src/inference/inclusion/inclusion.js';
import { findLiving } from '../../src/inference/prune/masks.js';
import { prune, type PruneOptions } from '../../src/inference/prune/prune.js';
import { Stream } from '../../src/random.js';
import type { Encoder, Matrix } from '../../src/types.js';
import {
  encoderFor, maskedOutputs, randomPosterior, randomRows, takeColumns, type RandomShape,
} from '../helpers/random-posterior.js';
import { networkShapes as shapes } from '../helpers/shapes.js';

const options = fc.record({
  threshold: fc.oneof(fc.constantFrom(0, 0.5, 1), fc.double({ min: 0, max: 1, noNaN: true })),
  level: fc.constantFrom('weight' as const, 'node' as const, 'input' as const, 'all' as const),
});

/** What the outputs mean, without the project's code. */
function predictions(outputs: number[], { target }: Encoder, rows: number): number[] {
  if (target.task === 'regression') return outputs.map((f) => f * target.scale + target.mean);
  if (target.task === 'binary') return outputs.flatMap((f) => [1 / (1 + Math.exp(f)), 1 / (1 + Math.exp(-f))]);
  return Array.from({ length: rows }, (_, n) => outputs.slice(3 * n, 3 * n + 3).map(Math.exp))
    .flatMap((exps) => exps.map((e) => e / (exps[0] + exps[1] + exps[2])));
}

function assemble(shape: RandomShape, how: PruneOptions) {
  const posterior = randomPosterior(shape);
  const encoder = encoderFor(shape.task, shape.features);
  const pips = inclusion(posterior, { samples: 50, stream: Stream.fromSeed(shape.seed) });
  return { posterior, encoder, pips, ...prune(posterior, pips, encoder, how) };
}

describe('prune', () => {
  it('gives the output of the whole network under the same masks', () => {
    fc.assert(fc.property(shapes, options, (shape, how) => {
      const { posterior, encoder, model, masks, living } = assemble(shape, how);
      const x: Matrix = randomRows(shape.seed, 6, posterior.layers[0].inputs);
      const expected = predictions(maskedOutputs(posterior, masks.weights, x), encoder, x.rows);
      const small = predictMean(model, takeColumns(x, living.sources[0]));
      const found = 'mean' in small ? small.mean : small.probabilities.data;
      expect(found).toHaveLength(expected.length);
      expected.forEach((value, at) => expect(Math.abs(found[at] - value)).toBeLessThanOrEqual(1e-5));
    }), { numRuns: 300, seed: 1 });
  });

  it('keeps every layer, row and column in use, and says so in the report', () => {
    fc.assert(fc.property(shapes, options, (shape, how) => {
      const { model, living, report, pips, encoder } = assemble(shape, how);
      const columns = model.encoder.features.flatMap((feature) => feature.columns);
      expect(columns).toHaveLength(model.layers[0].inputs);
      expect(model.inputPips).toEqual(model.encoder.features.map(({ name }) =>
        pips.inputs[encoder.features.findIndex((feature) => feature.name === name)]));
      model.layers.forEach(({ inputs, outputs, weightSd, units }, l) => {
        expect(units).toHaveLength(outputs);
        if (l > 0) expect(inputs).toBe(model.layers[l - 1].outputs);
        const row = (i: number): Float32Array => weightSd.subarray(i * outputs, (i + 1) * outputs);
        for (let i = 0; i < inputs; i++) expect(row(i).some((sd) => sd > 0)).toBe(true);
      });
      expect(report.after.parameters).toBeLessThanOrEqual(report.before.parameters);
      expect(report.units[1].after).toBe(living.sources[0].filter(Boolean).length);
    }), { numRuns: 200, seed: 2 });
  });

  it('keeps no more as the threshold rises', () => {
    const probability = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(fc.property(shapes, probability, probability, (shape, one, other) => {
      const living = (threshold: number) => assemble(shape, { threshold, level: 'all' }).living.sources;
      const low = living(Math.min(one, other));
      living(Math.max(one, other)).forEach((units, l) => units.forEach((on, i) => expect(on).toBeLessThanOrEqual(low[l][i])));
    }), { numRuns: 100, seed: 3 });
  });

  it('calls living exactly what lies on a path', () => {
    fc.assert(fc.property(shapes, options, (shape, how) => {
      const { posterior, masks, living } = assemble(shape, how);
      const { layers } = posterior;
      expect(living).toEqual(findLiving(posterior, masks));
      const edge = (l: number, i: number, j: number): boolean => masks.weights[l][i * layers[l].outputs + j] === 1;
      const count = (n: number): number[] => Array.from({ length: n }, (_, j) => j);
      const above = (l: number, i: number): boolean => l === layers.length ||
        count(layers[l].outputs).some((j) => edge(l, i, j) && above(l + 1, j));
      const below = (l: number, i: number): boolean => l === 0
        ? masks.inputs[posterior.inputs.group[i]] === 1
        : count(layers[l - 1].inputs).some((j) => edge(l - 1, j, i) && below(l - 1, j));
      living.sources.forEach((units, l) => units.forEach((on, i) => expect(on === 1).toBe(above(l, i) && below(l, i))));
    }), { numRuns: 100, seed: 4 });
  });
});
