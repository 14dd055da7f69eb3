import { describe, expect, it } from 'vitest';
import { classProbabilities, entropyParts, predictiveInterval } from '../../../../src/inference/predictive/predictive.js';
import { logDensities, regressionMoments } from '../../../../src/likelihood/gaussian-draws.js';
import type { OutputDraws } from '../../../../src/likelihood/index.js';
import { normalCdf } from '../../../../src/maths/normal.js';

/** values[s][n][k] as the draws are kept. */
const draws = (task: OutputDraws['task'], values: number[][][], noiseVariance = 1): OutputDraws => ({
  task, draws: values.length, rows: values[0].length, outputs: values[0][0].length, values: Float32Array.from(values.flat(2)),
  noiseVariance,
});
const regression = (values: number[][], noiseVariance: number): OutputDraws =>
  draws('regression', values.map((row) => row.map((f) => [f])), noiseVariance);

const density = (y: number, mean: number, variance: number): number =>
  Math.exp(-((y - mean) ** 2) / (2 * variance)) / Math.sqrt(2 * Math.PI * variance);

describe('class probabilities', () => {
  const sigmoid = (a: number): number => 1 / (1 + Math.exp(-a));

  it('of two classes are averages of probabilities, not of logits', () => {
    // One draw is certain, the other nearly indifferent the other way: the mean logit says .98, the mean probability .71.
    const found = classProbabilities(draws('binary', [[[8]], [[-0.3]]]));
    const p = (sigmoid(8) + sigmoid(-0.3)) / 2;
    expect([found.rows, found.cols]).toEqual([1, 2]);
    expect(found.data[0]).toBeCloseTo(1 - p, 6);
    expect(found.data[1]).toBeCloseTo(p, 6);
    expect(Math.abs(p - sigmoid((8 - 0.3) / 2))).toBeGreaterThan(0.2);
  });

  it('can choose another class than the mean logits would', () => {
    // Mean logits: 2, 1, 1. Mean probabilities: two draws of three are sure of class 1 or share it.
    const values = [[[9, 0, 0]], [[-1.5, 1.5, 0]], [[-1.5, 1.5, 0]]];
    const softmax = (f: number[]): number[] => {
      const total = f.reduce((sum, v) => sum + Math.exp(v), 0);
      return f.map((v) => Math.exp(v) / total);
    };
    const truth = [0, 1, 2].map((c) => values.reduce((sum, [f]) => sum + softmax(f)[c], 0) / 3);
    const found = classProbabilities(draws('multiclass', values));
    truth.forEach((p, c) => expect(found.data[c]).toBeCloseTo(p, 6));
    expect(truth.indexOf(Math.max(...truth))).toBe(1);
    expect([0, 1, 2].map((c) => values.reduce((sum, [f]) => sum + f[c], 0))).toEqual([6, 3, 0]);
  });

  it('add up to one, row by row, and do not overflow', () => {
    const found = classProbabilities(draws('multiclass', [[[900, 0, -900], [1, 2, 3]], [[-900, 0, 900], [3, 2, 1]]]));
    for (let n = 0; n < 2; n++) expect(found.data.subarray(3 * n, 3 * n + 3).reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 6);
    expect([...found.data.subarray(0, 3)]).toEqual([0.5, 0, 0.5]);
    expect([...classProbabilities(draws('binary', [[[900]], [[-900]]])).data]).toEqual([0.5, 0.5]);
  });
});

describe('the parts of the entropy of a class', () => {
  const entropy = (...p: number[]): number => p.reduce((sum, each) => sum - each * Math.log(each), 0);
  const logit = (p: number): number => Math.log(p / (1 - p));

  it('are the mean entropy of the draws, and the rest', () => {
    const { aleatoric, epistemic } = entropyParts(draws('binary', [[[logit(0.9)]], [[logit(0.2)]]]));
    const mean = (entropy(0.9, 0.1) + entropy(0.2, 0.8)) / 2;
    expect(aleatoric[0]).toBeCloseTo(mean, 5);
    expect(epistemic[0]).toBeCloseTo(entropy(0.55, 0.45) - mean, 5);
  });

  it('are all aleatoric where the draws agree, and all epistemic where each is sure of another class', () => {
    const agree = entropyParts(draws('multiclass', [[[1, 1, 1]], [[2, 2, 2]]]));
    expect(agree.aleatoric[0]).toBeCloseTo(Math.log(3), 6);
    expect(agree.epistemic[0]).toBeCloseTo(0, 6);
    const differ = entropyParts(draws('multiclass', [[[99, 0, 0]], [[0, 99, 0]], [[0, 0, 99]]]));
    expect(differ.aleatoric[0]).toBeCloseTo(0, 6);
    expect(differ.epistemic[0]).toBeCloseTo(Math.log(3), 6);
  });
});

describe('moments of a regression', () => {
  it('part what more data would remove from what it would not', () => {
    const { mean, epistemic, aleatoric } = regressionMoments(regression([[1, 0], [3, 0], [8, 0]], 0.25));
    expect([...mean]).toEqual([4, 0]);
    expect(epistemic[0]).toBeCloseTo((9 + 1 + 16) / 3, 10);
    expect(epistemic[1]).toBe(0);
    expect(aleatoric).toBe(0.25);
  });
});

describe('the log predictive density', () => {
  it('is the log of the mean of the draws\' densities', () => {
    const found = logDensities(regression([[0, 1], [1.5, -2], [-1, 0.3]], 0.4), [0.2, 3]);
    const truth = [[0.2, [0, 1.5, -1]], [3, [1, -2, 0.3]]].map(([y, means]) =>
      Math.log((means as number[]).reduce((sum, mean) => sum + density(y as number, mean, 0.4), 0) / 3));
    truth.forEach((value, n) => expect(found[n]).toBeCloseTo(value, 6));
  });

  it('is finite far out, where every density is zero in float64', () => {
    const [found] = logDensities(regression([[0], [1]], 0.01), [101]);
    // The nearer draw has it all but for the factor 1/2.
    expect(found).toBeCloseTo(-(100 ** 2) / 0.02 - Math.log(2) - 0.5 * Math.log(2 * Math.PI * 0.01), 6);
  });
});

describe('predictive intervals', () => {
  it('of one Gaussian are its quantiles', () => {
    const { lower, upper } = predictiveInterval(regression([[2, -1]], 0.49), 0.9);
    [2, -1].forEach((mean, n) => {
      expect(lower[n]).toBeCloseTo(mean - 1.6448536269514722 * 0.7, 5);
      expect(upper[n]).toBeCloseTo(mean + 1.6448536269514722 * 0.7, 5);
    });
  });

  it('of a mixture leave the same mass in both tails', () => {
    const means = [-3, 0.5, 0.7, 6];
    const { lower, upper } = predictiveInterval(regression(means.map((mean) => [mean]), 0.25), 0.8);
    const below = (x: number): number =>
      means.reduce((sum, mean) => sum + normalCdf((Math.fround(x) - Math.fround(mean)) / 0.5), 0) / 4;
    expect(below(lower[0])).toBeCloseTo(0.1, 5);
    expect(below(upper[0])).toBeCloseTo(0.9, 5);
  });

  it('nest', () => {
    const outputs = regression([[0], [2], [2.5]], 0.3);
    const levels = [0.5, 0.8, 0.9, 0.99].map((level) => predictiveInterval(outputs, level));
    for (let k = 1; k < levels.length; k++) {
      expect(levels[k].lower[0]).toBeLessThan(levels[k - 1].lower[0]);
      expect(levels[k].upper[0]).toBeGreaterThan(levels[k - 1].upper[0]);
    }
  });
});
