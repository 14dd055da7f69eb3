/** What a likelihood takes of the targets of some rows. */
import { sumOf } from '../maths/statistics.js';
import { takeRows } from '../maths/vector.js';
import type { Response, RowFacts, Target } from '../types.js';
import type { OutputDraws } from './types.js';

/** Of some rows. */
export function factsAt({ weights, groups, times, exposure, events, others }: RowFacts, rows: Int32Array): RowFacts {
  return {
    ...(weights && { weights: taken(weights, rows, new Float32Array(rows.length)) }),
    ...(groups && { groups: taken(groups, rows, new Int32Array(rows.length)) }),
    ...(times && { times: taken(times, rows, new Float64Array(rows.length)) }),
    ...(exposure && { exposure: taken(exposure, rows, new Float32Array(rows.length)) }),
    ...(events && { events: taken(events, rows, new Uint8Array(rows.length)) }),
    ...(others && { others: others.map((each) => taken(each, rows, new Float64Array(rows.length))) }),
  };
}

function taken<A extends Float32Array | Float64Array | Int32Array | Uint8Array>(all: A, rows: Int32Array, some: A): A {
  for (let n = 0; n < rows.length; n++) some[n] = all[rows[n]];
  return some;
}

/** How many rows there are, by their weights. */
export const totalWeight = ({ rows, weights }: Pick<Response, 'rows' | 'weights'>): number => (weights ? sumOf(weights) : rows);

/** The rows [n] of a response, with what is known of them. */
export const takeResponses = (y: Response, rows: Int32Array): Response =>
  ({ ...takeRows(y, rows), ...(y.outputs !== undefined && { outputs: y.outputs }), ...factsAt(y, rows) });

/** K: outputs that a network for such targets has. */
export const outputCount = ({ outputs, cols }: Pick<Response, 'outputs' | 'cols'>): number => outputs ?? cols;

/**
 * The outputs as those of rows of which this is known. Where a row was counted in an exposure e, they are higher by log e: such
 * likelihoods have one output, the logarithm of a rate.
 */
export function outputsFor(outputs: OutputDraws, target: Target, { exposure, events, others }: RowFacts = {}): OutputDraws {
  const known = { target, ...(events && { events }), ...(others && { others }) };
  if (!exposure) return { ...outputs, known };
  const { rows, values } = outputs;
  const added = Float64Array.from(exposure, Math.log);
  return { ...outputs, known, values: values.map((value, at) => value + added[at % rows]) };
}
