/** The predictive distribution of classes over several draws, the labels that follow a simulated truth, and what is refused. */
import { describe, expect, it } from 'vitest';
import { classShares, decidedClass, entropyOfShares, topClass } from '../../../src/likelihood/classes.js';
import { likelihoodOf, outputsFor, simulationOf, type ClassLikelihood, type OutputDraws, type TargetCells } from '../../../src/likelihood/index.js';
import { matchLogits, probabilitiesAt } from '../../../src/likelihood/match-logits.js';
import { Stream } from '../../../src/random.js';
import type { Target } from '../../../src/types.js';

const [DRAWS, ROWS, NOISE] = [3, 5, 0.6];
const TARGETS: Target[] = [
  { name: 'y', task: 'binary', levels: ['a', 'b'] }, { name: 'y', task: 'multiclass', levels: ['a', 'b', 'c', 'd'] },
  { name: 'y', task: 'ordinal', levels: ['a', 'b', 'c', 'd'], cuts: [-1, 0.5, 2] },
];
const classOf = (target: Target): ClassLikelihood => {
  const likelihood = likelihoodOf(target.task);
  if (likelihood.kind !== 'class') throw new Error('this is no class');
  return likelihood;
};
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const entropy = (p: readonly number[]): number => p.reduce((sum, each) => (each > 0 ? sum - each * Math.log(each) : sum), 0);

/** Softmax, or what follows from cut points, by the textbook. */
function textbook(target: Target, f: Float32Array): number[] {
  if (target.task === 'ordinal') {
    const upTo = [...target.cuts.map((cut) => 1 / (1 + Math.exp(-(cut - f[0]) / Math.sqrt(NOISE)))), 1];
    return upTo.map((share, c) => share - (upTo[c - 1] ?? 0));
  }
  const exps = (target.task === 'binary' ? [0, ...f] : [...f]).map(Math.exp);
  return exps.map((e) => e / exps.reduce((sum, each) => sum + each, 0));
}

describe.each(TARGETS)('$task', (target) => {
  const likelihood = classOf(target);
  const K = likelihood.outputNames(target).length;
  const C = likelihood.levels(target).length;
  const values = Stream.fromSeed('classes').normals(DRAWS * ROWS * K).map((value) => 2 * value);
  const draw = (own: Float32Array, draws = DRAWS): OutputDraws =>
    outputsFor({ task: target.task, draws, rows: ROWS, outputs: K, values: own, noiseVariance: NOISE }, target);
  const outputs = draw(values);
  /** By row, then by draw: the probabilities of all classes. */
  const said = Array.from({ length: ROWS }, (_, n) => Array.from({ length: DRAWS }, (__, s) =>
    textbook(target, values.slice((s * ROWS + n) * K, (s * ROWS + n + 1) * K))));
  const averages = said.map((draws) => draws[0].map((_, c) => mean(draws.map((p) => p[c]))));
  const y = Float32Array.from({ length: ROWS }, (_, n) => n % C);

  it('probabilities are averaged over the draws', () => {
    const { rows, cols, data } = likelihood.probabilities(outputs);
    expect([rows, cols]).toEqual([ROWS, C]);
    averages.flat().forEach((p, at) => expect(data[at]).toBeCloseTo(p, 6));
    said.forEach((draws, n) => draws.forEach((p, s) => {
      const found = likelihood.probabilitiesAt(values.slice((s * ROWS + n) * K, (s * ROWS + n + 1) * K), target, NOISE);
      p.forEach((each, c) => expect(found[c]).toBeCloseTo(each, 6));
    }));
  });

  it('the entropy of the averages is the mean entropy of the draws and what they differ by', () => {
    const { epistemic, aleatoric } = likelihood.uncertainty(outputs, target);
    said.forEach((draws, n) => {
      const within = mean(draws.map(entropy));
      expect(aleatoric[n]).toBeCloseTo(within, 5);
      expect(epistemic[n]).toBeCloseTo(entropy(averages[n]) - within, 5);
      expect(epistemic[n]).toBeGreaterThan(0.01);
    });
    // Of draws that agree only rounding is left, which is not below 0.
    const same = draw(Float32Array.from([0, 1, 2].flatMap(() => [...values.slice(0, ROWS * K)])));
    likelihood.uncertainty(same, target).epistemic.forEach((left) => {
      expect(left).toBeGreaterThanOrEqual(0);
      expect(left).toBeLessThan(1e-6);
    });
  });

  it('losses are those of the averaged probabilities', () => {
    const losses = likelihood.losses(outputs, y, target);
    averages.forEach((p, n) => {
      const label = y[n];
      const predicted = p.indexOf(Math.max(...p));
      expect(losses.nll[n]).toBeCloseTo(-Math.log(p[label]), 5);
      expect([losses.predicted![n], losses.labels![n]]).toEqual([predicted, label]);
      expect(losses.hits![n]).toBe(Number(predicted === label));
      expect(losses.confidence![n]).toBeCloseTo(p[predicted], 6);
      const squares = p.reduce((sum, each, c) => sum + (each - Number(c === label)) ** 2, 0);
      expect(losses.brier![n]).toBeCloseTo(C === 2 ? squares / 2 : squares, 5);
      for (let c = 0; c < C; c++) {
        const scores = losses[`score${c}`];
        expect(scores === undefined).toBe(target.task === 'ordinal' || (C === 2 && c === 0));
        if (scores) expect(scores[n]).toBeCloseTo(Math.log(p[c] / (1 - p[c])), 4);
      }
      const upTo = p.map((_, c) => p.slice(0, c + 1).reduce((sum, each) => sum + each, 0) - Number(label <= c));
      if (target.task === 'ordinal') expect(losses['rps']![n]).toBeCloseTo(upTo.reduce((sum, off) => sum + off * off, 0) / (C - 1), 5);
    });
  });

  it('a weight of two is a row twice, in the null model and its likelihood', () => {
    const labels = Float32Array.of(0, 1, 2, 1, 1, 2).map((label) => Math.min(label, C - 1));
    const weights = Float32Array.of(1, 2, 1, 3, 1, 2);
    const twice = Float32Array.from([...labels].flatMap((label, n) => Array<number>(weights[n]).fill(label)));
    const [weighted, repeated] = [likelihood.nullModel(labels, target, { weights }), likelihood.nullModel(twice, target)];
    weighted.output.forEach((f, k) => expect(f).toBeCloseTo(repeated.output[k], 6));
    const [own, rows] = [labels, twice].map((each) => likelihood.response(each, K, { target: target as never }));
    expect(likelihood.nullLogLikelihood({ ...own, weights })).toBeCloseTo(likelihood.nullLogLikelihood(rows), 6);
  });
});

