/** Cuts with representatives and refitted weights, on rows whose truth is planted. */
import { describe, expect, it } from 'vitest';
import { weightPips } from '../../../../src/inference/inclusion/inclusion.js';
import { meanOutputs } from '../../../../src/inference/predictive/compressed-draws.js';
import { cutNetwork, type CutFacts } from '../../../../src/inference/prune/cut.js';
import { prune } from '../../../../src/inference/prune/prune.js';
import { Stream } from '../../../../src/random.js';
import type { InputSet, Posterior } from '../../../../src/types.js';
import { encoderFor, randomPosterior, type RandomShape } from '../../../helpers/random-posterior.js';

const ROWS = 400;
const FEATURES = [1, 1, 1];
const encoder = encoderFor('binary', FEATURES);
const normals = Stream.fromSeed('cut').normals(ROWS * 3);
const x = { rows: ROWS, cols: 3, data: normals };
/** The classes follow 2 x1 + x2; x3 does nothing. */
const uniforms = Stream.fromSeed('classes').uniforms(ROWS);
const classes = Float32Array.from(uniforms, (u, n) => (u < 1 / (1 + Math.exp(-2 * normals[3 * n] - normals[3 * n + 1])) ? 1 : 0));
const y = { rows: ROWS, cols: 1, data: classes };
const ridge = { weight: Float64Array.of(2, 1, 0), bias: Float64Array.of(0.1), penalty: 1, noiseVariance: 1 };
const set: InputSet = {
  source: 'linear', purity: 0.9, logBayesFactor: 9,
  inputs: [{ input: 'x2', probability: 0.6 }, { input: 'x3', probability: 0.4 }],
};

function setting(hidden: number[], pips: number[]) {
  const shape: RandomShape = { seed: 5, task: 'binary', activation: 'tanh', gates: 'none', features: FEATURES, hidden };
  const posterior: Posterior = randomPosterior(shape);
  const nodes = hidden.map((k) => new Float64Array(k).fill(1));
  const known = { weights: weightPips(posterior), nodes, inputs: Float64Array.from(pips) };
  const inputs = pips.map((pip, f) => ({ input: `x${f + 1}`, pip, pipNetwork: pip, pipMin: pip, pipMax: pip, unstable: false }));
  const facts: CutFacts = { sets: [set], inputs, ridge, x, y };
  return { posterior, known, facts };
}
const OPTIONS = { threshold: 0.5, level: 'all' } as const;
const names = (cut: ReturnType<typeof cutNetwork>): string[] => cut.model.encoder.features.map(({ name }) => name);

