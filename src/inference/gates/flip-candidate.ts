/** One gate and its edges, as far as they matter in the draws. */
import type { LayerPosterior } from '../../types.js';
import type { HardDraws } from './flip-draws.js';

/** A gate that is to be turned in the draws in which it has an edge to a living unit. */
export interface Candidate {
  /** In ascending order. */
  draws: number[];
  /** Whether it is on at present, per draw. */
  on: boolean[];
  /** Per draw: positions in the draw's list of living units. */
  units: number[][];
  /** Per draw and unit one number per column: the weight, or minus it where the gate is on and would be closed. */
  weights: number[][];
  /** Input columns of the gate (layer 0), or its unit in the layer below. */
  columns: Int32Array;
  /** The most units in a draw. */
  width: number;
}

/** What the candidates of a layer share. */
export interface CandidateLayer {
  layer: LayerPosterior;
  index: number;
  draws: HardDraws;
  /** Living units, [draw][layer]. */
  living: readonly Int32Array[][];
  /** Whether it is the last layer, all of whose outputs go along. */
  last: boolean;
}

/**
 * The candidate of gate k. Draws in which it has no edge to a living unit are not in it: there the likelihood is the same
 * on both sides.
 */
export function makeCandidate(place: CandidateLayer, k: number, columns: Int32Array): Candidate {
  const { layer: { outputs }, index, draws, living, last } = place;
  const candidate: Candidate = { draws: [], on: [], units: [], weights: [], columns, width: 0 };
  draws.networks.forEach((network, s) => {
    const { weight } = network[index];
    const touches = (unit: number): boolean => columns.some((i) => weight[i * outputs + unit] !== 0);
    const alive = living[s][index];
    const positions = [...alive.keys()];
    const touched = positions.filter((u) => touches(alive[u]));
    if (touched.length === 0) return;
    const units = last ? positions : touched;
    const on = draws.isOn(index, k, s);
    candidate.draws.push(s);
    candidate.on.push(on);
    candidate.units.push(units);
    candidate.weights.push(units.flatMap((u) =>
      Array.from(columns, (i) => (on ? -1 : 1) * weight[i * outputs + alive[u]])));
    candidate.width = Math.max(candidate.width, units.length);
  });
  return candidate;
}

/** Some of a candidate's draws. */
export const part = ({ draws, on, units, weights, ...rest }: Candidate, from: number, to: number): Candidate => ({
  ...rest, draws: draws.slice(from, to), on: on.slice(from, to), units: units.slice(from, to), weights: weights.slice(from, to),
});

/** Lists one after the other, each filled up with zeros to `length`. */
export function padded(lists: readonly (readonly number[])[], length: number): Float32Array {
  const all = new Float32Array(lists.length * length);
  lists.forEach((list, at) => all.set(list, at * length));
  return all;
}
