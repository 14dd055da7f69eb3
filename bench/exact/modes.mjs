// The marginal likelihood of a structure by importance sampling around a mode: a t distribution with the curvature there, and its
// mirror images. A sampler that comes from the prior may miss a narrow mode that is far out, which this one cannot where the
// search has found it. It is unbiased whatever mode it is given.
import { logSum } from './sampler.mjs';

const STEPS = 100;
const FREEDOM = 8;
const WIDER = 1.5;

/** A network of bnnc/parts as the weights of a model. */
export const weightsOf = ({ bias, skips, units }) => Float64Array.from([
  bias[0], ...skips.map(({ weight }) => weight[0]),
  ...units.flatMap(({ bias: own, weights, out }) => [own, ...weights.map(([w]) => w), out[0]]),
]);

/**
 * @param {import('./model.mjs').Model} model
 * @param {Float64Array} start
 * @returns {{ log: number, swarm: Float64Array[], weights: Float64Array } | undefined} undefined where there is no curvature
 */
export function aroundMode(model, start, draws, stream) {
  const { size } = model;
  const { w: mode, factor } = climb(model, start);
  if (!factor) return undefined;
  const images = imagesOf(model);
  const half = factor.reduce((sum, row, i) => sum + Math.log(row[i]), 0);
  const constant = logGamma((FREEDOM + size) / 2) - logGamma(FREEDOM / 2) - size / 2 * Math.log(FREEDOM * Math.PI) + half
    - size * Math.log(WIDER);
  const density = (w) => constant - (FREEDOM + size) / 2 * Math.log1p(distance(factor, w, mode) / WIDER ** 2 / FREEDOM);
  const swarm = Array.from({ length: draws }, () => {
    const z = stream.normals(size);
    const scale = WIDER * Math.sqrt(FREEDOM / stream.normals(FREEDOM).reduce((sum, each) => sum + each * each, 0));
    return backward(factor, z).map((each, p) => mode[p] + scale * each);
  });
  const logs = swarm.map((w) => logPosterior(model, w)
    - logSum(images.map((image) => density(image.map(([from, sign]) => sign * w[from])))) + Math.log(images.length));
  const total = logSum(logs);
  return { log: total - Math.log(draws), swarm, weights: Float64Array.from(logs, (each) => Math.exp(each - total)) };
}

function logPosterior(model, w, gradient = new Float64Array(w.length)) {
  const other = new Float64Array(w.length);
  const log = model.likelihood(w, gradient) + model.prior(w, other);
  for (let p = 0; p < w.length; p++) gradient[p] += other[p];
  return log;
}

/** Damped Newton steps with the Hessian by differences of gradients. */
function climb(model, start) {
  let w = start;
  for (let step = 0; step < STEPS; step++) {
    const gradient = new Float64Array(w.length);
    const value = logPosterior(model, w, gradient);
    const hessian = hessianAt(model, w);
    let factor;
    for (let damping = 1e-6; !factor; damping *= 10) factor = cholesky(hessian, damping);
    const move = backward(factor, forward(factor, gradient));
    let length = 1;
    while (length > 1e-4 && !(logPosterior(model, w.map((each, p) => each + length * move[p])) > value + 1e-9)) length /= 2;
    if (length <= 1e-4) break;
    w = w.map((each, p) => each + length * move[p]);
  }
  return { w, factor: cholesky(hessianAt(model, w), 0) };
}

/** Minus the Hessian. */
function hessianAt(model, w) {
  const rows = Array.from(w, (_, i) => {
    const [above, below] = [1e-4, -1e-4].map((by) => {
      const gradient = new Float64Array(w.length);
      logPosterior(model, w.map((each, p) => (p === i ? each + by : each)), gradient);
      return gradient;
    });
    return above.map((each, j) => (below[j] - each) / 2e-4);
  });
  return rows.map((row, i) => row.map((each, j) => (each + rows[j][i]) / 2));
}

function cholesky(matrix, damping) {
  const factor = [];
  for (let i = 0; i < matrix.length; i++) {
    const row = new Float64Array(matrix.length);
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i][j] + (i === j ? damping * (1 + Math.abs(matrix[i][i])) : 0);
      for (let k = 0; k < j; k++) sum -= row[k] * (i === j ? row : factor[j])[k];
      if (i === j && !(sum > 0)) return undefined;
      row[j] = i === j ? Math.sqrt(sum) : sum / factor[j][j];
    }
    factor.push(row);
  }
  return factor;
}

function forward(factor, b) {
  const z = new Float64Array(b.length);
  for (let i = 0; i < z.length; i++) {
    let sum = b[i];
    for (let k = 0; k < i; k++) sum -= factor[i][k] * z[k];
    z[i] = sum / factor[i][i];
  }
  return z;
}

function backward(factor, b) {
  const x = new Float64Array(b.length);
  for (let i = x.length - 1; i >= 0; i--) {
    let sum = b[i];
    for (let k = i + 1; k < x.length; k++) sum -= factor[k][i] * x[k];
    x[i] = sum / factor[i][i];
  }
  return x;
}

/** (w - mode)' L L' (w - mode). */
function distance(factor, w, mode) {
  let squares = 0;
  for (let j = 0; j < w.length; j++) {
    let sum = 0;
    for (let i = j; i < w.length; i++) sum += factor[i][j] * (w[i] - mode[i]);
    squares += sum * sum;
  }
  return squares;
}

/** Ways to write the same function: units mirrored, and like units exchanged. For each the origin and sign of every weight. */
function imagesOf({ size, from, structure: { units } }) {
  let images = [Array.from({ length: size }, (_, p) => [p, 1])];
  units.forEach(({ length }, h) => {
    const mirrored = (image) => image.map(([p, sign], at) => [p, at >= from[h] && at <= from[h] + length ? -sign : sign]);
    images = images.flatMap((image) => [image, mirrored(image)]);
  });
  return orders(units).flatMap((order) => images.map((image) => image.map((each, at) => {
    const h = from.findIndex((first, place) => at >= first && at <= first + units[place].length + 1);
    return h < 0 ? each : image[from[order[h]] + at - from[h]];
  })));
}

/** Orders of the units in which each place has a unit like its own. */
function orders(units) {
  const extend = (order) => (order.length === units.length ? [order] : units.flatMap((unit, h) =>
    (order.includes(h) || `${unit}` !== `${units[order.length]}` ? [] : extend([...order, h]))));
  return extend([]);
}

/** Of a multiple of 1/2. */
function logGamma(x) {
  let log = 0;
  let left = x;
  for (; left > 1; left--) log += Math.log(left - 1);
  return left === 1 ? log : log + Math.log(Math.PI) / 2;
}
