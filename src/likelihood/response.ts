/** What a likelihood takes of the targets of some rows. */
import { sumOf } from '../maths/statistics.js';
import { takeRows } from '../maths/vector.js';
import type { Response, RowFacts, Target } from '../types.js';
import type { OutputDraws } from './types.js';

/** Of some rows. */
export function factsAt({ weights, groups, times, exposure, events, others }: RowFacts, rows: Int32Array): RowFacts {
  return {
    ...(weights && { weights: Float32Array.from(rows, (row) => weights[row]) }),
    ...(groups && { groups: Int32Array.from(rows, (row) => groups[row]) }),
    ...(times && { times: Float64Array.from(rows, (row) => times[row]) }),
    ...(exposure && { exposure: Float32Array.from(rows, (row) => exposure[row]) }),
    ...(events && { events: Uint8Array.from(rows, (row) => events[row]) }),
    ...(others && { others: others.map((each) => Float64Array.from(rows, (row) => each[row])) }),
  };
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
