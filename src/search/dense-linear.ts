/**
 * The linear model of all inputs, beside the sparse structures: where many inputs matter a little, its evidence is above theirs.
 * It says nothing of single inputs and counts in predictions alone.
 */
import { logSumExp } from '../maths/quadrature.js';
import { Evaluator } from './evaluator.js';
import { fitNetwork } from './fit.js';
import { emptyNetwork } from './network.js';
import type { SearchTable } from './problem.js';
import { CENTRE, logScalePrior, MOST_STEPS, slabsAt } from './scales.js';
import { withLinear } from './starts.js';
import type { Visited } from './chain.js';
import type { Weighted } from './summary.js';

/** Weights beyond which it is left out, for a fit takes their square times the rows. */
const MOST_WEIGHTS = 150;
const NEGLIGIBLE = 12;

/** Its fits, one a scale of the slab; none where it has too many weights. Yields after each. */
export function* denseLinear(table: SearchTable, noiseVariance = 1): Generator<void, Visited[]> {
  if (table.x.length * table.outputs > MOST_WEIGHTS) return [];
  const evaluator = new Evaluator(table, noiseVariance);
  const all = Array.from({ length: table.inputs }, (_, input) => input);
  const start = withLinear(table, emptyNetwork(table.outputs), all);
  const fits: Visited[] = [];
  for (let skip = -MOST_STEPS; skip <= MOST_STEPS; skip++) {
    const scales = { ...CENTRE, skip };
    const from = fits.at(-1)?.network ?? start;
    const { network, evidence, indefinite } = fitNetwork(evaluator, from, slabsAt(table.likelihood, scales));
    fits.push({ network, scales, evidence, log: evidence + logScalePrior(skip), visits: 0, abandoned: false, indefinite });
    yield;
  }
  return fits;
}

/** The average over both, each as probable as the other before the rows were seen; by descending weight. */
export function withDense(structures: readonly Weighted[], dense: readonly Visited[]): Weighted[] {
  if (dense.length === 0) return [...structures];
  const sparse = logSumExp(structures.map(({ visited: { log } }) => log));
  const total = logSumExp(dense.map(({ log }) => log));
  const share = 1 / (1 + Math.exp(sparse - total));
  const others = dense.filter(({ log }) => log > total - NEGLIGIBLE).map((visited): Weighted => {
    const weight = share * Math.exp(visited.log - total);
    return { visited, weight, byEvidence: weight, byVisits: weight };
  });
  const own = structures.map((each) => ({ ...each, weight: (1 - share) * each.weight }));
  return [...own, ...others].sort((a, b) => b.weight - a.weight);
}
