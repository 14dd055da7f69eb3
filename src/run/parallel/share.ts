/** Encoded rows in shared memory, so that worker threads see them without a copy. */

import type { Matrix } from '../../types.js';
import type { Prepared } from '../prepare.js';

/** The same rows in memory that all threads see; what they were in before can then be freed. */
export function shareRows(prepared: Prepared): Prepared {
  // The training rows and what the likelihood takes of them are mostly the same arrays, and stay so.
  const moved = new Map<Float32Array, Float32Array>();
  const share = (data: Float32Array): Float32Array => {
    const known = moved.get(data);
    if (known) return known;
    const shared = new Float32Array(new SharedArrayBuffer(data.byteLength));
    shared.set(data);
    moved.set(data, shared);
    return shared;
  };
  const matrix = ({ rows, cols, data }: Matrix): Matrix => ({ rows, cols, data: share(data) });
  const sets = Object.fromEntries(Object.entries(prepared.sets).filter(([, set]) => set !== undefined)
    .map(([name, { x, y }]) => [name, { x: matrix(x), y: share(y) }]));
  return { ...prepared, sets, fitData: { x: matrix(prepared.fitData.x), y: matrix(prepared.fitData.y) } };
}
