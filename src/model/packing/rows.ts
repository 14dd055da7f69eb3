/** Values of the prior for the rows of a layer's matrix. */
import type { Graph } from '../graph.js';
import { blockValues, isKept, keptEdges, type Prior, type PriorRole } from '../prior.js';

/** One per row. The edges that lead directly from kept inputs to the outputs are held open. */
export function rowValues(graph: Graph, group: Int32Array, prior: Prior, l: number, role: PriorRole): number[] {
  return graph.blocks.flatMap(({ layer, feed }, b) => {
    if (layer !== l) return [];
    const [common, kept] = [blockValues(prior, b)[role]!, keptEdges(prior, b)[role]!];
    const direct = feed.tier === 0 && l === graph.depth - 1;
    return Array.from(feed.units, (unit) => (direct && isKept(prior.own, group[unit]) ? kept : common));
  });
}
