/**
 * Times to an event, some of them censored: log t = log scale + f + sigma W, an accelerated failure time model (Kalbfleisch,
 * Prentice 2002, 2.3). W is the logarithm of an exponential variable for `weibull`, and normal for `log-normal`. The response is
 * log(t / scale), whether the event was seen, and what a density of t has beside that of log t. Gradients: docs/method.md,
 * Likelihoods.
 */
import type * as Tensors from '@tensorflow/tfjs-core';
import { fail } from '../errors.js';
import { logGamma } from '../maths/gamma.js';
import { normalCdf, normalQuantile } from '../maths/normal.js';
import { average } from '../maths/statistics.js';
import { number } from '../rules.js';
import type { Response, RowFacts, Targets } from '../types.js';
import type { Noise } from './noise.js';
import { logNormalTail, logNormalTailTensor, millsRatio } from './normal-tail.js';
import { numberLikelihood, type NumberModel } from './numbers.js';
import { bestForAll } from './one-output.js';
import { SURVIVAL_METRICS, survivalLosses } from './survival-metrics.js';
import type { RowLosses } from './metrics.js';
import type { NumberLikelihood, TensorFlow, Vector } from './types.js';

export type TimeTask = 'weibull' | 'log-normal';
type TimeTarget = Targets[TimeTask];

const COLUMNS = 3;
/** Of (log t - f) / sigma; a time of more is as good as impossible, and its gradient has a square that a float cannot hold. */
const MOST = 15;
/** Between these is log sigma^2. */
const LOGS = [-12, 6] as const;
const HALF_LOG_2_PI = Math.log(2 * Math.PI) / 2;

/** The distribution of W: log p of w with an event (d = 1) or log P(W > w) without (d = 0), and its derivatives in w. */
interface Errors {
  own(w: number, d: number): number;
  slope(w: number, d: number): number;
  curve(w: number, d: number): number;
  /** P(W <= w), and its inverse. */
  cdf(w: number): number;
  quantile(p: number): number;
  /** E e^(s W). */
  moment(s: number): number;
  /** That of the time itself. @param sigma of the logarithm */
  noise(sigma: number): Noise;
  /** `cdf` in JavaScript, of an expression. */
  cdfScript(w: string): string;
  tensors(tf: TensorFlow, w: Tensors.Tensor, d: Tensors.Tensor): { own: Tensors.Tensor; slope: Tensors.Tensor };
}

const EXTREME: Errors = {
  own: (w, d) => d * w - Math.exp(w),
  slope: (w, d) => d - Math.exp(w),
  curve: (w) => -Math.exp(w),
  cdf: (w) => -Math.expm1(-Math.exp(w)),
  quantile: (p) => Math.log(-Math.log1p(-p)),
  moment: (s) => Math.exp(logGamma(1 + s)),
  noise: (sigma) => ({ distribution: 'weibull', prediction: 'median', shape: 1 / sigma }),
  cdfScript: (w) => `-Math.expm1(-Math.exp(${w}))`,
  tensors(tf, w, d) {
    const hazard = tf.exp(w);
    return { own: tf.sub(tf.mul(d, w), hazard), slope: tf.sub(d, hazard) };
  },
};

const NORMAL: Errors = {
  own: (w, d) => (d > 0 ? -w * w / 2 - HALF_LOG_2_PI : logNormalTail(w)),
  slope: (w, d) => (d > 0 ? -w : -millsRatio(w)),
  curve(w, d) {
    if (d > 0) return -1;
    const hazard = millsRatio(w);
    return -hazard * (hazard - w);
  },
  cdf: normalCdf,
  quantile: normalQuantile,
  moment: (s) => Math.exp(s * s / 2),
  noise: (sigma) => ({ distribution: 'log-normal', prediction: 'median', sd: sigma }),
  cdfScript: (w) => `normalCdf(${w})`,
  tensors(tf, w, d) {
    const seen = tf.sub(tf.mul(tf.square(w), -0.5), HALF_LOG_2_PI);
    const tail = logNormalTailTensor(tf, w);
    const hazard = tf.exp(tf.sub(seen, tail));
    const not = tf.sub(1, d);
    return {
      own: tf.add(tf.mul(d, seen), tf.mul(not, tail)), slope: tf.neg(tf.add(tf.mul(d, w), tf.mul(not, hazard))),
    };
  },
};

