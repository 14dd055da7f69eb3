/** The predictive distribution of a number over several draws, against its definition as an even mixture of theirs. */
import { describe, expect, it } from 'vitest';
import { numberLikelihoodOf, outputsFor, unitsOf, type OutputDraws } from '../../../src/likelihood/index.js';
import { Stream } from '../../../src/random.js';
import type { RowFacts, Target } from '../../../src/types.js';

const [DRAWS, ROWS] = [3, 4];
const number = { name: 'y', mean: 20, scale: 4 };
const events = Uint8Array.of(1, 0, 1, 1);
const exposure = Float32Array.of(1, 2, 0.5, 4);

interface Case {
  target: Target;
  /** Encoded. */
  y: number[];
  facts?: RowFacts;
  /** Whether predictions are quantiles and not means. */
  median?: boolean;
  /** Of the predicted number itself, where densities are those of a function of it. */
  jacobian?: (y: number) => number;
}

const CASES: Case[] = [
  { target: { ...number, task: 'regression' }, y: [0.3, -1, 60, 0] },
  { target: { ...number, task: 'student', degrees: 3 }, y: [0.3, -1, 60, 0] },
  { target: { ...number, task: 'varying' }, y: [0.3, -1, 60, 0] },
  { target: { name: 'y', task: 'log-regression', mean: 1.2, scale: 0.6 }, y: [2, 9, 1e9, 3], jacobian: (y) => 1 / (0.6 * y) },
  { target: { name: 'y', task: 'weibull', scale: 12 }, y: [4, 30, 12, 1], facts: { events }, median: true },
  { target: { name: 'y', task: 'log-normal', scale: 12 }, y: [4, 30, 12, 1], facts: { events }, median: true },
  { target: { name: 'y', task: 'poisson', rate: 3 }, y: [0, 4, 2, 11], facts: { exposure } },
  { target: { name: 'y', task: 'counts', rate: 3 }, y: [0, 4, 2, 11], facts: { exposure } },
];
const NOISE = 0.35;
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const near = (found: number, said: number, within = 1e-9): void =>
  expect(Math.abs(found - said), `${found} beside ${said}`).toBeLessThanOrEqual(within * Math.max(1, Math.abs(said)));

