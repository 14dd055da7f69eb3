/** Run folders and exported models that an earlier version wrote still open, and say what they said then. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { encode, fileSource, readTable } from '../../../src/data/index.js';
import { startEngine } from '../../../src/engine/backend.js';
import { readEncoder, readJsonModel, readSafetensorsModel } from '../../../src/export/index.js';
import { EXPORT_FORMATS } from '../../../src/export/formats.js';
import { evaluate, predict, prune, selectFeatures, type Prediction } from '../../../src/index.js';
import { gather } from '../../../src/report/gather.js';
import { page } from '../../../src/report/page.js';
import { readHistory, readInputPips, readLinear, readMetrics, readPosterior, readSets, readSplitRows } from '../../../src/store/parts.js';
import { openRun, type RunFolder } from '../../../src/store/open.js';
import { metricTable } from '../../../src/text/metric-rows.js';
import { runModels } from '../../../src/text/run-models.js';
import { runVerdict } from '../../../src/text/verdict.js';
import { loadLayers, runLayers } from '../../helpers/layers-model.js';
import { runOnnx } from '../../helpers/onnxruntime.js';

/** The data path of the run starts from there. */
const cwd = fileURLToPath(new URL('../../..', import.meta.url));
const FOLDER = 'test/fixtures/format-1';
const bytes = (name: string): Uint8Array<ArrayBuffer> => new Uint8Array(readFileSync(join(cwd, FOLDER, name)));
const json = (name: string): Record<string, unknown> =>
  JSON.parse(new TextDecoder().decode(bytes(name))) as Record<string, unknown>;

/** Cells of a table of numbers below its header. */
const numbers = (name: string): number[][] =>
  readFileSync(join(cwd, FOLDER, name), 'utf8').trim().split('\n').slice(1).map((line) => line.split(',').map(Number));

const data = join(FOLDER, 'birds.csv');
const run = (): Promise<RunFolder> => openRun(join(FOLDER, 'run'), cwd);
const model = readJsonModel(bytes('model/model.json'), 'model.json');
const table = await readTable(fileSource(join(cwd, data)), { delimiter: 'auto', missing: model.encoder.missing });
const { x } = encode(table, model.encoder, undefined, { target: 'none' });
const stored = numbers('model-predictions.csv').flat();

/** Within 1e-6 of what was predicted then, or less where other arithmetic in float32 is as good. */
function expectSame(found: ArrayLike<number>, expected: readonly number[], relative = 1e-6): void {
  expect(found).toHaveLength(expected.length);
  expected.forEach((value, at) => expect(Math.abs(found[at] / value - 1)).toBeLessThanOrEqual(relative));
}

async function all(predictions: AsyncIterable<Prediction>): Promise<Prediction[]> {
  const list: Prediction[] = [];
  for await (const prediction of predictions) list.push(prediction);
  return list;
}

