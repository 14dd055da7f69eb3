// Tables with a planted linear truth, for which exact probabilities or credible sets are checked.
import { likelihoodOf, Stream } from 'bnnc/parts';

/**
 * A table of Gaussian inputs, each following the one before it by `correlation`, of which up to three matter.
 * @param {string} seed
 * @param {number} at of the table
 * @param {boolean} classes two classes, or a number
 */
export function smallTable(seed, at, classes) {
  const stream = Stream.fromSeed(seed).split('small', at, classes ? 'classes' : 'number');
  const inputs = 5 + stream.integer(6);
  const rows = [100, 200, 400][stream.integer(3)] * (classes ? 2 : 1);
  const correlation = at % 2 ? 0.3 + 0.65 * stream.uniform() : 0;
  const matter = stream.integer(4);
  const x = stream.split('x').normals(rows * inputs);
  follow(x, inputs, (j) => (j > 0 ? [j - 1, correlation] : undefined));
  const effects = new Float64Array(inputs);
  for (const j of stream.split('which').permutation(inputs).subarray(0, matter)) effects[j] = signed(stream) * (0.15 + 0.85 * stream.uniform());
  const f = outputs(x, inputs, effects);
  const noise = stream.split('noise').normals(rows);
  const draws = stream.split('classes').uniforms(rows);
  const y = f.map((value, n) => (classes ? Number(draws[n] < 1 / (1 + Math.exp(-value))) : value + noise[n]));
  return { rows, inputs, correlation, matter, effects, problem: problemOf(x, inputs, y, classes) };
}

/**
 * 20 inputs: 0, 2 and 4 with the twins 1, 3 and 5 (r from .7 to .995), 6 to 8 without, 9 to 19 that never matter and follow
 * one another by .3. One to three of the first kind and one to three of the second matter; R^2 of a number is .05 to .6, and
 * the standard deviation of a logit .5 to 3.
 * @param {string} seed
 * @param {number} at of the table: even a number, odd two classes
 */
export function twinTable(seed, at) {
  const stream = Stream.fromSeed(seed).split('twins', at);
  const classes = at % 2 === 1;
  const inputs = 20;
  const rows = [100, 200, 400, 800][stream.integer(4)] * (classes ? 2 : 1);
  const pairs = 1 + stream.integer(3);
  const singles = 1 + stream.integer(3);
  const signal = stream.uniform();
  const r = Array.from({ length: 3 }, () => 0.7 + 0.295 * stream.uniform());
  const x = stream.split('x').normals(rows * inputs);
  follow(x, inputs, (j) => (j < 6 && j % 2 ? [j - 1, r[j >> 1]] : j > 9 ? [j - 1, 0.3] : undefined));
  const effects = new Float64Array(inputs);
  for (let at = 0; at < pairs; at++) effects[2 * at] = signed(stream) * (0.5 + stream.uniform());
  for (let at = 0; at < singles; at++) effects[6 + at] = signed(stream) * (0.5 + stream.uniform());
  const raw = outputs(x, inputs, effects);
  const [mean, sd] = moments(raw);
  const f = raw.map((value) => (value - mean) / sd);
  const noise = stream.split('noise').normals(rows);
  const draws = stream.split('classes').uniforms(rows);
  const share = 0.05 + 0.55 * signal;
  const y = f.map((value, n) => (classes
    ? Number(draws[n] < 1 / (1 + Math.exp(-(0.5 + 2.5 * signal) * value))) : value + Math.sqrt((1 - share) / share) * noise[n]));
  return { rows, inputs, effects, problem: problemOf(x, inputs, y, classes) };
}

const signed = (stream) => (stream.uniform() < 0.5 ? -1 : 1);

/** Column by column, what an input takes from one before it. */
function follow(x, inputs, rule) {
  for (let n = 0; n < x.length; n += inputs) {
    for (let j = 0; j < inputs; j++) {
      const [other, r] = rule(j) ?? [0, 0];
      x[n + j] = r * x[n + other] + Math.sqrt(1 - r * r) * x[n + j];
    }
  }
}

const outputs = (x, inputs, effects) => Float64Array.from({ length: x.length / inputs }, (_, n) =>
  effects.reduce((sum, effect, j) => sum + effect * x[n * inputs + j], 0));

function moments(values) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return [mean, Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length)];
}

/** Numbers are standardised, as an encoder does. */
function problemOf(data, inputs, y, classes) {
  const [mean, sd] = classes ? [0, 1] : moments(y);
  /** @type {import('bnnc/parts').Task} */
  const task = classes ? 'binary' : 'regression';
  return {
    task, x: { rows: y.length, cols: inputs, data }, inputs, group: Int32Array.from({ length: inputs }, (_, j) => j),
    y: likelihoodOf(task).response(Float32Array.from(y, (value) => (value - mean) / sd), 1),
  };
}

/** Correlation of two columns of a problem. */
export function correlation({ x: { data, rows, cols } }, i, j) {
  const column = (c) => Float64Array.from({ length: rows }, (_, n) => data[n * cols + c]);
  const [a, b] = [column(i), column(j)];
  const [[ma, sa], [mb, sb]] = [moments(a), moments(b)];
  return a.reduce((sum, value, n) => sum + (value - ma) * (b[n] - mb), 0) / rows / sa / sb;
}
