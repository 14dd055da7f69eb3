/** What a likelihood takes of the targets of some rows. */
import { sumOf } from '../maths/statistics.js';
import { takeRows } from '../maths/vector.js';
import type { Response, RowFacts } from '../types.js';

/** Of some rows. */
export function factsAt({ weights, groups, times, exposure }: RowFacts, rows: Int32Array): RowFacts {
  return {
    ...(weights && { weights: Float32Array.from(rows, (row) => weights[row]) }),
    ...(groups && { groups: Int32Array.from(rows, (row) => groups[row]) }),
    ...(times && { times: Float64Array.from(rows, (row) => times[row]) }),
    ...(exposure && { exposure: Float32Array.from(rows, (row) => exposure[row]) }),
  };
}

/** How many rows there are, by their weights. */
export const totalWeight = ({ rows, weights }: Pick<Response, 'rows' | 'weights'>): number => (weights ? sumOf(weights) : rows);

/** The rows [n] of a response, with what is known of them. */
export const takeResponses = (y: Response, rows: Int32Array): Response =>
  ({ ...takeRows(y, rows), ...(y.outputs !== undefined && { outputs: y.outputs }), ...factsAt(y, rows) });

/** K: outputs that a network for such targets has. */
export const outputCount = ({ outputs, cols }: Pick<Response, 'outputs' | 'cols'>): number => outputs ?? cols;
