/** Evidence for y ~ N(f, sigma^2): sigma^2 and the intercept are integrated out, coefficients in closed form. */
import { totalWeight } from '../likelihood/index.js';
import { symmetricEigen } from '../maths/eigen.js';
import { HERMITE_NODES, HERMITE_WEIGHTS, logSumExp } from '../maths/quadrature.js';
import { average } from '../maths/statistics.js';
import { dot } from '../maths/vector.js';
import type { Response } from '../types.js';
import type { Design } from './design.js';
import { VARIANCES, type FactorModel, type Factors } from './factors.js';

/** Prior of sigma^2: inverse gamma, one observation of variance .01. */
const SHAPE = 0.5;
const RATE = 0.005;
const NODES = HERMITE_NODES.length;

export function normalFactors(design: Design, y: Response, variances = VARIANCES): FactorModel {
  return new NormalFactors(design, y, variances);
}

/** Columns that are in, rotated so that they are orthogonal. */
interface Rotated {
  columns: Float64Array[];
  /** m: squared lengths, and products with y. */
  squares: Float64Array;
  products: Float64Array;
  /** m x m: coefficients of the columns are this times those of the rotated ones. */
  rotation: Float64Array;
}

/** A further column beside those that are in: its square, its product with y, its products with the rotated ones. */
interface Further {
  square: number;
  product: number;
  others: Float64Array;
}

class NormalFactors implements FactorModel {
  /** Centred; those of weighted rows times the root of the weight, so that products of columns are weighted. */
  private readonly columns: Float64Array[];
  private readonly y: Float64Array;
  private readonly total: number;
  private readonly degrees: number;
  private readonly logs: Float64Array;
  private readonly means: Float64Array;

  constructor(
    private readonly design: Design, private readonly response: Response, private readonly variances: readonly number[],
  ) {
    const { weights } = response;
    this.columns = design.columns.map((column) => centred(column, weights));
    this.y = centred(Float64Array.from(response.data), weights);
    this.total = dot(this.y, this.y);
    this.degrees = (totalWeight(response) - 1) / 2 + SHAPE;
    this.logs = new Float64Array(variances.length * NODES);
    this.means = new Float64Array(variances.length * NODES);
  }

  beside(inputs: readonly number[]): Factors {
    const { design, columns } = this;
    const own = this.rotate(inputs.flatMap((input) => design.inputs[input]));
    const base = this.evidence(own).log;
    const factors = { log: new Float64Array(design.inputs.length).fill(-Infinity), mean: new Float64Array(columns.length) };
    design.inputs.forEach((places, input) => {
      if (inputs.includes(input)) return;
      if (places.length > 1) {
        const { log, mean } = this.all([...inputs.flatMap((each) => design.inputs[each]), ...places]);
        factors.log[input] = log - base;
        places.forEach((place, i) => { factors.mean[place] = mean[mean.length - places.length + i]; });
        return;
      }
      const [x] = places.map((place) => columns[place]);
      const others = Float64Array.from(own.columns, (column) => dot(column, x));
      const { log, mean } = this.evidence(own, { square: dot(x, x), product: dot(x, this.y), others });
      factors.log[input] = log - base;
      factors.mean[places[0]] = mean;
    });
    return factors;
  }

  joint(inputs: readonly number[]): number {
    const own = this.rotate(inputs.flatMap((input) => this.design.inputs[input]));
    return this.evidence(own).log - this.evidence(this.rotate([])).log;
  }

  intercept(offset: Float64Array): Float64Array {
    const { data, rows, weights } = this.response;
    if (weights) return Float64Array.of(average(Float64Array.from(data, (value, n) => value - offset[n]), weights));
    return Float64Array.of(data.reduce((sum, value, n) => sum + (value - offset[n]) / rows, 0));
  }

