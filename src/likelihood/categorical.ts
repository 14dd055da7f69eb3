/** One of more than two classes: the outputs f [K] are their logits. */
import { looksLikeCounts } from './looks-like-counts.js';
import { average } from '../maths/statistics.js';
import { softmax } from '../maths/vector.js';
import type { Matrix } from '../types.js';
import { classLikelihood, classShares, entropyOfShares, type ExactShares } from './classes.js';
import { totalWeight } from './response.js';
import type { OutputDraws, TargetCells, Vector } from './types.js';

/** Whole numbers from 0 or 1 on, up to so many, may be codes of classes; so many rows a class at least. */
export const MAX_CODED_CLASSES = 20;
const ROWS_PER_CLASS = 5;

export const categorical = classLikelihood<'multiclass'>({
  task: 'multiclass',
  classes: [3, Infinity],
  invented: ['0', '1', '2'],
  words: {
    kind: 'one of several classes',
    target: ({ name, levels }) => `multiclass target '${name}' (${(levels.length > 10 ? [...levels.slice(0, 10), '...'] : levels).join(', ')})`,
    effect: () => 'probability of each class',
  },
  claims: (cells) => cells.levels.length > 2
    && (!cells.numeric || (!cells.declared && areCodes(cells) && !looksLikeCounts(cells))),

  outputNames: ({ levels }) => levels,
  allowsOutputs: (count) => count > 1,
  response(y, outputs) {
    const data = new Float32Array(y.length * outputs);
    y.forEach((label, n) => { data[n * outputs + label] = 1; });
    return { rows: y.length, cols: outputs, data };
  },

  terms(tf, f, y, _, weights) {
    const centred = tf.sub(f, tf.max(f, 1, true));
    const exps = tf.exp(centred);
    const total = tf.sum(exps, 1, true);
    const own = tf.mul(y, tf.sub(centred, tf.log(total)));
    const gradient = tf.sub<typeof f>(y, tf.div(exps, total)); // (5)
    return {
      logLikelihood: tf.sum(weights ? tf.mul(weights, own) : own),
      outputGradient: weights ? tf.mul(weights, gradient) : gradient,
      noiseGradient: tf.zeros([1]),
    };
  },
  perDraw: (tf, f, y, _, weights) => tf.sum(tf.mul(weights ? tf.mul(y, weights) : y, tf.logSoftmax(f, -1)), [1, 2]),
  logDensity(f, y) {
    const normaliser = logSumExp(f);
    let sum = 0;
    for (let k = 0; k < f.length; k++) sum += y[k] * (f[k] - normaliser);
    return sum;
  },
  derivatives(f, y) {
    const p = softmax(f);
    const K = p.length;
    return {
      gradient: p.map((share, k) => y[k] - share),
      hessian: Float64Array.from({ length: K * K }, (_, at) => {
        const [j, k] = [Math.floor(at / K), at % K];
        return p[j] * p[k] - (j === k ? p[k] : 0);
      }),
    };
  },
  allRows(f, y, { gradient, information }, _, weights) {
    const K = information.length / gradient.length;
    let sum = 0;
    for (let at = 0; at < f.length; at += K) {
      const weight = weights ? weights[at / K] : 1;
      let [top, total] = [-Infinity, 0];
      for (let k = at; k < at + K; k++) if (f[k] > top) top = f[k];
      for (let k = at; k < at + K; k++) total += gradient[k] = Math.exp(f[k] - top);
      const normaliser = top + Math.log(total);
      for (let k = at; k < at + K; k++) {
        sum += weight * y[k] * (f[k] - normaliser);
        gradient[k] /= total;
      }
      for (let j = 0; j < K; j++) {
        const p = gradient[at + j];
        for (let k = 0; k < K; k++) information[(at + j) * K + k] = weight * ((j === k ? p : 0) - p * gradient[at + k]);
      }
      for (let k = at; k < at + K; k++) gradient[k] = weight * (y[k] - gradient[k]);
    }
    return sum;
  },

  nullModel: (y, { levels }, { weights } = {}) =>
    ({ output: classShares(y, levels.length, weights).map(Math.log), noiseVariance: 1 }),
  nullLogLikelihood(y) {
    const { rows, cols, data, weights } = y;
    const shares = Array.from({ length: cols }, (_, k) =>
      average(Float64Array.from({ length: rows }, (__, n) => data[n * cols + k]), weights));
    return entropyOfShares(shares, totalWeight(y));
  },

  mean: softmax,
  probabilitiesAt: softmax,
  probabilities: averaged,
  exact: exactShares,
  expected: (outputs) => averaged(outputs).data,
  contributions: {
    of(logits, label) {
      const top = largestOf(logits);
      let sum = 0;
      for (let k = 0; k < logits.length; k++) sum += Math.exp(logits[k] - top);
      return logits[label] - top - Math.log(sum);
    },
    units: () => ({ scale: 1, shift: 0 }), words: () => "the log-probability of the row's class",
  },

  head: ({ inputs, outputs, weight, bias }) =>
    ({ inputs, outputs, weight, bias, activation: 'softmax', prediction: 'probabilities', before: 'logits' }),
  script: 'outputs',
});

