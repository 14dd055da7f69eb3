import { describe, expect, it } from 'vitest';
import { metricsOf, type RowLosses } from '../../../../src/likelihood/index.js';
import type { FoldResult } from '../../../../src/work/cv/fold.js';
import { estimate, summarise } from '../../../../src/work/cv/summary.js';

const ofClasses = (nll: number[], hits: number[], confidence: number[]): RowLosses =>
  ({ nll: Float64Array.from(nll), hits: Float64Array.from(hits), confidence: Float64Array.from(confidence) });

/** A fold whose dense, linear and null model lose `dense`, and all others `other`. */
function result(dense: RowLosses, other: RowLosses, kept: string[]): FoldResult {
  const model = (losses: RowLosses, parameters: number) =>
    ({ metrics: metricsOf(losses), size: { parameters, nonZero: parameters, multiplyAdds: parameters } });
  return {
    models: { baseline: model(dense, 1), linear: model(dense, 3), dense: model(dense, 10), full: model(other, 10),
      pruned: model(other, kept.length), tuned: model(other, kept.length) },
    losses: { baseline: dense, linear: dense, dense, full: other, pruned: other, tuned: other }, kept,
    inputs: ['a', 'b'], pips: [[1, 0]], best: 0,
    elbo: { elbo: 0, logLikelihood: 0, kl: 0, standardError: 0 },
  };
}

describe('estimate', () => {
  it('is the mean and its standard error', () => {
    const { mean, se } = estimate([1, 2, 3, 6].map((value) => ({ repeat: 1, value })));
    // Deviations -2, -1, 0, 3: variance 14 / 3.
    expect(mean).toBe(3);
    expect(se).toBeCloseTo(Math.sqrt(14 / 3 / 4), 12);
  });

  it('is no surer for dividing the same rows again', () => {
    const once = [1, 2, 3, 6].map((value) => ({ repeat: 1, value }));
    const again = once.map(({ value }) => ({ repeat: 2, value }));
    expect(estimate([...once, ...again])).toEqual(estimate(once));
  });
});

describe('summarise', () => {
  const folds = [
    { repeat: 1, rows: Int32Array.of(0, 3), result: result(ofClasses([0.2, 0.4], [1, 1], [0.8, 0.7]), ofClasses([0.1, 0.3], [1, 1], [0.9, 0.7]), ['a']) },
    { repeat: 1, rows: Int32Array.of(1, 2), result: result(ofClasses([0.6, 0.8], [1, 0], [0.6, 0.6]), ofClasses([0.6, 1], [0, 0], [0.6, 0.6]), ['a', 'b']) },
  ];

  it('compares with the dense model fold by fold', () => {
    const { differences } = summarise(folds, 4, ['y']);
    // nll: 0.2 - 0.3 and 0.8 - 0.7; accuracy: 1 - 1 and 0 - 0.5.
    expect(differences!.pruned.nll!.mean).toBeCloseTo(0, 12);
    expect(differences!.pruned.nll!.se).toBeCloseTo(0.1, 12);
    expect(differences!.tuned.accuracy).toEqual({ mean: -0.25, se: 0.25 });
  });

  it('pools all rows', () => {
    const { models } = summarise(folds, 4, ['y']);
    expect(models.dense!.pooled).toEqual(metricsOf(ofClasses([0.2, 0.6, 0.8, 0.4], [1, 1, 0, 1], [0.8, 0.6, 0.6, 0.7])));
    expect(models.pruned!.size.inputs).toEqual({ mean: 1.5, se: 0.5 });
    expect(models.full!.size.inputs).toEqual({ mean: 2, se: 0 });
    expect([models.baseline!, models.linear!].map(({ size }) => size.inputs.mean)).toEqual([0, 2]);
  });

  it('has means over folds of each of several targets, of the figures that every fold has', () => {
    const fold = (squares: number[][], truth: number[][]) => {
      const losses = Object.fromEntries([['nll', Float64Array.of(1, 1)], ...squares.flatMap((each, k) =>
        [[`${k}:squares`, Float64Array.from(each)], [`${k}:truth`, Float64Array.from(truth[k])]] as const)]) as unknown as RowLosses;
      return { repeat: 1, rows: Int32Array.of(0, 1), result: result(losses, losses, ['a']) };
    };
    // Sums of squares about the mean: 2 and 8; of the second target 2 and, in the second fold, 0.
    const several = [fold([[1, 1], [4, 4]], [[0, 2], [1, 3]]), fold([[9, 9], [16, 16]], [[0, 4], [5, 5]])];
    const { models: { pruned } } = summarise(several, 4, ['y', 'z']);
    expect(pruned!.targets).toMatchObject([
      { target: 'y', folds: { rmse: { mean: 2, se: 1 }, r2: { mean: -0.625, se: 0.625 } } },
      { target: 'z', folds: { rmse: { mean: 3, se: 1 } } },
    ]);
    expect(pruned!.targets![1].folds).not.toHaveProperty('r2');
    expect(summarise(folds, 4, ['y']).models.pruned).not.toHaveProperty('targets');
  });

  it('judges by the spread of the gains over folds', () => {
    const { verdict } = summarise(folds, 4, ['y']);
    // Gains .1 and -.1: mean 0, standard error .1, t = 12.706 with one degree of freedom.
    expect(verdict).toMatchObject({ kind: 'undecided', rows: 4 });
    expect(verdict.overNoInputs.mean).toBeCloseTo(0, 12);
    expect(verdict.overLinear!.upper).toBeCloseTo(1.2706, 3);
    expect(verdict.linearOverNoInputs).toEqual({ mean: 0, lower: 0, upper: 0 });
  });

  it('finds nothing where most folds keep no input, and more where the network gains in all folds', () => {
    const fold = (loss: number, kept: string[]) => ({
      repeat: 1, rows: Int32Array.of(0), result: result(ofClasses([1], [1], [0.6]), ofClasses([loss], [1], [0.6]), kept),
    });
    expect(summarise([fold(1, ['a']), fold(1, []), fold(1, [])], 300, ['y']).verdict.kind).toBe('nothing-found');
    expect(summarise([fold(0.5, ['a']), fold(0.51, []), fold(0.52, [])], 300, ['y']).verdict.kind).toBe('better-than-linear');
  });

  it('pools a row of several repeats once, by its mean', () => {
    const other = (factor: number) => ({ ...ofClasses([0.2 * factor, 0.4 * factor], [1, 0], [0.8, 0.7]) });
    const repeats = [1, 3].map((factor, r) => ({ repeat: r + 1, rows: Int32Array.of(0, 1), result: result(other(factor), other(factor), ['a']) }));
    const { models: { dense } } = summarise(repeats, 2, ['y']);
    expect(dense!.pooled).toMatchObject({ rows: 2, accuracy: 0.5 });
    expect(dense!.pooled.nll).toBeCloseTo(0.6, 12);
    // Rows 0.4 and 0.8.
    expect(dense!.pooled.nllSe).toBeCloseTo(0.2, 12);
    // Of four predictions 0.8 is right twice and 0.7 wrong twice.
    expect(dense!.pooled.ece).toBeCloseTo((2 * 0.2 + 2 * 0.7) / 4, 12);
  });
});
