import { describe, expect, it } from 'vitest';
import { interactions, type Interactions, type Predicting } from '../../../../src/inference/predictive/interaction.js';
import { average } from '../../../../src/maths/statistics.js';
import type { Matrix, Target } from '../../../../src/types.js';
import { encoderFor, randomRows } from '../../../helpers/random-posterior.js';

const ROWS = 60;
const target: Target = { name: 'y', task: 'regression', mean: 5, scale: 2 };
const { features } = encoderFor('regression', [1, 1, 1]);

/** A model whose draws are functions of the three inputs of a row. */
const modelOf = (...draws: ((x: readonly number[]) => number)[]): Predicting => ({
  features, target, x: randomRows(8, ROWS, 3),
  outputs: ({ rows, data }: Matrix) => ({
    task: 'regression', draws: draws.length, rows, outputs: 1, noiseVariance: 1,
    values: Float32Array.from(draws.flatMap((f) =>
      Array.from({ length: rows }, (_, n) => f([...data.subarray(3 * n, 3 * n + 3)])))),
  }),
});
const ALL = [0, 1, 2];
const pairOf = (found: Interactions, ...inputs: string[]): Interactions['pairs'][number] =>
  found.pairs.find((pair) => pair.inputs.join() === inputs.join())!;

describe('interactions', () => {
  it('of x1 x2 + x3 are those of x1 and x2 alone', () => {
    const found = interactions(modelOf(([a, b, c]) => a * b + c), ALL, ALL);
    expect(found.pairs[0].inputs).toEqual(['x1', 'x2']);
    expect(found.pairs[0].h.mean).toBeGreaterThan(0.9);
    for (const other of [pairOf(found, 'x1', 'x3'), pairOf(found, 'x2', 'x3')]) {
      expect(other.h.mean).toBeLessThan(1e-5);
      expect(other.size.mean).toBeLessThan(1e-5);
    }
  });

  it('of a sum are 0, whatever its parts are', () => {
    const { pairs } = interactions(modelOf(([a, b, c]) => Math.sin(3 * a) + b ** 2 - Math.exp(c)), ALL, ALL);
    expect(pairs).toHaveLength(3);
    for (const { h, size } of pairs) expect(Math.max(h.upper, size.upper)).toBeLessThan(1e-5);
    // Of a constant nothing is divided by nothing.
    expect(interactions(modelOf(() => 1), ALL, [0, 1]).pairs[0].h).toEqual({ mean: 0, lower: 0, upper: 0 });
  });

  it('are what equation 44 says of a product, in closed form and by weights', () => {
    const weights = Float32Array.from({ length: ROWS }, (_, n) => 1 + (n % 3));
    const model = { ...modelOf(([a, b]) => a * b), weights };
    const { x } = model;
    const column = (c: number): number[] => Array.from({ length: ROWS }, (_, n) => x.data[3 * n + c]);
    const [first, second] = [column(0), column(1)];
    const [meanFirst, meanSecond] = [average(first, weights), average(second, weights)];
    const centred = (values: number[]): number[] => values.map((value) => value - average(values, weights));
    // Setting one input to a value makes the average that value times the mean of the other.
    const joint = centred(first.map((value, n) => value * second[n]));
    const [one, other] = [centred(first.map((value) => value * meanSecond)), centred(second.map((value) => value * meanFirst))];
    const squares = (values: number[]): number => average(values.map((value) => value ** 2), weights);
    const departure = squares(joint.map((value, n) => value - one[n] - other[n]));
    const { pairs: [pair], sizes } = interactions(model, [0, 1], [0, 1]);
    expect(pair.h.mean).toBeCloseTo(Math.sqrt(departure / squares(joint)), 5);
    // In the units of the target, whose scale is 2.
    expect(pair.size.mean).toBeCloseTo(2 * Math.sqrt(departure), 5);
    const near = (values: number[]): unknown => expect.closeTo(2 * Math.sqrt(squares(values)), 5);
    expect(sizes.map(({ size }) => size.mean)).toEqual([near(one), near(other)]);
  });

  it('have intervals over the draws', () => {
    const draws = Array.from({ length: 21 }, (_, s) => ([a, b]: readonly number[]) => a + s * b * a);
    const { sizes: [size], pairs: [pair] } = interactions(modelOf(...draws), [0, 1], [0, 1]);
    expect(pair.size.lower).toBeLessThan(pair.size.mean);
    expect(pair.size.upper).toBeCloseTo(19 * pair.size.lower, 3);
    expect([pair.h.lower, pair.h.upper].every((value) => value > 0.5 && value <= 1.1)).toBe(true);
    expect(size.input).toBe('x1');
    expect(size.size.lower).toBeLessThan(size.size.upper);
  });
});
