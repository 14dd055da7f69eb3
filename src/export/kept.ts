/** Which weights of a layer are kept. */
import type { CompressedLayer } from '../types.js';

/** Places in the matrix, row by row, rising. */
export const keptPlaces = ({ weight, weightSd }: Pick<CompressedLayer, 'weight' | 'weightSd'>): Uint32Array =>
  Uint32Array.from(weight.keys()).filter((at) => weight[at] !== 0 || weightSd[at] !== 0);
