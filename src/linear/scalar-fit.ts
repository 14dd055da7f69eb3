/** Bayes factors of one column for one output: Newton for intercept and coefficient, then quadrature over the coefficient. */
import { HERMITE_NODES, HERMITE_WEIGHTS, logSumExp } from '../maths/quadrature.js';
import { INTERCEPT_PRECISION } from './laplace.js';
import type { Rows } from './rows.js';

const STEPS = 40;
const LONGEST = 2;
/** Twice what a Newton step may still gain, in nats. */
const CONVERGED = 1e-3;
/** Where quadrature with three nodes is this close to Laplace's approximation, nine nodes would say the same. */
const AGREES = 0.005;

export class ScalarFit {
  private readonly f: Float64Array;
  /** Intercept and coefficient. */
  private a = 0;
  private b = 0;
  /** log p and its derivatives at the last point, the prior of the intercept included. */
  private value = 0;
  private g0 = 0;
  private g1 = 0;
  private h00 = 0;
  private h01 = 0;
  private h11 = 0;

  constructor(private readonly rows: Rows) {
    this.f = new Float64Array(rows.count);
  }

  /**
   * For each prior variance, ascending, log of the integral over intercept and coefficient of the likelihood times the priors,
   * but for the factor that the intercept alone has as well; and the posterior mean.
   * @param start intercept and coefficient to begin at
   */
  evidence(
    x: Float64Array, offset: Float64Array, variances: readonly number[], start: readonly [number, number],
  ): { log: Float64Array; mean: Float64Array } {
    const log = new Float64Array(variances.length);
    const mean = new Float64Array(variances.length);
    [this.a, this.b] = start;
    this.evaluate(x, offset);
    variances.forEach((variance, at) => {
      const top = this.climb(x, offset, variance);
      const found = this.integrate(x, offset, variance, top);
      log[at] = found.log;
      mean[at] = found.mean;
      [this.a, this.b] = [top.a, top.b];
      this.evaluate(x, offset);
    });
    return { log, mean };
  }

  private evaluate(x: Float64Array, offset: Float64Array): void {
    const { f, a, b, rows } = this;
    for (let n = 0; n < f.length; n++) f[n] = offset[n] + a + b * x[n];
    this.value = rows.at(f) - INTERCEPT_PRECISION * a * a / 2;
    let [g0, g1, h00, h01, h11] = [-INTERCEPT_PRECISION * a, 0, INTERCEPT_PRECISION, 0, 0];
    const { gradient, information } = rows;
    for (let n = 0; n < f.length; n++) {
      const wx = information[n] * x[n];
      g0 += gradient[n];
      g1 += gradient[n] * x[n];
      h00 += information[n];
      h01 += wx;
      h11 += wx * x[n];
    }
    [this.g0, this.g1, this.h00, this.h01, this.h11] = [g0, g1, h00, h01, h11];
  }

  /** The mode under a prior variance, from the last point on; the value there with what the last step gains. */
  private climb(x: Float64Array, offset: Float64Array, variance: number): Mode {
    for (let step = 0; ; step++) {
      const g1 = this.g1 - this.b / variance;
      const h11 = this.h11 + 1 / variance;
      const determinant = Math.max(this.h00 * h11 - this.h01 * this.h01, 1e-12 * this.h00 * h11);
      const da = (h11 * this.g0 - this.h01 * g1) / determinant;
      const db = (this.h00 * g1 - this.h01 * this.g0) / determinant;
      const gain = this.g0 * da + g1 * db;
      const value = this.value - this.b * this.b / (2 * variance);
      if (!(gain > CONVERGED) || step === STEPS) {
        const size = Math.min(1, LONGEST / Math.max(Math.abs(da), Math.abs(db)));
        return {
          a: this.a + size * da, b: this.b + size * db, value: value + gain / 2, slope: this.h01 / this.h00,
          spread: Math.sqrt(this.h00 / determinant), log: -Math.log(determinant) / 2 - Math.log(variance) / 2,
        };
      }
      this.step(x, offset, { da, db, value, variance });
    }
  }

  private step(
    x: Float64Array, offset: Float64Array,
    { da, db, value, variance }: { da: number; db: number; value: number; variance: number },
  ): void {
    const [a, b] = [this.a, this.b];
    let size = Math.min(1, LONGEST / Math.max(Math.abs(da), Math.abs(db)));
    for (let halving = 0; halving < 30; halving++, size /= 2) {
      [this.a, this.b] = [a + size * da, b + size * db];
      this.evaluate(x, offset);
      if (this.value - this.b * this.b / (2 * variance) >= value - 1e-9) return;
    }
  }

  /** By nine nodes, or three where these agree with Laplace's approximation; the intercept by Laplace at each. */
  private integrate(x: Float64Array, offset: Float64Array, variance: number, top: Mode): { log: number; mean: number } {
    const laplace = top.value + top.log;
    const three = [-Math.sqrt(3), Math.sqrt(3)].map((node) => this.node(x, offset, variance, top, node) + Math.log(1 / 6));
    const rough = logSumExp([...three, laplace + Math.log(2 / 3)]);
    if (Math.abs(rough - laplace) < AGREES) {
      const lean = Math.exp(three[1] - rough) - Math.exp(three[0] - rough);
      return { log: rough, mean: top.b + Math.sqrt(3) * top.spread * lean };
    }
    const logs = HERMITE_NODES.map((node, k) => this.node(x, offset, variance, top, node) + Math.log(HERMITE_WEIGHTS[k]));
    const log = logSumExp(logs);
    let mean = 0;
    logs.forEach((each, k) => { mean += Math.exp(each - log) * (top.b + top.spread * HERMITE_NODES[k]); });
    return { log, mean };
  }

  /** The integrand over the normal density of the node, with the intercept integrated out. */
  private node(x: Float64Array, offset: Float64Array, variance: number, top: Mode, node: number): number {
    this.b = top.b + top.spread * node;
    this.a = top.a - top.slope * (this.b - top.b);
    this.evaluate(x, offset);
    const value = this.value + this.g0 * this.g0 / (2 * this.h00) - this.b * this.b / (2 * variance);
    return value - Math.log(this.h00) / 2 - Math.log(variance) / 2 + Math.log(top.spread) + node * node / 2;
  }
}

interface Mode {
  a: number;
  b: number;
  /** Log of the integrand at the mode. */
  value: number;
  /** How far the intercept falls as the coefficient rises. */
  slope: number;
  /** Standard deviation of the coefficient, the intercept being free. */
  spread: number;
  /** What Laplace's approximation adds. */
  log: number;
}
