/**
 * Several numbers with independent normal noise: y_k ~ N(f_k, sigma^2 v_k), so that one network with one gate for each input
 * predicts them all. The v_k are held, with product 1; sigma^2 is learned. Gradients: docs/method.md, Likelihoods.
 */
import type * as Tensors from '@tensorflow/tfjs-core';
import { average } from '../maths/statistics.js';
import { list, number, record, text } from '../rules.js';
import type { Response, RowFacts, Targets } from '../types.js';
import { gaussian } from './gaussian.js';
import { COVERAGE, NLL, type RowLosses } from './metrics.js';
import { logDensitiesOf } from './mixture.js';
import { targetTitle } from './names.js';
import { momentsOfTargets } from './numbers.js';
import { totalWeight } from './response.js';
import { MEAN_R2, RELATIVE_RMSE } from './several-metrics.js';
import type { NumbersLikelihood, OutputDraws, TargetCells, TensorFlow, Vector } from './types.js';

type Several = Targets['several'];

const LOG_2_PI = Math.log(2 * Math.PI);
const MOST = 20;
/** A target of which less is left over than this share is taken for one of which so much is. */
const LEAST_LEFT = 1e-4;

const each = ({ targets }: Several): Targets['regression'][] =>
  targets.map(({ name, mean, scale }) => ({ name, task: 'regression', mean, scale }));

/** n x 2K: the encoded targets of a row, then log v of each. */
function responseOf(
  y: Float32Array, outputs: number, { target, others = [] }: { target?: Several | undefined } & RowFacts = {},
): Response {
  const data = new Float32Array(2 * outputs * y.length);
  const units = target?.targets.map(({ mean, scale, noise }) => ({ mean, scale, log: Math.log(noise) }));
  for (let n = 0, at = 0; n < y.length; n++, at += 2 * outputs) {
    data[at] = y[n];
    for (let k = 1; k < outputs; k++) {
      const { mean, scale } = units?.[k] ?? { mean: 0, scale: 1 };
      data[at + k] = others[k - 1] ? (others[k - 1][n] - mean) / scale : 0;
    }
    if (units) for (let k = 0; k < outputs; k++) data[at + outputs + k] = units[k].log;
  }
  return { rows: y.length, cols: 2 * outputs, data, outputs };
}

const density = (f: Vector, y: Vector, noise: number): number => {
  const K = f.length;
  let sum = K * (LOG_2_PI + Math.log(noise));
  for (let k = 0; k < K; k++) sum += y[K + k] + (y[k] - f[k]) ** 2 * Math.exp(-y[K + k]) / noise;
  return -0.5 * sum;
};

/** The targets and log v of each, [B, K] both. */
function halves(tf: TensorFlow, y: Tensors.Tensor2D): [y: Tensors.Tensor2D, logs: Tensors.Tensor2D] {
  const [rows, K] = [y.shape[0], y.shape[1] / 2];
  return [tf.slice(y, [0, 0], [rows, K]), tf.slice(y, [0, K], [rows, K])];
}

/** Mean and variance of each target over the rows of a response. */
function momentsOfEach({ rows, cols, data, weights }: Response): { mean: number; variance: number; log: number }[] {
  const K = cols / 2;
  return Array.from({ length: K }, (_, k) => ({
    ...momentsOfTargets(Float64Array.from({ length: rows }, (__, n) => data[n * cols + k]), weights), log: data[K + k],
  }));
}

function bestForAll(y: Response): { output: number[]; noiseVariance: number; logs: number } {
  const moments = momentsOfEach(y);
  return {
    output: moments.map(({ mean }) => mean), logs: moments.reduce((sum, { log }) => sum + log, 0),
    noiseVariance: moments.reduce((sum, { variance, log }) => sum + variance * Math.exp(-log), 0) / moments.length,
  };
}

const targetOf = ({ known }: OutputDraws): Several => known!.target as Several;

