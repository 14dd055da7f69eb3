import { describe, expect, it } from 'vitest';
import { writeJsonModel } from '../../../src/export/json/json.js';
import { readModel } from '../../../src/export/read-model.js';
import { writeSafetensorsModel } from '../../../src/export/safetensors/model.js';
import { inclusion } from '../../../src/inference/inclusion/inclusion.js';
import { predictMean } from '../../../src/inference/predictive/compressed.js';
import { prune } from '../../../src/inference/prune/prune.js';
import { exchanged, findExchanges } from '../../../src/inference/rescue/exchange.js';
import { reopen } from '../../../src/inference/rescue/reopen.js';
import { withoutInputs } from '../../../src/inference/rescue/without-inputs.js';
import { withGates } from '../../../src/model/gates.js';
import { graphOf } from '../../../src/model/graph.js';
import { posteriorOf } from '../../../src/model/posterior.js';
import { layoutOf } from '../../../src/model/shape.js';
import { Stream } from '../../../src/random.js';
import { posteriorFromTensors, posteriorToTensors } from '../../../src/store/posterior-tensors.js';
import { weightsTable } from '../../../src/store/tables.js';
import type { Gates, Posterior } from '../../../src/types.js';
import { encoderFor, maskedOutputs, randomRows, takeColumns } from '../../helpers/random-posterior.js';
import { SKIP_FEATURES, skipPosterior, skipShape, tangledShape } from '../../helpers/skip-network.js';

const kinds = Object.entries({ 'outputs that read two inputs': skipShape, 'routes of every kind': tangledShape });

describe.each(kinds)('%s: pruning', (_, shapeOf) => {
  const task = 'regression';
  const encoder = encoderFor(task, SKIP_FEATURES);
  const { mean, scale } = encoder.target as { mean: number; scale: number };

  it('gives models that are exported and read back as they were', () => {
    for (let seed = 0; seed < 10; seed++) {
      const posterior = skipPosterior(shapeOf({ task, gates: 'both' }), seed);
      const pips = inclusion(posterior, { samples: 200, stream: Stream.fromSeed(seed) });
      const { model } = prune(posterior, pips, encoder, { threshold: 0.2, level: 'all' });
      for (const write of [writeJsonModel, writeSafetensorsModel]) {
        expect(readModel(write(model, '0.0.0'), 'model').layers).toEqual(model.layers);
      }
    }
  });

  it('gives what the whole network gives under the same masks, constants folded', () => {
    let constants = 0;
    let dropped = 0;
    for (let seed = 0; seed < 60; seed++) {
      const posterior = skipPosterior(shapeOf({ task, gates: 'both' }), seed);
      const pips = inclusion(posterior, { samples: 200, stream: Stream.fromSeed(seed) });
      // Weights alone: so that units are left that no input reaches.
      const { model, masks, living } = prune(posterior, pips, encoder, { threshold: 0.4, level: seed % 2 ? 'weight' : 'all' });
      const x = randomRows(seed, 5, 5);
      const expected = maskedOutputs(posterior, masks.weights, x);
      if (model.layers.length > 0 && living.sources.some((tier) => tier.includes(1))) {
        const found = predictMean(model, takeColumns(x, living.sources[0])) as { mean: Float32Array };
        expected.forEach((value, n) => expect(found.mean[n]).toBeCloseTo(value * scale + mean, 3));
      } else expect(model.layers).toHaveLength(1);
      constants += living.constants.flatMap((tier) => [...tier]).filter(Boolean).length;
      dropped += Number(model.layers.length < 3);
    }
    expect(constants).toBeGreaterThan(0);
    expect(dropped).toBeGreaterThan(0);
  });
});

