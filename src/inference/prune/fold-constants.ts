/** Constants moved into biases: a hidden unit without living inputs always gives phi(b). */
import { ACTIVATIONS } from '../../activations.js';
import { graphOf } from '../../model/graph.js';
import type { Posterior } from '../../types.js';
import type { Living, Masks } from './masks.js';

/** A layer's biases, k each. */
export interface Biases {
  mean: Float64Array;
  variance: Float64Array;
}

/**
 * Biases of every layer after folding, for all units of the original network.
 *
 * Means: b'_k = mu_b,k + sum_j phi(b'_j) mu_jk over constant units j, so the network of posterior means is unchanged.
 * Variances, to first order in b'_j (delta method): with c = phi(b'_j) and v = phi'(b'_j)^2 Var(b'_j) the product of the
 * independent phi(b'_j) and w_jk has variance c^2 sigma_jk^2 + v (mu_jk^2 + sigma_jk^2). That two units k share the
 * constant j, and so are correlated, is not kept: a bias is stored with its own standard deviation only.
 */
export function foldConstants(posterior: Posterior, masks: Masks, living: Living): Biases[] {
  const { activation, layers } = posterior;
  const graph = graphOf(posterior);
  const folded: Biases[] = [];
  for (const [l, layer] of layers.entries()) {
    const mean = Float64Array.from(layer.biasMu);
    const variance = Float64Array.from(layer.biasSigma, (sd) => sd * sd);
    for (const { tier, row, units } of graph.feedsOf(l)) units.forEach((j, i) => {
      if (!living.constants[tier][j]) return;
      const source = folded[tier - 1];
      const value = ACTIVATIONS[activation].value(source.mean[j]);
      const spread = ACTIVATIONS[activation].slope(source.mean[j]) ** 2 * source.variance[j];
      for (let k = 0, at = (row + i) * layer.outputs; k < layer.outputs; k++, at++) {
        if (!masks.weights[l][at]) continue;
        const mu = layer.mu[at];
        const weightVariance = layer.sigma[at] ** 2;
        mean[k] += value * mu;
        variance[k] += value * value * weightVariance + spread * (mu * mu + weightVariance);
      }
    });
    folded.push({ mean, variance });
  }
  return folded;
}
