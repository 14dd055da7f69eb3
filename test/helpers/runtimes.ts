/** Runs an exported model in every form, each in the program that such files are for. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import { startEngine } from '../../src/engine/backend.js';
import { readJsonModel, readSafetensorsModel, type ExportedFile } from '../../src/export/index.js';
import type { Matrix } from '../../src/types.js';
import { loadLayers, runLayers } from './layers-model.js';
import { runOnnx } from './onnxruntime.js';
import { ownPredictions } from './own-predictions.js';

const folder = mkdtempSync(join(tmpdir(), 'bnnc-runtimes-'));
/** To be called when the last test is done. */
export const removeFiles = (): void => rmSync(folder, { recursive: true, force: true });
let files = 0;
const freshFolder = (): string => {
  const place = join(folder, String(files++));
  mkdirSync(place);
  return place;
};

interface SavedModel {
  predict(inputs: Record<string, tf.Tensor>): Record<string, tf.Tensor>;
  dispose(): void;
}

/** Outputs by name that TensorFlow makes of x by the default signature; for a model without inputs of any number a row. */
export async function runSavedModel(bytes: Uint8Array, { rows, cols, data }: Matrix): Promise<Record<string, Float32Array>> {
  await startEngine({ prefer: 'native' });
  const native = createRequire(import.meta.url)('@tensorflow/tfjs-node') as {
    node: { loadSavedModel(path: string): Promise<SavedModel> };
  };
  const place = freshFolder();
  writeFileSync(join(place, 'saved_model.pb'), bytes);
  const model = await native.node.loadSavedModel(place);
  const x = cols > 0 ? tf.tensor2d(data, [rows, cols]) : tf.fill([rows, 1], 7);
  const outputs = model.predict({ x });
  const found = Object.fromEntries(Object.entries(outputs).map(([name, out]) => [name, out.dataSync() as Float32Array]));
  model.dispose();
  tf.dispose([x, outputs]);
  return found;
}

/** What the module makes of the cells of some rows. */
export async function runModule(bytes: Uint8Array, rows: object[]): Promise<number[]> {
  const file = join(freshFolder(), 'model.mjs');
  writeFileSync(file, bytes);
  const { predict, target } = (await import(/* @vite-ignore */ pathToFileURL(file).href)) as {
    predict(row: object): { prediction: number; probabilities: Record<string, number> };
    target: { levels?: string[] };
  };
  return rows.flatMap((row) => {
    const { prediction, probabilities } = predict(row);
    return target.levels?.map((level) => probabilities[level]) ?? [prediction];
  });
}

/**
 * What every form of a model predicts for the same rows.
 * @param files of an export in all formats, model.onnx with encoded columns
 * @param cells the rows as a CSV file has them
 * @param x the same, encoded
 */
export async function everyForm(
  files: readonly ExportedFile[], cells: Record<string, string>[], x: Matrix,
): Promise<Record<string, ArrayLike<number>>> {
  const bytes = (name: string): Uint8Array => files.find(({ file }) => file === name)!.bytes;
  const layers = await loadLayers({ 'model.json': bytes('tfjs/model.json'), 'weights.bin': bytes('tfjs/weights.bin') });
  const tfjs = runLayers(layers, x).data;
  layers.dispose();
  return {
    onnx: (await runOnnx(bytes('model.onnx'), x)).data,
    json: ownPredictions(readJsonModel(bytes('model.json'), 'model.json'), x),
    safetensors: ownPredictions(readSafetensorsModel(bytes('model.safetensors'), 'model.safetensors'), x),
    js: await runModule(bytes('model.mjs'), cells),
    tfjs,
    savedmodel: Object.values(await runSavedModel(bytes('savedmodel/saved_model.pb'), x))[0],
  };
}
