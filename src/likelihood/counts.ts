/**
 * Counts: y events in an exposure e, of which mu are expected, log mu = f + log(e rate). `poisson` has their variance equal to
 * mu, `counts` is negative binomial with variance mu + alpha mu^2, alpha being learned. The response is y, log(e rate) and log y!
 * of each row. Gradients: docs/method.md, Likelihoods.
 */
import type * as Tensors from '@tensorflow/tfjs-core';
import { logGamma } from '../maths/gamma.js';
import { maximum } from '../maths/golden.js';
import { incompleteBeta, upperGamma } from '../maths/incomplete.js';
import { number } from '../rules.js';
import type { Response, RowFacts, Targets } from '../types.js';
import { looksLikeCounts } from './looks-like-counts.js';
import { COVERAGE, DEVIANCE, MAE, NLL, PINBALL, RMSE } from './metrics.js';
import { wholeQuantiles } from './mixture.js';
import { COLUMNS, columnsOf, constantsOf, MOST, negativeBinomial, negativeBinomialTerms } from './negative-binomial.js';
import { numberLikelihood, type NumberModel } from './numbers.js';
import { sumOfRows } from './one-output.js';
import type { Vector } from './types.js';

type CountTask = 'poisson' | 'counts';
type CountTarget = Targets[CountTask];

/** Log dispersions that are tried. */
const [LEAST_LOG, MOST_LOG] = [-16, 10];

const expected = (f: number, offset: number): number => Math.exp(Math.min(f + offset, MOST));

/** What is alike in both. */
function common<K extends CountTask>(task: K): Pick<NumberModel<K>,
  'task' | 'takes' | 'words' | 'claims' | 'fault' | 'fit' | 'fields' | 'units' | 'response' | 'mean' | 'contributions' | 'head' | 'script'
  | 'metrics' | 'deviance' | 'at' | 'whole'> {
  return {
    task, takes: ['exposure'], whole: true,
    words: { kind: 'a count', target: ({ name }) => `counts of '${name}'`, effect: ({ name }) => `expected ${name}`, unlike: 'regression' },
    claims: (cells) => task === 'counts' && !cells.timed && looksLikeCounts(cells),
    fault: (raw) => (raw < 0 ? 'is negative, and no count' : Number.isInteger(raw) ? undefined : 'is no whole number, and no count'),
    fit(cells, rows) {
      const values = cells.numbers();
      const [events, exposure] = totals(rows, (row) => values[row], cells);
      return { name: cells.name, task, rate: (events || 0.5) / exposure } as Targets[K];
    },
    fields: { rate: number({ above: 0 }) },
    units: () => ({ scale: 1, shift: 0 }),
    response: responseOf,
    mean: meanOf,
    at: {
      column: (_, raw) => `p_${raw}`,
      probability(outputs, raw) {
        const { cdfAt } = task === 'counts' ? counts : poisson;
        const [whole, below] = [cdfAt(outputs, raw), cdfAt(outputs, raw - 1)];
        return whole.map((p, n) => (Number.isInteger(raw) ? p - below[n] : 0));
      },
    },
    metrics: [DEVIANCE, NLL, COVERAGE, RMSE, MAE, ...PINBALL],
    deviance: poissonDeviance,
    contributions: {
      of: ([f]) => f, units: () => ({ scale: 1, shift: 0 }), words: ({ name }) => `the log of the rate of ${name}`,
    },
    head: ({ bias, ...layer }, { rate }) => ({
      ...layer, bias: bias.map((value) => value + Math.log(rate)), activation: 'exp', prediction: 'prediction', before: 'log_prediction',
    }),
    script: 'Math.exp(f) * target.rate',
  };
}

const rateOf = (target: CountTarget | undefined): number => target?.rate ?? 1;

const meanOf = ([f]: Vector, _: number, target?: CountTarget): number[] => [rateOf(target) * Math.exp(f)];

function responseOf(
  y: Float32Array, outputs: number, { target, exposure }: { target?: CountTarget | undefined } & RowFacts = {},
): Response {
  const data = new Float32Array(COLUMNS * y.length);
  const rate = Math.log(rateOf(target));
  y.forEach((count, n) => data.set([count, rate + (exposure ? Math.log(exposure[n]) : 0), logGamma(count + 1)], COLUMNS * n));
  return { rows: y.length, cols: COLUMNS, data, outputs };
}

