// The model of a structure, written anew from docs/method.md (equations (31) and (34) and the priors of weights), so that the
// gold standard shares no line with src/search. Slab scales are integrated out by a sum over their grid.

const STEP = Math.log(1.6);
const MOST = 6;
export const KINDS = ['skip', 'in', 'out'];
const CENTRES = { normal: { skip: 0.5, in: 1, out: 1, bias: 1 }, other: { skip: 1, in: 1, out: 1.5, bias: 2.5 } };

export const STEPS = Array.from({ length: 2 * MOST + 1 }, (_, at) => at - MOST);
const raw = STEPS.map((step) => -0.5 * (step * STEP) ** 2);
const normaliser = Math.log(raw.reduce((sum, each) => sum + Math.exp(each), 0));
/** Log prior of each place of the grid. */
export const LOG_SCALES = raw.map((each) => each - normaliser);
/** Slab scale of a kind at each place of the grid. */
export const slabsOf = (kind, normal) => STEPS.map((step) => CENTRES[normal ? 'normal' : 'other'][kind] * Math.exp(step * STEP));

const HALF_LOG_TWO_PI = Math.log(2 * Math.PI) / 2;
const SHAPE = 0.5;
const RATE = 0.005;

/**
 * Log likelihood and log prior of the weights (bias; skips; for each unit bias, edges, weight to the output), with gradients.
 */
export class Model {
  /**
   * @param {import('bnnc/parts').SearchTable} table one column an input, one output
   * @param {{ skips: number[], units: number[][] }} structure
   */
  constructor({ x, y, rows, likelihood: { normal } }, { skips, units }) {
    this.structure = { skips, units };
    this.normal = normal;
    this.y = Float64Array.from(y.data);
    this.rows = rows;
    this.skips = skips.map((input) => x[input]);
    this.units = units.map((inputs) => ({
      edges: inputs.map((input) => x[input]), phi: new Float64Array(rows), slope: new Float64Array(rows),
    }));
    this.f = new Float64Array(rows);
    this.size = 1 + skips.length + units.reduce((sum, { length }) => sum + length + 2, 0);
    this.biasSd = CENTRES[normal ? 'normal' : 'other'].bias;
    this.places = { skip: skips.map((_, i) => 1 + i), in: [], out: [], bias: [] };
    let at = 1 + skips.length;
    this.from = units.map(({ length }) => {
      const from = at;
      this.places.bias.push(at++);
      for (let e = 0; e < length; e++) this.places.in.push(at++);
      this.places.out.push(at++);
      return from;
    });
    this.used = KINDS.filter((kind) => this.places[kind].length > 0);
    this.precisions = Object.fromEntries(KINDS.map((kind) => [kind, slabsOf(kind, normal).map((sd) => 1 / sd ** 2)]));
    this.constant = normal
      ? logGammaHalf(rows + 1) - logGammaHalf(1) + SHAPE * Math.log(RATE) - rows * HALF_LOG_TWO_PI : 0;
    this.shares = new Float64Array(STEPS.length);
  }

  /** Log likelihood at w; `gradient` is filled. */
  likelihood(w, gradient) {
    const { f, rows, skips, units, y, from } = this;
    f.fill(w[0]);
    skips.forEach((x, i) => {
      const weight = w[1 + i];
      for (let n = 0; n < rows; n++) f[n] += weight * x[n];
    });
    units.forEach(({ edges, phi, slope }, h) => {
      phi.fill(w[from[h]]);
      edges.forEach((x, e) => {
        const weight = w[from[h] + 1 + e];
        for (let n = 0; n < rows; n++) phi[n] += weight * x[n];
      });
      const out = w[from[h] + 1 + edges.length];
      for (let n = 0; n < rows; n++) {
        const a = phi[n];
        const s = 1 / (1 + Math.exp(-a));
        slope[n] = s - 0.5 + a * s * (1 - s);
        phi[n] = a * (s - 0.5);
        f[n] += out * phi[n];
      }
    });
    const log = this.normal ? this.student(y, f) : logistic(y, f);
    // f holds the derivative in each row's output now.
    gradient[0] = total(f);
    skips.forEach((x, i) => { gradient[1 + i] = product(f, x); });
    units.forEach(({ edges, phi, slope }, h) => {
      const out = w[from[h] + 1 + edges.length];
      gradient[from[h] + 1 + edges.length] = product(f, phi);
      for (let n = 0; n < rows; n++) slope[n] *= f[n];
      gradient[from[h]] = out * total(slope);
      edges.forEach((x, e) => { gradient[from[h] + 1 + e] = out * product(slope, x); });
    });
    return log;
  }

