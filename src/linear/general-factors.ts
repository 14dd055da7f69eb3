/**
 * Evidence under any likelihood. A quadratic at the mode of what is in tells for all inputs about how good each would be beside
 * it; those that may be near the best are then done exactly, best first, until the others are out of reach.
 */
import { solveFactored } from '../maths/cholesky.js';
import { logSumExp } from '../maths/quadrature.js';
import { dot } from '../maths/vector.js';
import { addInformation, gradientOf } from './assemble.js';
import type { Design } from './design.js';
import { VARIANCES, type FactorModel, type Factors } from './factors.js';
import { factorOf, halfLogDeterminant, LaplaceFitter, type Fit, type Integrated } from './laplace.js';
import type { Rows } from './rows.js';

/** An input this many nats below the best keeps its approximate factor. */
const WINDOW = 5;
/** So does one that even odds of one of all inputs make this improbable, in log odds. */
const IMPROBABLE = -5;
/** Beside more columns, Laplace's approximation has to do for the coefficient as well: each node costs as much as a step. */
const MOST_INTEGRATED = 3;
/** How much better than approximated an input may be beyond what was seen of others. */
const SLACK = 1;

export function generalFactors(design: Design, rows: Rows, variances = VARIANCES): FactorModel {
  return new GeneralFactors(design, rows, variances);
}

/** The inputs that are in, under each prior variance. */
interface Base {
  columns: Float64Array[];
  fits: Fit[];
  log: number;
}

class GeneralFactors implements FactorModel {
  private readonly laplace: LaplaceFitter;
  private readonly nothing: Float64Array;
  private readonly alone: number;
  /** Place of the prior variance that fits begin with. */
  private readonly middle: number;

  constructor(private readonly design: Design, private readonly rows: Rows, private readonly variances: readonly number[]) {
    this.laplace = new LaplaceFitter(rows);
    this.nothing = new Float64Array(rows.count * rows.outputs);
    this.middle = variances.length >> 1;
    this.alone = this.laplace.fit([], this.nothing, 1).log;
  }

  intercept(offset: Float64Array): Float64Array {
    return this.laplace.fit([], offset, 1).theta;
  }

  joint(inputs: readonly number[]): number {
    return this.base(inputs).log - this.alone;
  }

  beside(inputs: readonly number[], quick = false): Factors {
    const { design: { inputs: all, columns }, rows: { outputs: K } } = this;
    const base = this.base(inputs);
    const factors = { log: new Float64Array(all.length).fill(-Infinity), mean: new Float64Array(columns.length * K) };
    const approximate = this.quadratic(base);
    all.forEach((places, input) => { if (!inputs.includes(input)) put(factors, input, places, approximate(places), base.log); });
    if (quick) return factors;
    const out = Int32Array.from(all.keys()).filter((input) => !inputs.includes(input));
    const order = out.sort((a, b) => factors.log[b] - factors.log[a] || a - b);
    const least = Math.log(all.length) + IMPROBABLE;
    // What is gained by more than the quadratic has grows with the effect.
    let [best, surprise] = [-Infinity, 0];
    for (let at = 0; at < order.length; at++) {
      const [input, guess] = [order[at], factors.log[order[at]]];
      if (guess + SLACK + surprise * Math.max(guess, 0) < Math.max(best - WINDOW, least)) break;
      const { log, mean } = this.exact(base, all[input], factors.mean.subarray(all[input][0] * K));
      put(factors, input, all[input], { log, mean }, base.log);
      best = Math.max(best, factors.log[input]);
      surprise = Math.max(surprise, (factors.log[input] - guess) / Math.max(guess, 3));
    }
    return factors;
  }

  private base(inputs: readonly number[]): Base {
    const columns = inputs.flatMap((input) => this.design.inputs[input].map((place) => this.design.columns[place]));
    const fits = this.each((variance, before) => this.laplace.fit(columns, this.nothing, variance, before?.theta));
    return { columns, fits, log: logSumExp(fits.map(({ log }) => log)) - Math.log(fits.length) };
  }