/** Whether numbers are whole and run on from 0 or 1, few enough and often enough to be codes of classes. */
function areCodes({ levels, rows }: TargetCells): boolean {
  const first = Number(levels[0]);
  const consecutive = (first === 0 || first === 1) && levels.every((level, i) => Number(level) === first + i);
  return consecutive && levels.length <= MAX_CODED_CLASSES && rows >= ROWS_PER_CLASS * levels.length;
}

function largestOf(values: Vector): number {
  let largest = -Infinity;
  for (let k = 0; k < values.length; k++) largest = Math.max(largest, values[k]);
  return largest;
}

function logSumExp(f: Vector): number {
  const top = largestOf(f);
  let sum = 0;
  for (let k = 0; k < f.length; k++) sum += Math.exp(f[k] - top);
  return top + Math.log(sum);
}

function averaged({ draws, rows, outputs, values }: OutputDraws): Matrix {
  const data = new Float32Array(rows * outputs);
  const total = new Float64Array(outputs);
  const weights = new Float64Array(outputs);
  for (let n = 0; n < rows; n++) {
    total.fill(0);
    for (let s = 0; s < draws; s++) addSoftmax(values, (s * rows + n) * outputs, weights, total);
    for (let c = 0; c < outputs; c++) data[n * outputs + c] = total[c] / draws;
  }
  return { rows, cols: outputs, data };
}

/** Adds the probabilities of one draw's logits, which begin at `at`, to `total`; `weights` is room to work in. */
function addSoftmax(logits: Float32Array, at: number, weights: Float64Array, total: Float64Array): void {
  let largest = -Infinity;
  for (let c = 0; c < total.length; c++) largest = Math.max(largest, logits[at + c]);
  let sum = 0;
  for (let c = 0; c < total.length; c++) sum += weights[c] = Math.exp(logits[at + c] - largest);
  for (let c = 0; c < total.length; c++) total[c] += weights[c] / sum;
}

function exactShares({ draws, rows, outputs: C, values }: OutputDraws): ExactShares {
  const shares = new Float64Array(rows * C);
  const logOdds = Array.from({ length: C }, () => new Float64Array(rows));
  const weights = new Float64Array(C);
  const [inside, outside] = [new Float64Array(C), new Float64Array(C)];
  for (let n = 0; n < rows; n++) {
    inside.fill(0);
    outside.fill(0);
    for (let s = 0; s < draws; s++) addOdds(values, (s * rows + n) * C, weights, inside, outside);
    for (let c = 0; c < C; c++) {
      shares[n * C + c] = inside[c] / draws;
      logOdds[c][n] = Math.log(inside[c]) - Math.log(outside[c]);
    }
  }
  return { shares, logOdds };
}

/** Adds to `inside` the probability of each class in one draw, and to `outside` that of all others, without cancellation. */
function addOdds(logits: Float32Array, at: number, weights: Float64Array, inside: Float64Array, outside: Float64Array): void {
  let top = 0;
  for (let c = 1; c < weights.length; c++) if (logits[at + c] > logits[at + top]) top = c;
  let others = 0;
  for (let c = 0; c < weights.length; c++) {
    weights[c] = Math.exp(logits[at + c] - logits[at + top]);
    if (c !== top) others += weights[c];
  }
  const sum = 1 + others;
  for (let c = 0; c < weights.length; c++) {
    inside[c] += weights[c] / sum;
    outside[c] += (c === top ? others : sum - weights[c]) / sum;
  }
}
