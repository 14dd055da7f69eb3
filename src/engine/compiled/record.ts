/**
 * Records the TensorFlow operations that a tfjs function runs: one eager call, watched at the place where the native
 * backend hands operations to the library. The result is a {@link Program} that can be simplified, emitted and run.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Attribute, Constant, DType, Program, Ref } from './program.js';

interface NativeAttribute { name: string; type: number; value: unknown }
type Execute =
  (name: string, attributes: NativeAttribute[], inputs: tf.TensorInfo[], outputs?: number) => tf.Tensor | tf.Tensor[];

/** The part of tfjs-node's backend that is watched. */
interface NativeBackend {
  binding: Record<string, number>;
  executeSingleOutput: Execute;
  executeMultipleOutputs: Execute;
}

/**
 * Calls `run` once on example tensors and returns what it did. Tensors that `run` reads and that are neither in `inputs`
 * nor made by a recorded operation become constants.
 *
 * @throws Error when the native backend is not the current one.
 */
export function record(
  inputs: Record<string, tf.Tensor>, run: (inputs: Record<string, tf.Tensor>) => Record<string, tf.Tensor>,
): Program {
  if (tf.getBackend() !== 'tensorflow') throw new Error('only the native backend can be recorded');
  const backend = tf.backend() as unknown as NativeBackend;
  const recorder = new Recorder(backend, inputs);
  const { executeSingleOutput, executeMultipleOutputs } = backend;
  backend.executeSingleOutput = (name, attributes, tensors) => {
    const refs = tensors.map((tensor) => recorder.refOf(tensor));
    const result = executeSingleOutput.call(backend, name, attributes, tensors) as tf.Tensor;
    recorder.add(name, attributes, refs, [result]);
    return result;
  };
  backend.executeMultipleOutputs = (name, attributes, tensors, outputs) => {
    const refs = tensors.map((tensor) => recorder.refOf(tensor));
    const results = executeMultipleOutputs.call(backend, name, attributes, tensors, outputs) as tf.Tensor[];
    recorder.add(name, attributes, refs, results);
    return results;
  };
  try {
    tf.tidy(() => {
      const outputs = run(inputs);
      for (const [name, tensor] of Object.entries(outputs)) recorder.program.outputs[name] = recorder.refOf(tensor);
    });
  } finally {
    Object.assign(backend, { executeSingleOutput, executeMultipleOutputs });
  }
  return recorder.program;
}

class Recorder {
  readonly program: Program = { inputs: {}, constants: [], operations: [], outputs: {} };
  private readonly known = new Map<object, Ref>();
  private readonly attributeTypes: Map<number, Attribute['type']>;

  constructor({ binding }: NativeBackend, inputs: Record<string, tf.Tensor>) {
    this.attributeTypes = new Map([
      [binding.TF_ATTR_STRING, 'string'], [binding.TF_ATTR_INT, 'int'], [binding.TF_ATTR_FLOAT, 'float'],
      [binding.TF_ATTR_BOOL, 'bool'], [binding.TF_ATTR_TYPE, 'type'], [binding.TF_ATTR_SHAPE, 'shape'],
    ]);
    for (const [name, tensor] of Object.entries(inputs)) {
      this.program.inputs[name] = { dtype: tensor.dtype as DType, shape: [...tensor.shape] };
      this.known.set(tensor.dataId, { input: name });
    }
  }

  /** Where a tensor comes from. Constants are read here and now: their tensors may be gone later. */
  refOf({ dataId, dtype, shape }: tf.TensorInfo): Ref {
    const found = this.known.get(dataId);
    if (found) return found;
    const values = tf.backend().readSync(dataId) as Constant['values'];
    const typed = dtype === 'float32' ? Float32Array.from(values) : dtype === 'int32' ? Int32Array.from(values) : Uint8Array.from(values);
    const ref: Ref = { constant: this.program.constants.push({ dtype: dtype as DType, shape: [...shape], values: typed }) - 1 };
    this.known.set(dataId, ref);
    return ref;
  }

  add(op: string, attributes: NativeAttribute[], inputs: Ref[], results: tf.Tensor[]): void {
    const node = this.program.operations.push({
      op, inputs,
      attributes: attributes.map(({ name, type, value }) => ({ name, type: this.attributeTypes.get(type)!, value: value as Attribute['value'] })),
      outputs: results.map(({ dtype, shape }) => ({ dtype: dtype as DType, shape: [...shape] })),
    }) - 1;
    results.forEach(({ dataId }, output) => this.known.set(dataId, { node, output }));
  }
}
