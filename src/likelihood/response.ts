/** What a likelihood takes of the targets of some rows. */
import { takeRows } from '../maths/vector.js';
import type { Response, RowFacts } from '../types.js';

/** Of some rows. */
export function factsAt({ groups, times }: RowFacts, rows: Int32Array): RowFacts {
  return {
    ...(groups && { groups: Int32Array.from(rows, (row) => groups[row]) }),
    ...(times && { times: Float64Array.from(rows, (row) => times[row]) }),
  };
}

/** The rows [n] of a response, with what is known of them. */
export const takeResponses = (y: Response, rows: Int32Array): Response => ({ ...takeRows(y, rows), ...factsAt(y, rows) });
