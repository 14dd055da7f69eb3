/** The networks that a posterior is cut to, from the mildest threshold to the strictest, and the choice between them. */
import type { CompressedModel, Encoder, Posterior } from '../../types.js';
import type { Pips, PruneLevel } from './masks.js';
import { compressedGraph } from '../predictive/compressed.js';
import { pairedDifference, type Difference } from '../../maths/statistics.js';
import { cutNetwork, type CutFacts } from './cut.js';

/** PIPs settle near 0 and 1, so that the grid is finer there. */
export const THRESHOLDS: readonly number[] = [
  0.01, 0.02, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.93, 0.95, 0.97, 0.98, 0.99,
];

/** A network, and the thresholds of the grid that give it. */
export interface Cut {
  /** The one next to 0.5. */
  threshold: number;
  from: number;
  to: number;
  model: CompressedModel;
}

/** The different networks of the grid, by rising threshold. */
export function distinctCuts(
  posterior: Posterior, pips: Pips, encoder: Encoder, level: PruneLevel, facts?: CutFacts,
): Cut[] {
  const cuts: Cut[] = [];
  for (const threshold of THRESHOLDS) {
    const { model } = cutNetwork(posterior, pips, encoder, { threshold, level }, facts);
    const last = cuts.at(-1);
    if (!last || !sameNetwork(last.model, model)) cuts.push({ threshold, from: threshold, to: threshold, model });
    else if (Math.abs(threshold - 0.5) < Math.abs(last.threshold - 0.5)) Object.assign(last, { threshold, to: threshold, model });
    else last.to = threshold;
  }
  return cuts;
}

/** Whether two cuts of one posterior compute the same; units of different names have weights of their own. */
function sameNetwork(one: CompressedModel, other: CompressedModel): boolean {
  const same = (a: ArrayLike<unknown>, b: ArrayLike<unknown>): boolean =>
    a.length === b.length && Array.prototype.every.call(a, (value, at) => value === b[at]);
  const [graph, others] = [compressedGraph(one), compressedGraph(other)];
  return one.layers.length === other.layers.length &&
    same(one.encoder.features.map(({ name }) => name), other.encoder.features.map(({ name }) => name)) &&
    one.layers.every((layer, l) => {
      const { units, weight, weightSd, bias, biasSd } = other.layers[l];
      return same(layer.units, units) && same(graph.sourcesOf(l), others.sourcesOf(l)) &&
        same(layer.weight, weight) && same(layer.weightSd, weightSd) &&
        same(layer.bias, bias) && same(layer.biasSd, biasSd);
    });
}

export interface SparsityChoice {
  /** Index of the smallest mean loss; of equals, the sparsest. */
  best: number;
  /** Index of what the rule takes. */
  chosen: number;
  /** What each loses more than the best. */
  excess: Difference[];
}

/**
 * The one-standard-error rule (Breiman, Friedman, Olshen, Stone: Classification and Regression Trees, 1984, section 3.4.3):
 * the sparsest whose loss is no more than one standard error above the smallest. The error is that of the paired
 * difference, which is what the two are compared by.
 * @param losses one per row, for each network, the sparsest last
 */
export function sparsestWithinError(losses: readonly Float64Array[], weights?: ArrayLike<number>): SparsityChoice {
  const totals = losses.map((rows) => {
    const total = rows.reduce((sum, loss, n) => sum + (weights ? weights[n] : 1) * loss, 0);
    return Number.isFinite(total) ? total : Infinity;
  });
  const best = totals.lastIndexOf(Math.min(...totals));
  const excess = losses.map((rows) => pairedDifference(rows, losses[best], weights));
  // The best itself is within, whatever a loss that is not finite makes of the rest.
  const chosen = Math.max(best, excess.findLastIndex(({ mean, standardError }) => mean <= standardError));
  return { best, chosen, excess };
}
