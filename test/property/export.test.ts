import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readJsonModel, readSafetensors, writeJsonModel, writeOnnx, writeSafetensors } from '../../src/export/index.js';
import { predictMean } from '../../src/inference/predictive/compressed.js';
import { inclusion } from '../../src/inference/inclusion/inclusion.js';
import { prune } from '../../src/inference/prune/prune.js';
import { Stream } from '../../src/random.js';
import type { CompressedModel } from '../../src/types.js';
import { posteriorFromTensors, posteriorToTensors } from '../../src/store/posterior-tensors.js';
import { runOnnx } from '../helpers/onnxruntime.js';
import { encoderFor, randomPosterior, randomRows } from '../helpers/random-posterior.js';
import { networkShapes } from '../helpers/shapes.js';

const thresholds = fc.constantFrom(0, 0.1, 0.5, 0.9, 1);

function pruned(shape: Parameters<typeof randomPosterior>[0], threshold: number): CompressedModel {
  const posterior = randomPosterior(shape);
  const pips = inclusion(posterior, { samples: 20, stream: Stream.fromSeed(1) });
  return prune(posterior, pips, encoderFor(shape.task, shape.features), { threshold, level: 'all' }).model;
}

describe('exported models', () => {
  it('give in onnxruntime what they give here', async () => {
    await fc.assert(fc.asyncProperty(networkShapes, thresholds, async (shape, threshold) => {
      const model = pruned(shape, threshold);
      const x = randomRows(shape.seed, 7, model.layers[0].inputs);
      const own = predictMean(model, x);
      const expected = 'mean' in own ? own.mean : own.probabilities.data;
      const { data } = await runOnnx(writeOnnx(model, '0.0.0'), x);
      expect(data).toHaveLength(expected.length);
      expected.forEach((value, at) => expect(Math.abs(data[at] - value)).toBeLessThanOrEqual(1e-5));
    }), { numRuns: 60, seed: 1 });
  });

  it('come back from JSON as they were, and give the same bytes again', () => {
    fc.assert(fc.property(networkShapes, thresholds, (shape, threshold) => {
      const model = pruned(shape, threshold);
      const bytes = writeJsonModel(model, '0.0.0');
      const back = readJsonModel(bytes, 'model.json');
      expect(back).toEqual(model);
      expect(writeJsonModel(back, '0.0.0')).toEqual(bytes);
    }), { numRuns: 100, seed: 2 });
  });
});

describe('safetensors', () => {
  it('give back any tensors', () => {
    const data = fc.oneof(
      fc.float32Array({ maxLength: 20 }), fc.float64Array({ maxLength: 20 }), fc.int32Array({ maxLength: 20 }),
    );
    const tensors = fc.dictionary(fc.string({ minLength: 1 }).filter((name) => !name.startsWith('__')), data);
    fc.assert(fc.property(tensors, fc.dictionary(fc.string(), fc.string()), (arrays, metadata) => {
      const named = Object.fromEntries(
        Object.entries(arrays).map(([name, array]) => [name, { shape: [array.length], data: array }]),
      );
      expect(readSafetensors(writeSafetensors(named, metadata), 'a')).toEqual({ tensors: named, metadata: { ...metadata } });
    }), { numRuns: 200, seed: 3 });
  });

  it('give back any posterior', () => {
    fc.assert(fc.property(networkShapes, (shape) => {
      const posterior = randomPosterior(shape);
      const { tensors, metadata } = posteriorToTensors(posterior);
      expect(posteriorFromTensors(readSafetensors(writeSafetensors(tensors, metadata), 'a'), 'a')).toEqual(posterior);
    }), { numRuns: 100, seed: 4 });
  });
});
