import { describe, expect, it } from 'vitest';
import { BnncError } from '../../../../src/errors.js';
import { predictMean } from '../../../../src/inference/predictive/compressed.js';
import { weightPips } from '../../../../src/inference/inclusion/inclusion.js';
import type { Pips } from '../../../../src/inference/prune/masks.js';
import { prune, uncompressed } from '../../../../src/inference/prune/prune.js';
import type { Posterior } from '../../../../src/types.js';
import { encoderFor, randomPosterior, type RandomShape } from '../../../helpers/random-posterior.js';

const shape: RandomShape = {
  seed: 1, task: 'regression', activation: 'tanh', gates: 'none', features: [1, 2, 1], hidden: [3, 2],
};
const encoder = encoderFor('regression', shape.features);

/** PIPs of 1 everywhere, to be changed by hand. */
function allIn(posterior: Posterior): Pips {
  return {
    weights: weightPips(posterior),
    nodes: posterior.layers.slice(0, -1).map(({ outputs }) => new Float64Array(outputs).fill(1)),
    inputs: new Float64Array(posterior.inputs.z.length).fill(1),
  };
}

function pruned(change: (pips: Pips) => void, threshold = 0.5, level: 'weight' | 'node' | 'input' | 'all' = 'all') {
  const posterior = randomPosterior(shape);
  const pips = allIn(posterior);
  change(pips);
  return { posterior, ...prune(posterior, pips, encoder, { threshold, level }) };
}

function codeOf(action: () => unknown): string {
  try { action(); } catch (error) {
    expect(error).toBeInstanceOf(BnncError);
    return (error as BnncError).problems[0].code;
  }
  return 'none';
}

