/** The two packings (see types.ts), by name. */
import { layoutOf, type NetworkShape } from '../shape.js';
import { flatPacking } from './flat.js';
import { matrixPacking } from './matrix.js';
import type { Packing, PackingKind } from './types.js';

/** The caller disposes it. */
export function makePacking(shape: NetworkShape, kind: PackingKind): Packing {
  const layout = layoutOf(shape);
  return kind === 'flat' ? flatPacking(shape, layout) : matrixPacking(shape, layout);
}
