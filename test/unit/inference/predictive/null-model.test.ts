import { describe, expect, it } from 'vitest';
import { nullModelDraws } from '../../../../src/inference/predictive/null-model.js';
import { evaluateDraws } from '../../../../src/inference/predictive/evaluate.js';

describe('a prediction without inputs', () => {
  it('is the normal distribution of the training targets', () => {
    const target = { name: 'y', task: 'regression' as const, mean: 7, scale: 3 };
    const train = Float32Array.of(-1, 0, 1, 4);
    const { values, noiseVariance, ...size } = nullModelDraws(train, target, 2);
    expect(size).toEqual({ task: 'regression', draws: 1, rows: 2, outputs: 1 });
    expect([...values]).toEqual([1, 1]);
    expect(noiseVariance).toBeCloseTo(3.5, 12);
    // On its own rows: the standard deviation, and the entropy of a normal distribution with it.
    const metrics = evaluateDraws(nullModelDraws(train, target, 4), train, target);
    expect(metrics.rmse).toBeCloseTo(3 * Math.sqrt(3.5), 6);
    expect(metrics.nll).toBeCloseTo(0.5 * Math.log(2 * Math.PI * Math.E * 9 * 3.5), 6);
  });

  // The posterior predictive probabilities under Jeffreys' prior, Dirichlet(1/2, ..., 1/2).
  it('is the share of each class, with half a row added to each', () => {
    const binary = { name: 'y', task: 'binary' as const, levels: ['no', 'yes'] };
    const two = Float32Array.of(0, 1, 1, 1);
    const ofTwo = evaluateDraws(nullModelDraws(two, binary, 4), two, binary);
    expect(ofTwo.accuracy).toBe(0.75);
    expect(ofTwo.nll).toBeCloseTo(-(Math.log(1.5 / 5) + 3 * Math.log(3.5 / 5)) / 4, 6);

    const several = { name: 'y', task: 'multiclass' as const, levels: ['a', 'b', 'c'] };
    const three = Float32Array.of(2, 0, 2, 2, 1, 0, 2, 2);
    const ofThree = evaluateDraws(nullModelDraws(three, several, 8), three, several);
    expect(ofThree.accuracy).toBe(5 / 8);
    const expected = -(2 * Math.log(2.5 / 9.5) + Math.log(1.5 / 9.5) + 5 * Math.log(5.5 / 9.5)) / 8;
    expect(ofThree.nll).toBeCloseTo(expected, 6);
  });

  it('gives a class that no training row has a small chance, so that a row of it has a finite loss', () => {
    const several = { name: 'y', task: 'multiclass' as const, levels: ['a', 'b', 'c'] };
    const binary = { name: 'y', task: 'binary' as const, levels: ['no', 'yes'] };
    const { values } = nullModelDraws(Float32Array.of(0, 0, 1), several, 1);
    expect([...values].map(Math.exp).map((share) => share.toFixed(4))).toEqual(['0.5556', '0.3333', '0.1111']);
    const loss = (target: typeof several | typeof binary, train: Float32Array, label: number): number =>
      evaluateDraws(nullModelDraws(train, target, 1), Float32Array.of(label), target).nll;
    expect(loss(several, Float32Array.of(0, 0, 1), 2)).toBeCloseTo(Math.log(9), 5);
    expect(loss(binary, Float32Array.of(0, 0, 0), 1)).toBeCloseTo(Math.log(8), 5);
    expect(loss(binary, Float32Array.of(1, 1, 1), 0)).toBeCloseTo(Math.log(8), 5);
  });
});
