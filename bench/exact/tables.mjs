// Small tables with a planted function, linear in some inputs and not in others.
import { likelihoodOf, Stream } from 'bnnc/parts';

/** Spaces of level 1: inputs, and the most units. */
const SPACES = [[3, 2], [2, 3], [4, 1], [3, 2], [5, 1], [2, 3], [3, 2], [4, 2], [3, 2], [2, 3]];

const TERMS = {
  linear: (a) => a, square: (a) => (a * a - 1) / Math.SQRT2, fold: (a) => (Math.abs(a) - 0.798) / 0.603,
  wave: (a) => Math.sqrt(2) * Math.sin(1.5 * a), product: (a, b) => a * b,
};

/**
 * Inputs follow their neighbour by `correlation`; up to two terms matter. R^2 of a number is .05 to .5, and the standard
 * deviation of a logit .7 to 2.5.
 * @param {string} seed
 * @param {number} at of the table: every second one has two classes
 */
export function nonlinearTable(seed, at) {
  const stream = Stream.fromSeed(seed).split('nonlinear', at);
  const [inputs, mostUnits] = SPACES[(at >> 1) % SPACES.length];
  const classes = at % 2 === 1;
  const rows = [80, 120, 200, 300][stream.integer(4)];
  const correlation = stream.uniform() < 0.5 ? 0 : 0.4 + 0.5 * stream.uniform();
  const x = stream.split('x').normals(rows * inputs);
  for (let n = 0; n < x.length; n += inputs) {
    for (let j = 1; j < inputs; j++) x[n + j] = correlation * x[n + j - 1] + Math.sqrt(1 - correlation ** 2) * x[n + j];
  }
  const terms = Array.from({ length: stream.integer(3) }, () => {
    const name = Object.keys(TERMS)[stream.integer(5)];
    const [first, second] = stream.split('which', stream.bits()).permutation(inputs);
    const weight = (stream.uniform() < 0.5 ? -1 : 1) * (0.5 + stream.uniform());
    return { name, used: name === 'product' ? [first, second] : [first], weight };
  });
  const raw = Float64Array.from({ length: rows }, (_, n) => terms.reduce((sum, { name, used, weight }) =>
    sum + weight * TERMS[name](...used.map((j) => x[n * inputs + j])), 0));
  const f = terms.length === 0 ? raw : standardised(raw);
  const strength = stream.uniform();
  const noise = stream.split('noise').normals(rows);
  const draws = stream.split('classes').uniforms(rows);
  const share = terms.length === 0 ? 0 : 0.05 + 0.45 * strength;
  const y = classes
    ? f.map((value, n) => Number(draws[n] < 1 / (1 + Math.exp(-(0.7 + 1.8 * strength) * value))))
    : standardised(f.map((value, n) => Math.sqrt(share) * value + Math.sqrt(1 - share) * noise[n]));
  const words = terms.map(({ name, used }) => `${name} ${used.map((j) => j + 1).join(' ')}`).join(', ') || 'nothing';
  return { rows, inputs, mostUnits, classes, correlation, words, problem: problemOf(x, inputs, y, classes) };
}

export function problemOf(x, inputs, y, classes) {
  const rows = y.length;
  const data = new Float32Array(x.length);
  for (let j = 0; j < inputs; j++) {
    const column = standardised(Float64Array.from({ length: rows }, (_, n) => x[n * inputs + j]));
    column.forEach((value, n) => { data[n * inputs + j] = value; });
  }
  /** @type {import('bnnc/parts').Task} */
  const task = classes ? 'binary' : 'regression';
  return {
    task, x: { rows, cols: inputs, data }, inputs, group: Int32Array.from({ length: inputs }, (_, j) => j),
    y: likelihoodOf(task).response(Float32Array.from(y), 1),
  };
}

function standardised(values) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const sd = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
  return values.map((value) => (value - mean) / sd);
}
