/**
 * The dense background: what many inputs add a little to each, beside a sparse network (docs/method.md, The dense background;
 * as in Zhou, Carbonetto, Stephens 2013, whose sparse part is linear).
 */
import { likelihoodOf, outputCount, takeResponses, type Likelihood } from '../likelihood/index.js';
import { softmax } from '../maths/vector.js';
import type { Background, Response } from '../types.js';
import { PenalisedFit } from './penalised-fit.js';
import { Rows } from './rows.js';
import { scoresOf, type Scores } from './scores.js';
import type { LinearProblem, PenalisedLinear } from './types.js';

/** What the network's outputs are multiplied by. */
const SHARES = [0, 0.25, 0.5, 0.75, 1];
/** Penalties as multiples of that of the linear model which has to explain everything; with the first hardly anything is left. */
const PENALTY_FACTORS = [1e4, 16, 4, 2, 1];
/**
 * Nats that the whole network has to gain on rows it did not see before it counts as much as the linear model alone, and nats for
 * each doubling of the penalty: networks of few rows differ too much for a smaller gain to tell (docs/method.md).
 */
const SHARE_COST = 4;
const PENALTY_COST = 0.5;
/** A choice of less weight than this is left out of the average. */
const LEAST_WEIGHT = 1e-3;

/** A network that did not see some of the rows, and its mean outputs on all of them. */
export interface HeldOutOutputs {
  /** Rows that it was fitted to, and those that it was not. */
  inside: Int32Array;
  outside: Int32Array;
  /** Rows x K. */
  insideOutputs: Float64Array;
  outsideOutputs: Float64Array;
}

/** A share of the network beside a ridge fit. */
interface Choice {
  share: number;
  penalty: number;
}

/**
 * A share of the network's outputs, and the ridge fit of what that leaves over. Both are averaged over a grid of shares and
 * penalties, with weights in proportion to a prior and to the likelihood of rows which the networks did not see.
 * @param outputs n x K: the mean outputs on the rows of the network that saw all of them
 * @param folds at least one
 */
export function* backgroundSteps(
  problem: Pick<LinearProblem, 'task' | 'x' | 'y'>, outputs: Float64Array, folds: readonly HeldOutOutputs[],
  { penalty, noiseVariance }: Pick<PenalisedLinear, 'penalty' | 'noiseVariance'>,
): Generator<void, Background> {
  const { x, y } = problem;
  const K = outputCount(y);
  const likelihood = likelihoodOf(problem.task);
  // A noise of its own, where there is one, is that of the linear model which explains everything.
  const noise = likelihood.learnsNoise ? noiseVariance : 1;
  const scores = scoresOf(x);
  yield;
  const choices = SHARES.flatMap((share) => PENALTY_FACTORS.map((factor) => ({ share, penalty: factor * penalty })));
  const likelihoods = yield* heldOutLikelihoods({ likelihood, scores, y, noise }, folds, choices);
  const weights = softmax(likelihoods.map((each, at) => each + logPrior(choices[at], penalty)));
  const background: Background = { weight: new Float32Array(x.cols * K), bias: new Float32Array(K), share: 0 };
  const kept = weights.map((weight) => (weight >= LEAST_WEIGHT ? weight : 0));
  const total = kept.reduce((sum, weight) => sum + weight, 0);
  for (const [at, { share, penalty: ridge }] of choices.entries()) {
    if (kept[at] === 0) continue;
    const weight = kept[at] / total;
    const all = Int32Array.from({ length: x.rows }, (_, n) => n);
    const fit = new PenalisedFit(scores, new Rows(likelihood, y, noise, outputs.map((f) => share * f)), all);
    yield* fit.climb(ridge);
    const columns = scores.back(fit.theta.subarray(K), K);
    columns.forEach((each, w) => { background.weight[w] += weight * each; });
    for (let k = 0; k < K; k++) background.bias[k] += weight * fit.theta[k];
    background.share += weight * share;
  }
  return background;
}

const logPrior = ({ share, penalty }: Choice, least: number): number =>
  -SHARE_COST * share - PENALTY_COST * Math.log2(penalty / least);

/** log p of all rows held out together, by choice. */
function* heldOutLikelihoods(
  { likelihood, scores, y, noise }: { likelihood: Likelihood; scores: Scores; y: Response; noise: number },
  folds: readonly HeldOutOutputs[], choices: readonly Choice[],
): Generator<void, Float64Array> {
  const sums = new Float64Array(choices.length);
  for (const { inside, outside, insideOutputs, outsideOutputs } of folds) {
    const judge = new Rows(likelihood, takeResponses(y, outside), noise);
    let [fit, last]: [PenalisedFit | undefined, number] = [undefined, NaN];
    for (const [at, { share, penalty }] of choices.entries()) {
      // From one penalty to the next a fit goes on.
      if (!fit || share !== last) {
        const seen = new Rows(likelihood, takeResponses(y, inside), noise, insideOutputs.map((f) => share * f));
        fit = new PenalisedFit(scores, seen, inside);
      }
      last = share;
      yield* fit.climb(penalty);
      sums[at] += judge.at(fit.outputs(outside).map((f, i) => f + share * outsideOutputs[i]));
    }
  }
  return sums;
}