  /** Equation (34); residuals become derivatives. */
  student(y, f) {
    let squares = 0;
    for (let n = 0; n < f.length; n++) {
      f[n] = y[n] - f[n];
      squares += f[n] * f[n];
    }
    const [shape, rate] = [SHAPE + f.length / 2, RATE + squares / 2];
    for (let n = 0; n < f.length; n++) f[n] *= shape / rate;
    return this.constant - shape * Math.log(rate);
  }

  /** Log prior of w, scales integrated out; `gradient` is filled. */
  prior(w, gradient) {
    let log = normal(w, [0], 1 / this.biasSd ** 2, gradient) + normal(w, this.places.bias, 1, gradient);
    for (const kind of this.used) {
      const places = this.places[kind];
      let squares = 0;
      for (const p of places) squares += w[p] * w[p];
      const precisions = this.precisions[kind];
      const sum = this.mixture(precisions, places.length, squares);
      let mean = 0;
      for (let s = 0; s < precisions.length; s++) mean += this.shares[s] * precisions[s];
      for (const p of places) gradient[p] = -mean * w[p];
      log += sum;
    }
    return log;
  }

  /** Log of the mixture over the grid; shares of its places are left in `shares`. */
  mixture(precisions, count, squares) {
    const { shares } = this;
    let top = -Infinity;
    for (let s = 0; s < shares.length; s++) {
      shares[s] = LOG_SCALES[s] + count * (Math.log(precisions[s]) / 2 - HALF_LOG_TWO_PI) - precisions[s] * squares / 2;
      top = Math.max(top, shares[s]);
    }
    let sum = 0;
    for (let s = 0; s < shares.length; s++) sum += shares[s] = Math.exp(shares[s] - top);
    for (let s = 0; s < shares.length; s++) shares[s] /= sum;
    return top + Math.log(sum);
  }

  /** Probability, given w, that a kind has its scale in a place of the grid. */
  shareOf(kind, w, place) {
    const places = this.places[kind];
    if (places.length === 0) return 1;
    this.mixture(this.precisions[kind], places.length, places.reduce((sum, p) => sum + w[p] * w[p], 0));
    return this.shares[place];
  }

  /** Weights drawn from the prior. */
  draw(stream) {
    const w = Float64Array.from(stream.normals(this.size));
    w[0] *= this.biasSd;
    for (const kind of this.used) {
      let left = stream.uniform();
      let s = 0;
      while (s < STEPS.length - 1 && (left -= Math.exp(LOG_SCALES[s])) > 0) s++;
      for (const p of this.places[kind]) w[p] /= Math.sqrt(this.precisions[kind][s]);
    }
    return w;
  }
}

/** log Gamma(k / 2) of an integer k > 0. */
function logGammaHalf(k) {
  let log = k % 2 ? Math.log(Math.PI) / 2 : 0;
  for (let at = k % 2 ? 1 : 2; at < k; at += 2) log += Math.log(at / 2);
  return log;
}

function logistic(y, f) {
  let log = 0;
  for (let n = 0; n < f.length; n++) {
    const size = Math.exp(-Math.abs(f[n]));
    log += y[n] * f[n] - Math.max(f[n], 0) - Math.log1p(size);
    f[n] = y[n] - (f[n] > 0 ? 1 : size) / (1 + size);
  }
  return log;
}

function normal(w, places, precision, gradient) {
  let log = 0;
  for (const p of places) {
    log += Math.log(precision) / 2 - HALF_LOG_TWO_PI - precision * w[p] * w[p] / 2;
    gradient[p] = -precision * w[p];
  }
  return log;
}

function total(a) {
  let sum = 0;
  for (let n = 0; n < a.length; n++) sum += a[n];
  return sum;
}

function product(a, b) {
  let sum = 0;
  for (let n = 0; n < a.length; n++) sum += a[n] * b[n];
  return sum;
}
