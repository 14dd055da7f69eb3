import { describe, expect, it } from 'vitest';
import { networkSets } from '../../../../src/inference/inclusion/network-sets.js';
import { findSets, namedSet, setsWith } from '../../../../src/inference/inclusion/sets.js';
import { inclusion } from '../../../../src/inference/inclusion/inclusion.js';
import { softmax } from '../../../../src/maths/vector.js';
import { Stream } from '../../../../src/random.js';
import type { CompressedModel, Encoder, Feature, Matrix } from '../../../../src/types.js';
import { encoderFor, randomPosterior, randomRows } from '../../../helpers/random-posterior.js';
import { setOf } from '../../../helpers/run-state.js';

const ROWS = 200;
const stream = Stream.fromSeed('swaps');
const column = (name: string, type: 'number' | 'level' | 'missing' = 'number') => ({ name, type, mean: 0, scale: 1 });
const numeric = (name: string): Feature => ({ name, kind: 'numeric', columns: [column(name)] });

/** Of length sqrt(n) and mean 0, so that correlations are inner products over n. */
function standardised(values: ArrayLike<number>): Float64Array {
  const found = Float64Array.from(values);
  const mean = found.reduce((sum, value) => sum + value, 0) / ROWS;
  const sd = Math.sqrt(found.reduce((sum, value) => sum + (value - mean) ** 2, 0) / ROWS);
  return found.map((value) => (value - mean) / sd);
}
const correlation = (a: Float64Array, b: Float64Array): number => a.reduce((sum, value, n) => sum + value * b[n], 0) / ROWS;
const near = (of: Float64Array, r: number, name: string): Float64Array => {
  const noise = stream.split(name).normals(ROWS);
  return standardised(of.map((value, n) => r * value + Math.sqrt(1 - r * r) * noise[n]));
};

const a = standardised(stream.split('a').normals(ROWS));
const twin = near(a, 0.995, 'twin');
const cousin = near(a, -0.9, 'cousin');
const other = standardised(stream.split('other').normals(ROWS));
const y = near(a, 0.8, 'y');
const target = { name: 'y', task: 'regression', mean: 0, scale: 1 } as const;

function matrix(...columns: Float64Array[]): Matrix {
  const cols = columns.length;
  const data = Float32Array.from({ length: ROWS * cols }, (_, at) => columns[at % cols][Math.floor(at / cols)]);
  return { rows: ROWS, cols, data };
}
const encoderOf = (...features: Feature[]): Encoder => ({ schemaVersion: 1, features, target, missing: [], dropped: [] });

/** f = weight x, with noise of variance 0.36. */
function linearModel(feature: Feature, weight: number[]): CompressedModel {
  const zeros = new Float32Array(weight.length);
  return {
    task: 'regression', activation: 'silu', encoder: encoderOf(feature), noiseVariance: 0.36, inputPips: [1], threshold: 0.5,
    layers: [{
      inputs: weight.length, outputs: 1, weight: Float32Array.from(weight), weightSd: zeros, bias: Float32Array.of(0),
      biasSd: Float32Array.of(0), units: ['y'],
    }],
  };
}

