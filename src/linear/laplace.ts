/**
 * Laplace's approximation of the evidence of a linear predictor: f = offset + a + sum_c x_c b_c, with Normal(0, V) as prior of
 * each coefficient. Parameters are (m + 1) x K, the intercepts a [K] first.
 */
import { cholesky, solveFactored } from '../maths/cholesky.js';
import { HERMITE_NODES, HERMITE_WEIGHTS, logSumExp } from '../maths/quadrature.js';
import { dot } from '../maths/vector.js';
import { addInformation, gradientOf } from './assemble.js';
import type { Rows } from './rows.js';

/** Precision of the Gaussian prior of an intercept: standard deviation 10. */
export const INTERCEPT_PRECISION = 0.01;
const STEPS = 60;
/** Twice what a step may still gain, in nats; the gain itself is then added. */
const CONVERGED = 5e-3;
const LONGEST = 3;
const HALVINGS = 30;
/** Where quadrature with three nodes is this close to Laplace's approximation, nine nodes would say the same. */
const AGREES = 0.005;
/** Twice what the mode under another prior variance may gain over that under this one, for the quadratic to hold at both. */
const SAME = 0.1;

export interface Fit {
  /** (m + 1) x K: the mode. */
  theta: Float64Array;
  /** log p(y) with all parameters integrated out, in nats. */
  log: number;
  /** Minus the Hessian of the log posterior, and its Cholesky factor. */
  hessian: Float64Array;
  factor: Float64Array;
  variance: number;
}

export interface Integrated extends Fit {
  /** How far the posterior mean of the last coefficient is from its mode. */
  lean: number;
}

interface Problem {
  /** The column of ones first. */
  columns: readonly Float64Array[];
  offset: Float64Array;
  variance: number;
}

export class LaplaceFitter {
  private readonly f: Float64Array;
  readonly ones: Float64Array;

  constructor(readonly rows: Rows) {
    this.f = new Float64Array(rows.count * rows.outputs);
    this.ones = new Float64Array(rows.count).fill(1);
  }

  /**
   * The rows then have their derivatives close to the mode.
   * @param columns m columns of n numbers
   * @param offset n x K
   * @param start (m + 1) x K
   */
  fit(columns: readonly Float64Array[], offset: Float64Array, variance: number, start?: Float64Array): Fit {
    return this.climb({ columns: [this.ones, ...columns], offset, variance }, start);
  }

  /** The same for one output with the last coefficient integrated by quadrature, and the mean of that. */
  integrated(columns: readonly Float64Array[], offset: Float64Array, variance: number, start?: Float64Array): Integrated {
    const problem = { columns: [this.ones, ...columns], offset, variance };
    const fit = this.climb(problem, start);
    return { ...fit, ...this.integrate(problem, fit) };
  }

  /** The fit under another prior variance by the quadratic of this one, where it is near enough. */
  reweighed<F extends Fit>(fit: F, variance: number): F | undefined {
    const { theta, hessian: before, factor: root } = fit;
    const { outputs: K } = this.rows;
    const D = theta.length;
    const change = 1 / variance - 1 / fit.variance;
    const hessian = before.slice();
    const gradient = new Float64Array(D);
    let squares = 0;
    for (let at = K; at < D; at++) {
      hessian[at * D + at] += change;
      gradient[at] = -change * theta[at];
      squares += theta[at] * theta[at];
    }
    const factor = factorOf(hessian, D);
    const move = solveFactored(factor, gradient, D);
    const gain = dot(gradient, move);
    if (gain > SAME) return undefined;
    const determinants = halfLogDeterminant(factor, D, D) - halfLogDeterminant(root, D, D);
    const priors = this.priors(variance, D) - this.priors(fit.variance, D);
    const log = fit.log - change * squares / 2 + gain / 2 - determinants + priors;
    return { ...fit, theta: theta.map((each, at) => each + move[at]), log, hessian, factor, variance };
  }

  private climb(problem: Problem, start?: Float64Array): Fit {
    const D = problem.columns.length * this.rows.outputs;
    let theta: Float64Array = start ?? new Float64Array(D);
    let value = this.value(problem, theta);
    for (let step = 0; ; step++) {
      const { gradient, hessian } = this.derivatives(problem, theta);
      const factor = factorOf(hessian, D);
      const move = solveFactored(factor, gradient, D);
      const gain = dot(gradient, move);
      if (!(gain > CONVERGED) || step === STEPS) {
        const mode = theta.map((each, at) => each + move[at]);
        // (28)
        const log = value + gain / 2 - halfLogDeterminant(factor, D, D) + this.priors(problem.variance, D);
        return { theta: mode, log, hessian, factor, variance: problem.variance };
      }
      [theta, value] = this.step(problem, theta, value, move);
    }
  }

