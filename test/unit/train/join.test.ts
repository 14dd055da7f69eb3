import { describe, expect, it } from 'vitest';
import { sumOf as sum } from '../../../src/maths/statistics.js';
import { softplus } from '../../../src/maths/scalar.js';
import { inverseSoftplus } from '../../../src/model/posterior.js';
import { block, layoutOf, type NetworkShape } from '../../../src/model/shape.js';
import { Stream } from '../../../src/random.js';
import { joinTheta } from '../../../src/train/join.js';

const shape: NetworkShape = {
  widths: [1, 1], activation: 'silu', gates: 'both', task: 'regression', inputGroup: Int32Array.of(0), inputGates: 1,
};
const layout = layoutOf(shape);
const [NOISE, TAU, ROWS, SHARDS] = [0.3, 0.8, 12, 3];

/** The posterior of w in y = w x + e, each row counted so often: mean and standard deviation. */
function exact(x: readonly number[], y: readonly number[], times: number): [number, number] {
  const precision = (times * x.reduce((all, value) => all + value * value, 0)) / NOISE + 1 / TAU ** 2;
  return [(times * x.reduce((all, value, n) => all + value * y[n], 0)) / NOISE / precision, 1 / Math.sqrt(precision)];
}

const thetaOf = ([mu, sigma]: readonly [number, number], gate: number): Float32Array => {
  const theta = new Float32Array(layout.size);
  block(theta, layout, 'mu')![0] = mu;
  block(theta, layout, 'rho')![0] = inverseSoftplus(sigma);
  block(theta, layout, 'zLogit')![0] = gate;
  block(theta, layout, 'biasRho')![0] = inverseSoftplus(sigma);
  return theta;
};

describe('the join of the posteriors of shards', () => {
  const stream = Stream.fromSeed('join');
  const [x, noise] = [[...stream.normals(ROWS)], [...stream.normals(ROWS)]];
  const y = x.map((value, n) => 1.5 * value + Math.sqrt(NOISE) * noise[n]);
  const parts = Array.from({ length: SHARDS }, (_, k) => {
    const mine = <T>(values: readonly T[]): T[] => values.filter((__, n) => n % SHARDS === k);
    return exact(mine(x), mine(y), SHARDS);
  });

  it('is the posterior of all rows, where that is normal', () => {
    const joined = joinTheta(parts.map((part) => thetaOf(part, 0)), layout);
    const [mean, deviation] = exact(x, y, 1);
    expect(block(joined, layout, 'mu')![0]).toBeCloseTo(mean, 5);
    expect(softplus(block(joined, layout, 'rho')![0])).toBeCloseTo(deviation, 5);
    expect(softplus(block(joined, layout, 'biasRho')![0])).toBeCloseTo(1 / Math.sqrt(sum(parts.map(([, each]) => 1 / each ** 2)) / SHARDS), 5);
    // None of the shards says it, nor does their plain mean.
    for (const [own] of parts) expect(Math.abs(own - mean)).toBeGreaterThan(0.002);
    expect(Math.abs(sum(parts.map(([own]) => own)) / SHARDS - mean)).toBeGreaterThan(0.002);
  });

  it('has the mean of the logits of gates', () => {
    const joined = joinTheta([2, -3, 7].map((gate) => thetaOf(parts[0], gate)), layout);
    expect(block(joined, layout, 'zLogit')![0]).toBeCloseTo(2, 6);
  });

  it('of one is that one', () => {
    const theta = thetaOf(parts[0], 1.5);
    joinTheta([theta], layout).forEach((value, i) => { expect(value).toBeCloseTo(theta[i], 5); });
  });
});