describe('what is decided', () => {
  it('is the likeliest class, the first of equal ones', () => {
    expect(topClass(Float32Array.of(0.25, 0.5, 0.25))).toEqual({ index: 1, value: 0.5 });
    expect(topClass(Float32Array.of(0.25, 0.375, 0.375)).index).toBe(1);
    expect(topClass(Float32Array.of(0.5, 0.25, 0.25)).index).toBe(0);
  });

  it('is the second of two from a threshold on', () => {
    const p = Float32Array.of(0.75, 0.25);
    expect(decidedClass(p, undefined)).toEqual({ index: 0, value: 0.75 });
    expect(decidedClass(p, 0.25)).toEqual({ index: 1, value: 0.25 });
    expect(decidedClass(p, 0.26)).toEqual({ index: 0, value: 0.75 });
    expect(decidedClass(p, 0.2).index).toBe(1);
  });

  it('shares have half a row more for each class, and their entropy leaves out what never occurs', () => {
    expect(classShares(Float32Array.of(0, 0, 2), 3)).toEqual([2.5 / 4.5, 0.5 / 4.5, 1.5 / 4.5]);
    expect(classShares(Float32Array.of(0, 0, 2), 3, Float32Array.of(1, 2, 4))).toEqual([3.5 / 8.5, 0.5 / 8.5, 4.5 / 8.5]);
    expect(entropyOfShares([0.25, 0.75, 0], 8)).toBeCloseTo(2 * Math.log(0.25) + 6 * Math.log(0.75), 12);
  });

  it('log odds stay apart where probabilities are no doubles', () => {
    const likelihood = classOf(TARGETS[0]);
    const { score1, nll } = likelihood.losses({
      task: 'binary', draws: 2, rows: 2, outputs: 1, noiseVariance: 1, values: Float32Array.of(800, -1000, 802, -1000),
    }, Float32Array.of(1, 1), TARGETS[0]);
    // 1 / odds is the mean of e^-800 and e^-802.
    expect(score1![0]).toBeCloseTo(800 - Math.log((1 + Math.exp(-2)) / 2), 9);
    expect(score1![1]).toBe(-1000);
    expect(nll[0]).toBeCloseTo(0, 12);
    expect(nll[1]).toBeCloseTo(38 * Math.log(10), 4);
  });
});

