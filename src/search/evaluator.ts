/** Log posterior of a structure's weights, with gradient and Hessian (docs/method.md, Structure search, equation (35)). */
import { densityOf, type Density } from './density.js';
import { Directions } from './directions.js';
import { BIAS, EDGE, OUT, SKIP, UNIT_BIAS, type Layout } from './layout.js';
import { product, productsWith } from './products.js';
import type { SearchTable } from './problem.js';

/** What a unit is on all rows: its argument a, sigmoid(a), phi(a), and phi's derivatives. */
interface UnitRows {
  a: Float64Array;
  sigmoid: Float64Array;
  phi: Float64Array;
  first: Float64Array;
  second: Float64Array;
  /** v_h, K. */
  out: Float64Array;
}

export interface Hessian {
  /** D x D: minus the Hessian of the log posterior. */
  full: Float64Array;
  /** The same without second derivatives of the outputs: positive definite wherever the likelihood is log-concave. */
  gaussNewton: Float64Array;
}

export class Evaluator {
  readonly density: Density;
  readonly directions: Directions;
  private readonly f: Float64Array;
  private readonly ones: Float64Array;
  private readonly units: UnitRows[] = [];
  private readonly pool: Float64Array[] = [];
  /** D columns of n: each weight's effect along its direction. */
  columns: Float64Array[] = [];
  /** D. */
  direction: Int32Array = new Int32Array();
  layout!: Layout;
  w: Float64Array = new Float64Array();
  /** D: of the log-likelihood alone. */
  private slope: Float64Array = new Float64Array();

  constructor(readonly table: SearchTable) {
    this.density = densityOf(table.likelihood, table.y, table.noiseVariance);
    this.directions = new Directions(this.density, table.rows, table.outputs);
    this.f = new Float64Array(table.rows * table.outputs);
    this.ones = new Float64Array(table.rows).fill(1);
  }

  /** Log posterior at w, but for the constants of the priors. */
  value(layout: Layout, w: Float64Array): number {
    this.layout = layout;
    this.w = w;
    this.forward(layout, w);
    let value = this.density.at(this.f);
    for (let p = 0; p < layout.size; p++) value -= 0.5 * layout.precision[p] * w[p] * w[p];
    return value;
  }

  /** Where {@link value} was last taken. */
  gradient(): Float64Array {
    const { layout, layout: { size, precision }, w } = this;
    this.prepare(layout);
    this.slope = new Float64Array(size);
    const gradient = new Float64Array(size);
    for (let p = 0; p < size; p++) {
      this.slope[p] = product(this.columns[p], this.directions.gradient(this.direction[p]));
      gradient[p] = this.slope[p] - precision[p] * w[p];
    }
    return gradient;
  }

  /** Where {@link gradient} was last taken. */
  hessian(): Hessian {
    const { layout: { size: D, precision, units }, density: { curvature }, slope } = this;
    const gaussNewton = this.information();
    for (let p = 0; p < D; p++) gaussNewton[p * D + p] += precision[p];
    const full = gaussNewton.slice();
    for (let h = 0; h < units; h++) this.addSecond(full, h);
    for (let p = 0; p < D; p++) {
      for (let q = 0; q <= p; q++) full[p * D + q] -= curvature * slope[p] * slope[q];
      for (const matrix of [full, gaussNewton]) for (let q = 0; q < p; q++) matrix[q * D + p] = matrix[p * D + q];
    }
    return { full, gaussNewton };
  }

  /** Rows of J' W J, each D, where the gradient was last taken. */
  rows(weights: readonly number[]): Float64Array[] {
    const { layout: { size }, columns, direction, table: { outputs } } = this;
    const groups = this.noGroups();
    for (let p = 0; p < size; p++) groups[this.groupOf(p)].push(p);
    return weights.map((p) => {
      const row = new Float64Array(size);
      this.meet(columns[p], outputs === 1 ? 0 : direction[p], groups, row, 0);
      const factor = this.factorOf(p);
      return factor === 1 ? row : row.map((value) => factor * value);
    });
  }

  /** J' W z for all weights, z [n] along an output: D products. */
  against(z: Float64Array, output: number): Float64Array {
    const { layout: { size } } = this;
    const products = new Float64Array(size);
    const groups = this.noGroups();
    for (let p = 0; p < size; p++) groups[this.groupOf(p)].push(p);
    this.meet(z, output, groups, products, 0);
    return products;
  }

  private forward({ size, kind, column, units, outputs: K }: Layout, w: Float64Array): void {
    const { f, table: { x, rows } } = this;
    for (let n = 0, at = 0; n < rows; n++) for (let k = 0; k < K; k++, at++) f[at] = w[k];
    let p = K;
    for (; p < size && kind[p] === SKIP; p++) this.addOutput(x[column[p]], w[p], this.layout.output[p]);
    for (let h = 0; h < units; h++) {
      const unit = this.unitAt(h);
      const { a, sigmoid, phi } = unit;
      a.fill(w[p++]);
      for (; p < size && kind[p] === EDGE; p++) {
        const [weight, z] = [w[p], x[column[p]]];
        for (let n = 0; n < rows; n++) a[n] += weight * z[n];
      }
      for (let n = 0; n < rows; n++) {
        const s = 1 / (1 + Math.exp(-a[n]));
        sigmoid[n] = s;
        phi[n] = a[n] * (s - 0.5);
      }
      unit.out = new Float64Array(K);
      for (; p < size && kind[p] === OUT; p++) {
        unit.out[this.layout.output[p]] = w[p];
        this.addOutput(phi, w[p], this.layout.output[p]);
      }
    }
  }

