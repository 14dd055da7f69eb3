import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACTIVATION_NAMES } from '../../../src/activations.js';
import { encode } from '../../../src/data/index.js';
import { startEngine } from '../../../src/engine/backend.js';
import { writeSavedModel } from '../../../src/export/savedmodel.js';
import { predictMean } from '../../../src/inference/predictive/compressed.js';
import type { CompressedModel, Matrix, Task } from '../../../src/types.js';
import { penguinModels, penguinPredictions, penguins, tolerance } from '../../helpers/penguins.js';
import { randomCompressed } from '../../helpers/random-compressed.js';
import { randomRows } from '../../helpers/random-posterior.js';

interface Loaded {
  predict(inputs: Record<string, tf.Tensor>): Record<string, tf.Tensor>;
  dispose(): void;
}
type Signatures = { tags: string[]; signatureDefs: Record<string, { inputs: object; outputs: object }> }[];
interface Native {
  node: { loadSavedModel(path: string): Promise<Loaded>; getMetaGraphsFromSavedModel(path: string): Promise<Signatures> };
}

let native: Native;
beforeAll(async () => {
  await startEngine({ prefer: 'native' });
  native = createRequire(import.meta.url)('@tensorflow/tfjs-node') as Native;
});

const folder = mkdtempSync(join(tmpdir(), 'bnnc-savedmodel-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let folders = 0;
function written(model: CompressedModel): string {
  const place = join(folder, String(folders++));
  mkdirSync(place);
  writeFileSync(join(place, 'saved_model.pb'), writeSavedModel(model, '0.0.0')[0]);
  return place;
}

/** What TensorFlow makes of x by the default signature; for a model without inputs of any number a row. */
async function run(model: CompressedModel, x: Matrix): Promise<{ name: string; shape: number[]; data: Float32Array }> {
  const loaded = await native.node.loadSavedModel(written(model));
  const input = x.cols > 0 ? tf.tensor2d(x.data, [x.rows, x.cols]) : tf.fill([x.rows, 1], 7);
  const outputs = loaded.predict({ x: input });
  const [[name, out]] = Object.entries(outputs);
  const found = { name, shape: out.shape, data: out.dataSync() as Float32Array };
  loaded.dispose();
  tf.dispose([input, outputs]);
  return found;
}

describe('the SavedModel in TensorFlow', () => {
  it('predicts the rows of a real table as the program does', async () => {
    await fc.assert(fc.asyncProperty(penguinModels, async (model) => {
      const expected = penguinPredictions(model);
      const { name, data, shape } = await run(model, encode(penguins, model.encoder, undefined, { target: 'none' }).x);
      expect(name).toBe(model.task === 'regression' ? 'prediction' : 'probabilities');
      expect(shape).toEqual([penguins.rows, expected.length / penguins.rows]);
      const worst = expected.reduce((most, value, at) => Math.max(most, Math.abs(value - data[at])), 0);
      expect(worst).toBeLessThanOrEqual(tolerance(model));
    }), { numRuns: 40, seed: 15 });
  });

  it.each(ACTIVATION_NAMES)('computes %s', async (activation) => {
    const model = randomCompressed({ seed: 4, task: 'regression', activation });
    const x = randomRows(9, 5, 4);
    const { mean } = predictMean(model, x) as { mean: Float32Array };
    const { data } = await run(model, x);
    mean.forEach((value, at) => expect(data[at]).toBeCloseTo(value, 4));
  });

  it.each<Task>(['regression', 'binary', 'multiclass'])('answers each row of a %s model without inputs', async (task) => {
    const model = randomCompressed({ seed: 3, task, features: [], hidden: [] });
    const x = randomRows(9, 5, 0);
    const own = predictMean(model, x);
    const expected = 'mean' in own ? own.mean : own.probabilities.data;
    const { data, shape } = await run(model, x);
    expect(shape).toEqual([5, expected.length / 5]);
    expected.forEach((value, at) => expect(data[at]).toBeCloseTo(value, 5));
  });

  it('names what goes in and comes out', async () => {
    const model = randomCompressed({ seed: 1, task: 'multiclass' });
    const [{ tags, signatureDefs }] = await native.node.getMetaGraphsFromSavedModel(written(model));
    expect(tags).toEqual(['serve']);
    expect(signatureDefs.serving_default).toMatchObject({
      inputs: { x: { dtype: 'float32', name: 'x:0' } },
      outputs: { probabilities: { dtype: 'float32', name: 'probabilities:0' } },
    });
  });

  it('tells how rows are encoded', () => {
    const model = randomCompressed({ seed: 6, task: 'binary' });
    expect(JSON.parse(new TextDecoder().decode(writeSavedModel(model, '0.0.0')[1]))).toMatchObject({
      bnnc: '0.0.0', task: 'binary', encoder: model.encoder, inputColumns: ['x1', 'x2=l0', 'x2=l1', 'x3'],
    });
  });

  it('is not written with numbers that are none', () => {
    const model = randomCompressed({ seed: 1, task: 'regression' });
    model.layers[0].weight[0] = NaN;
    expect(() => writeSavedModel(model, '0.0.0')).toThrow(/not finite/);
  });
});
