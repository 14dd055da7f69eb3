/** A number with normal noise of one variance, which is learned: y ~ N(f, sigma^2). Gradients: docs/method.md, Likelihoods. */
import type { Stream } from '../random.js';
import { number } from '../rules.js';
import { normalCdf } from '../maths/normal.js';
import { gaussianCrps } from './crps.js';
import { gaussianQuantiles, logDensities, regressionMoments } from './gaussian-draws.js';
import { totalWeight } from './response.js';
import { fitNumbers, momentsOfTargets, numberLikelihood } from './numbers.js';
import type { SimulatedTarget } from './types.js';

const LOG_2_PI = Math.log(2 * Math.PI);

export const gaussian = numberLikelihood<'regression'>({
  task: 'regression',
  learnsNoise: true,
  normal: true,
  noiseOfTarget: true,

  fit(cells, rows) {
    const { mean, sd } = fitNumbers(cells, rows);
    return { name: cells.name, task: 'regression', mean, scale: sd };
  },
  fields: { mean: number(), scale: number({ above: 0 }) },
  units: ({ mean, scale }) => ({ scale, shift: mean }),

  terms(tf, f, y, logNoise, weights) {
    const residual = tf.sub(y, f);
    const precision = tf.exp(tf.neg(logNoise));
    const outputGradient = tf.mul<typeof f>(weights ? tf.mul(weights, residual) : residual, precision); // (2)
    const scaledSquares = tf.sum(tf.mul(residual, outputGradient));
    const rows = weights ? tf.sum(weights) : f.shape[0];
    const normaliser = tf.mul(tf.add(logNoise, LOG_2_PI), rows);
    return {
      logLikelihood: tf.sum(tf.mul(tf.add(scaledSquares, normaliser), -0.5)),
      outputGradient,
      noiseGradient: tf.reshape(tf.mul(tf.sub(scaledSquares, rows), 0.5), [1]), // (3)
    };
  },
  perDraw(tf, f, y, noiseVariance, weights) {
    const own = tf.square(tf.sub(f, y));
    const squares = tf.sum(weights ? tf.mul(own, weights) : own, [1, 2]);
    const each = Math.log(2 * Math.PI * noiseVariance);
    const normaliser = weights ? tf.mul(tf.sum(weights), each) : y.shape[0] * each;
    return tf.mul(tf.add(tf.div(squares, noiseVariance), normaliser), -0.5);
  },
  logDensity: ([f], [y], noiseVariance) => -0.5 * ((y - f) ** 2 / noiseVariance + LOG_2_PI + Math.log(noiseVariance)),
  derivatives: ([f], [y], noiseVariance) => ({
    gradient: Float64Array.of((y - f) / noiseVariance), hessian: Float64Array.of(-1 / noiseVariance),
  }),
  allRows(f, y, { gradient, information }, noiseVariance, weights) {
    let [squares, rows] = [0, 0];
    for (let n = 0; n < f.length; n++) {
      const residual = y[n] - f[n];
      const weight = weights ? weights[n] : 1;
      gradient[n] = weight * residual / noiseVariance;
      information[n] = weight / noiseVariance;
      squares += weight * residual * residual;
      rows += weight;
    }
    return -0.5 * (squares / noiseVariance + rows * (LOG_2_PI + Math.log(noiseVariance)));
  },

  nullModel(y, _, { weights } = {}) {
    const { mean, variance } = momentsOfTargets(y, weights);
    return { output: [mean], noiseVariance: variance };
  },
  nullLogLikelihood(y) {
    const { variance } = momentsOfTargets(y.data, y.weights);
    return (-totalWeight(y) / 2) * (Math.log(2 * Math.PI * variance) + 1);
  },

  mean: (f) => f,
  variance: (_, noiseVariance) => noiseVariance,
  cdf: (y, [f], noiseVariance) => normalCdf((y - f) / Math.sqrt(noiseVariance)),
  moments(outputs) {
    const { mean, epistemic, aleatoric } = regressionMoments(outputs);
    return { mean, epistemic, aleatoric: new Float64Array(outputs.rows).fill(aleatoric) };
  },
  logDensities,
  crps: gaussianCrps,
  quantiles: gaussianQuantiles,
  contributions: {
    of: ([f]) => f, units: ({ mean, scale }) => ({ scale, shift: mean }), words: ({ name }) => `the scale of ${name}`,
  },

  head({ inputs, outputs, weight, bias }, { mean, scale }) {
    return {
      inputs, outputs, weight: weight.map((value) => value * scale), bias: bias.map((value) => value * scale + mean),
      activation: 'linear', prediction: 'prediction', before: 'prediction',
    };
  },
  noise: (variance, { scale }) => ({ distribution: 'normal', prediction: 'mean', sd: scale * Math.sqrt(variance) }),
  script: 'f * target.scale + target.mean',
  cdfScript: (noise) => `normalCdf(((y - target.mean) / target.scale - outputs[0]) / ${Math.sqrt(noise)})`,

  simulation: {
    signal: 'R² of the truth', measure: 'RMSE (in sd of the target)',
    draw: (values, { signal }, stream) => drawNumbers(values.map(([f]) => f), signal, stream),
    replaced: (target) => ({ ...target, mean: 0, scale: 1 }),
    invented: (name) => ({ name, task: 'regression', mean: 0, scale: 1 }),
    reached: ({ rmse }, _, { scale }) => 1 - (rmse! / scale) ** 2,
  },
});

function drawNumbers(values: readonly Float64Array[], signal: number, stream: Stream): SimulatedTarget {
  // The function has variance 1: R^2 = 1 / (1 + noise^2).
  const noise = Math.sqrt((1 - signal) / signal);
  const errors = values.map(({ length }, i) => Float64Array.from(stream.split('noise', i).normals(length), (e) => noise * e));
  const raw = values.map((each, i) => each.map((value, n) => value + errors[i][n]));
  const mean = raw[0].reduce((sum, v) => sum + v, 0) / raw[0].length;
  const scale = Math.sqrt(raw[0].reduce((sum, v) => sum + (v - mean) ** 2, 0) / raw[0].length);
  return {
    ys: raw.map((each) => Float32Array.from(each, (value) => (value - mean) / scale)),
    floors: errors.map((each) => Math.sqrt(each.reduce((sum, e) => sum + e * e, 0) / each.length) / scale),
  };
}
