/** Runs ONNX models in the WebAssembly build of onnxruntime: an implementation that shares nothing with the exporter. */
import * as ort from 'onnxruntime-web';
import type { Matrix } from '../../src/types.js';

ort.env.wasm.numThreads = 1;

export interface OnnxResult {
  name: string;
  dims: readonly number[];
  data: Float32Array;
  /** All outputs by name. */
  all: Record<string, Float32Array>;
}

/** The first output of a model for input `x`. */
export const runOnnx = (bytes: Uint8Array, x: Matrix): Promise<OnnxResult> =>
  runInputs(bytes, { x: new ort.Tensor('float32', x.data, [x.rows, x.cols]) });

export type OnnxColumn = number[] | Float64Array | string[];

/** The first output of a model for columns of numbers (NaN where missing; doubles in a Float64Array) or texts. */
export function runOnnxColumns(bytes: Uint8Array, columns: Record<string, OnnxColumn>): Promise<OnnxResult> {
  const tensor = (cells: OnnxColumn): ort.Tensor => cells instanceof Float64Array
    ? new ort.Tensor('float64', cells, [cells.length, 1]) : cells.some((cell) => typeof cell === 'string')
    ? new ort.Tensor('string', cells as string[], [cells.length, 1])
    : new ort.Tensor('float32', Float32Array.from(cells as number[]), [cells.length, 1]);
  return runInputs(bytes, Object.fromEntries(Object.entries(columns).map(([name, cells]) => [name, tensor(cells)])));
}

async function runInputs(bytes: Uint8Array, inputs: Record<string, ort.Tensor>): Promise<OnnxResult> {
  const session = await ort.InferenceSession.create(bytes);
  try {
    const result = await session.run(inputs);
    const [name] = session.outputNames;
    const all = Object.fromEntries(Object.entries(result).map(([output, { data }]) => [output, data as Float32Array]));
    return { name, dims: result[name].dims, data: all[name], all };
  } finally {
    await session.release();
  }
}