  private step(problem: Problem, theta: Float64Array, value: number, move: Float64Array): [Float64Array, number] {
    let size = Math.min(1, LONGEST / move.reduce((most, each) => Math.max(most, Math.abs(each)), 0));
    let [next, reached] = [theta, -Infinity];
    for (let halving = 0; halving < HALVINGS && !(reached >= value - 1e-9); halving++, size /= 2) {
      const length = size;
      next = theta.map((each, at) => each + length * move[at]);
      reached = this.value(problem, next);
    }
    return [next, reached];
  }

  /** Log posterior but for constants; the rows get their derivatives. */
  private value({ columns, offset, variance }: Problem, theta: Float64Array): number {
    const { rows: { outputs: K }, f } = this;
    f.set(offset);
    columns.forEach((column, c) => {
      for (let k = 0; k < K; k++) {
        const weight = theta[c * K + k];
        if (weight === 0) continue;
        for (let n = 0, at = k; n < column.length; n++, at += K) f[at] += weight * column[n];
      }
    });
    let value = this.rows.at(f);
    theta.forEach((each, at) => { value -= (at < K ? INTERCEPT_PRECISION : 1 / variance) / 2 * each * each; });
    return value;
  }

  /** Of the log posterior where the rows are now. */
  private derivatives({ columns, variance }: Problem, theta: Float64Array): { gradient: Float64Array; hessian: Float64Array } {
    const { rows, rows: { outputs: K } } = this;
    const D = theta.length;
    const gradient = gradientOf(columns, rows, K);
    const hessian = new Float64Array(D * D);
    addInformation(columns, columns, rows, K, { matrix: hessian, width: D, row: 0, column: 0 }, true);
    for (let at = 0; at < D; at++) {
      const precision = at < K ? INTERCEPT_PRECISION : 1 / variance;
      gradient[at] -= precision * theta[at];
      hessian[at * D + at] += precision;
    }
    return { gradient, hessian };
  }

  /** By nine nodes, or three where these agree with Laplace's approximation; all other parameters by Laplace at each. */
  private integrate(problem: Problem, { theta, log, factor }: Fit): { log: number; lean: number } {
    const last = theta.length - 1;
    const spread = 1 / factor[last * theta.length + last];
    const unit = new Float64Array(theta.length);
    unit[last] = 1;
    const slope = solveFactored(factor, unit, theta.length);
    const at = (node: number): number => {
      const moved = theta.map((each, c) => each + node * spread * slope[c] / slope[last]);
      return this.others(problem, moved) + Math.log(spread) + node * node / 2 + this.priors(problem.variance, theta.length);
    };
    const three = [at(-Math.sqrt(3)) + Math.log(1 / 6), at(Math.sqrt(3)) + Math.log(1 / 6)];
    const rough = logSumExp([...three, log + Math.log(2 / 3)]);
    if (Math.abs(rough - log) < AGREES) {
      const lean = Math.exp(three[1] - rough) - Math.exp(three[0] - rough);
      return { log: rough, lean: Math.sqrt(3) * spread * lean };
    }
    const logs = HERMITE_NODES.map((node, k) => at(node) + Math.log(HERMITE_WEIGHTS[k]));
    const sum = logSumExp(logs);
    return { log: sum, lean: logs.reduce((total, each, k) => total + Math.exp(each - sum) * spread * HERMITE_NODES[k], 0) };
  }

  /** The integral over all parameters but the last, which is where it is; without the constants of the priors. */
  private others(problem: Problem, theta: Float64Array): number {
    const value = this.value(problem, theta);
    const { gradient, hessian } = this.derivatives(problem, theta);
    const D = theta.length;
    const rest = new Float64Array((D - 1) ** 2);
    for (let i = 0; i < D - 1; i++) rest.set(hessian.subarray(i * D, i * D + D - 1), i * (D - 1));
    const factor = factorOf(rest, D - 1);
    const own = gradient.subarray(0, D - 1);
    return value + dot(own, solveFactored(factor, own, D - 1)) / 2 - halfLogDeterminant(factor, D - 1, D - 1);
  }

  /** Logarithms of the priors' densities at 0, less powers of 2 pi, which Laplace's approximation has as well. */
  private priors(variance: number, D: number): number {
    const K = this.rows.outputs;
    return (K * Math.log(INTERCEPT_PRECISION) - (D - K) * Math.log(variance)) / 2;
  }
}

/** Half the log determinant of the leading p x p part of a matrix, from its factor of size D. */
export function halfLogDeterminant(factor: Float64Array, D: number, p: number, from = 0): number {
  let sum = 0;
  for (let at = from; at < p; at++) sum += Math.log(factor[at * D + at]);
  return sum;
}

/** The factor of a matrix that is made positive definite where a likelihood that is not concave left it otherwise. */
export function factorOf(hessian: Float64Array, D: number): Float64Array {
  let factor = cholesky(hessian, D);
  if (factor) return factor;
  let largest = 0;
  for (let at = 0; at < D; at++) largest = Math.max(largest, Math.abs(hessian[at * D + at]));
  for (let added = 1e-6 * largest; !factor; added *= 10) {
    const raised = hessian.slice();
    for (let at = 0; at < D; at++) raised[at * D + at] += added;
    factor = cholesky(raised, D);
  }
  return factor;
}
