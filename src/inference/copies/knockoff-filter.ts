/**
 * The knockoff+ filter: Barber and Candès (2015), "Controlling the false discovery rate via knockoffs", Annals of Statistics 43.
 * W_j is large where an input is needed and its copy is not; for an input that is not needed both signs are as likely.
 */
import { logit } from '../../maths/scalar.js';
import type { Assessment } from '../gates/assess.js';

/**
 * Evidence for each input, in nats: the posterior log odds of its gate as the last flip found them, 0 where they are below.
 * PIPs of inputs that are in are all 1 in print; this tells them apart. Where a gate was not asked (it was closed in training, or
 * there are no gates to ask), the log odds of the PIP stand in.
 */
export function gateEvidence({ flips, inclusion: { inputs } }: Pick<Assessment, 'flips' | 'inclusion'>): Float64Array {
  const odds = Float64Array.from(inputs, (pip) => logit(Math.min(1 - Number.EPSILON, Math.max(Number.EPSILON, pip))));
  for (const { layer, gate, logOdds } of flips) if (layer === 0) odds[gate] = logOdds;
  return odds.map((value) => Math.max(0, value));
}

/**
 * For each W the smallest false discovery rate at which its input is selected: the minimum over thresholds 0 < t <= W of
 * (1 + number of W <= -t) / number of W >= t, at most 1; 1 where W is not positive.
 */
export function filterRates(w: Float64Array): Float64Array {
  const rates = new Float64Array(w.length).fill(1);
  // Ranks by rising size: what comes at or after a place is at least as large.
  const order = [...w.keys()].filter((j) => w[j] !== 0).sort((a, b) => Math.abs(w[a]) - Math.abs(w[b]));
  let positive = order.filter((j) => w[j] > 0).length;
  let negative = order.length - positive;
  let least = 1;
  order.forEach((j, place) => {
    const tied = place > 0 && Math.abs(w[order[place - 1]]) === Math.abs(w[j]);
    if (!tied && positive > 0) least = Math.min(least, (1 + negative) / positive);
    if (w[j] > 0) rates[j] = least;
    if (w[j] > 0) positive--;
    else negative--;
  });
  return rates;
}
