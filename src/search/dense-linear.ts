/**
 * The linear model of all inputs, beside the sparse structures: where many inputs matter a little, its evidence is above theirs.
 * It says nothing of single inputs and counts in predictions alone.
 */
import { logSumExp } from '../maths/quadrature.js';
import { allLinear, Axes } from './axes.js';
import type { Visited } from './chain.js';
import { Evaluator } from './evaluator.js';
import { fitNetwork } from './fit.js';
import { pack } from './layout.js';
import { weightsOf } from './network.js';
import type { SearchTable } from './problem.js';
import { CENTRE, logScalePrior, MOST_STEPS, slabsAt } from './scales.js';
import type { Weighted } from './summary.js';

/** Multiplications of a Hessian and its factor, of which some tens are taken, beyond which it is left out. */
const MOST_WORK = 1e8;
/** Nats below the best scale at which others are of no consequence. */
const NEGLIGIBLE = 12;
/** Of columns that outnumber the rows. */
const POWERS = [0, 1, 2];

/** The linear model of all inputs at one scale of its slab; weights are on axes of the columns. */
export interface DenseFit {
  visited: Visited;
  axes: Axes;
}

/** Its fits at all scales that matter; none where it takes too much work. Yields after each. */
export function* denseLinear(table: SearchTable): Generator<void, DenseFit[]> {
  if (!isWithinReach(table)) return [];
  const powers = table.x.length > table.rows ? POWERS : [0];
  const fits: DenseFit[] = [];
  for (const axes of Axes.of(table, powers)) {
    for (const visited of yield* overScales(axes.table)) {
      fits.push({ visited: { ...visited, log: visited.log - Math.log(powers.length) }, axes });
    }
  }
  const total = logSumExp(fits.map(({ visited: { log } }) => log));
  return fits.filter(({ visited: { log } }) => log > total - NEGLIGIBLE);
}

/** From small scales, where it is hardly more than a constant, up. */
function* overScales(table: SearchTable): Generator<void, Visited[]> {
  const evaluator = new Evaluator(table);
  const fits: Visited[] = [];
  let from = allLinear(table);
  let most = -Infinity;
  for (let skip = -MOST_STEPS; skip <= MOST_STEPS; skip++) {
    const scales = { ...CENTRE, skip };
    const { network, evidence, indefinite } = fitNetwork(evaluator, from, slabsAt(table.likelihood, scales));
    const log = evidence + logScalePrior(skip);
    fits.push({ network, scales, evidence, log, visits: 0, abandoned: false, indefinite });
    yield;
    most = Math.max(most, log);
    if (log < most - NEGLIGIBLE) break;
    from = network;
  }
  return fits;
}

/** By the weights on as many axes as there can be, and by the products of rows or columns that tell the axes. */
function isWithinReach({ rows, x: { length: columns }, outputs }: SearchTable): boolean {
  const axes = Math.min(rows, columns);
  const weights = (1 + axes) * outputs;
  return rows * weights ** 2 / 2 + weights ** 3 / 6 <= MOST_WORK && rows * columns * axes <= 10 * MOST_WORK;
}

/** The modes of its scales, averaged by weight: weights d x K by encoded column, and biases K. @param dense at least one */
export function averageMode(
  dense: readonly Weighted[], { places, outputs: K }: SearchTable,
): { weight: Float32Array; bias: Float32Array } {
  const order = places.flat();
  const [weight, bias] = [new Float32Array(order.length * K), new Float32Array(K)];
  for (const { visited: { network }, axes, weight: share } of dense) {
    const w = axes!.back(pack(network, axes!.table, weightsOf(network, axes!.table)));
    for (let k = 0; k < K; k++) bias[k] += share * w[k];
    order.forEach((c, at) => {
      for (let k = 0; k < K; k++) weight[c * K + k] += share * w[(1 + at) * K + k];
    });
  }
  return { weight, bias };
}

/** Its scales by their posterior probability, which add up to 1; by descending weight. */
export function weightedScales(dense: readonly DenseFit[]): Weighted[] {
  const total = logSumExp(dense.map(({ visited: { log } }) => log));
  return dense.map(({ visited, axes }): Weighted => {
    const weight = Math.exp(visited.log - total);
    return { visited, weight, byEvidence: weight, byVisits: weight, axes };
  }).sort((a, b) => b.weight - a.weight);
}
