/**
 * Classes that have an order: P(y <= c) = sigmoid((theta_c - f) / s), a cumulative logit model (McCullagh 1980). The cut points
 * theta_c are the log odds of the training rows' cumulative shares, so that f = 0 and s = 1 give these shares; s is learned, as
 * the variance s^2. The response is the two cut points of a row's class. Gradients: docs/method.md, Likelihoods.
 */
import type * as Tensors from '@tensorflow/tfjs-core';
import { fail } from '../errors.js';
import { sigmoid, softplus } from '../maths/scalar.js';
import { list, number, text } from '../rules.js';
import type { Matrix, Response, RowFacts, Targets } from '../types.js';
import { checkDiffer, classLikelihood, classLosses } from './classes.js';
import { ACCURACY, BALANCED_ACCURACY, CALIBRATION, F1, MCC, NLL_OF_PROBABILITY, RANKED_PROBABILITY } from './metrics.js';
import { bestForAll } from './one-output.js';
import type { OutputDraws, TensorFlow, Vector } from './types.js';

type OrdinalTarget = Targets['ordinal'];

/** Stands for the cut points below the lowest class and above the highest. */
const END = 1e4;
const COLUMNS = 2;
/** Between these is log s^2. */
const LOGS = [-10, 10] as const;

function responseOf(
  y: Float32Array, outputs: number, { target }: { target?: OrdinalTarget | undefined } & RowFacts = {},
): Response {
  const cuts = [-END, ...(target?.cuts ?? []), END];
  const data = new Float32Array(COLUMNS * y.length);
  y.forEach((label, n) => data.set([cuts[label], cuts[label + 1]], COLUMNS * n));
  return { rows: y.length, cols: COLUMNS, data, outputs };
}

/** log(sigmoid(a) - sigmoid(b)), a > b. */
const logBetween = (a: number, b: number): number => -softplus(-a) - softplus(b) + Math.log(-Math.expm1(b - a));

function density([f]: Vector, [below, above]: Vector, noise: number): number {
  const s = Math.sqrt(noise);
  return logBetween((above - f) / s, (below - f) / s);
}

/** In f, first and second. */
function slopes(f: number, [below, above]: Vector, noise: number): [gradient: number, curve: number] {
  const s = Math.sqrt(noise);
  const [a, b] = [(above - f) / s, (below - f) / s];
  return [(sigmoid(b) - sigmoid(-a)) / s, -(sigmoid(a) * sigmoid(-a) + sigmoid(b) * sigmoid(-b)) / noise];
}

/** log p of each row, as a tensor, with a, b and a - b. */
function between(
  tf: TensorFlow, f: Tensors.Tensor, y: Tensors.Tensor2D, s: Tensors.Tensor | number,
): Record<'own' | 'a' | 'b' | 'gap', Tensors.Tensor> {
  const cut = (c: number): Tensors.Tensor => tf.div(tf.sub(tf.slice(y, [0, c], [y.shape[0], 1]), f), s);
  const [b, a] = [cut(0), cut(1)];
  const gap = tf.sub(a, b);
  const within = tf.log1p(tf.neg(tf.exp(tf.neg(gap))));
  return { own: tf.sub(tf.sub(within, tf.softplus(tf.neg(a))), tf.softplus(b)), a, b, gap };
}

const best = (y: Response): ReturnType<typeof bestForAll> =>
  bestForAll(y, { density, slopes: ([f], row, noise) => slopes(f, row, noise) }, LOGS);

/** Of all classes. */
function probabilitiesAt([f]: Vector, target: OrdinalTarget | undefined, noise = 1): Float64Array {
  const s = Math.sqrt(noise);
  const cuts = [-END, ...(target?.cuts ?? []), END];
  return Float64Array.from({ length: cuts.length - 1 }, (_, c) =>
    Math.exp(logBetween((cuts[c + 1] - f) / s, (cuts[c] - f) / s)));
}

