/** The linear part of a table: single effects and ridge, each bounded by how much work they are. */
import type { Stream } from '../random.js';
import { singleEffects } from './effects.js';
import { factorModel } from './factor-model.js';
import { ridgeSteps } from './ridge.js';
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
  if (work <= MOST_WORK) part.effects = yield* singleEffects(problem, factorModel(problem));
  else part.skipped = `Single effects are left out: ${sizeOf(problem)} are too much.`;
  part.ridge = yield* ridgeSteps(problem, stream.split('ridge'));
  part.seconds = (performance.now() - begun) / 1000;
  return part;
}

function sizeOf({ x, y }: LinearProblem): string {
  const classes = y.cols > 1 ? ` and ${y.cols} classes` : '';
  return `${x.rows} rows, ${x.cols} encoded columns${classes}`;
}
