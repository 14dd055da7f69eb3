/** Runs exported LayersModels with TensorFlow.js, loaded by the loader of browsers. */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops.js';
import { loadLayersModel, type LayersModel } from '@tensorflow/tfjs-layers';
import { startEngine } from '../../src/engine/backend.js';
import type { Matrix } from '../../src/types.js';

/** The model whose files a server would give under these names. */
export async function loadLayers(files: Record<string, Uint8Array>): Promise<LayersModel> {
  await startEngine({ prefer: 'wasm' });
  const fetchFunc = (url: string): Promise<Response> => {
    const bytes = files[url.replace('http://localhost/', '')];
    const body = bytes as Uint8Array<ArrayBuffer> | undefined;
    return Promise.resolve(new Response(body, { status: body === undefined ? 404 : 200 }));
  };
  return loadLayersModel(tf.io.http('http://localhost/model.json', { fetchFunc: fetchFunc as typeof fetch }));
}

/** What the model makes of x [n, d]; of n rows of any number for a model without inputs. */
export function runLayers(model: LayersModel, { data, rows, cols }: Matrix): { shape: number[]; data: Float32Array } {
  return tf.tidy(() => {
    const x = cols > 0 ? tf.tensor2d(data, [rows, cols]) : tf.fill([rows, 1], 7);
    const out = model.predict(x) as tf.Tensor;
    return { shape: out.shape, data: out.dataSync() as Float32Array };
  });
}
