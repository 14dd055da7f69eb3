/** The mode of a structure's weights by Newton's method, and its evidence by Laplace's approximation (equation (40)). */
import { cholesky, solveFactored } from '../maths/cholesky.js';
import { dot } from '../maths/vector.js';
import type { Evaluator, Hessian } from './evaluator.js';
import { layoutOf, pack, unpack, type Layout } from './layout.js';
import type { Network } from './network.js';
import type { Slabs } from './scales.js';
import { logModes } from './symmetry.js';

/** Nats that a last step may still gain, which are then added. */
const CONVERGED = 5e-3;
const STEPS = 40;
const TRIES = 12;
/** Nats that a mode may yet be better than a quadratic promises. */
const MARGIN = 2;

export interface Fit {
  /** The structure with its weights at the mode. */
  network: Network;
  layout: Layout;
  w: Float64Array;
  /** log p(D, w) less log (2 pi)^(-D/2): at the mode. */
  posterior: number;
  /** Log evidence, mirror modes counted; where it was given up, what it could at most have been. */
  evidence: number;
  /** Cholesky factor of minus the Hessian at w. */
  factor: Float64Array;
  /** Minus the Hessian is not positive definite at w: the Gauss-Newton form stands in. */
  indefinite: boolean;
  /** It was given up, for it would not have come near the floor. */
  abandoned: boolean;
}

interface Climb {
  layout: Layout;
  w: Float64Array;
  value: number;
  gradient: Float64Array;
  hessian: Hessian;
  damping: number;
  /** Of the damped Hessian where it was last computed. */
  factor: Float64Array;
  /** Whether the weights have moved since. */
  stale: boolean;
}

/**
 * The evaluator is left at the mode, with gradient and Hessian taken.
 * @param network where to begin
 * @param floor a fit that cannot come near this evidence may be given up
 */
export function fitNetwork(evaluator: Evaluator, network: Network, slabs: Slabs, floor = -Infinity): Fit {
  const { table } = evaluator;
  const layout = layoutOf(network, table.places, table.outputs, slabs);
  const climb = begin(evaluator, layout, pack(network, table, layout.size));
  for (let step = 0; step < STEPS; step++) {
    const move = solveFactored(climb.factor, climb.gradient, layout.size);
    const gain = dot(move, climb.gradient) / 2;
    const certain = climb.damping < 1;
    if (gain < CONVERGED && certain) {
      if (!climb.stale) break;
      refresh(evaluator, climb);
      continue;
    }
    const most = climb.value + 2 * gain - penalty(climb) + MARGIN + layout.units;
    if (step >= 2 && certain && most < floor) return givenUp(network, climb, most);
    if (!advance(evaluator, climb, move, gain)) break;
  }
  if (climb.stale) refresh(evaluator, climb);
  return evidenceAt(network, climb, table);
}

/** The fit of weights that are at their mode already. */
export function refit(evaluator: Evaluator, network: Network, slabs: Slabs): Fit {
  const { table } = evaluator;
  const layout = layoutOf(network, table.places, table.outputs, slabs);
  return evidenceAt(network, begin(evaluator, layout, pack(network, table, layout.size)), table);
}

const penalty = ({ layout: { size, logScale }, factor }: Climb): number => logScale + halfLog(factor, size);

function halfLog(factor: Float64Array, size: number): number {
  let sum = 0;
  for (let p = 0; p < size; p++) sum += Math.log(factor[p * size + p]);
  return sum;
}

function begin(evaluator: Evaluator, layout: Layout, w: Float64Array): Climb {
  const value = evaluator.value(layout, w);
  const gradient = evaluator.gradient();
  const hessian = evaluator.hessian();
  const climb: Climb = { layout, w, value, gradient, hessian, damping: 1e-3, factor: NONE, stale: false };
  factorise(climb);
  return climb;
}

const NONE = new Float64Array();

function refresh(evaluator: Evaluator, climb: Climb): void {
  climb.hessian = evaluator.hessian();
  climb.stale = false;
  factorise(climb);
}

/** Damped until it is positive definite: the Hessian, or its Gauss-Newton form where that takes less. */
function factorise(climb: Climb): void {
  const { layout: { size }, hessian: { full, gaussNewton } } = climb;
  for (;; climb.damping = Math.max(10 * climb.damping, 1e-3)) {
    for (const matrix of [full, gaussNewton]) {
      const damped = matrix.slice();
      for (let p = 0; p < size; p++) damped[p * size + p] += climb.damping * Math.abs(gaussNewton[p * size + p]);
      const factor = cholesky(damped, size);
      if (factor) {
        climb.factor = factor;
        return;
      }
    }
  }
}

/** One step uphill, shorter where it has to be. @returns whether there was one */
function advance(evaluator: Evaluator, climb: Climb, first: Float64Array, promised: number): boolean {
  const { layout, w, value, gradient } = climb;
  let [move, gain] = [first, promised];
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const next = w.map((each, p) => each + move[p]);
    const reached = evaluator.value(layout, next);
    if (reached >= value - 1e-9) {
      Object.assign(climb, { w: next, value: reached, gradient: evaluator.gradient() });
      settle(evaluator, climb, (reached - value) / (gain + 1e-300));
      return true;
    }
    if (climb.stale) {
      evaluator.value(layout, w);
      evaluator.gradient();
      refresh(evaluator, climb);
    } else {
      climb.damping = Math.max(6 * climb.damping, 1e-4);
      factorise(climb);
    }
    move = solveFactored(climb.factor, gradient, layout.size);
    gain = dot(move, gradient) / 2;
  }
  evaluator.value(layout, w);
  evaluator.gradient();
  return false;
}

/** Less damping after a step that kept its promise. The Hessian serves again while it does. */
function settle(evaluator: Evaluator, climb: Climb, kept: number): void {
  if (kept > 0.7) climb.damping = Math.max(climb.damping / 8, 1e-9);
  else if (kept < 0.3) climb.damping *= 3;
  if (Math.abs(kept - 1) < SERVES) climb.stale = true;
  else refresh(evaluator, climb);
}

/** How far a step's gain may be from its promise, in parts of it, for the Hessian to be taken again. */
const SERVES = 0.15;

const givenUp = (network: Network, { layout, w, value, factor }: Climb, evidence: number): Fit =>
  ({ network, layout, w, posterior: value, factor, evidence, indefinite: false, abandoned: true });

function evidenceAt(network: Network, climb: Climb, widths: Evaluator['table']): Fit {
  const { layout, layout: { size, logScale }, hessian: { full, gaussNewton }, value, gradient, w } = climb;
  const exact = cholesky(full, size);
  const factor = exact ?? cholesky(gaussNewton, size) ?? climb.factor;
  const left = dot(solveFactored(factor, gradient, size), gradient) / 2;
  const evidence = value + Math.min(left, 1) - logScale - halfLog(factor, size) + logModes(network, layout, w, factor);
  return {
    network: unpack(network, widths, w), layout, w, posterior: value, evidence, factor, indefinite: !exact, abandoned: false,
  };
}
