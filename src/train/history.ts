/** What is written down about a fit as it goes. */
import { fail } from '../errors.js';
import { posteriorKl } from '../model/kl.js';
import { sourceGates, tierGates } from '../model/gates.js';
import { graphOf } from '../model/graph.js';
import { edgeProbabilities } from '../model/mixture.js';
import type { Posterior } from '../types.js';
import type { FitPlan } from './schedule.js';

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
export function activeCounts(posterior: Posterior): ActiveCounts {
  const z = sourceGates(posterior);
  const graph = graphOf(posterior);
  let weights = 0;
  for (const [l, layer] of posterior.layers.entries()) {
    const sources = graph.sourcesOf(l);
    const alpha = edgeProbabilities(layer);
    for (let w = 0; w < alpha.length; w++) weights += alpha[w] * z[sources[Math.floor(w / layer.outputs)]];
  }
  const open = tierGates(posterior).map((tier) => tier.z.reduce((total, value) => total + value, 0));
  return { weights, inputs: open[0], nodes: open.slice(1).reduce((total, value) => total + value, 0) };
}

/**
 * The row after `step` steps.
 * @param summed sum of the mean log-likelihoods of the steps since the last row.
 * @param beta KL weight of the last step.
 * @param learningRate for the words of the error.
 * @throws training.non-finite
 */
export function historyRow(
  step: number, { rows, perEpoch, perRow, temperature }: FitPlan, summed: number, posterior: Posterior, beta: number,
  learningRate: number,
): HistoryRow {
  const since = step % perRow || perRow;
  const logLikelihood = (summed / since) * rows;
  const kl = posteriorKl(posterior);
  const epoch = Math.round(step / perEpoch);
  if (!Number.isFinite(logLikelihood) || !Number.isFinite(kl)) {
    throw fail('training.non-finite', `the evidence lower bound is no longer finite at epoch ${epoch} (step ${step})`, {
      hint: `Try a smaller train.learningRate (now ${learningRate}), and look for extreme values in the data.`,
    });
  }
  return {
    epoch, step, elbo: logLikelihood / temperature - kl, logLikelihood, kl, beta, noiseVariance: posterior.noiseVariance,
    active: activeCounts(posterior),
  };
}