describe('a run of format 1', () => {
  it('opens, with all its parts', async () => {
    const folder = await run();
    expect(folder.manifest).toMatchObject({ schemaVersion: 1, bnnc: '0.1.0', seed: 5, data: { rows: 65 }, task: 'regression' });
    const { layers, gates } = await readPosterior(folder);
    expect([gates, layers.map(({ inputs, outputs }) => [inputs, outputs])]).toEqual(['both', [[11, 4], [4, 3], [3, 1]]]);
    expect(readEncoder(bytes('run/encoder.json'), 'encoder.json').features).toHaveLength(6);
    expect((await readInputPips(folder)).map(({ input }) => input)).toHaveLength(6);
    // There were none; the list of correlated inputs that it has is not read any more.
    expect(Object.keys(folder.manifest.files)).toContain('inclusion/stand-ins.csv');
    expect([await readSets(folder), await readLinear(folder)]).toEqual([undefined, undefined]);
    expect((await readHistory(folder)).map(({ fit }) => fit)).toEqual(['restart 1', 'restart 2', 'reference']);
    const { train, validation, test } = await readSplitRows(folder);
    expect([train.length, validation.length, test.length]).toEqual([45, 7, 13]);
    const metrics = await readMetrics(folder);
    expect(metrics.full.splits.test!.rows).toBe(13);
    // Nothing is said of what was not recorded then.
    expect(runVerdict(metrics)).toEqual([]);
    expect(metricTable('13 test rows', runModels(metrics, 'test')).map(([name]) => name))
      .toEqual(['13 test rows', ...(metrics.baseline ? ['no inputs'] : []), 'dense', 'full posterior', 'median model']);
    expect((await selectFeatures(folder)).selected.map(({ input }) => input)).toEqual(['flipper_length_mm']);
  });

  it('predicts what it predicted, with its intervals', async () => {
    const predictions = await all(predict(await run(), data, { cwd, interval: 0.9 }));
    const found = predictions.flatMap(({ value, interval }) => [Number(value), interval!.lower, interval!.upper]);
    expectSame(found, numbers('run-predictions.csv').flat());
  });

  it('is pruned to the model that it was pruned to', async () => {
    const { model: again, report } = await prune(await run(), { cwd, threshold: 0.001, formats: EXPORT_FORMATS });
    const { before, after, inputs, units, candidates } = json('model/report.json');
    expect(report).toMatchObject({ before, after, inputs, units, candidates });
    expect(again).toEqual(model);
  });

  it('can be reported, its data file included', async () => {
    const { sizes, effects, heldOut, curve, model: median, inputs } = await gather(await run());
    expect(sizes.before.parameters).toBe(67);
    expect(effects).toMatchObject([{}]);
    expect(heldOut).toMatchObject({ split: 'test' });
    expect(curve.missing).toEqual({});
    expect(curve.points).toHaveLength(1);
    expect(median.encoder.features.map(({ name }) => name)).toEqual(['flipper_length_mm']);
    expect(inputs).toHaveLength(6);
    const text = page(await gather(await run()));
    expect(text).not.toMatch(/<th scope="col">linear<|class="lead">(A linear model|The network is|Nothing was found)/);
  });
});

describe('a model of format 1', () => {
  it('is the same in both forms that come back, and predicts what it predicted', async () => {
    expect(readSafetensorsModel(bytes('model/model.safetensors'), 'model.safetensors')).toEqual(model);
    expect(readEncoder(bytes('model/encoder.json'), 'encoder.json')).toEqual(model.encoder);
    for (const source of ['model', 'model/model.json', 'model/model.safetensors']) {
      const predictions = await all(predict(join(FOLDER, source), data, { cwd }));
      expectSame(predictions.map(({ value }) => Number(value)), stored);
    }
    const { metrics } = await evaluate(join(FOLDER, 'model'), data, { cwd });
    expect(metrics.rows).toBe(65);
    expect(metrics.rmse).toBeCloseTo(346.41924, 3);
  });

  it('predicts the same as ONNX, as a LayersModel and as a module', async () => {
    expectSame((await runOnnx(bytes('model/model.onnx'), x)).data, stored);
    const layers = await loadLayers({ 'model.json': bytes('model/tfjs/model.json'), 'weights.bin': bytes('model/tfjs/weights.bin') });
    expectSame(runLayers(layers, x).data, stored);
    layers.dispose();
    const module = (await import(/* @vite-ignore */ pathToFileURL(join(cwd, FOLDER, 'model/model.mjs')).href)) as {
      predict(row: object): { prediction: number };
    };
    const [header, ...lines] = readFileSync(join(cwd, data), 'utf8').trim().split('\n').map((line) => line.split(','));
    const rows = lines.map((cells) => Object.fromEntries(cells.map((cell, at) => [header[at], cell])));
    expectSame(rows.map((row) => module.predict(row).prediction), stored);
  });

  it('predicts the same as a SavedModel', async () => {
    await startEngine({ prefer: 'native' });
    const native = createRequire(import.meta.url)('@tensorflow/tfjs-node') as {
      node: { loadSavedModel(path: string): Promise<{ predict(inputs: object): Record<string, tf.Tensor>; dispose(): void }> };
    };
    const saved = await native.node.loadSavedModel(join(cwd, FOLDER, 'model/savedmodel'));
    const { prediction } = saved.predict({ x: tf.tensor2d(x.data, [x.rows, x.cols]) });
    expectSame(prediction.dataSync(), stored);
    saved.dispose();
  });
});
