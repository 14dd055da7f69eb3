/** Standard normal numbers inside a graph. */
import * as tf from '@tensorflow/tfjs-core';

/** How many uniform numbers {@link normalsFrom} needs for `length` normals. */
export const uniformsFor = (length: number): number => 2 * Math.ceil(length / 2);

/**
 * `length` independent standard normals from uniform numbers on [0, 1) (Box, Muller 1958), [uniformsFor(length)]. TensorFlow's
 * own kernel for normals draws them one at a time and takes as long as a small network's whole step; uniforms and the
 * operations here are vectorised.
 */
export function normalsFrom(uniforms: tf.Tensor1D, length: number): tf.Tensor1D {
  const half = uniforms.shape[0] / 2;
  const [first, second] = tf.split(uniforms, 2);
  // 1 - u is on (0, 1], so that its logarithm is finite.
  const radius = tf.sqrt(tf.mul(tf.log(tf.sub(1, first)), -2));
  const angle = tf.mul(second, 2 * Math.PI);
  const normals = tf.concat1d([tf.mul<tf.Tensor1D>(radius, tf.cos(angle)), tf.mul<tf.Tensor1D>(radius, tf.sin(angle))]);
  return length === 2 * half ? normals : tf.slice(normals, 0, length);
}