/** Events and exposure of some rows, weighted. */
function totals(rows: Iterable<number>, y: (row: number) => number, { weights, exposure }: RowFacts): [number, number] {
  let [events, time] = [0, 0];
  for (const row of rows) {
    const weight = weights ? weights[row] : 1;
    events += weight * y(row);
    time += weight * (exposure ? exposure[row] : 1);
  }
  return [events, time];
}

/** 2 (y log(y / mu) - y + mu). */
const poissonDeviance = (y: number, mean: number): number => 2 * ((y > 0 ? y * Math.log(y / mean) : 0) - y + mean);

/** Of y under the one rate that fits best, relative to that of the target. */
function nullRate(y: Float32Array, target: CountTarget | undefined, facts: RowFacts = {}): number {
  const [events, exposure] = totals(y.keys(), (row) => y[row], facts);
  return Math.log((events || 0.5) / exposure / rateOf(target));
}

/** The same from a response. */
function nullOfResponse({ rows, data, weights }: Response): number {
  let [events, mean] = [0, 0];
  for (let n = 0; n < rows; n++) {
    const weight = weights ? weights[n] : 1;
    events += weight * data[COLUMNS * n];
    mean += weight * Math.exp(data[COLUMNS * n + 1]);
  }
  return Math.log((events || 0.5) / mean);
}

const poissonDensity = (f: number, [y, offset, logFactorial]: Vector): number =>
  y * (f + offset) - expected(f, offset) - logFactorial;

export const poisson = numberLikelihood<'poisson'>({
  ...common('poisson'),
  terms(tf, f, y, _, weights) {
    const [count, offset, logFactorial] = columnsOf(tf, y);
    const eta = tf.add(f, offset);
    const mean = tf.exp(tf.minimum(eta, MOST));
    const own = tf.sub(tf.sub(tf.mul(count, eta), mean), logFactorial);
    const gradient = tf.sub<typeof f>(count, mean);
    return {
      logLikelihood: tf.sum(weights ? tf.mul(weights, own) : own),
      outputGradient: weights ? tf.mul(weights, gradient) : gradient, noiseGradient: tf.zeros([1]),
    };
  },
  perDraw(tf, f, y, _, weights) {
    const [count, offset, logFactorial] = columnsOf(tf, y);
    const eta = tf.add(f, offset);
    const own = tf.sub(tf.sub(tf.mul(count, eta), tf.exp(tf.minimum(eta, MOST))), logFactorial);
    return tf.sum(weights ? tf.mul(own, weights) : own, [1, 2]);
  },
  logDensity: ([f], y) => poissonDensity(f, y),
  derivatives([f], [y, offset]) {
    const mean = expected(f, offset);
    return { gradient: Float64Array.of(y - mean), hessian: Float64Array.of(-mean) };
  },
  allRows(f, y, { gradient, information }, _, weights) {
    let sum = 0;
    for (let n = 0, at = 0; n < f.length; n++, at += COLUMNS) {
      const eta = f[n] + y[at + 1];
      const mean = Math.exp(Math.min(eta, MOST));
      const weight = weights ? weights[n] : 1;
      gradient[n] = weight * (y[at] - mean);
      information[n] = weight * mean;
      sum += weight * (y[at] * eta - mean - y[at + 2]);
    }
    return sum;
  },
  nullModel: (y, target, facts) => ({ output: [nullRate(y, target, facts)], noiseVariance: 1 }),
  nullLogLikelihood(y) {
    const f = nullOfResponse(y);
    return sumOfRows(y, (row) => poissonDensity(f, row));
  },
  variance: ([f], _, target) => rateOf(target) * Math.exp(f),
  noise: () => ({ distribution: 'poisson', prediction: 'mean' }),
  cdfScript: () => 'poissonCdf(y, target.rate * Math.exp(outputs[0]))',
  cdf: (y, [f], _, target) => poissonCdf(y, rateOf(target) * Math.exp(f)),
  quantiles: (outputs, p) => wholeQuantiles(outputs, p, meanOf, (f, _, target) => {
    const [mean] = meanOf(f, _, target);
    return (y) => poissonCdf(y, mean);
  }),
});

const poissonCdf = (y: number, mean: number): number => (y < 0 ? 0 : upperGamma(Math.floor(y) + 1, mean));

