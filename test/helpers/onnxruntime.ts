/** Runs ONNX models in the WebAssembly build of onnxruntime: an implementation that shares nothing with the exporter. */
import * as ort from 'onnxruntime-web';
import type { Matrix } from '../../src/types.js';

ort.env.wasm.numThreads = 1;

export interface OnnxResult {
  name: string;
  dims: readonly number[];
  data: Float32Array;
}

/** The first output of a model for input `x`. */
export async function runOnnx(bytes: Uint8Array, x: Matrix): Promise<OnnxResult> {
  const session = await ort.InferenceSession.create(bytes);
  try {
    const result = await session.run({ x: new ort.Tensor('float32', x.data, [x.rows, x.cols]) });
    const [name] = session.outputNames;
    return { name, dims: result[name].dims, data: result[name].data as Float32Array };
  } finally {
    await session.release();
  }
}
