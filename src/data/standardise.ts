/** From a raw value to the network's input, and back. */

import type { EncodedColumn } from '../types.js';

/** On the way back no value is so far out that it is infinite. */
const FARTHEST = 1000;

/**
 * (raw - mean) / scale; with a clip c, z beyond it becomes c (2 - c / |z|) with its sign: smooth, rising, and below 2 c however
 * large the cell is.
 */
export function standardise({ mean, scale, clip }: Pick<EncodedColumn, 'mean' | 'scale' | 'clip'>, raw: number): number {
  const z = (raw - mean) / scale;
  return clip === undefined || Math.abs(z) <= clip ? z : Math.sign(z) * clip * (2 - clip / Math.abs(z));
}

/** The raw value of an encoded one. */
export function unstandardise({ mean, scale, clip }: Pick<EncodedColumn, 'mean' | 'scale' | 'clip'>, encoded: number): number {
  if (clip === undefined || Math.abs(encoded) <= clip) return encoded * scale + mean;
  const z = clip / Math.max(1 / FARTHEST, 2 - Math.abs(encoded) / clip);
  return Math.sign(encoded) * z * scale + mean;
}