describe('simulated labels', () => {
  const rows = 6000;
  const stream = Stream.fromSeed('labels');
  const functionOf = (name: string): Float64Array => Float64Array.from(stream.split(name).normals(rows));

  it.each([
    [TARGETS[0], [['f'], ['g']], [0.3, 0.7]],
    [TARGETS[1], [['f', 'g', 'h', 'i'], ['j', 'k', 'l', 'm']], [0.1, 0.2, 0.3, 0.4]],
  ] as const)('of $task are as frequent as before, and can be known as well as the signal says', (target, names, shares) => {
    const { draw, reached, replaced, invented } = simulationOf(target.task);
    const y = Float32Array.from({ length: 1000 }, (_, n) => shares.findIndex((__, c) =>
      n < 1000 * shares.slice(0, c + 1).reduce((sum, share) => sum + share, 0) - 1e-9));
    const signal = 0.5;
    const { ys, floors } = draw(names.map((each) => each.map(functionOf)), { target, y, signal }, stream);
    const most = Math.max(...shares);
    expect(ys.map(({ length }) => length)).toEqual([rows, rows]);
    floors.forEach((accuracy, i) => {
      // Three standard errors of a share of 6000 rows are below 0.02.
      expect(Math.abs(reached({ rows, nll: 0, nllSe: 0, accuracy }, y, target) - signal)).toBeLessThan(0.02 / (1 - most));
      const found = shares.map((_, c) => ys[i].filter((label) => label === c).length / rows);
      shares.forEach((share, c) => expect(Math.abs(found[c] - share)).toBeLessThan(0.02));
    });
    expect(ys[0]).not.toEqual(ys[1]);
    expect(draw(names.map((each) => each.map(functionOf)), { target, y, signal }, stream).ys).toEqual(ys);
    expect(replaced(target)).toEqual(target);
    const classes = target.task === 'binary' ? ['0', '1'] : ['0', '1', '2'];
    expect(invented('z')).toEqual({ name: 'z', task: target.task, levels: classes });
  });

  it('follow the logits that were matched to shares and accuracy', () => {
    const functions = ['f', 'g', 'h'].map(functionOf);
    const shares = [0.5, 0.2, 0.3];
    const logits = matchLogits(functions, shares, 0.8);
    const row = new Float64Array(3);
    const [sums, best] = [[0, 0, 0], [0]];
    // What is matched are averages over rows that are far apart.
    for (let n = 0; n < rows; n += 3) {
      probabilitiesAt(functions, logits, n, row);
      const exps = row.map((_, k) => Math.exp(logits.intercepts[k] + logits.scale * functions[k][n]));
      const total = exps.reduce((sum, e) => sum + e, 0);
      row.forEach((p, k) => {
        expect(p).toBeCloseTo(exps[k] / total, 9);
        sums[k] += 3 * p / rows;
      });
      best[0] += 3 * Math.max(...row) / rows;
    }
    shares.forEach((share, k) => expect(Math.abs(sums[k] / share - 1)).toBeLessThan(2e-3));
    expect(best[0]).toBeCloseTo(0.8, 3);
  });
});

describe('what is refused', () => {
  const cells = (levels: string[], codes: number[]): TargetCells => ({
    name: 'y', rows: codes.length, numeric: false, declared: false, levels, levelsAreNumbers: false,
    numbers: () => new Float64Array(codes.length).fill(NaN),
    codes: () => Int32Array.from(codes), places: () => Int32Array.from(codes), place: () => ({ file: 'y.csv' }),
  });

  it('is a target of one class, and training rows of one', () => {
    const { check, fit } = classOf(TARGETS[0]);
    expect(() => check(cells(['a'], [0, 0]))).toThrow(/same class in every row/);
    expect(() => check(cells(['a', 'b'], [0, 1]))).not.toThrow();
    expect(() => fit(cells(['a', 'b'], [0, 0, 1]), Int32Array.of(0, 1))).toThrow(/same class in the training rows/);
    expect(fit(cells(['a', 'b'], [0, 0, 1]), Int32Array.of(0, 2))).toEqual({ name: 'y', task: 'binary', levels: ['a', 'b'] });
  });

  it('is an order that nobody has said; its cut points are the log odds of cumulative shares', () => {
    const { check, fit } = classOf(TARGETS[2]);
    const three = cells(['low', 'high', 'mid'], [0, 1, 2, 2, 0]);
    expect(() => check(three)).toThrow(/nothing says in which order/);
    expect(() => check({ ...three, ordered: true })).not.toThrow();
    expect(() => check({ ...three, levelsAreNumbers: true })).not.toThrow();
    expect(() => check({ ...three, ordered: true, levels: ['low'] })).toThrow(/same class in every row/);
    expect(() => fit(three, Int32Array.of(2, 3))).toThrow(/same class in the training rows/);
    // Rows 2, 1, 2 and half a row for each class.
    const { cuts } = fit(three, Int32Array.of(0, 1, 2, 3, 4)) as { cuts: number[] };
    expect(cuts).toEqual([expect.closeTo(Math.log(2.5 / 4), 12), expect.closeTo(Math.log(4 / 2.5), 12)]);
    const weighed = fit({ ...three, weights: Float32Array.of(1, 3, 1, 1, 1) }, Int32Array.of(0, 1, 2)) as { cuts: number[] };
    expect(weighed.cuts).toEqual([expect.closeTo(Math.log(1.5 / 5), 12), expect.closeTo(Math.log(5 / 1.5), 12)]);
  });
});
