/** What is written down about a fit as it goes. */
import { edgeProbabilities } from '../model/mixture.js';
import type { Posterior } from '../types.js';

/** Expected numbers of what is open under q. */
export interface ActiveCounts {
  weights: number;
  nodes: number;
  inputs: number;
}

/** A row of history.csv. ELBO (tempered), log-likelihood and KL in nats, under the training surrogate, at full KL weight. */
export interface HistoryRow {
  epoch: number;
  step: number;
  elbo: number;
  logLikelihood: number;
  kl: number;
  /** KL weight that the step was trained with. */
  beta: number;
  noiseVariance: number;
  active: ActiveCounts;
}

/** Expected open weights (sum of z alpha, or of the slab's responsibilities), hidden nodes and inputs (sums of z). */
export function activeCounts({ layers }: Posterior): ActiveCounts {
  let weights = 0;
  for (const layer of layers) {
    const { z, group, outputs } = layer;
    const alpha = edgeProbabilities(layer);
    for (let w = 0; w < alpha.length; w++) weights += alpha[w] * z[group[Math.floor(w / outputs)]];
  }
  const open = layers.map(({ z }) => z.reduce((total, value) => total + value, 0));
  return { weights, inputs: open[0], nodes: open.slice(1).reduce((total, value) => total + value, 0) };
}
