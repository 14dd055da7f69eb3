/** Bayes factors for y ~ N(f, sigma^2): sigma^2 and the intercept are integrated out, coefficients in closed form. */
import { symmetricEigen } from '../maths/eigen.js';
import { HERMITE_NODES, HERMITE_WEIGHTS, logSumExp } from '../maths/quadrature.js';
import type { Matrix } from '../types.js';
import type { Design } from './design.js';
import { VARIANCES, type FactorModel, type Factors } from './factors.js';

/** Prior of sigma^2: inverse gamma, one observation of variance .01. */
const SHAPE = 0.5;
const RATE = 0.005;
const NODES = HERMITE_NODES.length;

/** An input's columns, centred and rotated so that they are orthogonal. */
interface Rotated {
  columns: Float64Array[];
  /** m: squared lengths. */
  squares: Float64Array;
  /** m x m: coefficients of the encoded columns are this times those of the rotated ones. */
  rotation: Float64Array;
  places: number[];
}

export function normalFactors({ rows, columns, inputs }: Design, y: Matrix, variances = VARIANCES): FactorModel {
  const rotated = inputs.map((places) => rotate(places, columns));
  const degrees = (rows - 1) / 2 + SHAPE;
  const average = (offset: Float64Array): number => y.data.reduce((sum, value, n) => sum + (value - offset[n]) / rows, 0);
  const evidence = new Evidence(degrees, variances);
  return {
    at(offset): Factors {
      const mean = average(offset);
      const residual = Float64Array.from(y.data, (value, n) => value - offset[n] - mean);
      const total = dot(residual, residual);
      const factors = { log: new Float64Array(inputs.length), mean: new Float64Array(columns.length) };
      rotated.forEach((own, input) => {
        const { log, coefficients } = evidence.of(own, own.columns.map((column) => dot(column, residual)), total);
        factors.log[input] = log;
        const m = own.places.length;
        own.places.forEach((place, i) => {
          for (let k = 0; k < m; k++) factors.mean[place] += own.rotation[i * m + k] * coefficients[k];
        });
      });
      return factors;
    },
    intercept: (offset) => Float64Array.of(average(offset)),
  };
}

/** The integral over log sigma^2 by Gauss-Hermite quadrature around its mode; room to work in. */
class Evidence {
  private readonly logs: Float64Array;
  private readonly precisions: Float64Array;

  constructor(private readonly degrees: number, private readonly variances: readonly number[]) {
    this.logs = new Float64Array(variances.length * NODES);
    this.precisions = new Float64Array(variances.length * NODES);
  }

  /** @param products m: rotated columns times the centred residual, whose sum of squares is `total` */
  of({ squares }: Rotated, products: readonly number[], total: number): { log: number; coefficients: Float64Array } {
    const { degrees, variances, logs, precisions } = this;
    const nothing = -degrees * Math.log(RATE + total / 2) + logGammaScaled(degrees);
    let at = 0;
    for (const variance of variances) {
      const left = (noise: number): number => {
        let rest = total;
        for (let i = 0; i < squares.length; i++) rest -= products[i] * products[i] / (squares[i] + noise / variance);
        return RATE + Math.max(rest, 0) / 2;
      };
      let centre = (RATE + total / 2) / degrees;
      for (let step = 0; step < 3; step++) centre = left(centre) / degrees;
      const width = 1 / Math.sqrt(degrees);
      for (let k = 0; k < NODES; k++, at++) {
        const node = HERMITE_NODES[k];
        const noise = centre * Math.exp(width * node);
        let log = -degrees * Math.log(noise) - left(noise) / noise;
        for (let i = 0; i < squares.length; i++) log -= Math.log1p(variance * squares[i] / noise) / 2;
        logs[at] = log + Math.log(HERMITE_WEIGHTS[k] * width) + node * node / 2;
        precisions[at] = noise / variance;
      }
    }
    const sum = logSumExp(logs);
    const coefficients = new Float64Array(squares.length);
    for (let i = 0; i < squares.length; i++) {
      for (at = 0; at < logs.length; at++) {
        coefficients[i] += Math.exp(logs[at] - sum) * products[i] / (squares[i] + precisions[at]);
      }
    }
    return { log: sum - Math.log(variances.length) - nothing, coefficients };
  }
}

/** log of Gamma(a) / sqrt(2 pi), which the sums over nodes lack as well; Stirling's series after a shift. */
function logGammaScaled(a: number): number {
  let [shifted, product] = [a, 1];
  while (shifted < 10) product *= shifted++;
  const series = 1 / (12 * shifted) - 1 / (360 * shifted ** 3) + 1 / (1260 * shifted ** 5);
  return (shifted - 0.5) * Math.log(shifted) - shifted + series - Math.log(product);
}

function rotate(places: number[], columns: readonly Float64Array[]): Rotated {
  const centred = places.map((place) => {
    const mean = columns[place].reduce((sum, value) => sum + value, 0) / columns[place].length;
    return columns[place].map((value) => value - mean);
  });
  const m = places.length;
  if (m === 1) {
    return { columns: centred, squares: Float64Array.of(dot(centred[0], centred[0])), rotation: Float64Array.of(1), places };
  }
  const gram = Float64Array.from({ length: m * m }, (_, at) => dot(centred[Math.floor(at / m)], centred[at % m]));
  const { values, vectors } = symmetricEigen(gram, m);
  const turned = Array.from({ length: m }, (_, k) => {
    const column = new Float64Array(centred[0].length);
    centred.forEach((own, i) => own.forEach((value, n) => { column[n] += vectors[i * m + k] * value; }));
    return column;
  });
  return { columns: turned, squares: values.map((value) => Math.max(value, 0)), rotation: vectors, places };
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let n = 0; n < a.length; n++) sum += a[n] * b[n];
  return sum;
}