describe.each(kinds)('%s: files', (_, shapeOf) => {
  it.each<Gates>(['both', 'none'])('are read back as they were, gates %s', (gates) => {
    const posterior = skipPosterior(shapeOf({ task: 'regression', gates }), 3);
    const stored = posteriorToTensors(posterior);
    expect(stored.metadata.schemaVersion).toBe('2');
    expect([...(stored.tensors['layer3.sources'].data as Int32Array)]).toEqual([...graphOf(posterior).sourcesOf(2)]);
    expect(posteriorFromTensors(stored, 'x')).toEqual(posterior);
  });

  it('are refused with sources that the network lacks', () => {
    const stored = posteriorToTensors(skipPosterior(shapeOf({ task: 'regression', gates: 'both' }), 3));
    const data = stored.tensors['layer3.sources'].data as Int32Array;
    data[data.length - 1] = 10;
    expect(() => posteriorFromTensors(stored, 'x')).toThrow(/layer 3 names source 10/);
  });

  it('name the sources of weights', () => {
    const posterior = skipPosterior(skipShape({ task: 'regression', gates: 'both' }), 1);
    const rows = weightsTable(posterior, encoderFor('regression', SKIP_FEATURES)).split('\n').filter((row) => row.startsWith('3,'));
    expect(rows.map((row) => row.split(',').slice(1, 3).join(' ')).sort()).toEqual(['h2.1 y', 'h2.2 y', 'x1 y', 'x3 y']);
  });
});

describe('changes to a trained network', () => {
  const shape = skipShape({ task: 'regression', gates: 'both' });
  const posterior = skipPosterior(shape, 2);

  it('no inputs: the gates of all of them are closed, or their edges in every layer', () => {
    expect(withoutInputs(posterior).inputs.z.every((z) => z < 0.01)).toBe(true);
    const { layers: [first, second, last] } = withoutInputs({ ...posterior, gates: 'weight' });
    expect(first.alpha.every((alpha) => alpha < 0.01)).toBe(true);
    expect(second.alpha).toEqual(posterior.layers[1].alpha);
    expect([...last.alpha.subarray(0, 2)].every((alpha) => alpha < 0.01)).toBe(true);
    expect(last.alpha.subarray(2)).toEqual(posterior.layers[2].alpha.subarray(2));
  });

  it('an exchange hands over the weights of every layer that reads both', () => {
    const open: Posterior = {
      ...withGates(posterior, ({ z }) => z.map(() => 1)),
      layers: posterior.layers.map((layer) => ({ ...layer, alpha: layer.alpha.map(() => 1) })),
    };
    const state = exchanged(open, shape, { from: 0, to: 2, correlation: 0.5 });
    const after = posteriorOf(state.theta, shape, layoutOf(shape), state.prior);
    expect(after.layers[0].mu[9]).toBeCloseTo(open.layers[0].mu[9] + 0.5 * open.layers[0].mu[0], 5);
    expect(after.layers[2].mu[1]).toBeCloseTo(open.layers[2].mu[1] + 0.5 * open.layers[2].mu[0], 5);
    expect([after.inputs.z[0] < 0.05, after.inputs.z[2] > 0.95]).toEqual([true, true]);
  });

  it('an input that reaches further is not exchanged for one that does not', () => {
    const twins = randomRows(1, 200, 5);
    for (let n = 0; n < 200; n++) for (const c of [3, 4]) twins.data[5 * n + c] = twins.data[5 * n] + 0.1 * twins.data[5 * n + c];
    const pairs = findExchanges(posterior, twins, [1, 0, 0, 1]).map(({ from, to }) => [from, to]);
    expect(pairs).toContainEqual([0, 2]);
    expect(pairs).toContainEqual([3, 0]);
    expect(pairs).not.toContainEqual([0, 3]);
  });

  it('closed edges of a closed input are opened again in every layer, if it is asked for', () => {
    const closed: Posterior = { ...posterior, inputs: { ...posterior.inputs, z: posterior.inputs.z.map(() => 0.01) } };
    const layout = layoutOf(shape);
    const state = reopen(closed, shape, new Set([0]), Stream.fromSeed(1));
    const after = posteriorOf(state.theta, shape, layout, state.prior);
    expect(after.inputs.z[0]).toBeGreaterThan(0.8);
    expect(after.inputs.z[2]).toBeLessThan(0.1);
    expect(after.layers[2].mu[0]).not.toBe(closed.layers[2].mu[0]);
    expect(after.layers[2].mu[1]).toBe(closed.layers[2].mu[1]);
  });
});
