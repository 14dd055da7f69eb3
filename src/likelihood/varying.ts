/**
 * A number with normal noise whose size depends on the inputs: y ~ N(f_1, e^(2 f_2)), so that an input may matter for either.
 * Information is the expected one, diag(e^(-2 f_2), 2) (Nelder, Pregibon 1987). Gradients: docs/method.md, Likelihoods.
 */
import { normalCdf } from '../maths/normal.js';
import { number } from '../rules.js';
import { meanDistance, mixtureCrps } from './crps.js';
import { fitNumbers, momentsOfTargets, numberLikelihood } from './numbers.js';
import type { Vector } from './types.js';

const HALF_LOG_2_PI = Math.log(2 * Math.PI) / 2;
/** A logarithm of the noise's standard deviation below this is that of no noise. */
const LEAST = -12;

const density = ([f, s]: Vector, [y]: Vector): number => {
  const log = Math.max(s, LEAST);
  return -log - HALF_LOG_2_PI - ((y - f) * Math.exp(-log)) ** 2 / 2;
};

export const varying = numberLikelihood<'varying'>({
  task: 'varying', spelling: { key: 'noise', value: 'varying', beside: 'regression' },
  fit(cells, rows) {
    const { mean, sd } = fitNumbers(cells, rows);
    return { name: cells.name, task: 'varying', mean, scale: sd };
  },
  fields: { mean: number(), scale: number({ above: 0 }) },
  units: ({ mean, scale }) => ({ scale, shift: mean }),
  outputNames: ({ name }) => [name, `noise of ${name}`],
  allowsOutputs: (count) => count === 2,
  response: (y, outputs) => ({ rows: y.length, cols: 1, data: y, outputs }),

  terms(tf, f, y, _, weights) {
    const column = (c: number): typeof f => tf.slice(f, [0, c], [f.shape[0], 1]);
    const log = tf.maximum(column(1), LEAST);
    const residual = tf.mul(tf.sub(y, column(0)), tf.exp(tf.neg(log)));
    const own = tf.sub(tf.mul(tf.square(residual), -0.5), tf.add(log, HALF_LOG_2_PI));
    const gradient = tf.concat2d([tf.mul<typeof f>(residual, tf.exp(tf.neg(log))), tf.sub<typeof f>(tf.square(residual), 1)], 1);
    return {
      logLikelihood: tf.sum(weights ? tf.mul(weights, own) : own),
      outputGradient: weights ? tf.mul(weights, gradient) : gradient, noiseGradient: tf.zeros([1]),
    };
  },
  perDraw(tf, f, y, _, weights) {
    const [draws, rows] = f.shape;
    const log = tf.maximum(tf.slice(f, [0, 0, 1], [draws, rows, 1]), LEAST);
    const residual = tf.mul(tf.sub(y, tf.slice(f, [0, 0, 0], [draws, rows, 1])), tf.exp(tf.neg(log)));
    const own = tf.sub(tf.mul(tf.square(residual), -0.5), tf.add(log, HALF_LOG_2_PI));
    return tf.sum(weights ? tf.mul(own, weights) : own, [1, 2]);
  },
  logDensity: (f, y) => density(f, y),
  derivatives([f, s], [y]) {
    const precision = Math.exp(-2 * Math.max(s, LEAST));
    return {
      gradient: Float64Array.of((y - f) * precision, (y - f) ** 2 * precision - 1),
      hessian: Float64Array.of(-precision, 0, 0, -2),
    };
  },
  allRows(f, y, { gradient, information }, _, weights) {
    let sum = 0;
    for (let n = 0; n < y.length; n++) {
      const log = Math.max(f[2 * n + 1], LEAST);
      const precision = Math.exp(-2 * log);
      const [residual, weight] = [y[n] - f[2 * n], weights ? weights[n] : 1];
      const square = residual * residual * precision;
      gradient[2 * n] = weight * residual * precision;
      gradient[2 * n + 1] = weight * (square - 1);
      information[4 * n] = weight * precision;
      information[4 * n + 1] = 0;
      information[4 * n + 2] = 0;
      information[4 * n + 3] = 2 * weight;
      sum -= weight * (log + HALF_LOG_2_PI + square / 2);
    }
    return sum;
  },
  nullModel(y, _, { weights } = {}) {
    const { mean, variance } = momentsOfTargets(y, weights);
    return { output: [mean, Math.log(variance) / 2], noiseVariance: 1 };
  },
  nullLogLikelihood({ rows, data, weights }) {
    const { variance } = momentsOfTargets(data, weights);
    const total = weights ? weights.reduce((sum, weight) => sum + weight, 0) : rows;
    return -total * (Math.log(variance) / 2 + HALF_LOG_2_PI + 0.5);
  },

  // The second is a standard deviation: in units without their shift.
  mean: ([f, s], _, target) => [f, Math.exp(s) - (target ? target.mean / target.scale : 0)],
  variance: ([, s]) => Math.exp(2 * s),
  crps(outputs, y) {
    const { rows, values } = outputs;
    const centre = (s: number, n: number): number => values[2 * (s * rows + n)];
    const spread = (s: number, n: number): number => Math.exp(Math.max(values[2 * (s * rows + n) + 1], LEAST));
    return mixtureCrps(outputs, (n) => ({
      toTarget: (s) => spread(s, n) * meanDistance((y[n] - centre(s, n)) / spread(s, n)),
      apart(s, r) {
        const both = Math.hypot(spread(s, n), spread(r, n));
        return both * meanDistance((centre(s, n) - centre(r, n)) / both);
      },
    }));
  },
  cdf: (y, [f, s]) => normalCdf((y - f) * Math.exp(-s)),
  contributions: {
    of: ([f]) => f, units: ({ mean, scale }) => ({ scale, shift: mean }), words: ({ name }) => `the scale of ${name}`,
  },
  head: ({ inputs, weight, bias }, { mean, scale }) => ({
    inputs, outputs: 1, weight: weight.filter((_, at) => at % 2 === 0).map((value) => value * scale),
    bias: Float32Array.of(bias[0] * scale + mean), activation: 'linear', prediction: 'prediction', before: 'prediction',
    noise: {
      inputs, outputs: 1, weight: weight.filter((_, at) => at % 2 === 1), bias: Float32Array.of(bias[1] + Math.log(scale)),
    },
  }),
  noise: () => ({ distribution: 'normal', prediction: 'mean', output: 'noise' }),
  script: 'f * target.scale + target.mean',
  noiseScript: 'Math.exp(outputs[1]) * target.scale',
  cdfScript: () => 'normalCdf(((y - target.mean) / target.scale - outputs[0]) * Math.exp(-outputs[1]))',
});
