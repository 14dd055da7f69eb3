/** One state of those that units have come to on shards of the rows (docs/method.md, Partitions). */
import { softplus } from '../maths/scalar.js';
import { inverseSoftplus, posteriorOf } from '../model/posterior.js';
import { block, layoutOf, type BlockName, type Layout } from '../model/shape.js';
import { empiricalBayes } from './empirical-bayes.js';
import type { HistoryRow } from './history.js';
import { planFit } from './plan.js';
import { phaseAt } from './schedule.js';
import type { FitSettings, FitState } from './types.js';

/**
 * Parameters [P] whose natural parameters are the mean of several ones': of weights and biases mu / sigma^2 and 1 / sigma^2, of
 * gates the logit. Each unit's likelihood counts as often as makes it that of all rows, so that for normal posteriors this is
 * the product of the units' likelihoods with the prior taken once (Bui et al. 2018, arXiv 1811.11206, damped by 1/K).
 */
export function joinTheta(thetas: readonly Float32Array[], layout: Layout): Float32Array {
  const joined = meanOf(thetas);
  for (const [mu, rho] of [['mu', 'rho'], ['biasMu', 'biasRho']] as const) {
    const all = (name: BlockName): Float32Array[] => thetas.map((theta) => block(theta, layout, name)!);
    const [means, scales] = [all(mu), all(rho)];
    const [toMean, toScale] = [block(joined, layout, mu)!, block(joined, layout, rho)!];
    for (let i = 0; i < toMean.length; i++) {
      let [precision, weighed] = [0, 0];
      for (let k = 0; k < thetas.length; k++) {
        const own = 1 / softplus(scales[k][i]) ** 2;
        precision += own;
        weighed += own * means[k][i];
      }
      toMean[i] = weighed / precision;
      toScale[i] = inverseSoftplus(Math.sqrt(thetas.length / precision));
    }
  }
  return joined;
}

/**
 * The state of a fit to all rows, of the states that units have come to from one and the same. Adam's moments are averaged; the
 * prior, which units hold as it is, follows the join where it is due.
 */
export function joinStates(states: readonly FitState[], begin: FitState, rows: number, settings: FitSettings): FitState {
  const { shape } = settings;
  const layout = layoutOf(shape);
  const plan = planFit(rows, settings);
  const [{ step }] = states;
  const theta = joinTheta(states.map((state) => state.theta), layout);
  const follows = phaseAt(step - 1, plan.steps, plan.course).empiricalBayes;
  const prior = follows
    ? empiricalBayes(posteriorOf(theta, shape, layout, begin.prior), begin.prior, settings.prior) : begin.prior;
  const made = states.map(({ history }) => history.slice(begin.history.length));
  const history = [...begin.history, ...made[0].map((_, r) => joinRows(made.map((each) => each[r])))];
  const [m, v] = [meanOf(states.map((state) => state.m)), meanOf(states.map((state) => state.v))];
  return { step, theta, m, v, logLikelihood: 0, prior, history };
}

/** Rows of the units as one of the table: log-likelihoods add up, and each ELBO is one of all rows already. */
function joinRows(rows: readonly HistoryRow[]): HistoryRow {
  const mean = (of: (row: HistoryRow) => number): number => rows.reduce((sum, row) => sum + of(row), 0) / rows.length;
  const active = (of: keyof HistoryRow['active']): number => mean((row) => row.active[of]);
  return {
    ...rows[0], elbo: mean(({ elbo }) => elbo), kl: mean(({ kl }) => kl), noiseVariance: mean((row) => row.noiseVariance),
    logLikelihood: rows.length * mean(({ logLikelihood }) => logLikelihood),
    active: { weights: active('weights'), nodes: active('nodes'), inputs: active('inputs') },
  };
}

function meanOf(vectors: readonly Float32Array[]): Float32Array {
  return vectors[0].map((_, i) => vectors.reduce((sum, each) => sum + each[i], 0) / vectors.length);
}