describe('prune', () => {
  it('changes nothing when everything is in', () => {
    const { posterior, model, report } = pruned(() => undefined);
    expect(model.layers.map(({ inputs, outputs }) => [inputs, outputs])).toEqual([[4, 3], [3, 2], [2, 1]]);
    expect(model.layers[0].weight).toEqual(posterior.layers[0].mu);
    expect(model.layers[0].weightSd).toEqual(posterior.layers[0].sigma);
    expect(model.encoder).toEqual(encoder);
    expect(model.layers.map(({ units }) => units)).toEqual([['h1.1', 'h1.2', 'h1.3'], ['h2.1', 'h2.2'], ['y']]);
    expect(report.before).toEqual({ parameters: 12 + 6 + 2 + 6, nonZero: 26, multiplyAdds: 20 });
    expect(report.after).toEqual(report.before);
    expect(model).toEqual({ ...uncompressed(posterior, encoder), threshold: 0.5 });
  });

  it('keeps a PIP at the threshold and drops one below', () => {
    const { model } = pruned(({ weights }) => { weights[0][0] = 0.5; weights[0][1] = 0.4999; });
    expect(model.layers[0].weight[0]).not.toBe(0);
    expect(model.layers[0].weight[1]).toBe(0);
    expect(model.layers[0].weightSd[1]).toBe(0);
  });

  it('drops a node with its column below and its row above, and keeps its name out', () => {
    const { model, posterior, report } = pruned(({ nodes }) => { nodes[0][1] = 0.2; });
    expect(model.layers[0].units).toEqual(['h1.1', 'h1.3']);
    expect([model.layers[0].outputs, model.layers[1].inputs]).toEqual([2, 2]);
    expect(model.layers[1].weight[2]).toBe(posterior.layers[1].mu[4]);
    expect(report.units).toEqual([
      { name: 'inputs', before: 3, after: 3 }, { name: 'columns', before: 4, after: 4 },
      { name: 'h1', before: 3, after: 2 }, { name: 'h2', before: 2, after: 2 }, { name: 'outputs', before: 1, after: 1 },
    ]);
    expect(report.after).toEqual({ parameters: 8 + 4 + 2 + 5, nonZero: 19, multiplyAdds: 14 });
  });

  it('drops a feature with all its columns', () => {
    const { model } = pruned(({ inputs }) => { inputs.set([0.9, 0.1, 0.8]); });
    expect(model.encoder.features.map(({ name }) => name)).toEqual(['x1', 'x3']);
    expect(model.inputPips).toEqual([0.9, 0.8]);
    expect(model.layers[0].inputs).toBe(2);
  });

  it('drops a column of a kept feature when no weight of it lives', () => {
    const { model } = pruned(({ weights }) => weights[0].fill(0, 3, 6));
    expect(model.encoder.features[1].columns.map(({ name }) => name)).toEqual(['x2=l1']);
    expect(model.inputPips).toEqual([1, 1, 1]);
  });

  it('drops what only feeds a dead end', () => {
    // The third unit of h1 has inputs but no way up; the only user of x3 is that unit.
    const { model } = pruned(({ weights }) => {
      weights[1].fill(0, 4, 6);
      weights[0].fill(0, 9, 11);
    });
    expect(model.layers[0].units).toEqual(['h1.1', 'h1.2']);
    expect(model.encoder.features.map(({ name }) => name)).toEqual(['x1', 'x2']);
  });

  it('folds a unit without inputs into the next bias, with its variance', () => {
    const { model, posterior } = pruned(({ weights }) => { for (let i = 0; i < 4; i++) weights[0][i * 3] = 0; });
    const [first, second] = posterior.layers;
    const b = first.biasMu[0];
    const c = Math.tanh(b);
    expect(model.layers[0].units).toEqual(['h1.2', 'h1.3']);
    expect(model.layers[1].bias[1]).toBeCloseTo(second.biasMu[1] + c * second.mu[1], 6);
    const slope = 1 - c * c;
    const v = (slope * first.biasSigma[0]) ** 2;
    const variance = second.biasSigma[1] ** 2 + c * c * second.sigma[1] ** 2 + v * (second.mu[1] ** 2 + second.sigma[1] ** 2);
    expect(model.layers[1].biasSd[1]).toBeCloseTo(Math.sqrt(variance), 6);
  });

  it('leaves only the output bias when nothing is in, folded through all layers', () => {
    const none = pruned(({ inputs }) => { inputs.fill(0); });
    expect(none.model.layers).toHaveLength(1);
    expect(none.model.layers[0]).toMatchObject({ inputs: 0, outputs: 1, units: ['y'] });
    expect(none.model.encoder.features).toEqual([]);
    const [one, two, three] = none.posterior.layers;
    const h1 = Array.from(one.biasMu, Math.tanh);
    const h2 = Array.from(two.biasMu, (b, k) => Math.tanh(h1.reduce((sum, h, j) => sum + h * two.mu[j * 2 + k], b)));
    expect(none.model.layers[0].bias[0]).toBeCloseTo(three.biasMu[0] + h2[0] * three.mu[0] + h2[1] * three.mu[1], 6);
    const constant = none.model.layers[0].bias[0] * 0.7 + 1.5;
    const prediction = predictMean(none.model, { rows: 3, cols: 0, data: new Float32Array(0) }) as { mean: Float32Array };
    expect(prediction.mean).toHaveLength(3);
    prediction.mean.forEach((mean) => expect(mean).toBeCloseTo(constant, 5));
    const nodesOut = pruned(({ nodes }) => { nodes.forEach((layer) => layer.fill(0)); });
    expect(nodesOut.model.layers[0].bias[0]).toBe(three.biasMu[0]);
  });

  it('thresholds only the asked level', () => {
    const change = ({ weights, nodes, inputs }: Pips): void => { weights[0][0] = 0; nodes[0][0] = 0; inputs[2] = 0; };
    const shapes = (['weight', 'node', 'input', 'all'] as const).map((level) => {
      const { model } = pruned(change, 0.5, level);
      return [model.layers[0].inputs, model.layers[0].outputs, model.layers[0].weight.filter((w) => w === 0).length];
    });
    expect(shapes).toEqual([[4, 3, 1], [4, 2, 0], [3, 3, 0], [3, 2, 0]]);
  });

  it('refuses a threshold that is no probability', () => {
    for (const threshold of [-0.1, 1.1, NaN]) expect(codeOf(() => pruned(() => undefined, threshold))).toBe('usage.threshold');
  });

  it('refuses an encoder of another network', () => {
    const posterior = randomPosterior(shape);
    for (const [task, features] of [['regression', [1, 1, 1]], ['regression', [2, 1, 1]],
      ['multiclass', [1, 2, 1]], ['binary', [1, 2, 1]]] as const) {
      const other = encoderFor(task, [...features]);
      expect(codeOf(() => uncompressed(posterior, other))).toBe('run.encoder-mismatch');
    }
  });
});
