/** Noise that depends on the inputs, in every form that other programs read. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { writeJsModule } from '../../../src/export/js/js.js';
import { writeOnnx } from '../../../src/export/onnx/onnx.js';
import { writeSavedModel } from '../../../src/export/savedmodel.js';
import { writeTfjsModel } from '../../../src/export/tfjs.js';
import { likelihoodOf } from '../../../src/likelihood/index.js';
import { predictRows } from '../../../src/predict/predictions.js';
import { modelPredictor } from '../../../src/predict/predictor.js';
import type { Activation, Target } from '../../../src/types.js';
import { loadLayers, runLayers } from '../../helpers/layers-model.js';
import { runOnnx, runOnnxColumns } from '../../helpers/onnxruntime.js';
import { randomCompressed } from '../../helpers/random-compressed.js';
import { randomRows } from '../../helpers/random-posterior.js';
import { removeFiles, runSavedModel } from '../../helpers/runtimes.js';

const folder = mkdtempSync(join(tmpdir(), 'bnnc-noise-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  removeFiles();
});

const target: Target = { name: 'y', task: 'varying', mean: 30, scale: 4 };
const ROWS = 6;

describe('varying noise', () => {
  it.each<{ features: number[]; hidden: number[]; skips?: boolean; activation?: Activation }>([
    { features: [1, 1, 1], hidden: [4] }, { features: [1, 1, 1], hidden: [4, 3], skips: true },
    { features: [1, 1], hidden: [3], activation: 'xtanh' }, { features: [], hidden: [] },
  ])('is exported beside the mean: %j', async (shape) => {
    const model = randomCompressed({ seed: 5, task: 'varying', target, ...shape });
    const { features } = model.encoder;
    const x = randomRows(2, ROWS, features.length);
    const predictor = modelPredictor('model', model, {});
    const means = predictRows(predictor, x).map(({ values: [mean] }) => mean);
    const noise = [...likelihoodOf('varying').uncertainty(predictor.outputs(x), target).aleatoric];
    const close = (found: ArrayLike<number>, expected: number[]): void => expected.forEach((value, n) =>
      expect(Math.abs(found[n] - value), `${found[n]} beside ${value}`).toBeLessThanOrEqual(1e-4 * Math.max(1, Math.abs(value))));

    const rows = Array.from({ length: ROWS }, (_, n) =>
      Object.fromEntries(features.map(({ name, columns: [{ mean, scale }] }, f) =>
        [name, x.data[n * x.cols + f] * scale + mean])));
    const file = join(folder, `${JSON.stringify(shape).length}.mjs`);
    writeFileSync(file, writeJsModule(model, '0.0.0'));
    const module = await import(/* @vite-ignore */ pathToFileURL(file).href) as
      { predict(row: object): Record<'prediction' | 'noise', number> };
    const graph = features.length > 0 ? await runOnnx(writeOnnx(model, '0.0.0'), x) : undefined;
    const raw = features.length > 0 ? await runOnnxColumns(
      writeOnnx(model, '0.0.0', 'raw'), Object.fromEntries(features.map(({ name }) => [name, rows.map((row) => row[name])]))) : undefined;
    const saved = await runSavedModel(writeSavedModel(model, '0.0.0')[0], x);
    const [document, weights] = writeTfjsModel(model, '0.0.0');
    const layers = await loadLayers({ 'model.json': document, 'weights.bin': weights });
    const { shape: sizes, data } = runLayers(layers, x);
    layers.dispose();
    expect(sizes).toEqual([ROWS, 2]);

    close(rows.map((row) => module.predict(row).prediction), means);
    close(rows.map((row) => module.predict(row).noise), noise);
    for (const outputs of [graph?.all, raw?.all, saved]) {
      if (!outputs) continue;
      close(outputs.prediction, means);
      close(outputs.noise, noise);
    }
    close(data.filter((_, at) => at % 2 === 0), means);
    close(data.filter((_, at) => at % 2 === 1).map(Math.exp), noise);
  });
});