  /** Evidence of columns, and the posterior mean of their coefficients. */
  private all(places: number[]): { log: number; mean: Float64Array } {
    const own = this.rotate(places);
    const m = places.length;
    const { log } = this.evidence(own);
    const turned = new Float64Array(m);
    // `means` has the ratio of noise to prior variance at each node.
    for (let at = 0; at < this.logs.length; at++) {
      const share = Math.exp(this.logs[at] - log) / this.variances.length;
      for (let i = 0; i < m; i++) turned[i] += share * own.products[i] / (own.squares[i] + this.means[at]);
    }
    const mean = new Float64Array(m);
    for (let i = 0; i < m; i++) for (let k = 0; k < m; k++) mean[i] += own.rotation[i * m + k] * turned[k];
    return { log, mean };
  }

  /**
   * log p(y), less what all models share (equation (27)): the integral over log sigma^2 by Gauss-Hermite quadrature around its
   * mode. What is left of the squares of y, and the determinant, are those of the columns that are in; a further one is added.
   */
  private evidence({ squares, products }: Rotated, further?: Further): { log: number; mean: number } {
    const { degrees, variances, logs, means, total } = this;
    const width = 1 / Math.sqrt(degrees);
    let [square, product] = [0, 0];
    const left = (noise: number, variance: number): number => {
      const ratio = noise / variance;
      let rest = total;
      if (further) [square, product] = [further.square, further.product];
      for (let i = 0; i < squares.length; i++) {
        const share = products[i] / (squares[i] + ratio);
        rest -= products[i] * share;
        if (!further) continue;
        square -= further.others[i] * further.others[i] / (squares[i] + ratio);
        product -= further.others[i] * share;
      }
      square = Math.max(square, 0);
      if (further) rest -= product * product / (square + ratio);
      return RATE + Math.max(rest, 0) / 2;
    };
    let at = 0;
    for (const variance of variances) {
      let centre = (RATE + total / 2) / degrees;
      for (let step = 0; step < 4; step++) centre = left(centre, variance) / degrees;
      for (let k = 0; k < NODES; k++, at++) {
        const node = HERMITE_NODES[k];
        const noise = centre * Math.exp(width * node);
        let log = -degrees * Math.log(noise) - left(noise, variance) / noise;
        for (let i = 0; i < squares.length; i++) log -= Math.log1p(variance * squares[i] / noise) / 2;
        if (further) log -= Math.log1p(variance * square / noise) / 2;
        logs[at] = log + Math.log(HERMITE_WEIGHTS[k] * width) + node * node / 2;
        means[at] = further ? product / (square + noise / variance) : noise / variance;
      }
    }
    const sum = logSumExp(logs);
    let mean = 0;
    if (further) for (at = 0; at < logs.length; at++) mean += Math.exp(logs[at] - sum) * means[at];
    return { log: sum - Math.log(variances.length), mean };
  }

  private rotate(places: readonly number[]): Rotated {
    const own = places.map((place) => this.columns[place]);
    const m = own.length;
    const gram = Float64Array.from({ length: m * m }, (_, at) => dot(own[Math.floor(at / m)], own[at % m]));
    const { values, vectors } = symmetricEigen(gram, m);
    const columns = Array.from({ length: m }, (_, k) => {
      const column = new Float64Array(this.design.rows);
      own.forEach((each, i) => {
        const share = vectors[i * m + k];
        for (let n = 0; n < column.length; n++) column[n] += share * each[n];
      });
      return column;
    });
    return {
      columns, squares: values.map((value) => Math.max(value, 0)), rotation: vectors,
      products: Float64Array.from(columns, (column) => dot(column, this.y)),
    };
  }
}

function centred(column: Float64Array, weights?: Float32Array): Float64Array {
  if (weights) {
    const mean = average(column, weights);
    return column.map((value, n) => Math.sqrt(weights[n]) * (value - mean));
  }
  const mean = column.reduce((sum, value) => sum + value, 0) / column.length;
  return column.map((value) => value - mean);
}