/** n x C: averages over the draws. */
function sharesOf({ draws, rows, values, noiseVariance, known }: OutputDraws): Float64Array {
  const target = known!.target as OrdinalTarget;
  const C = target.levels.length;
  const shares = new Float64Array(rows * C);
  for (let n = 0; n < rows; n++) {
    for (let s = 0; s < draws; s++) {
      probabilitiesAt([values[s * rows + n]], target, noiseVariance).forEach((p, c) => { shares[n * C + c] += p / draws; });
    }
  }
  return shares;
}

function averaged(outputs: OutputDraws): Matrix {
  const shares = sharesOf(outputs);
  return { rows: outputs.rows, cols: shares.length / outputs.rows, data: Float32Array.from(shares) };
}

/** The mean place among the levels, from 1. */
const placeOf = (probabilities: ArrayLike<number>): number => {
  let place = 0;
  for (let c = 0; c < probabilities.length; c++) place += (c + 1) * probabilities[c];
  return place;
};

export const ordinal = classLikelihood<'ordinal'>({
  task: 'ordinal', classes: [3, 50], invented: ['1', '2', '3'], learnsNoise: true,
  words: {
    kind: 'one of several classes in an order', target: ({ name, levels }) => `ordered target '${name}' (${levels.join(' < ')})`,
    effect: ({ name, levels }) => `mean place of ${name} (1 to ${levels.length})`,
  },
  claims: ({ ordered = false }) => ordered,
  check(cells) {
    const { name, levels, ordered, levelsAreNumbers, place } = cells;
    if (!ordered && !levelsAreNumbers) {
      throw fail('data.no-order', `nothing says in which order the classes of '${name}' are`, {
        where: place(), hint: `Set data.columns: {${name}: {kind: ordinal, levels: [${levels.slice(0, 3).join(', ')}, ...]}}, from the lowest up.`,
      });
    }
    checkDiffer(cells, cells.levels.length, 'every row');
  },
  fit(cells, rows) {
    const places = cells.places();
    checkDiffer(cells, new Set(Array.from(rows, (row) => places[row])).size, 'the training rows');
    const shares = new Array<number>(cells.levels.length).fill(0.5);
    for (const row of rows) shares[places[row]] += cells.weights ? cells.weights[row] : 1;
    const total = shares.reduce((all, share) => all + share, 0);
    let below = 0;
    const cuts = shares.slice(0, -1).map((share) => {
      below += share;
      return Math.log(below) - Math.log(total - below);
    });
    return { name: cells.name, task: 'ordinal', levels: [...cells.levels], cuts };
  },
  fields: { levels: list(text, { min: 3, max: 50 }), cuts: list(number(), { min: 2, max: 49 }) },
  outputNames: () => ['rank'],
  allowsOutputs: (count) => count === 1,
  response: responseOf,

  terms(tf, f, y, logNoise, weights) {
    const s = tf.exp(tf.mul(logNoise, 0.5));
    const { own, a, b, gap } = between(tf, f, y, s);
    const [over, under] = [tf.sigmoid(tf.neg(a)), tf.sigmoid(b)];
    const gradient = tf.div<typeof f>(tf.sub(under, over), s);
    // d log p / da = over + 1 / (e^gap - 1), and in b minus the same with `under`.
    const shared = tf.div(tf.exp(tf.neg(gap)), tf.neg(tf.sub(tf.exp(tf.neg(gap)), 1)));
    const inner = tf.mul(tf.sub(tf.mul(b, tf.add(under, shared)), tf.mul(a, tf.add(over, shared))), 0.5);
    const weighed = (each: Tensors.Tensor): Tensors.Tensor => (weights ? tf.mul(weights, each) : each);
    return {
      logLikelihood: tf.sum(weighed(own)), outputGradient: weighed(gradient) as typeof f,
      noiseGradient: tf.reshape(tf.sum(weighed(inner)), [1]),
    };
  },
  perDraw(tf, f, y, noise, weights) {
    const { own } = between(tf, f, y, Math.sqrt(noise));
    return tf.sum(weights ? tf.mul(own, weights) : own, [1, 2]);
  },
  logDensity: density,
  derivatives([f], y, noise) {
    const [gradient, curve] = slopes(f, y, noise);
    return { gradient: Float64Array.of(gradient), hessian: Float64Array.of(curve) };
  },
  allRows(f, y, { gradient, information }, noise, weights) {
    const s = Math.sqrt(noise);
    let total = 0;
    for (let n = 0; n < f.length; n++) {
      const [a, b] = [(y[2 * n + 1] - f[n]) / s, (y[2 * n] - f[n]) / s];
      const [over, under] = [sigmoid(-a), sigmoid(b)];
      const weight = weights ? weights[n] : 1;
      gradient[n] = weight * (under - over) / s;
      information[n] = weight * (over * (1 - over) + under * (1 - under)) / noise;
      total += weight * logBetween(a, b);
    }
    return total;
  },

  nullModel(y, target, { weights } = {}) {
    const { f, noise } = best({ ...responseOf(y, 1, { target }), ...(weights && { weights }) });
    return { output: [f], noiseVariance: noise };
  },
  nullLogLikelihood: (y) => best(y).value,

  mean: (f, noise, target) => [placeOf(probabilitiesAt(f, target, noise))],
  probabilitiesAt,
  probabilities: averaged,
  expected(outputs) {
    const { cols, rows, data } = averaged(outputs);
    return Float64Array.from({ length: rows }, (_, n) => placeOf(data.subarray(n * cols, (n + 1) * cols)));
  },
  metrics: [ACCURACY, NLL_OF_PROBABILITY, RANKED_PROBABILITY, CALIBRATION, BALANCED_ACCURACY, F1, MCC],
  losses(outputs, y) {
    const shares = sharesOf(outputs);
    return { ...classLosses(averaged(outputs), { shares, logOdds: [] }, y, undefined), rps: rankedProbability(shares, y) };
  },
  contributions: {
    of: ([f]) => f, units: () => ({ scale: 1, shift: 0 }), words: ({ name }) => `the scale on which ${name} has its order`,
  },

  // sigmoid((theta_c - f) / s) for each cut point, and from these the differences.
  head({ inputs, weight, bias }, { cuts, levels }, noise) {
    const s = Math.sqrt(noise);
    const K = cuts.length;
    const differences = new Float32Array(K * (K + 1));
    for (let c = 0; c < K; c++) {
      differences[c * (K + 1) + c] = 1;
      differences[c * (K + 1) + c + 1] = -1;
    }
    return {
      inputs, outputs: K, activation: 'sigmoid', prediction: 'probabilities', before: 'cumulative',
      weight: Float32Array.from({ length: inputs * K }, (_, at) => -weight[Math.floor(at / K)] / s),
      bias: Float32Array.from(cuts, (cut) => (cut - bias[0]) / s),
      then: {
        inputs: K, outputs: levels.length, weight: differences, bias: Float32Array.from(levels, (_, c) => Number(c === K)),
      },
    };
  },
  script: (noise) => `[-1e4, ...target.cuts].map((below, c) => {
    const [f] = outputs;
    const [a, b] = [((target.cuts[c] ?? 1e4) - f) / ${Math.sqrt(noise)}, (below - f) / ${Math.sqrt(noise)}];
    const softplus = (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
    return Math.log(-Math.expm1(b - a)) - softplus(-a) - softplus(b);
  })`,
});

/** Sum over the cut points of (P(Y <= c) - 1{y <= c})^2 (Epstein 1969), divided by their number, so that it is at most 1. */
function rankedProbability(shares: Float64Array, y: Float32Array): Float64Array {
  const C = shares.length / y.length;
  return Float64Array.from(y, (label, n) => {
    let [below, total] = [0, 0];
    for (let c = 0; c < C - 1; c++) {
      below += shares[n * C + c];
      total += (below - Number(label <= c)) ** 2;
    }
    return total / (C - 1);
  });
}