describe.each(CASES)('$target.task', ({ target, y, facts = {}, median = false, jacobian = () => 1 }) => {
  const likelihood = numberLikelihoodOf(target)!;
  const K = likelihood.outputNames(target).length;
  const plain: OutputDraws = {
    task: target.task, draws: DRAWS, rows: ROWS, outputs: K, noiseVariance: NOISE,
    values: Stream.fromSeed('draws').normals(DRAWS * ROWS * K).map((value) => 0.7 * value),
  };
  const outputs = outputsFor(plain, target, facts);
  const { scale, shift } = unitsOf(target);
  /** Every draw as if it were alone. */
  const alone = Array.from({ length: DRAWS }, (_, s): OutputDraws =>
    ({ ...outputs, draws: 1, values: outputs.values.slice(s * ROWS * K, (s + 1) * ROWS * K) }));
  const at = (s: number, n: number): Float32Array => outputs.values.slice((s * ROWS + n) * K, (s * ROWS + n + 1) * K);
  const overDraws = (of: (s: number) => number): number => mean([0, 1, 2].map(of));
  const rows = [0, 1, 2, 3];
  const encoded = Float32Array.from(y);

  it('outputs are higher by the logarithm of an exposure', () => {
    rows.forEach((n) => near(at(1, n)[0], plain.values[(ROWS + n) * K] + Math.log(facts.exposure?.[n] ?? 1), 1e-6));
  });

  it('a density is the mean of those of the draws, however small', () => {
    const known = { target: target as never, ...(facts.events && { events: facts.events }) };
    const { data, cols } = likelihood.response(encoded, K, known);
    const found = likelihood.logDensities(outputs, encoded);
    rows.forEach((n) => {
      const logs = [0, 1, 2].map((s) => likelihood.logDensity(at(s, n), data.subarray(n * cols, (n + 1) * cols), NOISE));
      const top = Math.max(...logs);
      near(found[n], top + Math.log(mean(logs.map((log) => Math.exp(log - top)))) + Math.log(jacobian(y[n])), 1e-6);
      expect(found[n]).toBeGreaterThan(-Infinity);
    });
  });

  it('uncertainty has two parts, by the law of total variance', () => {
    const { epistemic, aleatoric } = likelihood.uncertainty(outputs, target);
    const each = alone.map((own) => likelihood.uncertainty(own, target));
    rows.forEach((n) => {
      const centres = [0, 1, 2].map((s) => scale * likelihood.mean(at(s, n), NOISE, target)[0]);
      near(epistemic[n], Math.sqrt(mean(centres.map((centre) => (centre - mean(centres)) ** 2))), 1e-6);
      near(aleatoric[n], Math.sqrt(overDraws((s) => each[s].aleatoric[n] ** 2)), 1e-6);
      expect(epistemic[n]).toBeGreaterThan(0);
    });
  });

  it('the prediction is the mean over the draws, of times the median', () => {
    const found = likelihood.expected(outputs);
    rows.forEach((n) => near(found[n], median
      ? likelihood.quantiles(outputs, 0.5)[n] : overDraws((s) => likelihood.mean(at(s, n), NOISE, target)[0]), 1e-6));
  });

  it('so much of the distribution lies below a quantile', () => {
    for (const p of [0.01, 0.05, 0.3, 0.5, 0.95, 0.99]) {
      likelihood.quantiles(outputs, p).forEach((q, n) => {
        const below = (value: number): number => overDraws((s) => likelihood.cdfAt(alone[s], value)[n]);
        near(likelihood.cdfAt(outputs, q)[n], below(q));
        if (!likelihood.whole) return near(below(q), p, 1e-6);
        expect(below(q)).toBeGreaterThan(p - 1e-9);
        if (q > 0) expect(below(q - 1)).toBeLessThan(p);
      });
    }
  });

  it('an interval leaves the same on both sides', () => {
    const { lower, upper } = likelihood.interval(outputs, 0.8);
    expect(lower).toEqual(likelihood.quantiles(outputs, 0.5 - 0.4));
    expect(upper).toEqual(likelihood.quantiles(outputs, 0.5 + 0.4));
  });

  it.skipIf(target.task === 'weibull' || target.task === 'log-normal')('losses are in the units of the target', () => {
    const losses = likelihood.losses(outputs, encoded, target);
    const { lower, upper } = likelihood.interval(outputs, 0.9);
    const expected = likelihood.expected(outputs);
    const density = likelihood.logDensities(outputs, encoded);
    rows.forEach((n) => {
      const off = (encoded[n] - expected[n]) * scale;
      near(losses.nll[n], Math.log(scale) - density[n]);
      near(losses.squares![n], off ** 2);
      near(losses.absolute![n], Math.abs(off));
      near(losses.truth![n], encoded[n] * scale + shift);
      expect(losses.inside![n]).toBe(encoded[n] < lower[n] || encoded[n] > upper[n] ? 0 : 1);
      const [under, over] = [scale * (encoded[n] - lower[n]), scale * (encoded[n] - upper[n])];
      near(losses.pinball05![n], under > 0 ? 0.05 * under : -0.95 * under);
      near(losses.pinball95![n], over > 0 ? 0.95 * over : -0.05 * over);
    });
  });
});

describe('quantiles of normals that hardly overlap', () => {
  const quantile = (centres: number[], noiseVariance: number, p: number): number => numberLikelihoodOf({ task: 'regression' })!.quantiles({
    task: 'regression', draws: centres.length, rows: 1, outputs: 1, noiseVariance, values: Float32Array.from(centres),
  }, p)[0];
  const z = (p: number): number => quantile([0], 1, p);

  it('of one normal are its own', () => {
    near(z(0.975), 1.959963984540054, 1e-6);
    near(quantile([3], 4, 0.2), 3 - 2 * 0.8416212335729143, 1e-6);
  });

  it('lie in the component that the share falls into', () => {
    // A fifth of the probability at each: of 0.5 the half of the third.
    const centres = [-500, -20, 7, 90, 1000];
    near(quantile(centres, 1e-4, 0.5), 7, 1e-6);
    near(quantile(centres, 1e-4, 0.02), -500 + 0.01 * z(0.1), 1e-6);
    near(quantile(centres, 1e-4, 0.35), -20 + 0.01 * z(0.75), 1e-6);
    near(quantile(centres, 1e-4, 0.98), 1000 + 0.01 * z(0.9), 1e-6);
    near(quantile([...centres].reverse(), 1e-4, 0.98), 1000 + 0.01 * z(0.9), 1e-6);
  });

  it('rise with the share, and are mirrored with the centres', () => {
    const centres = [-3, -2.9, 0, 5, 5.1];
    // None is a multiple of a fifth, where any number between two components is a quantile.
    const shares = Array.from({ length: 53 }, (_, i) => (i + 0.5) / 53);
    const found = shares.map((p) => quantile(centres, 0.09, p));
    found.forEach((q, i) => {
      if (i > 0) expect(q).toBeGreaterThan(found[i - 1]);
      near(quantile(centres.map((centre) => -centre), 0.09, 1 - shares[i]), -q, 1e-5);
    });
  });
});