describe('a cut', () => {
  it('keeps a representative, with the weights that the linear model has where inputs are independent', () => {
    const { posterior, known, facts } = setting([], [1, 0.3, 0.2]);
    const cut = cutNetwork(posterior, known, encoder, OPTIONS, facts);
    expect(cut.representatives).toEqual([
      { input: 'x2', pip: 0.3, effect: expect.closeTo(1 / (1 + Math.exp(-9)), 12) as number, set: 1, members: 2, purity: 0.9 },
    ]);
    expect(names(cut)).toEqual(['x1', 'x2']);
    const { weight, weightSd, bias } = cut.model.layers[0];
    // The slab draws them a little to 0; half of the targets are drawn, which leaves a standard error of about .1.
    [2, 1, 0.1].forEach((value, at) => expect(Math.abs([...weight, ...bias][at] - value)).toBeLessThan(0.3));
    weightSd.forEach((sd) => expect(sd).toBeGreaterThan(0.05));
    expect(cut.tau).toEqual([1]);
    expect(cut.report.after.parameters).toBe(3);
    expect(cut.model.inputPips).toEqual([1, 0.3]);
  });

  it('has an input where the network alone would have none', () => {
    const { posterior, known, facts } = setting([], [0, 0, 0]);
    expect(prune(posterior, known, encoder, OPTIONS).model.encoder.features).toEqual([]);
    expect(names(cutNetwork(posterior, known, encoder, OPTIONS, facts))).toEqual(['x2']);
    expect(names(cutNetwork(posterior, known, encoder, OPTIONS, { ...facts, sets: [] }))).toEqual([]);
  });

  it('adds direct edges of a representative to a network with hidden units, and leaves these as they are', () => {
    const { posterior, known, facts } = setting([4], [1, 0.3, 0.2]);
    const cut = cutNetwork(posterior, known, encoder, OPTIONS, facts);
    const alone = prune(posterior, known, encoder, OPTIONS);
    expect(names(cut)).toEqual(['x1', 'x2']);
    expect(cut.model.layers[0].weight).toEqual(alone.model.layers[0].weight);
    const hidden = cut.model.layers[1].weight.slice(2);
    expect(hidden).toEqual(alone.model.layers[1].weight);
    const nll = (values: Float32Array): number =>
      values.reduce((sum, f, n) => sum + Math.log1p(Math.exp(f)) - f * y.data[n], 0);
    const take = (columns: number[]) => ({
      rows: ROWS, cols: columns.length,
      data: Array.from({ length: ROWS }, (_, n) => columns.map((c) => normals[3 * n + c])).flat(),
    });
    const outputs = (of: typeof cut.model, columns: number[]) => {
      const { rows, cols, data } = take(columns);
      return meanOutputs(of, { rows, cols, data: Float32Array.from(data) }).values;
    };
    expect(nll(outputs(cut.model, [0, 1]))).toBeLessThan(nll(outputs(alone.model, [0])) - 5);
    expect(cut.tau).toHaveLength(3);
  });

  it('leaves the weights as they are where no input was added, and no linear model of the classes is known', () => {
    for (const hidden of [[], [4]]) {
      const { posterior, known, facts } = setting(hidden, [1, 0.3, 0.2]);
      const { ridge: linear, ...without } = facts;
      const alone = { ...prune(posterior, known, encoder, OPTIONS), representatives: [] };
      expect(cutNetwork(posterior, known, encoder, OPTIONS, { ...without, sets: [] })).toEqual(alone);
      // A network with hidden units is never projected, one without is where the linear model is known.
      const projected = cutNetwork(posterior, known, encoder, OPTIONS, { ...without, ridge: linear, sets: [] });
      if (hidden.length > 0) expect(projected).toEqual(alone);
      else expect(projected.model.layers[0].weight).not.toEqual(alone.model.layers[0].weight);
      // Cuts of weights and of nodes choose no inputs, and so no representative.
      expect(cutNetwork(posterior, known, encoder, { ...OPTIONS, level: 'weight' }, { ...without }).representatives).toEqual([]);
    }
  });

  it('of a number leaves the weights as they are, whatever the linear model is', () => {
    const posterior = randomPosterior({ seed: 6, task: 'regression', activation: 'tanh', gates: 'none', features: FEATURES, hidden: [] });
    const known = { weights: weightPips(posterior), nodes: [], inputs: Float64Array.of(1, 0.3, 0.2) };
    const numbers = encoderFor('regression', FEATURES);
    const { facts } = setting([], [1, 0.3, 0.2]);
    const alone = prune(posterior, known, numbers, OPTIONS);
    expect(cutNetwork(posterior, known, numbers, OPTIONS, { ...facts, sets: [] })).toEqual({ ...alone, representatives: [] });
    // With a representative the others keep their weights, and its own is fitted to what they leave over.
    const cut = cutNetwork(posterior, known, numbers, OPTIONS, facts);
    expect(names(cut)).toEqual(['x1', 'x2']);
    expect(cut.model.layers[0].weight[0]).toBeCloseTo(alone.model.layers[0].weight[0], 6);
  });

  it('is that of the network where nothing else is known', () => {
    const { posterior, known } = setting([], [1, 0.3, 0.2]);
    const alone = prune(posterior, known, encoder, OPTIONS);
    expect(cutNetwork(posterior, known, encoder, OPTIONS)).toEqual({ ...alone, representatives: [] });
  });
});
