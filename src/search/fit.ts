/** The mode of a structure's weights, and its evidence by Laplace's approximation (equation (36)). */
import { cholesky, solveFactored } from '../maths/cholesky.js';
import { dot } from '../maths/vector.js';
import { approach, type Near } from './approach.js';
import { climbToMode, halfLog, type Mode, type Point } from './climb.js';
import type { Evaluator } from './evaluator.js';
import { layoutOf, pack, unpack, type Layout } from './layout.js';
import type { Network } from './network.js';
import type { SearchTable } from './problem.js';
import type { Slabs } from './scales.js';
import { logModes } from './symmetry.js';

export interface Fit {
  /** The structure with its weights at the mode. */
  network: Network;
  layout: Layout;
  w: Float64Array;
  /** log p(D, w) less log (2 pi)^(-D/2): at the mode. */
  posterior: number;
  /** Log evidence, mirror modes counted; where it was given up, what it could at most have been. */
  evidence: number;
  /** Minus the Hessian at w, or its Gauss-Newton form, and its Cholesky factor. */
  hessian: Float64Array;
  factor: Float64Array;
  /** Minus the Hessian is not positive definite at w: the Gauss-Newton form stands in. */
  indefinite: boolean;
  /** It was given up, for it would not have come near the floor. */
  abandoned: boolean;
}

/**
 * The evaluator is left at the mode, with gradient and Hessian taken.
 * @param network where to begin
 * @param floor a fit that cannot come near this evidence may be given up
 * @param near where the chain is: of its Hessian only what a move changes is taken anew
 */
export function fitNetwork(evaluator: Evaluator, network: Network, slabs: Slabs, floor = -Infinity, near?: Near): Fit {
  const { table } = evaluator;
  const layout = layoutOf(network, table.places, table.outputs, slabs);
  const w = pack(network, table, layout.size);
  const { point, factor } = near
    ? approach(evaluator, network, layout, w, near) : { point: pointAt(evaluator, layout, w), factor: undefined };
  const reached = climbToMode(evaluator, layout, point, factor, floor);
  if ('hessian' in reached) return evidenceAt(network, layout, reached, table);
  return givenUp(network, layout, w, reached.most);
}

const NONE = new Float64Array();

const givenUp = (network: Network, layout: Layout, w: Float64Array, most: number): Fit =>
  ({ network, layout, w, posterior: most, evidence: most, factor: NONE, hessian: NONE, indefinite: false, abandoned: true });

/** The fit of weights that are at their mode already. */
export function refit(evaluator: Evaluator, network: Network, slabs: Slabs): Fit {
  const { table } = evaluator;
  const layout = layoutOf(network, table.places, table.outputs, slabs);
  const point = pointAt(evaluator, layout, pack(network, table, layout.size));
  return evidenceAt(network, layout, { ...point, hessian: evaluator.hessian() }, table);
}

const pointAt = (evaluator: Evaluator, layout: Layout, w: Float64Array): Point =>
  ({ w, value: evaluator.value(layout, w), gradient: evaluator.gradient() });

function evidenceAt(
  network: Network, layout: Layout, { w, value, gradient, hessian: { full, gaussNewton } }: Mode, table: SearchTable,
): Fit {
  const { size, logScale } = layout;
  const exact = cholesky(full, size);
  const hessian = exact ? full : gaussNewton;
  const factor = exact ?? cholesky(hessian, size);
  // Rates so large that what the prior adds to their curvature is lost in rounding: no such structure has a mode to be found.
  if (!factor) return givenUp(network, layout, w, -Infinity);
  const left = dot(solveFactored(factor, gradient, size), gradient) / 2;
  const evidence = value + Math.min(left, 1) - logScale - halfLog(factor, size) + logModes(network, layout, w, factor);
  return {
    network: unpack(network, table, w), layout, w, posterior: value, evidence, hessian, factor, indefinite: !exact,
    abandoned: false,
  };
}