  private addOutput(column: Float64Array, weight: number, k: number): void {
    const { f, table: { outputs: K } } = this;
    if (K === 1) for (let n = 0; n < column.length; n++) f[n] += weight * column[n];
    else for (let n = 0, at = k; n < column.length; n++, at += K) f[at] += weight * column[n];
  }

  /** Columns of the weights and what the derivatives along directions need. */
  private prepare({ size, kind, column, unit, output, units, outputs: K }: Layout): void {
    const { table: { x, rows } } = this;
    for (let h = 0; h < units; h++) differentiate(this.units[h], rows);
    this.directions.reset(this.units.slice(0, units).map(({ out }) => out));
    this.columns = [];
    this.direction = new Int32Array(size);
    for (let p = 0; p < size; p++) {
      this.direction[p] = output[p] >= 0 ? output[p] : K + unit[p];
      this.columns.push(this.columnOf(p, kind[p], kind[p] === SKIP || kind[p] === EDGE ? x[column[p]] : this.ones));
    }
  }

  private columnOf(p: number, kind: number, x: Float64Array): Float64Array {
    if (kind === BIAS || kind === SKIP) return x;
    const { phi, first } = this.units[this.layout.unit[p]];
    if (kind === OUT) return phi;
    if (kind === UNIT_BIAS) return first;
    const column = this.pool[p] ??= new Float64Array(x.length);
    for (let n = 0; n < x.length; n++) column[n] = first[n] * x[n];
    return column;
  }

  /** The lower half of J' W J. */
  private information(): Float64Array {
    const { layout: { size: D, outputs: K }, direction, columns } = this;
    const matrix = new Float64Array(D * D);
    const groups = this.noGroups();
    for (let p = 0; p < D; p++) {
      groups[this.groupOf(p)].push(p);
      this.meet(columns[p], K === 1 ? 0 : direction[p], groups, matrix, p * D);
      const factor = this.factorOf(p);
      if (factor !== 1) for (let q = 0; q <= p; q++) matrix[p * D + q] *= factor;
    }
    return matrix;
  }

  /** z' W J_q for the weights q that are in a group, z along a direction; into[at + q]. */
  private meet(z: Float64Array, own: number, groups: readonly number[][], into: Float64Array, at: number): void {
    const { columns, directions, density, layout: { size, outputs: K } } = this;
    const weighed = this.pool[size] ??= new Float64Array(this.table.rows);
    groups.forEach((list, a) => {
      if (list.length === 0) return;
      if (!density.constant) multiply(z, directions.information(own, a), weighed);
      productsWith(density.constant ? z : weighed, columns, list, list.length, into, at);
      if (K > 1) return;
      const precision = density.constant ? density.precision : 1;
      for (const q of list) into[at + q] *= precision * this.factorOf(q);
    });
  }

  /** Of one output all directions are multiples of it: then there is one group. */
  private noGroups(): number[][] {
    const { outputs: K, units } = this.layout;
    return Array.from({ length: K === 1 ? 1 : K + units }, () => []);
  }

  private groupOf(p: number): number {
    return this.layout.outputs === 1 ? 0 : this.direction[p];
  }

  private factorOf(p: number): number {
    const a = this.direction[p];
    return this.layout.outputs === 1 && a > 0 ? this.units[a - 1].out[0] : 1;
  }

  /** What the second derivatives of the outputs in the weights of a unit take away; the lower half. */
  private addSecond(matrix: Float64Array, h: number): void {
    const { layout: { size: D, kind, column, output, from, outputs: K }, units, directions, table: { x, rows } } = this;
    const { first, second } = units[h];
    const [bent, weighed] = [this.pool[D] ??= new Float64Array(rows), this.pool[D + 1] ??= new Float64Array(rows)];
    const inner: Float64Array[] = [];
    for (let p = from[h]; kind[p] === UNIT_BIAS || kind[p] === EDGE; p++) inner.push(kind[p] === EDGE ? x[column[p]] : this.ones);
    const list = Array.from(inner.keys());
    const products = new Float64Array(inner.length);
    const subtract = (p: number, count: number): void => {
      productsWith(weighed, inner, list, count, products, 0);
      for (let q = 0; q < count; q++) matrix[p * D + from[h] + q] -= products[q];
    };
    multiply(second, directions.gradient(K + h), bent);
    inner.forEach((each, at) => {
      multiply(bent, each, weighed);
      subtract(from[h] + at, at + 1);
    });
    for (let p = from[h] + inner.length; p < from[h + 1]; p++) {
      multiply(first, directions.gradient(output[p]), weighed);
      subtract(p, inner.length);
    }
  }

  private unitAt(h: number): UnitRows {
    const room = (): Float64Array => new Float64Array(this.table.rows);
    return this.units[h] ??= { a: room(), sigmoid: room(), phi: room(), first: room(), second: room(), out: new Float64Array() };
  }
}

function multiply(a: Float64Array, b: Float64Array, into: Float64Array): void {
  for (let n = 0; n < a.length; n++) into[n] = a[n] * b[n];
}

/** phi' = sigma - 1/2 + a sigma (1 - sigma), phi'' = sigma (1 - sigma) (2 + a (1 - 2 sigma)). */
function differentiate({ a, sigmoid, first, second }: UnitRows, rows: number): void {
  for (let n = 0; n < rows; n++) {
    const s = sigmoid[n];
    const slope = s * (1 - s);
    first[n] = s - 0.5 + a[n] * slope;
    second[n] = slope * (2 + a[n] * (1 - 2 * s));
  }
}
