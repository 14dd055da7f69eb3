/**
 * The Gaussian spike (Saha, Liu, Liang, arXiv 2411.00273): weights without gates under the scale mixture
 *
 *     p(w) = rho N(0, tau^2) + (1 - rho) N(0, spike^2),  q(w) = N(mu, sigma^2)
 *
 * and how probable it is that a weight comes from the slab. All in float64 and in nats.
 *
 * With the odds of the spike, (1 - r(w)) / r(w) = exp(offset - curvature w^2 / 2), log p is that of the slab plus a bump,
 *
 *     log p(w) = log rho N(w; 0, tau^2) + B(w),  B(w) = log(1 + exp(offset - curvature w^2 / 2)),
 *
 * so that only expectations of functions that vanish away from the spike remain to be computed numerically.
 */
import { sigmoid, softplus } from '../maths/scalar.js';
import type { BlockPrior, LayerPosterior } from '../types.js';
import { rowBlocks } from './prior.js';
import { spikeShape, trapezoid, type Mixture, type SpikeShape } from './spike-shape.js';

const { nodes: NODES, weight: WEIGHT } = trapezoid(33, 5.5);

export interface SpikeExpectations {
  /** E B(w). */
  bump: number;
  /** E (1 - r(w)): the probability that the weight comes from the spike. */
  off: number;
  /** E (1 - r(w)) w^2. */
  offSquare: number;
}

/**
 * Expectations under N(mu, sigma^2). The nodes x of the standard normal lie where the product of q and the bump does, so
 * that neither a wide q nor a narrow one is too much for them.
 */
export function spikeExpectations(mu: number, sigma: number, { offset, curvature, width2 }: SpikeShape): SpikeExpectations {
  const total = sigma * sigma + width2;
  const [shrink, shift] = [Math.sqrt(width2 / total), (mu * sigma) / total];
  const sums = { bump: 0, off: 0, offSquare: 0 };
  for (const t of NODES) {
    const x = shrink * t - shift;
    const square = (mu + sigma * x) ** 2;
    const logOdds = offset - 0.5 * curvature * square;
    const density = WEIGHT * shrink * Math.exp(-0.5 * x * x);
    const off = density * sigmoid(logOdds);
    sums.bump += density * softplus(logOdds);
    sums.off += off;
    sums.offSquare += off * square;
  }
  return sums;
}

/** A block's mixture; undefined where the spike is a point at zero. */
export const mixtureOf = ({ edge, tau, spike }: BlockPrior): Mixture | undefined =>
  (spike === undefined ? undefined : { edge, tau, spike });

/** KL(N(mu, sigma^2) || mixture), -log rho included. */
export function mixtureKl(mu: number, sigma: number, mixture: Mixture, shape = spikeShape(mixture)): number {
  const ratio = (sigma / mixture.tau) ** 2;
  const slab = 0.5 * (ratio + (mu / mixture.tau) ** 2 - 1 - Math.log(ratio));
  return slab - Math.log(mixture.edge) - spikeExpectations(mu, sigma, shape).bump;
}

/**
 * Probability of every edge's own indicator, d x k: alpha, or under a Gaussian spike the expected responsibility of the slab,
 * E_q[ rho N(w; 0, tau^2) / p(w) ]. Given q the indicators of different edges are independent either way.
 */
export function edgeProbabilities(layer: LayerPosterior): Float32Array {
  if (!mixtureOf(layer.prior)) return layer.alpha;
  const shapes = rowBlocks(layer).flatMap((block) => Array<SpikeShape>(block.rows).fill(spikeShape(mixtureOf(block)!)));
  const rowOf = (w: number): number => Math.floor(w / layer.outputs);
  return layer.mu.map((mu, w) => Math.min(1, Math.max(0, 1 - spikeExpectations(mu, layer.sigma[w], shapes[rowOf(w)]).off)));
}
