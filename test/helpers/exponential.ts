/**
 * A likelihood of its own in one file: positive numbers, such as waiting times, with p(y | f) = e^f exp(-e^f y). The output f
 * is the log of the rate; y is the number divided by its standard deviation on the training rows.
 */
import { fitNumbers, momentsOfTargets, numberLikelihood, registerLikelihood } from '../../src/likelihood/index.js';
import { number } from '../../src/rules.js';

declare module '../../src/types.js' {
  interface Targets {
    exponential: { name: string; task: 'exponential'; scale: number };
  }
}

registerLikelihood(numberLikelihood<'exponential'>({
  task: 'exponential',

  fit: (cells, rows) => ({ name: cells.name, task: 'exponential', scale: fitNumbers(cells, rows).sd }),
  fields: { scale: number({ above: 0 }) },
  units: ({ scale }) => ({ scale, shift: 0 }),
  fault: (raw) => (raw > 0 ? undefined : 'is not positive'),

  terms(tf, f, y) {
    const scaled = tf.mul(tf.exp(f), y);
    return {
      logLikelihood: tf.sum(tf.sub(f, scaled)), outputGradient: tf.sub<typeof f>(1, scaled), noiseGradient: tf.zeros([1]),
    };
  },
  perDraw: (tf, f, y) => tf.sum(tf.sub(f, tf.mul(tf.exp(f), y)), [1, 2]),
  logDensity: ([f], [y]) => f - Math.exp(f) * y,
  derivatives: ([f], [y]) => ({
    gradient: Float64Array.of(1 - Math.exp(f) * y), hessian: Float64Array.of(-Math.exp(f) * y),
  }),
  nullModel: (y) => ({ output: [-Math.log(momentsOfTargets(y).mean)], noiseVariance: 1 }),

  mean: ([f]) => [Math.exp(-f)],
  variance: ([f]) => Math.exp(-2 * f),
  cdf: (y, [f]) => (y > 0 ? -Math.expm1(-Math.exp(f) * y) : 0),
  contributions: {
    of: ([f]) => f, units: () => ({ scale: 1, shift: 0 }), words: ({ name }) => `the log of the rate of ${name}`,
  },

  // scale e^-f = e^(log(scale) - f)
  head: ({ inputs, outputs, weight, bias }, { scale }) => ({
    inputs, outputs, weight: weight.map((value) => -value), bias: bias.map((value) => Math.log(scale) - value),
    activation: 'exp', prediction: 'prediction', before: 'log_prediction',
  }),
  script: 'Math.exp(-f) * target.scale',

  simulation: {
    signal: 'standard deviation of the log of the rate', measure: 'RMSE',
    draw(values, { signal }, stream) {
      const rates = values.map(([f]) => f.map((value) => Math.exp(signal * value)));
      const raw = rates.map((each, i) => {
        const own = stream.split('times', i);
        return each.map((rate) => -Math.log1p(-own.uniform()) / rate);
      });
      const scale = Math.sqrt(momentsOfTargets(raw[0]).variance);
      const floor = (each: Float64Array, i: number): number =>
        Math.sqrt(momentsOfTargets(each.map((value, n) => (value - 1 / rates[i][n]) ** 2)).mean) / scale;
      return { ys: raw.map((each) => Float32Array.from(each, (value) => value / scale)), floors: raw.map(floor) };
    },
    replaced: (target) => ({ ...target, scale: 1 }),
    invented: (name) => ({ name, task: 'exponential', scale: 1 }),
    reached: () => 0.5,
  },
}));