/** What predictions of several targets lose: of all of them together, and under `PLACE:` and its name what is lost on each. */
function lossesOf(outputs: OutputDraws, y: Float32Array, target: Several): RowLosses {
  const { outputs: K } = outputs;
  const response = responseOf(y, K, { ...outputs.known, target });
  const own = each(target).map((one, k) => {
    const values = Float32Array.from({ length: y.length }, (_, n) => response.data[2 * K * n + k]);
    return gaussian.losses(several.margin({ ...outputs, known: { ...outputs.known, target } }, k), values, one);
  });
  const scales = target.targets.reduce((sum, { scale }) => sum + Math.log(scale), 0);
  const mean = (of: (losses: RowLosses, k: number, n: number) => number): Float64Array =>
    Float64Array.from(y, (_, n) => own.reduce((sum, losses, k) => sum + of(losses, k, n), 0) / K);
  return {
    nll: logDensitiesOf(outputs, response, { logDensity: density }).map((log) => scales - log),
    relativeSquares: mean(({ squares }, k, n) => squares![n] / target.targets[k].scale ** 2),
    inside: mean(({ inside }, _, n) => inside![n]),
    ...Object.fromEntries(own.flatMap((losses, k) => Object.entries(losses).map(([name, values]) => [`${k}:${name}`, values]))),
  };
}

