/**
 * Bayes factors under any likelihood. A quadratic at the intercept alone tells for all inputs about how good each is; those
 * that may be near the best are then done exactly, best first, until the others are out of reach.
 */
import { cholesky, solveFactored } from '../maths/cholesky.js';
import { logSumExp } from '../maths/quadrature.js';
import type { Design } from './design.js';
import { VARIANCES, type FactorModel, type Factors } from './factors.js';
import { assemble, factorOf, INTERCEPT_PRECISION, LaplaceFitter, type Fit } from './laplace.js';
import type { Rows } from './rows.js';
import { ScalarFit } from './scalar-fit.js';

/** An input this many nats below the best keeps its approximate factor: its weight is below e^-8. */
const WINDOW = 8;
/** Inputs that are always done exactly. */
const FIRST = 16;
/** How much better than approximated an input may be beyond what was seen of others. */
const SLACK = 1;

export function generalFactors(design: Design, rows: Rows, variances = VARIANCES): FactorModel {
  return new GeneralFactors(design, rows, variances);
}

class GeneralFactors implements FactorModel {
  private readonly laplace: LaplaceFitter;
  private readonly scalar: ScalarFit | undefined;

  constructor(private readonly design: Design, private readonly rows: Rows, private readonly variances: readonly number[]) {
    this.laplace = new LaplaceFitter(rows);
    this.scalar = rows.outputs === 1 ? new ScalarFit(rows) : undefined;
  }

  intercept(offset: Float64Array): Float64Array {
    return this.laplace.fit([], offset, []).theta;
  }

  at(offset: Float64Array): Factors {
    const { design: { inputs, columns }, rows: { outputs: K } } = this;
    const alone = this.laplace.fit([], offset, []);
    const factors = { log: new Float64Array(inputs.length), mean: new Float64Array(columns.length * K) };
    inputs.forEach((places, input) => this.approximate(places, factors, input));
    const order = Int32Array.from(inputs.keys()).sort((a, b) => factors.log[b] - factors.log[a]);
    let [best, surprise] = [-Infinity, 0];
    for (let at = 0; at < order.length; at++) {
      const input = order[at];
      const approximate = factors.log[input];
      if (at >= FIRST && approximate + surprise + SLACK < best - WINDOW) break;
      this.exact(inputs[input], offset, alone, factors, input);
      best = Math.max(best, factors.log[input]);
      surprise = Math.max(surprise, factors.log[input] - approximate);
    }
    return factors;
  }

  /** From the derivatives that the rows have at the intercept. */
  private approximate(places: number[], factors: Factors, input: number): void {
    if (this.scalar && places.length === 1) return this.approximateOne(places[0], factors, input);
    const { rows, variances, design: { columns } } = this;
    const K = rows.outputs;
    const { gradient, hessian } = assemble(rows, places.map((place) => columns[place]));
    const D = gradient.length;
    for (let at = 0; at < K; at++) hessian[at * D + at] += INTERCEPT_PRECISION;
    gradient.fill(0, 0, K);
    const logs = variances.map((variance) => {
      const raised = hessian.slice();
      for (let at = K; at < D; at++) raised[at * D + at] += 1 / variance;
      const factor = cholesky(raised, D) ?? factorOf(raised, D);
      const move = solveFactored(factor, gradient, D);
      let log = -(D - K) * Math.log(variance) / 2;
      for (let at = K; at < D; at++) log -= Math.log(factor[at * D + at]);
      for (let at = K; at < D; at++) log += gradient[at] * move[at] / 2;
      return { log, move };
    });
    this.average(logs.map(({ log }) => log), logs.map(({ move }) => move.subarray(K)), places, factors, input);
  }

  /** The same of one column for one output. */
  private approximateOne(place: number, factors: Factors, input: number): void {
    const { rows: { gradient, information, count }, variances, design: { columns } } = this;
    const x = columns[place];
    let [g, h00, h01, h11] = [0, INTERCEPT_PRECISION, 0, 0];
    for (let n = 0; n < count; n++) {
      const wx = information[n] * x[n];
      g += gradient[n] * x[n];
      h00 += information[n];
      h01 += wx;
      h11 += wx * x[n];
    }
    const h = h11 - h01 * h01 / h00;
    const logs = variances.map((v) => (g * g * v / (1 + v * h) - Math.log(1 + v * h)) / 2);
    this.average(logs, variances.map((v) => Float64Array.of(g * v / (1 + v * h))), [place], factors, input);
  }

  private exact(places: number[], offset: Float64Array, alone: Fit, factors: Factors, input: number): void {
    const { variances, design: { columns }, rows: { outputs: K } } = this;
    if (this.scalar && places.length === 1) {
      const start = Math.max(-3, Math.min(3, factors.mean[places[0]]));
      const { log, mean } = this.scalar.evidence(columns[places[0]], offset, variances, [alone.theta[0], start]);
      const own = alone.logEvidence - Math.log(INTERCEPT_PRECISION) / 2;
      this.average([...log].map((each) => each - own), [...mean].map((each) => Float64Array.of(each)), places, factors, input);
      return;
    }
    const own = places.map((place) => columns[place]);
    let theta: Float64Array = new Float64Array((places.length + 1) * K);
    theta.set(alone.theta);
    const logs: number[] = [];
    const means: Float64Array[] = [];
    for (const variance of variances) {
      const fit = this.laplace.fit(own, offset, own.map(() => 1 / variance), theta);
      theta = fit.theta;
      logs.push(fit.logEvidence - alone.logEvidence);
      means.push(theta.subarray(K));
    }
    this.average(logs, means, places, factors, input);
  }

  /** Averages factors over the prior variances, and means by their posterior. */
  private average(
    logs: readonly number[], means: readonly Float64Array[], places: number[], factors: Factors, input: number,
  ): void {
    const { rows: { outputs: K } } = this;
    const sum = logSumExp(logs);
    factors.log[input] = sum - Math.log(logs.length);
    places.forEach((place, i) => {
      for (let k = 0; k < K; k++) {
        let mean = 0;
        for (let at = 0; at < logs.length; at++) mean += Math.exp(logs[at] - sum) * means[at][i * K + k];
        factors.mean[place * K + k] = mean;
      }
    });
  }
}
