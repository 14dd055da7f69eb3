/** The density of a table's targets given the outputs, with its derivatives; sigma^2 of normal noise is integrated out. */
import { totalWeight, type Likelihood, type RowDerivatives } from '../likelihood/index.js';
import { Rows } from '../linear/rows.js';
import { logGamma } from '../maths/gamma.js';
import type { Response } from '../types.js';

export interface Density extends RowDerivatives {
  /** Sum over rows of log p(y | f), f [n, K]; fills the derivatives. */
  at(outputs: Float64Array): number;
  /** Whether the information of all rows is {@link precision}. */
  readonly constant: boolean;
  /** Of the noise at the last outputs, E(1 / sigma^2 | y, f); 1 where the likelihood has no variance of its own to integrate. */
  readonly precision: number;
  /** Minus the Hessian is that of the rows less this times the outer product of the gradient with itself. */
  readonly curvature: number;
  /** Shape and rate of sigma^2 | y, f at the last outputs, where it is integrated out. */
  readonly noise: { shape: number; rate: number } | undefined;
}

/** @param noiseVariance for a likelihood with a variance of its own that is not normal */
export const densityOf = (likelihood: Likelihood, y: Response, noiseVariance = 1): Density =>
  (likelihood.normal ? new NormalDensity(y) : new PlainDensity(new Rows(likelihood, y, noiseVariance)));

class PlainDensity implements Density {
  readonly constant = false;
  readonly precision = 1;
  readonly curvature = 0;
  readonly noise = undefined;
  readonly gradient: Float64Array;
  readonly information: Float64Array;

  constructor(private readonly rows: Rows) {
    this.gradient = rows.gradient;
    this.information = rows.information;
  }

  at(outputs: Float64Array): number {
    return this.rows.at(outputs);
  }
}

/** Prior of sigma^2: inverse gamma, one observation of variance .01. */
const SHAPE = 0.5;
const RATE = 0.005;

/** y ~ N(f, sigma^2) with sigma^2 integrated out: a Student-type density of all rows at once (equation (34)). */
class NormalDensity implements Density {
  readonly constant: boolean;
  readonly gradient: Float64Array;
  readonly information: Float64Array;
  readonly curvature: number;
  readonly noise: { shape: number; rate: number };
  private readonly log: number;
  precision = 1;

  constructor(private readonly y: Response) {
    const rows = totalWeight(y);
    const shape = SHAPE + rows / 2;
    this.constant = y.weights === undefined;
    this.gradient = new Float64Array(y.rows);
    this.information = new Float64Array(y.rows);
    this.curvature = 1 / shape;
    this.noise = { shape, rate: RATE };
    this.log = logGamma(shape) - logGamma(SHAPE) + SHAPE * Math.log(RATE) - rows / 2 * Math.log(2 * Math.PI);
  }

  at(outputs: Float64Array): number {
    const { gradient, information, noise, y: { data, weights } } = this;
    let squares = 0;
    for (let n = 0; n < outputs.length; n++) {
      const residual = data[n] - outputs[n];
      gradient[n] = weights ? weights[n] * residual : residual;
      squares += gradient[n] * residual;
    }
    noise.rate = RATE + squares / 2;
    this.precision = noise.shape / noise.rate;
    for (let n = 0; n < gradient.length; n++) gradient[n] *= this.precision;
    if (weights) for (let n = 0; n < information.length; n++) information[n] = weights[n] * this.precision;
    else information.fill(this.precision);
    return this.log - noise.shape * Math.log(noise.rate);
  }
}
