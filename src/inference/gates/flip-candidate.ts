/** One gate and its edges, as far as they matter in the draws. */
import type { Graph } from '../../model/graph.js';
import type { HardDraws } from './flip-draws.js';

/** A gate that is to be turned in the draws in which it has an edge to a living unit. */
export interface Candidate {
  /** In ascending order. */
  draws: number[];
  /** Whether it is on at present, per draw. */
  on: boolean[];
  /** Per draw: positions, in the draw's list of living units, of those that it touches in the layer after its tier. */
  units: number[][];
  /** Per draw and unit one number per column: the weight, or minus it where the gate is on and would be closed. */
  weights: number[][];
  /** The same of each layer further on that reads the gate's source, for all its living units. */
  further: Map<number, number[][]>;
  /** Input columns of the gate (tier 0), or its unit. */
  columns: Int32Array;
  /** The most units in a draw, at least 1. */
  width: number;
}

/** What the candidates of a tier share. */
export interface CandidateTier {
  graph: Graph;
  tier: number;
  draws: HardDraws;
  /** Living units, [draw][layer]. */
  living: readonly Int32Array[][];
}

/**
 * The candidate of gate k. Draws in which it has no edge to a living unit are not in it: there the likelihood is the same
 * on both sides.
 */
export function makeCandidate(place: CandidateTier, k: number, columns: Int32Array): Candidate {
  const { graph, tier, draws } = place;
  const last = tier === graph.depth - 1;
  const further = graph.readersOfTier(tier).filter((l) => l > tier);
  const candidate: Candidate = { draws: [], on: [], units: [], weights: [], further: new Map(), columns, width: 1 };
  for (const l of further) candidate.further.set(l, []);
  const rows = new Map([tier, ...further].map((l) => {
    const rowOf = graph.rowsOfTier(l, tier);
    return [l, columns.map((i) => rowOf[i])];
  }));
  for (let s = 0; s < draws.count; s++) {
    const edges = (l: number): Edges => edgesOf(place, s, l, rows.get(l)!);
    const [own, others] = [edges(tier), further.map(edges)];
    if (own.touched.length === 0 && others.every(({ touched }) => touched.length === 0)) continue;
    const on = draws.isOn(tier, k, s);
    const signed = (values: number[]): number[] => values.map((weight) => (on ? -1 : 1) * weight);
    // The last layer's outputs all go along.
    const units = last ? [...place.living[s][tier].keys()] : own.touched;
    candidate.draws.push(s);
    candidate.on.push(on);
    candidate.units.push(units);
    candidate.weights.push(signed(units.flatMap(own.weights)));
    others.forEach((other, at) => {
      candidate.further.get(further[at])!.push(signed([...place.living[s][further[at]].keys()].flatMap(other.weights)));
    });
    candidate.width = Math.max(candidate.width, units.length);
  }
  return candidate;
}

/** A gate's edges to the living units of a layer in one draw. */
interface Edges {
  /** Positions of the units to which there is one. */
  touched: number[];
  /** One number per column to the unit at a position. */
  weights: (position: number) => number[];
}

/** @param rows of the layer's matrix, one per column; -1 for what the layer does not read. */
function edgesOf({ graph, draws, living }: CandidateTier, s: number, l: number, rows: Int32Array): Edges {
  const { weight } = draws.networks[s][l];
  const alive = living[s][l];
  const at = (row: number, position: number): number => (row < 0 ? 0 : weight[row * graph.outputs[l] + alive[position]]);
  return {
    touched: [...alive.keys()].filter((u) => rows.some((row) => at(row, u) !== 0)),
    weights: (u) => Array.from(rows, (row) => at(row, u)),
  };
}

/** Some of a candidate's draws. */
export const part = ({ draws, on, units, weights, further, ...rest }: Candidate, from: number, to: number): Candidate => ({
  ...rest, draws: draws.slice(from, to), on: on.slice(from, to), units: units.slice(from, to), weights: weights.slice(from, to),
  further: new Map([...further].map(([l, lists]) => [l, lists.slice(from, to)])),
});

/** Lists one after the other, each filled up with zeros to `length`. */
export function padded(lists: readonly (readonly number[])[], length: number): Float32Array {
  const all = new Float32Array(lists.length * length);
  lists.forEach((list, at) => all.set(list, at * length));
  return all;
}
