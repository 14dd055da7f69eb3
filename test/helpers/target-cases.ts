/** Small cases of every likelihood of a number beyond normal ones, with their densities written as textbooks have them. */
import { logGamma } from '../../src/maths/gamma.js';
import { normalCdf } from '../../src/maths/normal.js';
import type { RowFacts, Target, Task } from '../../src/types.js';

type Known = ({ target?: never } & RowFacts) | undefined;

export interface Case {
  name: string;
  task: Task;
  f: number[][];
  y: number[];
  noise: number;
  known?: Known;
  /** Whether second derivatives are replaced by their expectation. */
  expectedInformation?: boolean;
  /** log p(y | f) of row n. */
  density(f: number[], y: number, noise: number, known: Known, n: number): number;
}

const target = (of: object): never => of as Target as never;

const poisson = (f: number[], y: number, exposure: number, rate = 1): number => {
  const mean = exposure * rate * Math.exp(f[0]);
  return y * Math.log(mean) - mean - logGamma(y + 1);
};

const negativeBinomial = (f: number[], y: number, alpha: number, exposure: number, rate = 1): number => {
  const [mean, r] = [exposure * rate * Math.exp(f[0]), 1 / alpha];
  return logGamma(y + r) - logGamma(r) - logGamma(y + 1) + r * Math.log(r / (r + mean)) + y * Math.log(mean / (r + mean));
};

const COUNTS = { f: [[0.3], [-1.2], [2], [0], [1.5]], y: [2, 0, 11, 1, 3] };
const EXPOSED: Known = { target: target({ name: 'y', task: 'counts', rate: 0.7 }), exposure: Float32Array.of(1, 2, 0.5, 10, 3) };

/** log p of a time with an event, or log P(T > t), by the textbook's hazard and distribution functions. */
const weibull = (f: number[], t: number, noise: number, seen: number, scale = 1): number => {
  const [shape, lambda] = [1 / Math.sqrt(noise), scale * Math.exp(f[0])];
  const hazard = (shape / lambda) * (t / lambda) ** (shape - 1);
  return (seen ? Math.log(hazard) : 0) - (t / lambda) ** shape;
};

const logNormal = (f: number[], t: number, noise: number, seen: number, scale = 1): number => {
  const w = (Math.log(t / scale) - f[0]) / Math.sqrt(noise);
  return seen ? -w * w / 2 - Math.log(Math.sqrt(2 * Math.PI * noise) * t) : Math.log(1 - normalCdf(w));
};

const TIMES = { f: [[0.3], [-1.2], [1], [0], [1.5]], y: [2, 0.4, 11, 1, 3] };
const CENSORED: Known = { target: target({ name: 'y', task: 'weibull', scale: 2.5 }), events: Uint8Array.of(1, 0, 1, 1, 0) };

const student = (f: number[], y: number, noise: number, nu: number): number => {
  const t = (y - f[0]) / Math.sqrt(noise);
  const constant = logGamma((nu + 1) / 2) - logGamma(nu / 2) - Math.log(nu * Math.PI * noise) / 2;
  return constant - ((nu + 1) / 2) * Math.log(1 + t * t / nu);
};

const CUTS = [-1, 0.5, 2];

const ordinal = (f: number[], label: number, noise: number): number => {
  const odds = (c: number): number => Math.exp((CUTS[c] - f[0]) / Math.sqrt(noise));
  const upTo = (c: number): number => (c < 0 ? 0 : c >= CUTS.length ? 1 : odds(c) / (1 + odds(c)));
  return Math.log(upTo(label) - upTo(label - 1));
};

/** The variance of each about its mean, beside the common one; the last two targets are not standardised. */
const SHARES = [0.5, 4, 0.5];
const SEVERAL: Known = {
  target: target({ name: 'y, u, v', task: 'several', targets: [
    { name: 'y', mean: 0, scale: 1, noise: SHARES[0] }, { name: 'u', mean: 10, scale: 2, noise: SHARES[1] },
    { name: 'v', mean: 0, scale: 1, noise: SHARES[2] },
  ] }),
  others: [Float64Array.of(11, 8, 14, 10, 9), Float64Array.of(0.3, -0.5, 1.5, 0.1, 2)],
};