const scaleOf = (target: TimeTarget | undefined): number => target?.scale ?? 1;

function responseOf(
  y: Float32Array, outputs: number, { target, events }: { target?: TimeTarget | undefined } & RowFacts = {},
): Response {
  const data = new Float32Array(COLUMNS * y.length);
  const scale = Math.log(scaleOf(target));
  y.forEach((time, n) => {
    const d = events ? events[n] : 1;
    data.set([Math.log(time) - scale, d, -d * Math.log(time)], COLUMNS * n);
  });
  return { rows: y.length, cols: COLUMNS, data, outputs };
}

function times<K extends TimeTask>(task: K, errors: Errors): NumberLikelihood<K> {
  const argument = (f: number, z: number, sigma: number): number => Math.min((z - f) / sigma, MOST);
  const density = ([f]: Vector, [z, d, jacobian]: Vector, noise: number): number =>
    errors.own(argument(f, z, Math.sqrt(noise)), d) - d * Math.log(noise) / 2 + jacobian;
  const derivatives = ([f]: Vector, [z, d]: Vector, noise: number): [slope: number, curve: number] => {
    const w = argument(f, z, Math.sqrt(noise));
    return [-errors.slope(w, d) / Math.sqrt(noise), errors.curve(w, d) / noise];
  };
  const best = (y: Response): ReturnType<typeof bestForAll> => bestForAll(y, { density, slopes: derivatives }, LOGS);
  const columns = (tf: TensorFlow, y: Tensors.Tensor2D): Tensors.Tensor2D[] =>
    [0, 1, 2].map((c) => tf.slice(y, [0, c], [y.shape[0], 1]));
  const medianOf = ([f]: Vector, noise: number, target?: TimeTarget): number[] =>
    [scaleOf(target) * Math.exp(f + Math.sqrt(noise) * errors.quantile(0.5))];
  const at = (t: number, f: number, noise: number, target?: TimeTarget): number =>
    (t > 0 ? errors.cdf((Math.log(t / scaleOf(target)) - f) / Math.sqrt(noise)) : 0);
  const model: NumberModel<K> = {
    task, takes: ['events'], learnsNoise: true,
    words: {
      kind: 'a time', target: ({ name }) => `times '${name}'`, effect: ({ name }) => `median ${name}`, unlike: 'log-normal',
    },
    claims: ({ timed = false, numeric }) => task === 'weibull' && timed && numeric,
    fault: (raw) => (raw > 0 ? undefined : 'is not above 0, and no time'),
    fit(cells, rows) {
      const { events } = cells;
      if (events && !rows.some((row) => events[row] === 1)) {
        throw fail('data.no-events', 'no training row has an event', {
          where: cells.place(), hint: 'Nothing can be learned of when it comes. Check data.event: 1, true or yes is an event.',
        });
      }
      const values = cells.numbers();
      const logs = Float64Array.from(rows, (row) => Math.log(values[row]));
      const { weights } = cells;
      const mean = average(logs, weights && Float32Array.from(rows, (row) => weights[row]));
      return { name: cells.name, task, scale: Math.exp(mean) } as Targets[K];
    },
    fields: { scale: number({ above: 0 }) },
    units: () => ({ scale: 1, shift: 0 }),
    response: responseOf,
    terms(tf, f, y, logNoise, weights) {
      const [z, d, jacobian] = columns(tf, y);
      const sigma = tf.exp(tf.mul(logNoise, 0.5));
      const w = tf.minimum(tf.div(tf.sub(z, f), sigma), MOST);
      const { own, slope } = errors.tensors(tf, w, d);
      const density = tf.add(tf.sub(own, tf.mul(d, tf.mul(logNoise, 0.5))), jacobian);
      const gradient = tf.div(slope, tf.neg(sigma));
      const inner = tf.mul(tf.add(tf.mul(slope, w), d), -0.5);
      const weighed = (each: Tensors.Tensor): Tensors.Tensor => (weights ? tf.mul(weights, each) : each);
      return {
        logLikelihood: tf.sum(weighed(density)), outputGradient: weighed(gradient) as typeof f,
        noiseGradient: tf.reshape(tf.sum(weighed(inner)), [1]),
      };
    },
    perDraw(tf, f, y, noise, weights) {
      const [z, d, jacobian] = columns(tf, y);
      const w = tf.minimum(tf.div(tf.sub(z, f), Math.sqrt(noise)), MOST);
      const own = tf.add(tf.sub(errors.tensors(tf, w, d).own, tf.mul(d, Math.log(noise) / 2)), jacobian);
      return tf.sum(weights ? tf.mul(own, weights) : own, [1, 2]);
    },
    logDensity: density,
    derivatives(f, y, noise) {
      const [slope, curve] = derivatives(f, y, noise);
      return { gradient: Float64Array.of(slope), hessian: Float64Array.of(curve) };
    },
    allRows(f, y, { gradient, information }, noise, weights) {
      const sigma = Math.sqrt(noise);
      const log = Math.log(sigma);
      let total = 0;
      for (let n = 0, from = 0; n < f.length; n++, from += COLUMNS) {
        const [w, d] = [argument(f[n], y[from], sigma), y[from + 1]];
        const weight = weights ? weights[n] : 1;
        gradient[n] = -weight * errors.slope(w, d) / sigma;
        information[n] = -weight * errors.curve(w, d) / noise;
        total += weight * (errors.own(w, d) - d * log + y[from + 2]);
      }
      return total;
    },
    nullModel(y, target, facts = {}) {
      const { f, noise } = best({ ...responseOf(y, 1, { target, ...facts }), ...(facts.weights && { weights: facts.weights }) });
      return { output: [f], noiseVariance: noise };
    },
    nullLogLikelihood: (y) => best(y).value,
    mean: medianOf,
    expected: (outputs): Float64Array => made.quantiles(outputs, 0.5),
    variance([f], noise, target) {
      const sigma = Math.sqrt(noise);
      const scale = scaleOf(target) * Math.exp(f);
      return scale ** 2 * (errors.moment(2 * sigma) - errors.moment(sigma) ** 2);
    },
    cdf: (t, [f], noise, target) => at(t, f, noise, target),
    at: {
      column: (name, raw) => `${name}_survival_${raw}`,
      probability: (outputs, raw): Float64Array => made.cdfAt(outputs, raw).map((fallen) => 1 - fallen),
    },
    metrics: SURVIVAL_METRICS,
    losses: (outputs, y): RowLosses => survivalLosses(made, outputs, y),
    contributions: {
      of: ([f]) => f, units: () => ({ scale: 1, shift: 0 }), words: ({ name }) => `the log of ${name}`,
    },
    head: ({ bias, ...layer }, { scale }, noise) => ({
      ...layer, bias: bias.map((value) => value + Math.log(scale) + Math.sqrt(noise) * errors.quantile(0.5)),
      activation: 'exp', prediction: 'prediction', before: 'log_prediction',
    }),
    noise: (variance) => errors.noise(Math.sqrt(variance)),
    script: (noise) => `Math.exp(f) * target.scale * ${Math.exp(Math.sqrt(noise) * errors.quantile(0.5))}`,
    cdfScript: (noise) => `y > 0 ? ${errors.cdfScript(`(Math.log(y / target.scale) - outputs[0]) / ${Math.sqrt(noise)}`)} : 0`,
    timed: true,
  };
  const made: NumberLikelihood<K> = numberLikelihood<K>(model);
  return made;
}

export const weibull = times('weibull', EXTREME);
export const logNormal = times('log-normal', NORMAL);