describe('a credible set by swaps in the network', () => {
  const encoder = encoderOf(numeric('a'), numeric('twin'), numeric('cousin'), numeric('other'));
  const rows = { encoder, x: matrix(a, twin, cousin, other), y: Float32Array.from(y) };

  it('of a linear network has the shares of the likelihoods in closed form', () => {
    const gain = (column: Float64Array, weight: number): number =>
      -y.reduce((sum, value, n) => sum + (value - weight * column[n]) ** 2, 0) / (2 * 0.36);
    const [r, s] = [correlation(a, twin), correlation(a, cousin)];
    const [pa, ptwin, pcousin] = softmax([gain(a, 0.8), gain(twin, 0.8 * r), gain(cousin, 0.8 * s)]);
    // The truth that is planted: a and its twin of r = 0.995 cannot be told apart by 200 rows, the one of r = -0.9 can.
    expect(pcousin).toBeLessThan(0.05);
    const [set] = networkSets(linearModel(numeric('a'), [0.8]), rows, new Set());
    expect(set.source).toBe('network');
    const found = Object.fromEntries(set.inputs.map(({ input, probability }) => [input, probability]));
    expect(Object.keys(found).sort()).toEqual(['a', 'twin']);
    expect(found.a).toBeCloseTo(pa, 4);
    expect(found.twin).toBeCloseTo(ptwin, 4);
    expect(set.purity).toBeCloseTo(Math.abs(r), 5);
    expect(set.logBayesFactor).toBeUndefined();
  });

  it('goes through what the network makes of the input: a product with another input', () => {
    const square = standardised(a.map((value) => value * value));
    const model = linearModel(numeric('square'), [0.9]);
    // A monotone function of a correlates with a, its square does not: a is not even tried.
    const given = { encoder: encoderOf(numeric('square'), numeric('a')), x: matrix(square, a), y: Float32Array.from(square) };
    expect(networkSets(model, given, new Set())).toEqual([{ source: 'network', inputs: [{ input: 'square', probability: 1 }], purity: 1 }]);
  });

  it('an input of two columns is tried as a whole; one that says only where cells are missing is not', () => {
    const high = a.map((value) => Number(value > 0));
    const split = { name: 'split', kind: 'categorical', columns: [column('split=low', 'level'), column('split=high', 'level')] } as const;
    const gaps: Feature = { name: 'gaps', kind: 'numeric', columns: [column('gaps=missing', 'missing')] };
    const given = {
      encoder: encoderOf(numeric('step'), { ...split, columns: [...split.columns] }, gaps),
      x: matrix(high, high.map((value) => 1 - value), high, high), y: Float32Array.from(high),
    };
    const [set] = networkSets(linearModel(numeric('step'), [1]), given, new Set());
    expect(set.inputs.map(({ input }) => input)).toEqual(['step', 'split']);
    expect(set.inputs[0].probability).toBeCloseTo(0.5, 6);
    expect(set.purity).toBeCloseTo(1, 6);
  });

  it('is not asked for where the linear part has one', () => {
    expect(networkSets(linearModel(numeric('a'), [0.8]), rows, new Set(['a']))).toEqual([]);
  });
});

describe('the sets of a run', () => {
  const features = [1, 1, 1];
  const encoder = encoderFor('regression', features);
  const names = encoder.features.map(({ name }) => name);
  const posterior = randomPosterior({ seed: 2, task: 'regression', activation: 'tanh', gates: 'none', features, hidden: [2] });
  const pips = inclusion(posterior, { samples: 20, stream });
  const x = randomRows(3, 30, 3);
  const sets = (linear: { inputs: number[]; probabilities: number[]; purity: number; logBayesFactor: number }[]) =>
    findSets({ encoder, linear, posterior, pips, x, y: Float32Array.from(stream.split('random').normals(30)) });

  it('are those of the linear part, then those of inputs that these leave out', () => {
    const linear = { inputs: [2, 0], probabilities: [0.9, 0.07], purity: 0.8, logBayesFactor: 7 };
    const found = sets([linear]);
    expect(found[0]).toEqual({
      source: 'linear', inputs: [{ input: names[2], probability: 0.9 }, { input: names[0], probability: 0.07 }], purity: 0.8, logBayesFactor: 7,
    });
    expect(found.slice(1).map(({ source, inputs }) => [source, inputs[0].input])).toEqual([['network', names[1]]]);
    expect(namedSet(linear, encoder)).toEqual(found[0]);
  });

  it('a set of inputs that are not alike leaves them to the network', () => {
    const found = sets([{ inputs: [0, 1, 2], probabilities: [0.5, 0.3, 0.18], purity: 0.1, logBayesFactor: 2 }]);
    expect(found.slice(1).map(({ inputs }) => inputs[0].input)).toEqual(names);
  });

  it('are numbered from 1', () => {
    expect(setsWith([setOf(1, 'a'), setOf(0.9, 'b', 'a'), setOf(1, 'c')], 'a')).toEqual([1, 2]);
  });
});
