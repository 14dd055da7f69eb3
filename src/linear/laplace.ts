/**
 * Laplace's approximation of the evidence of a linear predictor: f = offset + a + sum_c x_c b_c, with Normal(0, 1 / precision)
 * as prior of each coefficient. Parameters are (m + 1) x K, the intercepts a [K] first.
 */
import { cholesky, solveFactored } from '../maths/cholesky.js';
import type { Rows } from './rows.js';

/** Precision of the Gaussian prior of an intercept: standard deviation 10. */
export const INTERCEPT_PRECISION = 0.01;
const STEPS = 60;
/** Twice what a step may still gain, in nats; the gain itself is then added. */
const CONVERGED = 1e-4;
const LONGEST = 3;
const HALVINGS = 30;

export interface Fit {
  /** (m + 1) x K. */
  theta: Float64Array;
  /** log p(y) with everything integrated out, in nats. */
  logEvidence: number;
}

/** Room for Newton steps on so many rows. */
export class LaplaceFitter {
  private readonly f: Float64Array;

  constructor(readonly rows: Rows) {
    this.f = new Float64Array(rows.count * rows.outputs);
  }

  /**
   * @param columns m columns of n numbers
   * @param offset n x K
   * @param precision of the coefficients, one for each column
   * @param start (m + 1) x K
   */
  fit(columns: readonly Float64Array[], offset: Float64Array, precision: ArrayLike<number>, start?: Float64Array): Fit {
    const { outputs: K } = this.rows;
    const D = (columns.length + 1) * K;
    const prior = (c: number): number => (c === 0 ? INTERCEPT_PRECISION : precision[c - 1]);
    let theta: Float64Array = start ? start.slice() : new Float64Array(D);
    let value = this.value(columns, offset, theta, prior);
    for (let step = 0; step < STEPS; step++) {
      const { gradient, hessian } = assemble(this.rows, columns);
      for (let at = 0; at < D; at++) {
        gradient[at] -= prior(Math.floor(at / K)) * theta[at];
        hessian[at * D + at] += prior(Math.floor(at / K));
      }
      const factor = factorOf(hessian, D);
      const move = solveFactored(factor, gradient, D);
      const gain = inner(gradient, move);
      if (!(gain > CONVERGED) || step === STEPS - 1) {
        theta = theta.map((each, at) => each + move[at]);
        let log = value + gain / 2;
        for (let at = 0; at < D; at++) log += Math.log(prior(Math.floor(at / K))) / 2 - Math.log(factor[at * D + at]);
        return { theta, logEvidence: log };
      }
      [theta, value] = this.move(columns, offset, { theta, value, move, prior });
    }
    throw new RangeError('unreachable');
  }

  private move(
    columns: readonly Float64Array[], offset: Float64Array,
    { theta, value, move, prior }: { theta: Float64Array; value: number; move: Float64Array; prior: (c: number) => number },
  ): [Float64Array, number] {
    let size = Math.min(1, LONGEST / move.reduce((most, each) => Math.max(most, Math.abs(each)), 0));
    let next = theta;
    let reached = -Infinity;
    for (let halving = 0; halving < HALVINGS && !(reached >= value - 1e-9); halving++, size /= 2) {
      const length = size;
      next = theta.map((each, at) => each + length * move[at]);
      reached = this.value(columns, offset, next, prior);
    }
    return [next, reached];
  }

  private value(
    columns: readonly Float64Array[], offset: Float64Array, theta: Float64Array, prior: (c: number) => number,
  ): number {
    const { rows: { outputs: K }, f } = this;
    for (let at = 0; at < f.length; at += K) for (let k = 0; k < K; k++) f[at + k] = offset[at + k] + theta[k];
    columns.forEach((column, c) => {
      for (let k = 0; k < K; k++) {
        const weight = theta[(c + 1) * K + k];
        if (weight === 0) continue;
        for (let n = 0; n < column.length; n++) f[n * K + k] += weight * column[n];
      }
    });
    let value = this.rows.at(f);
    theta.forEach((each, at) => { value -= 0.5 * prior(Math.floor(at / K)) * each * each; });
    return value;
  }
}

/** Gradient and information of the log-likelihood in the parameters, from the derivatives that the rows have now. */
export function assemble(rows: Rows, columns: readonly Float64Array[]): { gradient: Float64Array; hessian: Float64Array } {
  const { count, outputs: K, gradient: g, information } = rows;
  const D = (columns.length + 1) * K;
  const gradient = new Float64Array(D);
  const hessian = new Float64Array(D * D);
  const ones = onesOf(count);
  const all = [ones, ...columns];
  all.forEach((left, c) => {
    for (let k = 0; k < K; k++) {
      let sum = 0;
      for (let n = 0; n < count; n++) sum += g[n * K + k] * left[n];
      gradient[c * K + k] = sum;
    }
    for (let e = 0; e <= c; e++) {
      const right = all[e];
      for (let j = 0; j < K; j++) {
        for (let k = 0; k < K; k++) {
          let sum = 0;
          for (let n = 0, at = j * K + k; n < count; n++, at += K * K) sum += left[n] * right[n] * information[at];
          hessian[(c * K + j) * D + e * K + k] = sum;
          hessian[(e * K + k) * D + c * K + j] = sum;
        }
      }
    }
  });
  return { gradient, hessian };
}

let ones = new Float64Array(0);
function onesOf(count: number): Float64Array {
  if (ones.length < count) ones = new Float64Array(count).fill(1);
  return ones;
}

/** The factor of a matrix that is made positive definite where a likelihood that is not concave left it otherwise. */
export function factorOf(hessian: Float64Array, D: number): Float64Array {
  let factor = cholesky(hessian, D);
  let largest = 0;
  for (let at = 0; at < D; at++) largest = Math.max(largest, Math.abs(hessian[at * D + at]));
  for (let added = 1e-6 * largest; !factor; added *= 10) {
    const raised = hessian.slice();
    for (let at = 0; at < D; at++) raised[at * D + at] += added;
    factor = cholesky(raised, D);
  }
  return factor;
}

function inner(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += a[at] * b[at];
  return sum;
}