export const counts = numberLikelihood<'counts'>({
  ...common('counts'), learnsNoise: true,
  terms(tf, f, y, logNoise, weights) {
    const { own, outer, inner } = negativeBinomialTerms(tf, f, y, tf.exp(logNoise));
    const weighed = (each: Tensors.Tensor): Tensors.Tensor => (weights ? tf.mul(weights, each) : each);
    return {
      logLikelihood: tf.sum(weighed(own)), outputGradient: weighed(outer) as typeof f,
      noiseGradient: tf.reshape(tf.sum(weighed(inner)), [1]),
    };
  },
  perDraw(tf, f, y, alpha, weights) {
    const { own } = negativeBinomialTerms(tf, f, y, alpha);
    return tf.sum(weights ? tf.mul(own, weights) : own, [1, 2]);
  },
  logDensity: ([f], y, alpha) => negativeBinomial(f, y, alpha),
  derivatives([f], [y, offset], alpha) {
    const mean = expected(f, offset);
    const spread = 1 + alpha * mean;
    return { gradient: Float64Array.of((y - mean) / spread), hessian: Float64Array.of(-mean * (1 + alpha * y) / spread ** 2) };
  },
  allRows(f, y, { gradient, information }, alpha, weights) {
    const constants = constantsOf(y, alpha);
    let sum = 0;
    for (let n = 0, at = 0; n < f.length; n++, at += COLUMNS) {
      const eta = Math.min(f[n] + y[at + 1], MOST);
      const grown = alpha * Math.exp(eta);
      const weight = weights ? weights[n] : 1;
      gradient[n] = weight * (y[at] - grown / alpha) / (1 + grown);
      information[n] = weight * (grown / alpha) * (1 + alpha * y[at]) / (1 + grown) ** 2;
      sum += weight * (y[at] * eta - (1 / alpha + y[at]) * Math.log1p(grown) + constants[n]);
    }
    return sum;
  },
  nullModel(y, target, facts = {}) {
    const response = { ...responseOf(y, 1, { target, ...facts }), ...(facts.weights && { weights: facts.weights }) };
    const { f, alpha } = bestOfAll(response);
    return { output: [f], noiseVariance: alpha };
  },
  nullLogLikelihood(y) {
    const { f, alpha } = bestOfAll(y);
    return sumOfRows(y, (row) => negativeBinomial(f, row, alpha));
  },
  variance([f], alpha, target) {
    const mean = rateOf(target) * Math.exp(f);
    return mean + alpha * mean * mean;
  },
  noise: (dispersion) => ({ distribution: 'negative-binomial', prediction: 'mean', dispersion }),
  cdfScript: (alpha) => `negativeBinomialCdf(y, target.rate * Math.exp(outputs[0]), ${alpha})`,
  cdf: (y, [f], alpha, target) => negativeBinomialCdf(y, rateOf(target) * Math.exp(f), alpha),
  quantiles: (outputs, p) => wholeQuantiles(outputs, p, meanOf, (f, alpha, target) => {
    const [mean] = meanOf(f, alpha, target);
    return (y) => negativeBinomialCdf(y, mean, alpha);
  }),
});

const negativeBinomialCdf = (y: number, mean: number, alpha: number): number =>
  (y < 0 ? 0 : incompleteBeta(1 / (1 + alpha * mean), 1 / alpha, Math.floor(y) + 1));

const ROUNDS = 50;
const SETTLED = 1e-7;

/** The rate and the dispersion that fit all rows best: in turns, since exposures that differ make the rate depend on both. */
function bestOfAll(y: Response): { f: number; alpha: number } {
  let f = nullOfResponse(y);
  let alpha = bestDispersion(f, y);
  const differ = y.data.some((value, at) => at % COLUMNS === 1 && value !== y.data[1]);
  for (let round = 0; differ && round < ROUNDS; round++) {
    const step = newtonStep(f, y, alpha);
    f += step;
    alpha = bestDispersion(f, y);
    if (Math.abs(step) < SETTLED) break;
  }
  return { f, alpha };
}

const bestDispersion = (f: number, y: Response): number =>
  Math.exp(maximum((log) => sumOfRows(y, (row) => negativeBinomial(f, row, Math.exp(log))), LEAST_LOG, MOST_LOG, 1e-6));

/** Towards the one output of highest likelihood. */
function newtonStep(f: number, y: Response, alpha: number): number {
  const slope = sumOfRows(y, (row) => counts.derivatives([f], row, alpha).gradient[0]);
  return -slope / sumOfRows(y, (row) => counts.derivatives([f], row, alpha).hessian[0]);
}
