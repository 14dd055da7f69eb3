/** The penalised linear model (ridge): its penalty by cross-validation on the training rows. */
import { likelihoodOf, outputCount, takeResponses, type Likelihood } from '../likelihood/index.js';
import type { Stream } from '../random.js';
import type { Response } from '../types.js';
import { partsOf } from './folds.js';
import { bestNoise } from './noise.js';
import { PenalisedFit } from './penalised-fit.js';
import { Rows } from './rows.js';
import { scoresOf, type Scores } from './scores.js';
import type { LinearProblem, PenalisedLinear } from './types.js';

export const FOLDS = 5;
/** The penalty is chosen on so many rows, fewer where a look at them takes more than so many multiplications, but not so few. */
const MOST_ROWS = 2000;
const MOST_LOOK = 4e6;
const FEWEST_ROWS = 300;
/** From so many on one fold is held out, not each in turn, and penalties are further apart. */
const ONE_FOLD = 1e6;
/** Variances that the prior gives the function: penalties are the sum of the columns' variances over these. */
const LEAST_VARIANCE = 1e-3;
const RATIO = Math.sqrt(10);
const PENALTIES = 13;
/** Values in a row that may be worse than the best before the search ends. */
const PATIENCE = 3;

/** What the model leaves over on rows that it did not see: some or all of the training rows, each once. */
export interface HeldOutLinear {
  rows: Int32Array;
  /** rows x K: derivatives of log p(y | f) in the outputs; of a normal likelihood residuals in units of its variance. */
  scores: Float64Array;
}

/** Outputs [rows, K] of the same rows. */
export function* heldOutOutputs(
  problem: Pick<LinearProblem, 'task' | 'x' | 'y'>, stream: Stream,
): Generator<void, { rows: Int32Array; outputs: Float64Array }> {
  const { held, outputs } = (yield* begin(problem, stream)).chosen;
  return { rows: held, outputs };
}

/** By the folds that choose the penalty of `begun`, which {@link begin} made of the same problem. */
export function heldOutScores({ task, y }: Pick<LinearProblem, 'task' | 'y'>, { chosen: { held, outputs, noise } }: Begun): HeldOutLinear {
  const rows = new Rows(likelihoodOf(task), takeResponses(y, held), noise);
  rows.at(outputs);
  return { rows: held, scores: rows.gradient };
}

/** log p of the same rows together, in nats, the noise being the best for them. */
export function* heldOutFit(problem: Pick<LinearProblem, 'task' | 'x' | 'y'>, stream: Stream): Generator<void, number> {
  const likelihood = likelihoodOf(problem.task);
  const { held, outputs } = (yield* begin(problem, stream)).chosen;
  const y = takeResponses(problem.y, held);
  return new Rows(likelihood, y, likelihood.learnsNoise ? bestNoise(likelihood, outputs, y) : 1).at(outputs);
}

/** @param begun what {@link begin} made of the same problem, if anything */
export function* ridgeSteps(problem: LinearProblem, stream: Stream, begun?: Begun): Generator<void, PenalisedLinear> {
  const { task, x, y } = problem;
  const likelihood = likelihoodOf(task);
  const all = Int32Array.from({ length: x.rows }, (_, n) => n);
  const { scores, start, chosen: { penalty, outputs, held } } = begun ?? (yield* begin(problem, stream));
  const fit = new PenalisedFit(scores, new Rows(likelihood, y, start), all);
  yield* fit.climb(penalty);
  const noiseVariance = likelihood.learnsNoise ? bestNoise(likelihood, outputs, takeResponses(y, held)) : 1;
  const K = outputCount(y);
  return {
    weight: scores.back(fit.theta.subarray(K), K), bias: fit.theta.slice(0, K),
    // Fitted under a variance of `start`: the same weights maximise the objective at the variance that is told.
    penalty: likelihood.normal ? penalty * start / noiseVariance : penalty, noiseVariance,
  };
}

/** A penalty that was chosen. */
export interface Begun {
  scores: Scores;
  start: number;
  chosen: Chosen & { noise: number };
}

/** Chooses the penalty, by rows that are held out. */
export function* begin({ task, x, y }: Pick<LinearProblem, 'task' | 'x' | 'y'>, stream: Stream): Generator<void, Begun> {
  const likelihood = likelihoodOf(task);
  const scores = scoresOf(x);
  yield;
  const all = Int32Array.from({ length: x.rows }, (_, n) => n);
  const fits = Math.max(FEWEST_ROWS, Math.min(MOST_ROWS, Math.floor(MOST_LOOK / lookAt(scores, y))));
  const rows = x.rows > fits ? stream.split('rows').permutation(x.rows).subarray(0, fits) : all;
  const start = startNoise(likelihood, y);
  return { scores, start, chosen: { ...(yield* choose({ likelihood, scores, y, rows, noise: start }, stream)), noise: start } };
}

interface Chosen {
  penalty: number;
  /** Rows that were held out, and their outputs [rows, K]. */
  held: Int32Array;
  outputs: Float64Array;
}

interface Choosing {
  likelihood: Likelihood;
  scores: Scores;
  y: Response;
  rows: Int32Array;
  noise: number;
}

/** The penalty of the best held-out log-likelihood, and what was held out. */
function* choose({ likelihood, scores, y, rows, noise }: Choosing, stream: Stream): Generator<void, Chosen> {
  const count = Math.min(FOLDS, rows.length);
  const folds = partsOf(y, rows, likelihood.stratified, count, stream);
  const large = rows.length * lookAt(scores, y) > ONE_FOLD;
  const ratio = large ? RATIO ** 2 : RATIO;
  const parts = folds.slice(0, large ? 1 : count).map(({ inside, outside }) =>
    ({ fit: new PenalisedFit(scores, new Rows(likelihood, takeResponses(y, inside), noise), inside), outside }));
  const held = Int32Array.from(parts.flatMap(({ outside }) => [...outside]));
  const judge = new Rows(likelihood, takeResponses(y, held), noise);
  const variance = scores.squares.reduce((sum, square) => sum + square, 0) / scores.rows;
  let best = { penalty: 0, outputs: new Float64Array(0), held, value: -Infinity };
  for (let at = 0, worse = 0; at < PENALTIES && worse < PATIENCE; at++) {
    const penalty = variance / (LEAST_VARIANCE * ratio ** at);
    const outputs = new Float64Array(held.length * outputCount(y));
    let next = 0;
    for (const { fit, outside } of parts) {
      yield* fit.climb(penalty);
      outputs.set(fit.outputs(outside), next);
      next += outside.length * outputCount(y);
    }
    const value = judge.at(outputs);
    worse = value > best.value ? 0 : worse + 1;
    if (value > best.value) best = { penalty, outputs, held, value };
  }
  return best;
}

/** Multiplications of one look at a row. */
const lookAt = ({ axes }: Scores, y: Response): number => (axes + outputCount(y)) * outputCount(y);

/** A variance to fit under: that of the normal model only scales the penalty. */
const startNoise = (likelihood: Likelihood, y: Response): number =>
  (likelihood.learnsNoise && !likelihood.normal ? bestNoise(likelihood, new Float64Array(y.rows * outputCount(y)), y) : 1);
