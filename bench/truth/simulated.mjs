// Data whose true inputs are known: one function of a seed for each protocol. Each gives { table, splits, truth }.
import { Stream } from 'bnnc/parts';
import { emptyColumns, firstInputs, memoryTable, splitAt } from './columns.mjs';
import { NumpyLegacy } from './numpy-legacy.mjs';

const DRAWN = 12_000;
const TRAIN = 10_000;
const TEST = 1_000;

/** x_i = (e + z_i) / sqrt 2: all pairs correlate 0.5. Of 12,000 drawn rows the first 10,000 train, the last 1,000 test. */
function correlated(seed, p, response) {
  const random = new NumpyLegacy(seed);
  const inputs = emptyColumns(p, TRAIN + TEST);
  const values = new Float64Array(TRAIN + TEST);
  const row = new Float64Array(p);
  for (let n = 0; n < DRAWN; n++) {
    const common = random.normal();
    for (let i = 0; i < p; i++) row[i] = (common + random.normal()) / Math.SQRT2;
    const noise = random.normal();
    const at = n < TRAIN ? n : n - (DRAWN - TRAIN - TEST);
    // The rows between are drawn and left out.
    if (n >= TRAIN && at < TRAIN) continue;
    for (let i = 0; i < p; i++) inputs[i][at] = row[i];
    values[at] = response(row) + noise;
  }
  return { table: memoryTable(inputs, { name: 'y', values }), splits: splitAt(TRAIN, TRAIN + TEST), truth: firstInputs(5) };
}

/** Sun, Song & Liang 2021, arXiv:2102.13229: nonlinear regression. */
export const sunRegression = (p) => (seed) =>
  correlated(seed, p, (x) => (5 * x[1]) / (1 + x[0] ** 2) + 5 * Math.sin(x[2] * x[3]) + 2 * x[4]);

/** The same paper: structure selection. */
export const sunStructure = (p) => (seed) => correlated(seed, p, (x) =>
  Math.tanh(2 * Math.tanh(2 * x[0] - x[1])) + 2 * Math.tanh(2 * Math.tanh(x[2] - 2 * x[3]) - Math.tanh(2 * x[4])));

function independent(stream, { n, p, scale }, draw) {
  const inputs = emptyColumns(p, n);
  inputs.forEach((column, i) => column.set(draw(stream.split('x', i), n).map((value) => scale * value)));
  return { inputs, noise: stream.split('noise').normals(n) };
}
const normals = (stream, n) => stream.normals(n);
const uniforms = (stream, n) => stream.uniforms(n);
const responses = (inputs, noise, response) => Float64Array.from(noise, (e, n) => response((i) => inputs[i - 1][n]) + e);

/** The linear regression of the LBBNN package's vignette. */
export function linear(seed) {
  const n = 1000;
  const { inputs, noise } = independent(Stream.fromSeed('linear').split(seed), { n, p: 15, scale: 1 }, normals);
  const values = responses(inputs, noise.map((e) => 0.1 * e), (x) => 0.6 * x(1) - 0.4 * x(2) + 0.5 * x(3));
  return { table: memoryTable(inputs, { name: 'y', values }), splits: splitAt(900, n), truth: firstInputs(3) };
}

/** The nonlinear classification of the same vignette. */
export function nonlinearBinary(seed) {
  const n = 1000;
  const { inputs, noise } = independent(Stream.fromSeed('nonlinear').split(seed), { n, p: 15, scale: 0.5 }, uniforms);
  // A uniform number may be 0, whose logarithm no network could be asked to learn.
  const log = (value) => Math.log(Math.max(value, 1e-9));
  const t = responses(inputs, noise.map((e) => 0.1 * e), (x) =>
    -3 + 0.1 * log(x(1)) + 3 * Math.cos(x(2)) + 2 * x(3) * x(4) + x(5) - x(6) ** 2);
  const sorted = Float64Array.from(t).sort();
  const median = (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
  const codes = Int32Array.from(t, (value) => Number(value > median));
  const target = { name: 'y', codes, levels: ['low', 'high'] };
  return { table: memoryTable(inputs, target), splits: splitAt(900, n), truth: firstInputs(6) };
}

/** Friedman 1991, first function; the test rows are 1,000 more. */
export const friedman = (train, p) => (seed) => {
  const n = train + 1000;
  const { inputs, noise } = independent(Stream.fromSeed('friedman').split(train, p, seed), { n, p, scale: 1 }, uniforms);
  const values = responses(inputs, noise, (x) =>
    10 * Math.sin(Math.PI * x(1) * x(2)) + 20 * (x(3) - 0.5) ** 2 + 10 * x(4) + 5 * x(5));
  return { table: memoryTable(inputs, { name: 'y', values }), splits: splitAt(train, n), truth: firstInputs(5) };
};
