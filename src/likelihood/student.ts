/**
 * A number with noise of heavy tails: y = f + sigma T, T being Student's t with nu degrees of freedom (Lange, Little, Taylor
 * 1989). The response is y, nu and what a density has beside them. Information is the expected one: that of the rows themselves
 * is negative for those far out. Gradients: docs/method.md, Likelihoods.
 */
import { number } from '../rules.js';
import type { Response, RowFacts, Targets } from '../types.js';
import { fitNumbers, numberLikelihood } from './numbers.js';
import { sumOfRows } from './one-output.js';
import { studentCdf, studentConstant, studentCrps } from './student-crps.js';
import type { Vector } from './types.js';

type StudentTarget = Targets['student'];

const COLUMNS = 3;
/** Degrees of freedom among which the rows choose; of fewer than two there is no variance. */
const DEGREES = [2.5, 3, 4, 6, 10, 30];
const MIDDLE = 4;
/** Quartiles of a standard normal. */
const QUARTILE = 0.6745;
const ROUNDS = 2000;
const SETTLED = 1e-10;

function responseOf(
  y: Float32Array, outputs: number, { target }: { target?: StudentTarget | undefined } & RowFacts = {},
): Response {
  const nu = target?.degrees ?? MIDDLE;
  const data = new Float32Array(COLUMNS * y.length);
  y.forEach((value, n) => data.set([value, nu, studentConstant(nu)], COLUMNS * n));
  return { rows: y.length, cols: COLUMNS, data, outputs };
}

const density = ([f]: Vector, [y, nu, constant]: Vector, noise: number): number =>
  constant - Math.log(noise) / 2 - (nu + 1) / 2 * Math.log1p((y - f) ** 2 / (nu * noise));

/** Location and scale of highest likelihood by EM, in which a row far out counts little. */
function best({ rows, data, weights }: Response): { f: number; noise: number } {
  let [f, noise] = [middleOf(data), 1];
  for (let round = 0; round < ROUNDS; round++) {
    let [sum, moved, squares, total] = [0, 0, 0, 0];
    for (let n = 0; n < rows; n++) {
      const [y, nu] = [data[COLUMNS * n], data[COLUMNS * n + 1]];
      const own = weights ? weights[n] : 1;
      const weight = own * (nu + 1) / (nu + (y - f) ** 2 / noise);
      sum += weight;
      moved += weight * y;
      squares += weight * (y - f) ** 2;
      total += own;
    }
    const [next, spread] = [moved / sum, squares / total];
    const settled = Math.abs(next - f) < SETTLED && Math.abs(spread / noise - 1) < SETTLED;
    [f, noise] = [next, Math.max(spread, 1e-12)];
    if (settled) break;
  }
  return { f, noise };
}

const middleOf = (data: Float32Array): number => {
  const values = data.filter((_, at) => at % COLUMNS === 0).sort();
  return values[values.length >> 1];
};

