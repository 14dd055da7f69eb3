// The L1-penalised logistic or multinomial model, by coordinate descent along a path of penalties (Friedman, Hastie, Tibshirani
// 2010) with a bound of 1/4 on the curvature; the penalty by cross-validation.

const PENALTIES = 25;
const LEAST = 0.02;
const SWEEPS = 200;
const SETTLED = 1e-4;

/**
 * @param {{ rows: number, cols: number, data: Float32Array }} x standardised
 * @param {{ rows: number, cols: number, data: Float32Array }} y n x K, K = 1 for two classes
 * @param {Int32Array} folds the fold of each row
 * @returns {{ weight: Float64Array, bias: Float64Array }}
 */
export function lasso(x, y, folds) {
  const all = Int32Array.from({ length: x.rows }, (_, n) => n);
  const penalties = pathOf(new Path(x, y, all));
  const losses = new Float64Array(PENALTIES);
  for (let fold = 0; fold <= Math.max(...folds); fold++) {
    const path = new Path(x, y, all.filter((n) => folds[n] !== fold));
    const held = all.filter((n) => folds[n] === fold);
    penalties.forEach((penalty, at) => {
      path.descend(penalty);
      losses[at] += path.loss(held);
    });
  }
  const best = losses.indexOf(Math.min(...losses));
  const path = new Path(x, y, all);
  for (const penalty of penalties.slice(0, best + 1)) path.descend(penalty);
  return { weight: path.weight, bias: path.bias };
}

function pathOf(path) {
  const K = path.K;
  path.descend(Infinity);
  let top = 0;
  for (let c = 0; c < path.d; c++) for (let k = 0; k < K; k++) top = Math.max(top, Math.abs(path.slope(c, k)));
  return Array.from({ length: PENALTIES }, (_, at) => top * LEAST ** (at / (PENALTIES - 1)));
}

class Path {
  constructor(x, y, rows) {
    this.x = x;
    this.y = y;
    this.rows = rows;
    this.d = x.cols;
    this.K = y.cols;
    const n = rows.length;
    this.columns = Array.from({ length: x.cols }, (_, c) => Float64Array.from(rows, (row) => x.data[row * x.cols + c]));
    this.bound = this.columns.map((column) => column.reduce((sum, value) => sum + value * value, 0) / n / 4);
    this.weight = new Float64Array(x.cols * y.cols);
    this.bias = new Float64Array(y.cols);
    this.f = new Float64Array(n * y.cols);
    this.r = new Float64Array(n * y.cols);
    this.residuals();
  }

  /** y minus probability. */
  residuals() {
    const { f, r, y, rows, K } = this;
    for (let n = 0; n < rows.length; n++) {
      const p = probabilities(f.subarray(n * K, (n + 1) * K));
      for (let k = 0; k < K; k++) r[n * K + k] = y.data[rows[n] * K + k] - p[k];
    }
  }

  slope(c, k) {
    const { r, K } = this;
    const column = this.columns[c];
    let sum = 0;
    for (let n = 0, at = k; n < column.length; n++, at += K) sum += column[n] * r[at];
    return sum / column.length;
  }

  /** Coordinate descent on what is in or wants to be in, until nothing else wants to. */
  descend(penalty) {
    for (let round = 0; round < 5; round++) {
      const active = [];
      for (let c = 0; c < this.d; c++) {
        for (let k = 0; k < this.K; k++) {
          if (this.weight[c * this.K + k] !== 0 || Math.abs(this.slope(c, k)) > penalty) active.push([c, k]);
        }
      }
      let largest = 1;
      for (let sweep = 0; sweep < SWEEPS && largest > SETTLED; sweep++) {
        largest = 0;
        for (let k = 0; k < this.K; k++) largest = Math.max(largest, this.shift(k));
        for (const [c, k] of active) largest = Math.max(largest, this.update(c, k, penalty));
      }
      if (!active.some(([c, k]) => this.weight[c * this.K + k] !== 0)) return;
    }
  }

  shift(k) {
    const { r, f, K } = this;
    let sum = 0;
    for (let at = k; at < r.length; at += K) sum += r[at];
    const step = 4 * sum * K / r.length;
    this.bias[k] += step;
    for (let at = k; at < f.length; at += K) f[at] += step;
    this.residuals();
    return Math.abs(step);
  }

  update(c, k, penalty) {
    const at = c * this.K + k;
    if (this.bound[c] < 1e-9) return 0;
    const wanted = this.weight[at] + this.slope(c, k) / this.bound[c];
    const next = Math.sign(wanted) * Math.max(0, Math.abs(wanted) - penalty / this.bound[c]);
    const step = next - this.weight[at];
    if (step === 0) return 0;
    this.weight[at] = next;
    const column = this.columns[c];
    for (let n = 0; n < column.length; n++) this.f[n * this.K + k] += step * column[n];
    this.residuals();
    return Math.abs(step);
  }

  loss(held) {
    const { x, y, K, d, weight, bias } = this;
    let loss = 0;
    for (const row of held) {
      const f = bias.slice();
      for (let at = 0; at < weight.length; at++) {
        if (weight[at] !== 0) f[at % K] += x.data[row * d + Math.floor(at / K)] * weight[at];
      }
      const p = probabilities(f);
      const own = K === 1 ? (y.data[row] ? p[0] : 1 - p[0]) : p.reduce((sum, each, k) => sum + each * y.data[row * K + k], 0);
      loss -= Math.log(Math.max(own, 1e-12));
    }
    return loss;
  }
}

/** Of one logit, or the softmax of several. */
function probabilities(f) {
  if (f.length === 1) return [1 / (1 + Math.exp(-f[0]))];
  const top = Math.max(...f);
  const exps = Array.from(f, (value) => Math.exp(value - top));
  const total = exps.reduce((sum, value) => sum + value, 0);
  return exps.map((value) => value / total);
}