const several = (f: number[], y: number[], noise: number): number => f.reduce((sum, mean, k) =>
  sum - Math.log(2 * Math.PI * noise * SHARES[k]) / 2 - (y[k] - mean) ** 2 / (2 * noise * SHARES[k]), 0);

const NUMBERS = { f: [[0.3], [-1.2], [1], [0], [1.5]], y: [0.1, -0.4, 6, 1, 2] };

export const CASES: Case[] = [
  {
    name: 'ordered classes', task: 'ordinal', f: [[0.3], [-1.2], [1], [0], [1.5]], y: [0, 1, 3, 2, 2], noise: 0.6,
    known: { target: target({ name: 'y', task: 'ordinal', levels: ['a', 'b', 'c', 'd'], cuts: CUTS }) },
    density: (f, y, noise) => ordinal(f, y, noise),
  },
  {
    name: 'Student, 4 degrees', task: 'student', ...NUMBERS, noise: 0.6, expectedInformation: true,
    density: (f, y, noise) => student(f, y, noise, 4),
  },
  {
    name: 'Student, 10 degrees', task: 'student', ...NUMBERS, noise: 1.4, expectedInformation: true,
    known: { target: target({ name: 'y', task: 'student', mean: 0, scale: 1, degrees: 10 }) },
    density: (f, y, noise) => student(f, y, noise, 10),
  },
  {
    name: 'varying noise', task: 'varying', f: [[0.3, 0.2], [-1.2, -1], [1, 0.4], [0, 0], [1.5, -0.3]], y: NUMBERS.y, noise: 1,
    expectedInformation: true,
    density: ([f, s], y) => -s - Math.log(2 * Math.PI) / 2 - ((y - f) / Math.exp(s)) ** 2 / 2,
  },
  {
    name: 'several numbers', task: 'several', f: [[0.3, 0.2, -1], [-1.2, -1, 0], [1, 0.4, 2], [0, 0, 0.5], [1.5, -0.3, 1]], y: NUMBERS.y,
    noise: 0.7, known: SEVERAL,
    density: (f, y, noise, known, n) => several(f, [y, (known!.others![0][n] - 10) / 2, known!.others![1][n]], noise),
  },
  {
    name: 'logarithm', task: 'log-regression', ...TIMES, noise: 0.6,
    known: { target: target({ name: 'y', task: 'log-regression', mean: 0.4, scale: 1.5 }) },
    // Of the response, which is the standardised logarithm.
    density: ([f], y, noise) => -Math.log(2 * Math.PI * noise) / 2 - ((Math.log(y) - 0.4) / 1.5 - f) ** 2 / (2 * noise),
  },
  { name: 'Weibull', task: 'weibull', ...TIMES, noise: 0.6, density: (f, y, noise) => weibull(f, y, noise, 1) },
  {
    name: 'Weibull, censored', task: 'weibull', ...TIMES, noise: 1.7, known: CENSORED,
    density: (f, y, noise, known, n) => weibull(f, y, noise, known!.events![n], 2.5),
  },
  { name: 'log-normal', task: 'log-normal', ...TIMES, noise: 0.6, density: (f, y, noise) => logNormal(f, y, noise, 1) },
  {
    name: 'log-normal, censored', task: 'log-normal', ...TIMES, noise: 1.7, known: CENSORED,
    density: (f, y, noise, known, n) => logNormal(f, y, noise, known!.events![n], 2.5),
  },
  { name: 'Poisson', task: 'poisson', ...COUNTS, noise: 1, density: (f, y) => poisson(f, y, 1) },
  {
    name: 'Poisson with exposures', task: 'poisson', ...COUNTS, noise: 1, known: EXPOSED,
    density: (f, y, _, known, n) => poisson(f, y, known!.exposure![n], 0.7),
  },
  { name: 'negative binomial', task: 'counts', ...COUNTS, noise: 0.6, density: (f, y, alpha) => negativeBinomial(f, y, alpha, 1) },
  {
    name: 'negative binomial with exposures', task: 'counts', ...COUNTS, noise: 2.5, known: EXPOSED,
    density: (f, y, alpha, known, n) => negativeBinomial(f, y, alpha, known!.exposure![n], 0.7),
  },
  { name: 'nearly Poisson', task: 'counts', ...COUNTS, noise: 1e-3, density: (f, y, alpha) => negativeBinomial(f, y, alpha, 1) },
];