export const student = numberLikelihood<'student'>({
  task: 'student', learnsNoise: true, spelling: { key: 'noise', value: 'student', beside: 'regression' },
  fit(cells, rows) {
    const { sd } = fitNumbers(cells, rows);
    const values = cells.numbers();
    const sorted = Float64Array.from(rows, (row) => values[row]).sort();
    const quantile = (p: number): number => sorted[Math.floor(p * (sorted.length - 1))];
    const spread = (quantile(0.75) - quantile(0.25)) / (2 * QUARTILE);
    return { name: cells.name, task: 'student', mean: quantile(0.5), scale: spread > 0 ? spread : sd, degrees: MIDDLE };
  },
  variants: (target) => DEGREES.map((degrees) => ({ ...target, degrees })),
  fields: { mean: number(), scale: number({ above: 0 }), degrees: number({ above: 0 }) },
  units: ({ mean, scale }) => ({ scale, shift: mean }),
  response: responseOf,

  terms(tf, f, y, logNoise, weights) {
    const [value, nu, constant] = [0, 1, 2].map((c) => tf.slice(y, [0, c], [y.shape[0], 1]));
    const residual = tf.sub(value, f);
    const spread = tf.mul(nu, tf.exp(logNoise));
    const ratio = tf.div(tf.square(residual), spread);
    const own = tf.sub(tf.sub(constant, tf.mul(logNoise, 0.5)), tf.mul(tf.mul(tf.add(nu, 1), 0.5), tf.log1p(ratio)));
    const weight = tf.div(tf.add(nu, 1), tf.add(spread, tf.square(residual)));
    const inner = tf.mul(tf.sub(tf.mul(weight, tf.square(residual)), 1), 0.5);
    const gradient = tf.mul<typeof f>(weight, residual);
    return {
      logLikelihood: tf.sum(weights ? tf.mul(weights, own) : own),
      outputGradient: weights ? tf.mul(weights, gradient) : gradient,
      noiseGradient: tf.reshape(tf.sum(weights ? tf.mul(weights, inner) : inner), [1]),
    };
  },
  perDraw(tf, f, y, noise, weights) {
    const [value, nu, constant] = [0, 1, 2].map((c) => tf.slice(y, [0, c], [y.shape[0], 1]));
    const ratio = tf.div(tf.square(tf.sub(value, f)), tf.mul(nu, noise));
    const own = tf.sub(tf.sub(constant, Math.log(noise) / 2), tf.mul(tf.mul(tf.add(nu, 1), 0.5), tf.log1p(ratio)));
    return tf.sum(weights ? tf.mul(own, weights) : own, [1, 2]);
  },
  logDensity: density,
  derivatives: ([f], [y, nu], noise) => ({
    gradient: Float64Array.of((nu + 1) * (y - f) / (nu * noise + (y - f) ** 2)),
    hessian: Float64Array.of(-(nu + 1) / ((nu + 3) * noise)),
  }),
  allRows(f, y, { gradient, information }, noise, weights) {
    let sum = 0;
    const log = Math.log(noise) / 2;
    for (let n = 0, at = 0; n < f.length; n++, at += COLUMNS) {
      const [residual, nu] = [y[at] - f[n], y[at + 1]];
      const weight = weights ? weights[n] : 1;
      gradient[n] = weight * (nu + 1) * residual / (nu * noise + residual * residual);
      information[n] = weight * (nu + 1) / ((nu + 3) * noise);
      sum += weight * (y[at + 2] - log - (nu + 1) / 2 * Math.log1p(residual * residual / (nu * noise)));
    }
    return sum;
  },
  nullModel(y, target, { weights } = {}) {
    const { f, noise } = best({ ...responseOf(y, 1, { target }), ...(weights && { weights }) });
    return { output: [f], noiseVariance: noise };
  },
  nullLogLikelihood(y) {
    const { f, noise } = best(y);
    return sumOfRows(y, (row) => density([f], row, noise));
  },

  mean: (f) => f,
  variance: (_, noise, target) => noise * (target?.degrees ?? MIDDLE) / ((target?.degrees ?? MIDDLE) - 2),
  cdf: (y, [f], noise, target) => studentCdf((y - f) / Math.sqrt(noise), target?.degrees ?? MIDDLE),
  crps: (outputs, y) => studentCrps(outputs, y, (outputs.known?.target as StudentTarget | undefined)?.degrees ?? MIDDLE),
  contributions: {
    of: ([f]) => f, units: ({ mean, scale }) => ({ scale, shift: mean }), words: ({ name }) => `the scale of ${name}`,
  },
  head: ({ inputs, outputs, weight, bias }, { mean, scale }) => ({
    inputs, outputs, weight: weight.map((value) => value * scale), bias: bias.map((value) => value * scale + mean),
    activation: 'linear', prediction: 'prediction', before: 'prediction',
  }),
  noise: (variance, { scale, degrees }) => ({ distribution: 'student', prediction: 'mean', scale: scale * Math.sqrt(variance), degrees }),
  script: 'f * target.scale + target.mean',
  cdfScript: (noise) => `studentCdf(((y - target.mean) / target.scale - outputs[0]) / ${Math.sqrt(noise)}, target.degrees)`,
});
