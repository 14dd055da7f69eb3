/** Uniform random numbers as tensors, drawn for many steps at once; a step makes normal ones of them (kernels.ts). */
import * as tf from '@tensorflow/tfjs-core';
import type { Stream } from '../random.js';
import { philoxUniforms } from './philox.js';

/** The part of tfjs-node's backend that runs an operation of TensorFlow by name. */
interface NativeBackend {
  binding: Record<string, number>;
  executeSingleOutput(name: string, attributes: { name: string; type: number; value: unknown }[], inputs: tf.Tensor[]): tf.Tensor;
}

/**
 * `rows` x `cols` independent numbers, uniform on [0, 1), which depend on the stream alone: the native engine draws them by
 * TensorFlow's stateless kernel from two integers of the stream, other engines draw the same ones without it.
 */
export function drawUniforms(stream: Stream, rows: number, cols: number): tf.Tensor2D {
  const seeds: [number, number] = [stream.bits() | 0, stream.bits() | 0];
  if (tf.getBackend() !== 'tensorflow') return tf.tensor2d(philoxUniforms(rows * cols, seeds), [rows, cols]);
  const backend = tf.backend() as unknown as NativeBackend;
  const { TF_ATTR_TYPE, TF_FLOAT, TF_INT32 } = backend.binding;
  const attributes = Object.entries({ dtype: TF_FLOAT, T: TF_INT32, Tseed: TF_INT32 })
    .map(([name, value]) => ({ name, type: TF_ATTR_TYPE, value }));
  return tf.tidy(() => {
    const inputs = [tf.tensor1d([rows, cols], 'int32'), tf.tensor1d(seeds, 'int32')];
    return backend.executeSingleOutput('StatelessRandomUniform', attributes, inputs) as tf.Tensor2D;
  });
}
