import { describe, expect, it } from 'vitest';
import { evaluateDraws, rowLosses } from '../../../../src/inference/predictive/evaluate.js';
import { weightPips } from '../../../../src/inference/inclusion/inclusion.js';
import { pairedDifference } from '../../../../src/maths/statistics.js';
import { prune } from '../../../../src/inference/prune/prune.js';
import { distinctCuts, sparsestWithinError, THRESHOLDS } from '../../../../src/inference/prune/sparsity.js';
import { Stream } from '../../../../src/random.js';
import { encoderFor, randomPosterior, type RandomShape } from '../../../helpers/random-posterior.js';

const shape: RandomShape = { seed: 3, task: 'regression', activation: 'tanh', gates: 'both', features: [1, 2, 1], hidden: [4, 3] };
const posterior = randomPosterior(shape);
const encoder = encoderFor('regression', shape.features);

describe('the cuts of a posterior', () => {
  const pips = {
    weights: weightPips(posterior),
    nodes: posterior.layers.slice(0, -1).map(({ outputs }) => new Float64Array(outputs).fill(1)),
    inputs: Float64Array.of(0.995, 0.45, 0.012),
  };

  it('are all the different networks of the grid, each with its thresholds', () => {
    const cuts = distinctCuts(posterior, pips, encoder, 'all');
    expect(cuts.length).toBeGreaterThan(3);
    expect([cuts[0].from, cuts.at(-1)!.to]).toEqual([0.01, 0.99]);
    cuts.slice(1).forEach(({ from }, at) => expect(THRESHOLDS.indexOf(from)).toBe(THRESHOLDS.indexOf(cuts[at].to) + 1));
    for (const threshold of THRESHOLDS) {
      const { model: { threshold: _own, ...cut } } = prune(posterior, pips, encoder, { threshold, level: 'all' });
      const { threshold: _first, ...expected } = cuts.find(({ from, to }) => from <= threshold && threshold <= to)!.model;
      expect(cut).toEqual(expected);
    }
    const nearest = cuts.find(({ from, to }) => from <= 0.5 && 0.5 <= to)!;
    expect([nearest.threshold, nearest.model.threshold]).toEqual([0.5, 0.5]);
  });

  it('look at the PIPs of one level where that is asked for', () => {
    const cuts = distinctCuts(posterior, pips, encoder, 'input');
    const found = cuts.map(({ from, to, model }) => [from, to, model.inputPips.length]);
    expect(found).toEqual([[0.01, 0.01, 3], [0.02, 0.4, 2], [0.5, 0.99, 1]]);
    expect(cuts.map(({ threshold }) => threshold)).toEqual([0.01, 0.4, 0.5]);
  });
});

describe('the one-standard-error rule', () => {
  const base = Stream.fromSeed('losses').normals(100);
  /** Losses of 100 rows, each `by` above the base on average, with alternating deviations of `spread`. */
  const losses = (by: number, spread: number): Float64Array =>
    Float64Array.from(base, (loss, n) => loss + by + (n % 2 === 0 ? spread : -spread));

  it('takes the sparsest within one standard error of the difference from the best', () => {
    // The paired errors are spread / sqrt(99): 0.1005 for 1, whatever the rows have in common.
    const { best, chosen, excess } = sparsestWithinError([losses(0.2, 1), losses(0, 0), losses(0.09, 1), losses(0.11, 1)]);
    expect([best, chosen]).toEqual([1, 2]);
    expect(excess[2].mean).toBeCloseTo(0.09, 6);
    expect(excess[2].standardError).toBeCloseTo(1 / Math.sqrt(99), 6);
    expect(excess[1]).toEqual({ mean: 0, standardError: 0 });
  });

  it('takes of equals the sparsest, and the best where nothing sparser is near', () => {
    expect(sparsestWithinError([losses(0, 0), losses(0, 0), losses(1, 0)])).toMatchObject({ best: 1, chosen: 1 });
    expect(sparsestWithinError([losses(0, 0)])).toMatchObject({ best: 0, chosen: 0 });
  });

  it('never takes a loss that is not finite for the best', () => {
    const broken = losses(0, 0).fill(NaN, 3, 4);
    expect(sparsestWithinError([losses(0.5, 0), broken, losses(1, 0)])).toMatchObject({ best: 0, chosen: 0 });
  });
});

describe('paired losses', () => {
  it('have the mean that evaluation has', () => {
    for (const task of ['regression', 'binary', 'multiclass'] as const) {
      const { target } = encoderFor(task, [1]);
      const [draws, rows, outputs] = [5, 12, task === 'multiclass' ? 3 : 1];
      const values = Stream.fromSeed(task).normals(draws * rows * outputs);
      const all = { task, draws, rows, outputs, values, noiseVariance: task === 'regression' ? 0.3 : 1 };
      const y = Float32Array.from({ length: rows }, (_, n) => n % 2);
      const nll = rowLosses(all, y, target).nll.reduce((sum, loss) => sum + loss, 0) / rows;
      expect(nll).toBeCloseTo(evaluateDraws(all, y, target).nll, 10);
    }
  });

  it('differ by a mean with its standard error', () => {
    const { mean, standardError } = pairedDifference(Float64Array.of(1, 2, 6), Float64Array.of(1, 1, 1));
    expect(mean).toBeCloseTo(2, 12);
    // Differences 0, 1, 5: variance 7, over three rows.
    expect(standardError).toBeCloseTo(Math.sqrt(7 / 3), 12);
    expect(pairedDifference(Float64Array.of(3), Float64Array.of(1))).toEqual({ mean: 2, standardError: 0 });
  });
});