  /** Factors by the derivatives at the mode of what is in, under its most probable prior variance: equation (29). */
  private quadratic({ columns: others, fits }: Base): (places: readonly number[]) => Joint {
    const { rows, rows: { outputs: K }, design: { columns }, variances, laplace } = this;
    const chosen = fits.reduce((best, { log }, at) => (log > fits[best].log ? at : best), 0);
    const { factor, theta } = laplace.fit(others, this.nothing, variances[chosen], fits[chosen].theta);
    const inside = [laplace.ones, ...others];
    const D = theta.length;
    return (places) => {
      const own = places.map((place) => columns[place]);
      const m = own.length * K;
      const gradient = gradientOf(own, rows, K);
      const information = new Float64Array(m * m);
      addInformation(own, own, rows, K, { matrix: information, width: m, row: 0, column: 0 }, true);
      const cross = new Float64Array(m * D);
      addInformation(own, inside, rows, K, { matrix: cross, width: D, row: 0, column: 0 });
      // What the others cannot take over: the Schur complement.
      for (let i = 0; i < m; i++) {
        const solved = solveFactored(factor, cross.subarray(i * D, (i + 1) * D), D);
        for (let j = 0; j < m; j++) for (let c = 0; c < D; c++) information[j * m + i] -= cross[j * D + c] * solved[c];
      }
      return averaged(variances.map((variance, at) => {
        const raised = information.slice();
        for (let c = 0; c < m; c++) raised[c * m + c] += 1 / variance;
        const root = factorOf(raised, m);
        const mean = solveFactored(root, gradient, m);
        const gain = dot(gradient, mean) / 2;
        return { log: fits[at].log + gain - halfLogDeterminant(root, m, m) - m * Math.log(variance) / 2, mean };
      }));
    };
  }

  /** Evidence with an input more, and the mean of its coefficients. @param near m x K: about the coefficients */
  private exact({ columns: others, fits }: Base, places: readonly number[], near: Float64Array): Joint {
    const { rows: { outputs: K }, design: { columns }, laplace, nothing } = this;
    const all = [...others, ...places.map((place) => columns[place])];
    const first = (others.length + 1) * K;
    const start = new Float64Array((all.length + 1) * K);
    start.set(fits[this.middle].theta);
    start.set(near.subarray(0, places.length * K).map(shortened), first);
    if (K > 1 || places.length > 1 || others.length > MOST_INTEGRATED) {
      const each = this.each((variance, before) => laplace.fit(all, nothing, variance, before?.theta ?? start));
      return averaged(each.map(({ log, theta }) => ({ log, mean: theta.subarray(first) })));
    }
    const each = this.each((variance, before: Integrated | undefined) =>
      laplace.integrated(all, nothing, variance, before?.theta ?? start));
    return averaged(each.map(({ log, theta, lean }) => ({ log, mean: Float64Array.of(theta[first] + lean) })));
  }

  /** Fits under all prior variances, from the middle one on; by the quadratic of the one beside where that will do. */
  private each<F extends Fit>(fit: (variance: number, before?: F) => F): F[] {
    const { variances, middle } = this;
    const fits: F[] = [];
    fits[middle] = fit(variances[middle]);
    const from = (at: number, beside: number): void => {
      fits[at] = this.laplace.reweighed(fits[beside], variances[at]) ?? fit(variances[at], fits[beside]);
    };
    for (let at = middle + 1; at < variances.length; at++) from(at, at - 1);
    for (let at = middle - 1; at >= 0; at--) from(at, at + 1);
    return fits;
  }
}

/** Newton steps do not begin further out. */
const shortened = (coefficient: number): number => Math.max(-1, Math.min(1, coefficient));

/** Evidence with some columns, and the mean of their coefficients, m x K. */
interface Joint {
  log: number;
  mean: Float64Array;
}

/** Averages evidence over the prior variances, and means by their posterior. */
function averaged(each: readonly Joint[]): Joint {
  const sum = logSumExp(each.map(({ log }) => log));
  const mean = new Float64Array(each[0].mean.length);
  for (const own of each) {
    const share = Math.exp(own.log - sum);
    for (let c = 0; c < mean.length; c++) mean[c] += share * own.mean[c];
  }
  return { log: sum - Math.log(each.length), mean };
}

function put(factors: Factors, input: number, places: readonly number[], { log, mean }: Joint, base: number): void {
  factors.log[input] = log - base;
  const K = mean.length / places.length;
  places.forEach((place, i) => factors.mean.set(mean.subarray(i * K, (i + 1) * K), place * K));
}
