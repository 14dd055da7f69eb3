/** The linear part of a table: single effects and ridge, each bounded by how much work they are. */
import { likelihoodOf } from '../likelihood/index.js';
import type { Stream } from '../random.js';
import { designOf } from './design.js';
import { singleEffects } from './effects.js';
import { generalFactors } from './general-factors.js';
import { normalFactors } from './normal-factors.js';
import { bestNoise, ridgeSteps } from './ridge.js';
import { Rows } from './rows.js';
import type { LinearPart, LinearProblem } from './types.js';

/** Multiplications of one look at all inputs, beyond which the effects are left out. */
const MOST_WORK = 2e8;

/**
 * Fits the linear part; yields where it may be left.
 * @param stream decides the folds of the penalty's cross-validation
 */
export function* linearSteps(problem: LinearProblem, stream: Stream): Generator<void, LinearPart> {
  const begun = performance.now();
  const { x, y } = problem;
  const work = x.rows * x.cols * y.cols * y.cols;
  const part: LinearPart = { seconds: 0 };
  if (work <= MOST_WORK) part.effects = yield* effectsOf(problem);
  else part.skipped = `Single effects are left out: ${sizeOf(problem)} are too much.`;
  part.ridge = yield* ridgeSteps(problem, stream.split('ridge'));
  part.seconds = (performance.now() - begun) / 1000;
  return part;
}

function sizeOf({ x, y }: LinearProblem): string {
  const classes = y.cols > 1 ? ` and ${y.cols} classes` : '';
  return `${x.rows} rows, ${x.cols} encoded columns${classes}`;
}

function* effectsOf({ task, x, y, group, inputs }: LinearProblem): ReturnType<typeof singleEffects> {
  const likelihood = likelihoodOf(task);
  const design = designOf(x, group, inputs);
  const noise = likelihood.learnsNoise ? bestNoise(likelihood, new Float64Array(y.data.length), y) : 1;
  const model = likelihood.normal ? normalFactors(design, y) : generalFactors(design, new Rows(likelihood, y, noise));
  return yield* singleEffects(design, y.cols, model);
}
