/** Between the flat vectors that a fit keeps and the tensors that its packing trains them in. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensors } from '../engine/scan.js';
import type { Packing, Part } from '../model/packing/types.js';

const sizeOf = ({ shape }: Part): number => shape.reduce((product, n) => product * n, 1);

/** Tensors of a vector [P] under the names that `nameOf` gives; the caller disposes them. */
export function toParts(flat: Float32Array, { parts }: Packing, nameOf: (part: string) => string): Tensors {
  return Object.fromEntries(parts.map((part) =>
    [nameOf(part.name), tf.tensor(flat.subarray(part.offset, part.offset + sizeOf(part)), part.shape, 'float32')]));
}

/** The vector [P] of such tensors. */
export function fromParts(tensors: Tensors, { parts, layout }: Packing, nameOf: (part: string) => string): Float32Array {
  const flat = new Float32Array(layout.size);
  for (const part of parts) flat.set(tensors[nameOf(part.name)].dataSync() as Float32Array, part.offset);
  return flat;
}

/** Learning rates [P] by part: one number where a part is of one kind, else one per parameter. */
export function rateParts(rates: Float32Array, { parts }: Packing, nameOf: (part: string) => string): Tensors {
  return Object.fromEntries(parts.map((part) => {
    const own = rates.subarray(part.offset, part.offset + sizeOf(part));
    return [nameOf(part.name), part.mixed ? tf.tensor1d(own) : tf.scalar(own[0])];
  }));
}
