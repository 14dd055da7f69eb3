/** Pruned networks with the dense background as direct edges, in every form that they are exported in. */
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { encode } from '../../../src/data/index.js';
import { EXPORT_FORMATS, exportModel, writeOnnx } from '../../../src/export/index.js';
import { columnSubset } from '../../../src/inference/predictive/compressed-draws.js';
import { compressedOutputs } from '../../../src/inference/predictive/compressed.js';
import { withBackground } from '../../../src/inference/prune/with-background.js';
import { likelihoodOf } from '../../../src/likelihood/index.js';
import { Stream } from '../../../src/random.js';
import type { Background, CompressedModel } from '../../../src/types.js';
import { runOnnxColumns } from '../../helpers/onnxruntime.js';
import { penguinCells, penguins, penguinSkipParts, type PartModel } from '../../helpers/penguins.js';
import { everyForm, removeFiles } from '../../helpers/runtimes.js';

afterAll(removeFiles);

const classes = penguinSkipParts.filter(({ model: { task } }) => task !== 'regression');
const worst = (found: ArrayLike<number>, expected: ArrayLike<number>): number => {
  expect(found).toHaveLength(expected.length);
  return Array.from(expected).reduce((most, value, at) => Math.max(most, Math.abs(found[at] - value)), 0);
};

const SHARE = 0.6;

/** A network with a background, and what it is to predict: share x network + X w + b, computed here from the two parts. */
function withParts({ model, whole }: PartModel): { joined: CompressedModel; expected: number[] } {
  const x = encode(penguins, whole, undefined, { target: 'none' }).x;
  const network = compressedOutputs(model, columnSubset(whole, model.encoder)(x));
  const K = network.length / x.rows;
  const stream = Stream.fromSeed('background');
  const background: Background = { weight: stream.split('weight').normals(x.cols * K), bias: stream.split('bias').normals(K), share: SHARE };
  const likelihood = likelihoodOf(model.task);
  const expected = Array.from({ length: x.rows }, (_, n) => {
    const f = Array.from({ length: K }, (_k, k) => {
      let sum = SHARE * network[n * K + k] + background.bias[k];
      for (let c = 0; c < x.cols; c++) sum += x.data[n * x.cols + c] * background.weight[c * K + k];
      return sum;
    });
    return likelihood.kind === 'class' ? [...likelihood.probabilitiesAt(Float64Array.from(f))] : f;
  }).flat();
  return { joined: withBackground(model, background, whole, whole.features.map((_, i) => i / 10)), expected };
}

describe('a network with a dense background', () => {
  it('predicts share x network + background in every form', async () => {
    await fc.assert(fc.asyncProperty(classes, async (parts) => {
      const { joined, expected } = withParts(parts);
      expect(joined.encoder).toBe(parts.whole);
      expect(joined.inputPips).toEqual(parts.whole.features.map((_, i) => i / 10));
      const x = encode(penguins, joined.encoder, undefined, { target: 'none' }).x;
      for (const [format, found] of Object.entries(await everyForm(exportModel(joined, EXPORT_FORMATS, '0.0.0'), penguinCells, x))) {
        expect([format, worst(found, expected) <= 1e-5]).toEqual([format, true]);
      }
    }), { numRuns: 12, seed: 41 });
  });

  it('predicts the same from the cells of a table', async () => {
    await fc.assert(fc.asyncProperty(classes, async (parts) => {
      const { joined, expected } = withParts(parts);
      const columns = Object.fromEntries(joined.encoder.features.map(({ name, kind }) => [name, kind === 'categorical'
        ? penguinCells.map((row) => row[name])
        : penguinCells.map((row) => (row[name] === '' ? NaN : Number(row[name])))]));
      const { data } = await runOnnxColumns(writeOnnx(joined, '0.0.0', 'raw'), columns);
      expect(worst(data, expected)).toBeLessThanOrEqual(1e-5);
    }), { numRuns: 10, seed: 42 });
  });
});
