/** The linear part of a table: single effects and ridge, each bounded by how much work they are. */
import type { Stream } from '../random.js';
import { likelihoodOf, outputCount } from '../likelihood/index.js';
import { dependenceOf, weighed } from './dependence.js';
import { singleEffects, wideWorkOf, workOf } from './effects.js';
import { factorModel } from './factor-model.js';
import { begin, ridgeSteps } from './ridge.js';
import type { LinearPart, LinearProblem } from './types.js';

/** Multiplications of one look at all inputs beside all effects, beyond which the effects are left out. */
const MOST_WORK = 2e8;
/** The same of inputs of many columns, which are looked at with the cube of their number. */
const MOST_WIDE_WORK = 1e9;
/** The same of a look at all inputs beside none, for the marginal factors. */
const MOST_MARGINAL_WORK = 2e9;

/**
 * Fits the linear part; yields where it may be left. Rows of groups are weighed as they depend on one another.
 * @param stream decides the folds of the penalty's cross-validation
 * @param most work of the effects
 */
export function* linearSteps(given: LinearProblem, stream: Stream, most = MOST_WORK): Generator<void, LinearPart> {
  const begun = performance.now();
  const { weights, ...bare } = given.y;
  const unweighed = given.y.groups && (yield* begin({ ...given, y: bare }, stream.split('ridge')));
  const dependence = unweighed && dependenceOf(given, unweighed);
  const problem = { ...given, ...weighed(given, dependence) };
  const { x, y } = problem;
  const part: LinearPart = { ...(dependence && { dependence }), seconds: 0 };
  // The noise that a linear model leaves is nearer to the truth than that without inputs.
  const ridge = yield* ridgeSteps(problem, stream.split('ridge'), dependence || weights ? undefined : unweighed);
  const noise = likelihoodOf(problem.task).learnsNoise ? ridge.noiseVariance : undefined;
  const narrow = wideWorkOf(problem) <= MOST_WIDE_WORK;
  if (narrow && workOf(problem) <= most) {
    part.effects = yield* singleEffects(problem, factorModel(problem, undefined, noise));
  } else {
    part.skipped = `Single effects were left out, for they would take too long: ${sizeOf(problem)}.`;
    const look = x.rows * x.cols * outputCount(y) ** 2;
    if (narrow && look <= MOST_MARGINAL_WORK) part.marginal = factorModel(problem, undefined, noise).beside([], true).log;
    yield;
  }
  part.ridge = ridge;
  part.seconds = (performance.now() - begun) / 1000;
  return part;
}

function sizeOf({ x, y }: LinearProblem): string {
  const count = (value: number): string => value.toLocaleString('en');
  const classes = outputCount(y) > 1 ? ` and ${count(outputCount(y))} classes` : '';
  return `${count(x.rows)} rows, ${count(x.cols)} encoded columns${classes}`;
}
