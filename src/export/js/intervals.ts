/** What an exported module has beside its predictions where it is to give intervals: draws of its weights, and their mixture. */
import type { Likelihood } from '../../likelihood/index.js';
import { distributionCode } from './distributions.js';

/** As src/random.ts draws: the draws are those of `predict` with an exported model. */
const STREAM = String.raw`// Streams of random numbers, named by a path: the draws are those of bnnc itself.
function normals(path, length) {
  const scramble = (h) => {
    h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    return (h ^ (h >>> 16)) >>> 0;
  };
  let [a, b, c, d] = [0x811c9dc5, 0x243f6a88, 0x13198a2e, 0x03707344];
  for (const label of path) {
    for (const sign of '/' + label) {
      const unit = sign.charCodeAt(0);
      a = Math.imul(a ^ unit, 0x01000193);
      b = Math.imul(b ^ unit, 0x9e3779b1) + a;
      c = Math.imul(c ^ unit, 0x7feb352d) + b;
      d = Math.imul(d ^ unit, 0x846ca68b) + c;
    }
    [a, b, c, d] = [scramble(a ^ d), scramble(b ^ a), scramble(c ^ b), scramble(d ^ c)];
  }
  let counter = d | 1;
  const bits = () => {
    const t = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + t) | 0;
    return t >>> 0;
  };
  for (let i = 0; i < 12; i++) bits();
  const out = new Float32Array(length);
  for (let i = 0; i < length; i += 2) {
    const radius = Math.sqrt(-2 * Math.log((bits() + 0.5) / 4294967296));
    const angle = (2 * Math.PI * bits()) / 4294967296;
    out[i] = radius * Math.cos(angle);
    if (i + 1 < length) out[i + 1] = radius * Math.sin(angle);
  }
  return out;
}`;

const drawsCode = (draws: number): string => String.raw`// Networks with weights and biases drawn from the posterior.
const draws = Array.from({ length: ${String(draws)} }, (_, s) => layers.map((layer, l) => {
  const { inputs: width, bias, weight } = deviations[l];
  const [w, b] = [['weight', width * bias.length], ['bias', bias.length]].map(([name, length]) => normals(['predict', 'draw', s, name, l], length));
  let at = -1;
  return {
    ...layer, bias: layer.bias.map((mean, k) => Math.fround(mean + bias[k] * b[k])),
    weight: layer.weight.map((mean, n) => Math.fround(mean + weight[n] * w[at += layer.gap ? layer.gap[n] : 1])),
  };
}));

function drawn(row) {
  const h = encoded(row);
  return draws.map((given) => network(h, given).map(Math.fround));
}`;

const CLASSES = String.raw`const quantile = (sorted, share) => {
  const place = share * (sorted.length - 1);
  const [low, high] = [Math.floor(place), Math.ceil(place)];
  return sorted[low] + (sorted[high] - sorted[low]) * (place - low);
};

/** Central credible intervals of the probabilities. */
export function interval(row, level = 0.9) {
  const each = drawn(row).map(shares);
  const sorted = target.levels.map((_, k) => each.map((values) => values[k]).sort((a, b) => a - b));
  return { lower: byLevel(sorted.map((values) => quantile(values, (1 - level) / 2))), upper: byLevel(sorted.map((values) => quantile(values, (1 + level) / 2))) };
}`;

const CONTINUOUS = String.raw`function quantile(below, p, near) {
  let step = Math.max(Math.abs(near), 1e-3);
  let [low, high] = [near, near];
  for (let n = 0; n < 1000 && below(low) > p; n++, step *= 2) low -= step;
  for (let n = 0; n < 1000 && below(high) < p; n++, step *= 2) high += step;
  for (let n = 0; n < 100 && high - low > 1e-9 * Math.max(Math.abs(low), Math.abs(high)); n++) {
    const middle = (low + high) / 2;
    if (below(middle) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}`;

const WHOLE = String.raw`// The least whole number with a probability of at least p up to it.
function quantile(below, p, near) {
  const reaches = (y) => below(y) >= p * (1 - 1e-12);
  let [low, high] = [-1, Math.max(1, Math.ceil(near))];
  while (high < 2 ** 52 && !reaches(high)) [low, high] = [high, 2 * high];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (reaches(middle)) high = middle;
    else low = middle;
  }
  return high;
}`;

const numbersCode = (cdf: string, whole: boolean): string => String.raw`${distributionCode(cdf).join('\n\n')}

// P(Y <= y) where a network has these outputs.
const cdf = (y, outputs) => (${cdf});

/** The function that gives P(Y <= y) of a row. */
export function distribution(row) {
  const each = drawn(row);
  return (y) => each.reduce((sum, outputs) => sum + cdf(y, outputs), 0) / each.length;
}

${whole ? WHOLE : CONTINUOUS}

/** The central predictive interval, in the units of the data. */
export function interval(row, level = 0.9) {
  const [below, near] = [distribution(row), predict(row).prediction];
  return { lower: quantile(below, (1 - level) / 2, near), upper: quantile(below, (1 + level) / 2, near) };
}`;

const severalCode = (cdf: string): string => String.raw`${distributionCode(cdf).join('\n\n')}

// P(Y <= y) of one target where a network has this output for it.
const cdf = (y, f, target) => (${cdf});

${CONTINUOUS}

/** The central predictive intervals, by target and in the units of the data. */
export function interval(row, level = 0.9) {
  const [each, { predictions }] = [drawn(row), predict(row)];
  const bounds = (p) => Object.fromEntries(target.targets.map((own, k) => {
    const below = (y) => each.reduce((sum, outputs) => sum + cdf(y, outputs[k], own), 0) / each.length;
    return [own.name, quantile(below, p, predictions[own.name])];
  }));
  return { lower: bounds((1 - level) / 2), upper: bounds((1 + level) / 2) };
}`;

/** Whether intervals can be had. */
export const hasIntervals = (likelihood: Likelihood): boolean =>
  likelihood.kind === 'class' || likelihood.cdfScript !== undefined;

/**
 * @param draws how many networks
 * @param deviations literal of the posterior standard deviations, in the places of `layers`
 */
export function intervalsCode(likelihood: Likelihood, noiseVariance: number, draws: number, deviations: string): string {
  return ['// Posterior standard deviations, in the places of `layers`.\n' + `const deviations = ${deviations};`, STREAM, drawsCode(draws), ownCode(likelihood, noiseVariance)].join('\n\n');
}

function ownCode(likelihood: Likelihood, noiseVariance: number): string {
  if (likelihood.kind === 'class') return CLASSES;
  const cdf = likelihood.cdfScript!(noiseVariance);
  return likelihood.kind === 'numbers' ? severalCode(cdf) : numbersCode(cdf, likelihood.whole ?? false);
}
