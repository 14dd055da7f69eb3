/** One of two classes: the log-odds of the second are the one output f. */
import { average } from '../maths/statistics.js';
import { sigmoid, softplus } from '../maths/scalar.js';
import type { Matrix } from '../types.js';
import { classLikelihood, classShares, entropyOfShares, type ExactShares } from './classes.js';
import { totalWeight } from './response.js';
import type { OutputDraws, RowDerivatives } from './types.js';

export const bernoulli = classLikelihood<'binary'>({
  task: 'binary',
  classes: [2, 2],
  invented: ['0', '1'],
  words: {
    kind: 'one of two classes', target: ({ name, levels }) => `binary target '${name}' (${levels.join(', ')})`,
    effect: ({ levels }) => `probability of ${levels[1]}`,
  },
  claims: ({ numeric, declared, levels }) => !(numeric && declared) && (levels.length === 2 || (!numeric && levels.length < 2)),

  outputNames: ({ levels }) => [levels[1]],
  allowsOutputs: (count) => count === 1,
  response: (y) => ({ rows: y.length, cols: 1, data: y }),

  terms(tf, f, y, _, weights) {
    const [own, gradient] = [tf.sub(tf.mul(y, f), tf.softplus(f)), tf.sub<typeof f>(y, tf.sigmoid(f))]; // (4)
    return {
      logLikelihood: tf.sum(weights ? tf.mul(weights, own) : own),
      outputGradient: weights ? tf.mul(weights, gradient) : gradient,
      noiseGradient: tf.zeros([1]),
    };
  },
  perDraw(tf, f, y, _, weights) {
    const own = tf.sub(tf.mul(y, f), tf.softplus(f));
    return tf.sum(weights ? tf.mul(own, weights) : own, [1, 2]);
  },
  logDensity: ([f], [y]) => y * f - softplus(f),
  derivatives: ([f], [y]) => ({
    gradient: Float64Array.of(y - sigmoid(f)), hessian: Float64Array.of(-sigmoid(f) * sigmoid(-f)),
  }),
  allRows(f, y, { gradient, information }, _, weights) {
    if (weights) return weightedRows(f, y, { gradient, information }, weights);
    let [sum, product] = [0, 1];
    for (let n = 0; n < f.length; n++) {
      const e = Math.exp(-Math.abs(f[n]));
      const p = f[n] >= 0 ? 1 / (1 + e) : e / (1 + e);
      gradient[n] = y[n] - p;
      information[n] = e / ((1 + e) * (1 + e));
      sum += y[n] * f[n] - Math.max(f[n], 0);
      // One logarithm for many rows: factors are at most 2.
      product *= 1 + e;
      if (product > 1e250) [sum, product] = [sum - Math.log(product), 1];
    }
    return sum - Math.log(product);
  },

  nullModel(y, _, { weights } = {}) {
    const [first, second] = classShares(y, 2, weights);
    return { output: [Math.log(second) - Math.log(first)], noiseVariance: 1 };
  },
  nullLogLikelihood(y) {
    const share = average(y.data, y.weights);
    return entropyOfShares([share, 1 - share], totalWeight(y));
  },

  mean: ([f]) => [sigmoid(f)],
  probabilitiesAt: ([f]) => Float64Array.of(sigmoid(-f), sigmoid(f)),
  probabilities: averaged,
  exact: exactShares,
  expected: (outputs) => averaged(outputs).data.filter((_, at) => at % 2 === 1),
  contributions: {
    of: ([f]) => f, units: () => ({ scale: 1, shift: 0 }), words: ({ levels }) => `the log-odds of ${levels[1]}`,
  },

  // The logistic function of f is the softmax over (-f/2, f/2); halves are exact.
  head({ inputs, weight, bias }) {
    const both = (values: Float32Array): Float32Array => Float32Array.from({ length: 2 * values.length }, (_, at) =>
      (at % 2 === 0 ? -0.5 : 0.5) * values[at >> 1]);
    return {
      inputs, outputs: 2, weight: both(weight), bias: both(bias), activation: 'softmax', prediction: 'probabilities', before: 'logits',
    };
  },
  script: '[0, ...outputs]',
});

function weightedRows(
  f: Float64Array, y: Float32Array, { gradient, information }: RowDerivatives, weights: Float32Array,
): number {
  let sum = 0;
  for (let n = 0; n < f.length; n++) {
    const e = Math.exp(-Math.abs(f[n]));
    const p = f[n] >= 0 ? 1 / (1 + e) : e / (1 + e);
    gradient[n] = weights[n] * (y[n] - p);
    information[n] = weights[n] * e / ((1 + e) * (1 + e));
    sum += weights[n] * (y[n] * f[n] - Math.max(f[n], 0) - Math.log1p(e));
  }
  return sum;
}

function averaged({ draws, rows, values }: OutputDraws): Matrix {
  const data = new Float32Array(rows * 2);
  for (let n = 0; n < rows; n++) {
    let total = 0;
    for (let s = 0; s < draws; s++) total += sigmoid(values[s * rows + n]);
    data[2 * n] = (draws - total) / draws;
    data[2 * n + 1] = total / draws;
  }
  return { rows, cols: 2, data };
}

function exactShares({ draws, rows, values }: OutputDraws): ExactShares {
  const shares = new Float64Array(rows * 2);
  const logOdds = new Float64Array(rows);
  for (let n = 0; n < rows; n++) {
    let [first, second] = [0, 0];
    for (let s = 0; s < draws; s++) {
      const f = values[s * rows + n];
      first += sigmoid(-f);
      second += sigmoid(f);
    }
    shares[2 * n] = first / draws;
    shares[2 * n + 1] = second / draws;
    logOdds[n] = first > 0 && second > 0 ? Math.log(second) - Math.log(first) : extremeOdds(values, rows, n);
  }
  return { shares, logOdds: [undefined, logOdds] };
}

/** Where all draws are so sure of one class that the other's probability is no double: as odds of averaged tails. */
function extremeOdds(values: Float32Array, rows: number, n: number): number {
  let least = Infinity;
  for (let at = n; at < values.length; at += rows) least = Math.min(least, Math.abs(values[at]));
  let sum = 0;
  for (let at = n; at < values.length; at += rows) sum += Math.exp(least - Math.abs(values[at]));
  return Math.sign(values[n]) * (least - Math.log(sum / (values.length / rows)));
}
