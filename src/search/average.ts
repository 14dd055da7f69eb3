/** Predictions by the average over structures. */
import type { Stream } from '../random.js';
import type { Matrix } from '../types.js';
import { Evaluator } from './evaluator.js';
import { refit } from './fit.js';
import type { Layout } from './layout.js';
import { outputsAt } from './outputs.js';
import { drawWeights } from './posterior.js';
import type { SearchTable } from './problem.js';
import { slabsAt } from './scales.js';
import type { Weighted } from './summary.js';

/** A drawn network: one structure's weights. */
export interface Member {
  structure: Weighted;
  layout: Layout;
  w: Float64Array;
  noiseVariance: number;
}

const MOST_STRUCTURES = 100;

/**
 * Networks drawn from the average over structures and their weights, all of the same weight; yields after each structure.
 * @param structures by descending weight
 */
export function* drawMembers(
  table: SearchTable, structures: readonly Weighted[], count: number, stream: Stream,
): Generator<void, Member[]> {
  const kept = structures.slice(0, MOST_STRUCTURES);
  const total = kept.reduce((sum, { weight }) => sum + weight, 0);
  const straight = new Evaluator(table);
  const members: Member[] = [];
  // Systematic resampling: structure m has as many draws as points (u + i) / count fall into its share.
  let below = -stream.uniform();
  for (const [m, structure] of kept.entries()) {
    const before = Math.floor(below);
    below += structure.weight / total * count;
    const own = Math.min(Math.floor(below) - before, count - members.length);
    if (own === 0) continue;
    const { visited: { network, scales }, axes } = structure;
    const evaluator = axes ? new Evaluator(axes.table) : straight;
    const fit = refit(evaluator, network, slabsAt(table.likelihood, scales));
    const layout = axes?.layoutAt(scales) ?? fit.layout;
    for (const { w, noiseVariance: noise } of drawWeights(evaluator, fit, own, stream.split('structure', m))) {
      members.push({
        structure, layout, w: axes?.back(w) ?? w, noiseVariance: table.likelihood.normal ? noise : table.noiseVariance,
      });
    }
    yield;
  }
  return members;
}

/** S x n x K: outputs of the members on encoded rows. */
export function memberOutputs(members: readonly Member[], { rows, cols, data }: Matrix): Float32Array {
  const columns = Array.from({ length: cols }, (_, c) => Float64Array.from({ length: rows }, (_each, n) => data[n * cols + c]));
  const [first] = members;
  const values = new Float32Array(members.length * rows * first.layout.outputs);
  members.forEach(({ layout, w }, s) => values.set(outputsAt(layout, w, columns, rows), s * rows * layout.outputs));
  return values;
}
