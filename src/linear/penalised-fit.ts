/** The maximum of log p(y | f) - penalty / 2 |w|^2 with f = a + S w: Newton's method, each step by conjugate gradients. */
import { symmetricEigen } from '../maths/eigen.js';
import { INTERCEPT_PRECISION } from './laplace.js';
import type { Rows } from './rows.js';
import type { Scores } from './scores.js';

const STEPS = 30;
/** Twice what a step may still gain, in nats a row. */
const CONVERGED = 1e-6;
const DIRECTIONS = 25;
const RESIDUAL = 0.03;
const HALVINGS = 20;

/** Fits to some rows of the scores, at one penalty after another. */
export class PenalisedFit {
  /** (m + 1) x K: the intercepts first. */
  theta: Float64Array;
  private readonly f: Float64Array;

  /**
   * @param chosen which rows of the scores the rows of `rows` are
   */
  constructor(private readonly scores: Scores, private readonly rows: Rows, private readonly chosen: Int32Array) {
    this.theta = new Float64Array((scores.axes + 1) * rows.outputs);
    this.f = new Float64Array(rows.count * rows.outputs);
  }

  /** Goes on from where it is; yields after each step. */
  * climb(penalty: number): Generator<void, void> {
    let value = this.value(this.theta, penalty);
    for (let step = 0; step < STEPS; step++) {
      const gradient = this.gradient(penalty);
      const move = this.solve(gradient, penalty);
      const gain = inner(gradient, move);
      if (!(gain > CONVERGED * this.rows.count)) return;
      let [size, reached] = [1, -Infinity];
      let next: Float64Array = this.theta;
      for (let halving = 0; halving < HALVINGS && !(reached >= value - 1e-9); halving++, size /= 2) {
        const length = size;
        next = this.theta.map((each, at) => each + length * move[at]);
        reached = this.value(next, penalty);
      }
      [this.theta, value] = [next, reached];
      yield;
    }
  }

  /** Outputs [n, K] of rows of the scores. */
  outputs(chosen: Int32Array, theta = this.theta, into?: Float64Array): Float64Array {
    const { scores: { data, axes }, rows: { outputs: K } } = this;
    const f = into ?? new Float64Array(chosen.length * K);
    chosen.forEach((row, n) => {
      for (let k = 0; k < K; k++) {
        let sum = theta[k];
        for (let c = 0; c < axes; c++) sum += data[row * axes + c] * theta[(c + 1) * K + k];
        f[n * K + k] = sum;
      }
    });
    return f;
  }

  private value(theta: Float64Array, penalty: number): number {
    const { rows, rows: { outputs: K } } = this;
    let value = rows.at(this.outputs(this.chosen, theta, this.f));
    theta.forEach((each, at) => { value -= (at < K ? INTERCEPT_PRECISION : penalty) / 2 * each * each; });
    return value;
  }

  private gradient(penalty: number): Float64Array {
    const gradient = this.gather(this.rows.gradient);
    return gradient.map((each, at) => each - (at < this.rows.outputs ? INTERCEPT_PRECISION : penalty) * this.theta[at]);
  }

  /** [1, S]' r for r [n, K]. */
  private gather(r: Float64Array): Float64Array {
    const { scores: { data, axes }, rows: { outputs: K }, chosen } = this;
    const sums = new Float64Array((axes + 1) * K);
    chosen.forEach((row, n) => {
      for (let k = 0; k < K; k++) {
        const value = r[n * K + k];
        sums[k] += value;
        for (let c = 0; c < axes; c++) sums[(c + 1) * K + k] += value * data[row * axes + c];
      }
    });
    return sums;
  }

  /** Hessian times v. */
  private curve(v: Float64Array, penalty: number): Float64Array {
    const { rows: { outputs: K, information }, chosen } = this;
    const along = this.outputs(chosen, v);
    const weighed = new Float64Array(along.length);
    for (let n = 0; n < chosen.length; n++) {
      for (let j = 0; j < K; j++) {
        for (let k = 0; k < K; k++) weighed[n * K + j] += information[(n * K + j) * K + k] * along[n * K + k];
      }
    }
    return this.gather(weighed).map((each, at) => each + (at < K ? INTERCEPT_PRECISION : penalty) * v[at]);
  }

  private solve(gradient: Float64Array, penalty: number): Float64Array {
    const precondition = this.preconditioner(penalty);
    const x = new Float64Array(gradient.length);
    const r = gradient.slice();
    let z = precondition(r);
    let p = z.slice();
    let rz = inner(r, z);
    const first = rz;
    for (let direction = 0; direction < DIRECTIONS && rz > RESIDUAL * RESIDUAL * first; direction++) {
      const q = this.curve(p, penalty);
      const curvature = inner(p, q);
      if (!(curvature > 0)) break;
      const length = rz / curvature;
      for (let at = 0; at < x.length; at++) {
        x[at] += length * p[at];
        r[at] -= length * q[at];
      }
      z = precondition(r);
      const next = inner(r, z);
      p = p.map((each, at) => z[at] + next / rz * each);
      rz = next;
    }
    // Where the curvature is not positive at once, along the gradient.
    return inner(x, gradient) > 0 ? x : precondition(gradient);
  }

  /** The inverse of the Hessian that all rows would have with their average information, in orthogonal axes. */
  private preconditioner(penalty: number): (r: Float64Array) => Float64Array {
    const { rows: { outputs: K, information, count }, scores: { axes, squares, rows: all } } = this;
    const mean = new Float64Array(K * K);
    for (let at = 0; at < information.length; at++) mean[at % (K * K)] += information[at] / count;
    const { values, vectors } = symmetricEigen(mean, K);
    const scale = values.map((value) => Math.max(value, 0));
    return (r) => {
      const z = new Float64Array(r.length);
      for (let c = 0; c <= axes; c++) {
        const [square, prior] = c === 0 ? [count, INTERCEPT_PRECISION] : [squares[c - 1] * count / all, penalty];
        for (let e = 0; e < K; e++) {
          let turned = 0;
          for (let k = 0; k < K; k++) turned += vectors[k * K + e] * r[c * K + k];
          turned /= scale[e] * square + prior;
          for (let k = 0; k < K; k++) z[c * K + k] += vectors[k * K + e] * turned;
        }
      }
      return z;
    };
  }
}

function inner(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += a[at] * b[at];
  return sum;
}
