/**
 * Uphill to the mode: Newton's method whose Hessian is taken anew only where it no longer serves. In between, limited-memory BFGS
 * corrects it by gradients (Nocedal, Wright: Numerical Optimization, 7.2), which are far cheaper.
 */
import { cholesky, solveFactored } from '../maths/cholesky.js';
import { dot } from '../maths/vector.js';
import type { Evaluator, Hessian } from './evaluator.js';
import type { Layout } from './layout.js';

/** Nats that a last step may still gain, which are then added. */
const CONVERGED = 5e-3;
/** Nats that a mode may yet be better than a quadratic promises. */
const MARGIN = 2;
const STEPS = 60;
/** Steps before what they promise is believed. */
const BELIEVED = 2;
/** A step whose gain is this far below its promise, in parts of it, asks for a new Hessian. */
const KEPT = 0.5;

/** Weights where the evaluator is, with gradient taken. */
export interface Point {
  w: Float64Array;
  /** Log posterior, but for constants. */
  value: number;
  gradient: Float64Array;
}

export interface Mode extends Point {
  hessian: Hessian;
}

interface Pair {
  move: Float64Array;
  /** How the gradient fell on it. */
  fall: Float64Array;
  inverse: number;
}

/**
 * @param first factor of minus the Hessian at the start, about; undefined where nothing is known
 * @param floor evidence below which the climb may be given up
 * @returns the mode; or `most`, hardly more than what the evidence can be, where it was given up
 */
export function climbToMode(
  evaluator: Evaluator, layout: Layout, start: Point, first: Float64Array | undefined, floor: number,
): Mode | { most: number } {
  const { size } = layout;
  let point = start;
  let pairs: Pair[] = [];
  let [damping, stale] = [1e-3, true];
  let [factor, hessian] = [first, undefined as Hessian | undefined];
  const refresh = (): void => {
    hessian = evaluator.hessian();
    [factor, damping] = factorise(hessian, size, damping);
    [pairs, stale] = [[], false];
  };
  for (let step = 0; step < STEPS; step++) {
    if (!factor) refresh();
    const move = directionOf(point.gradient, pairs, factor!, size);
    const gain = dot(move, point.gradient) / 2;
    if (!(gain > CONVERGED) && damping < 1) {
      if (!stale) break;
      refresh();
      continue;
    }
    const most = point.value + (stale ? 3 : 2) * gain - layout.logScale - halfLog(factor!, size) + MARGIN + layout.units;
    if (step >= BELIEVED && damping < 1 && most < floor) return { most };
    const next = ahead(evaluator, layout, point, move, stale ? 2 : 1);
    if (!next) {
      if (stale) refresh();
      else [factor, damping] = factorise(hessian!, size, Math.max(8 * damping, 1e-3));
      if (damping > 1e12) break;
      continue;
    }
    const kept = (next.value - point.value) / gain;
    const pair = pairOf(point, next);
    point = next;
    if (kept < KEPT) {
      if (!stale) damping *= kept < 0.1 ? 3 : 1;
      refresh();
      continue;
    }
    damping = Math.max(damping / 8, 1e-9);
    stale = true;
    if (pair) pairs.push(pair);
  }
  if (stale || !hessian) hessian = evaluator.hessian();
  return { ...point, hessian };
}

/** The next point, the step shortened up to so many times; the evaluator is back at the present one where there is none. */
function ahead(evaluator: Evaluator, layout: Layout, { w, value }: Point, move: Float64Array, tries: number): Point | undefined {
  for (let attempt = 0, length = 1; attempt < tries; attempt++, length /= 4) {
    const next = w.map((each, p) => each + length * move[p]);
    const reached = evaluator.value(layout, next);
    if (reached >= value - 1e-9) return { w: next, value: reached, gradient: evaluator.gradient() };
  }
  evaluator.value(layout, w);
  evaluator.gradient();
  return undefined;
}

function pairOf(before: Point, after: Point): Pair | undefined {
  const move = after.w.map((each, p) => each - before.w[p]);
  const fall = before.gradient.map((each, p) => each - after.gradient[p]);
  const product = dot(move, fall);
  return product > 1e-10 * dot(move, move) ? { move, fall, inverse: 1 / product } : undefined;
}

/** The two-loop recursion. */
function directionOf(gradient: Float64Array, pairs: readonly Pair[], factor: Float64Array, size: number): Float64Array {
  const left = gradient.slice();
  const shares: number[] = [];
  for (let at = pairs.length - 1; at >= 0; at--) {
    const { move, fall, inverse } = pairs[at];
    shares[at] = inverse * dot(move, left);
    for (let p = 0; p < size; p++) left[p] -= shares[at] * fall[p];
  }
  const direction = solveFactored(factor, left, size);
  pairs.forEach(({ move, fall, inverse }, at) => {
    const share = shares[at] - inverse * dot(fall, direction);
    for (let p = 0; p < size; p++) direction[p] += share * move[p];
  });
  return direction;
}

/** Damped until it is positive definite: the Hessian, or its Gauss-Newton form where that takes less. */
function factorise({ full, gaussNewton }: Hessian, size: number, least: number): [factor: Float64Array, damping: number] {
  for (let damping = least;; damping = Math.max(10 * damping, 1e-3)) {
    for (const matrix of [full, gaussNewton]) {
      const damped = matrix.slice();
      for (let p = 0; p < size; p++) damped[p * size + p] += damping * Math.abs(gaussNewton[p * size + p]);
      const factor = cholesky(damped, size);
      if (factor) return [factor, damping];
    }
  }
}

/** Half the log determinant of a matrix, from its Cholesky factor. */
export function halfLog(factor: Float64Array, size: number): number {
  let sum = 0;
  for (let p = 0; p < size; p++) sum += Math.log(factor[p * size + p]);
  return sum;
}