export const several: NumbersLikelihood<'several'> = {
  kind: 'numbers', task: 'several', takes: ['others'], targets: [2, MOST],
  learnsNoise: true, stratified: false,
  words: {
    kind: 'several numbers', target: ({ name }) => `numbers ${name}`,
    effect: ({ targets }) => (targets.length > 1 ? 'predicted targets, in standard deviations of each' : `predicted ${targets[0].name}`),
  },
  each,
  margin(outputs, place) {
    const { draws, rows, outputs: K, values, noiseVariance } = outputs;
    const target = targetOf(outputs);
    return {
      task: 'regression', known: { target: each(target)[place] }, draws, rows, outputs: 1,
      values: Float32Array.from({ length: draws * rows }, (_, at) => values[at * K + place]),
      noiseVariance: noiseVariance * target.targets[place].noise,
    };
  },
  noise: (variance, target) =>
    target.targets.map(({ scale, noise }) => ({ distribution: 'normal', prediction: 'mean', sd: scale * Math.sqrt(variance * noise) })),
  leftOver({ rows, cols, data, weights }, outputs) {
    const K = cols / 2;
    return Array.from({ length: K }, (_, k) =>
      average(Float64Array.from({ length: rows }, (__, n) => (data[n * cols + k] - outputs[n * K + k]) ** 2), weights));
  },
  withNoise(target, squares) {
    const logs = squares.map((square) => Math.log(Math.max(square, LEAST_LEFT)));
    const middle = logs.reduce((sum, log) => sum + log, 0) / logs.length;
    return { ...target, targets: target.targets.map((own, k) => ({ ...own, noise: Math.exp(logs[k] - middle) })) };
  },

  claims: ({ further }) => further !== undefined,
  check: (cells) => columnsOf(cells).forEach((column) => gaussian.check(column)),
  fit(cells, rows) {
    const targets = columnsOf(cells).map((column) => {
      const { name, mean, scale } = gaussian.fit(column, rows);
      return { name, mean, scale, noise: 1 };
    });
    return { name: targetTitle(targets.map(({ name }) => name)), task: 'several', targets };
  },
  fields: {
    targets: list(
      record({ name: text, mean: number(), scale: number({ above: 0 }), noise: number({ above: 0 }) }), { min: 2, max: MOST }),
  },

  outputNames: ({ targets }) => targets.map(({ name }) => name),
  allowsOutputs: (count) => count >= 2 && count <= MOST,
  response: responseOf,

  terms(tf, f, y, logNoise, weights) {
    const [own, logs] = halves(tf, y);
    const K = f.shape[1];
    const residual = tf.sub(own, f);
    const precise = tf.mul(residual, tf.exp(tf.neg(tf.add(logs, logNoise))));
    const outputGradient = tf.mul<typeof f>(precise, weights ?? 1);
    const squares = tf.sum(tf.mul(residual, outputGradient));
    const normaliser = tf.sum(tf.mul(tf.add(tf.add(logs, logNoise), LOG_2_PI), weights ?? 1));
    const count = tf.mul(weights ? tf.sum(weights) : f.shape[0], K);
    return {
      logLikelihood: tf.mul(tf.add(squares, normaliser), -0.5), outputGradient,
      noiseGradient: tf.reshape(tf.mul(tf.sub(squares, count), 0.5), [1]),
    };
  },
  perDraw(tf, f, y, noiseVariance, weights) {
    const [own, logs] = halves(tf, y);
    const squares = tf.mul(tf.square(tf.sub(f, own)), tf.exp(tf.neg(logs)));
    const each = tf.add(tf.div(squares, noiseVariance), tf.add(logs, LOG_2_PI + Math.log(noiseVariance)));
    return tf.mul(tf.sum(weights ? tf.mul(each, weights) : each, [1, 2]), -0.5);
  },
  logDensity: density,
  derivatives(f, y, noise) {
    const K = f.length;
    const precision = Float64Array.from({ length: K }, (_, k) => Math.exp(-y[K + k]) / noise);
    return {
      gradient: precision.map((each, k) => (y[k] - f[k]) * each),
      hessian: Float64Array.from({ length: K * K }, (_, at) => (at % (K + 1) === 0 ? -precision[at % K] : 0)),
    };
  },
  allRows(f, y, { gradient, information }, noise, weights) {
    const K = information.length / gradient.length;
    let total = 0;
    information.fill(0);
    for (let n = 0, at = 0; at < f.length; n++) {
      const weight = weights ? weights[n] : 1;
      for (let k = 0; k < K; k++, at++) {
        const place = 2 * K * n + k;
        const log = y[place + K];
        const precision = Math.exp(-log) / noise;
        const residual = y[place] - f[at];
        gradient[at] = weight * residual * precision;
        information[at * K + k] = weight * precision;
        total += weight * (LOG_2_PI + Math.log(noise) + log + residual * residual * precision);
      }
    }
    return -0.5 * total;
  },

  nullModel(y, target, facts = {}) {
    const { output, noiseVariance } = bestForAll({
      ...responseOf(y, target.targets.length, { target, ...facts }), ...(facts.weights && { weights: facts.weights }),
    });
    return { output, noiseVariance };
  },
  nullLogLikelihood(y) {
    const { output: { length: K }, noiseVariance, logs } = bestForAll(y);
    return -totalWeight(y) / 2 * (K * (LOG_2_PI + Math.log(noiseVariance) + 1) + logs);
  },

  mean: (f) => f,
  expected({ draws, rows, outputs: K, values }) {
    const sums = new Float64Array(rows * K);
    values.forEach((value, at) => { sums[at % sums.length] += value / draws; });
    return sums;
  },
  uncertainty(outputs, target) {
    const own = each(target).map((one, k) => gaussian.uncertainty(several.margin(outputs, k), one));
    const together = (part: 'epistemic' | 'aleatoric'): Float64Array => Float64Array.from({ length: outputs.rows }, (_, n) =>
      Math.sqrt(own.reduce((sum, of, k) => sum + (of[part][n] / target.targets[k].scale) ** 2, 0) / own.length));
    return { epistemic: together('epistemic'), aleatoric: together('aleatoric') };
  },
  metrics: [RELATIVE_RMSE, NLL, COVERAGE, MEAN_R2],
  losses: lossesOf,
  contributions: {
    of: (f, place) => f[place], units: () => ({ scale: 1, shift: 0 }), words: () => 'the scale of each target',
  },

  head({ inputs, outputs: K, weight, bias }, { targets }) {
    return {
      inputs, outputs: K, weight: weight.map((value, at) => value * targets[at % K].scale),
      bias: bias.map((value, k) => value * targets[k].scale + targets[k].mean),
      activation: 'linear', prediction: 'prediction', before: 'prediction',
    };
  },
  script: 'f * target.scale + target.mean',
  cdfScript: (noise) => `normalCdf(((y - target.mean) / target.scale - f) / Math.sqrt(${noise} * target.noise))`,
};

/** A column for each target. */
function columnsOf({ further = [], ...first }: TargetCells): TargetCells[] {
  const { weights } = first;
  return [first, ...further.map((other) => ({ ...other, ...(weights && { weights }) }))];
}
