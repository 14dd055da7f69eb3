import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { startEngine } from '../../../src/engine/backend.js';
import { sourceGates, tierGates } from '../../../src/model/gates.js';
import { gateCosts, edgeCost, posteriorKl } from '../../../src/model/kl.js';
import { objective } from '../../../src/model/objective.js';
import { makePacking } from '../../../src/model/packing/packing.js';
import type { PackingKind } from '../../../src/model/packing/types.js';
import { posteriorOf, priorOf as priorOfPosterior, thetaOf } from '../../../src/model/posterior.js';
import { layoutOf, weightIndices, type NetworkShape } from '../../../src/model/shape.js';
import { Stream } from '../../../src/random.js';
import { fromParts, toParts } from '../../../src/train/tensors.js';
import { directEdges, pairShape, skipShape, tangledShape, tied } from '../../helpers/skip-network.js';
import { referenceKl, referenceLogLikelihood, type ReferenceBatch } from '../../helpers/reference.js';
import { GATES, priorOf, randomBatch, randomTheta, TASKS } from '../../helpers/worlds.js';

const ROWS = 5;
const KL_SCALE = 0.05;
const SAME = (part: string): string => part;
const SHAPES = {
  'outputs that read two inputs': skipShape, 'routes of every kind': tangledShape, 'outputs that read every input': pairShape,
};

beforeAll(() => startEngine());

function evaluate(shape: NetworkShape, theta: Float32Array, { x, y, noise }: ReferenceBatch, kind: PackingKind) {
  const packing = makePacking(shape, kind);
  let result: { logLikelihood: number; gradient: Float32Array } = { logLikelihood: NaN, gradient: new Float32Array() };
  tf.tidy(() => {
    const { logLikelihood, gradient } = objective(
      shape, packing, toParts(theta, packing, SAME), { x: tf.tensor2d(x), y: tf.tensor2d(y), noise: tf.tensor1d(noise) },
      { klScale: tf.scalar(KL_SCALE), gatesOpen: tf.scalar(0), prior: packing.priorTensors(priorOf(shape)) },
    );
    result = { logLikelihood: logLikelihood.dataSync()[0], gradient: fromParts(gradient, packing, SAME) };
  });
  packing.dispose();
  return result;
}

/** Central differences in float64 of formulas that know nothing of the project's code. */
function differences(shape: NetworkShape, theta: Float32Array, batch: ReferenceBatch): number[] {
  const layout = layoutOf(shape);
  const loss = (at: ArrayLike<number>): number =>
    -referenceLogLikelihood(shape, layout, at, batch) + KL_SCALE * referenceKl(shape, layout, at, priorOf(shape));
  const step = 1e-5;
  return Array.from(theta, (_, p) => {
    const moved = (by: number): number => loss(Array.from(theta, (value, at) => (at === p ? value + by : value)));
    return (moved(step) - moved(-step)) / (2 * step);
  });
}

/** Every edge of a shared gate has the slope of the whole gate. */
function wholeGates(slopes: number[], shape: NetworkShape): number[] {
  const place = layoutOf(shape).blocks.get('alphaLogit');
  if (!place) return slopes;
  for (const edges of directEdges(shape)) {
    const sum = edges.reduce((total, w) => total + slopes[place.offset + w], 0);
    for (const w of edges) slopes[place.offset + w] = sum;
  }
  return slopes;
}

describe.each(Object.entries(SHAPES))('%s', (_, shapeOf) => {
  describe.each(GATES)('gates %s', (gates) => {
    it.each(TASKS)('%s: log-likelihood and gradient are those of the float64 formulas', (task) => {
      const shape = shapeOf({ gates, task, activation: 'silu' });
      const layout = layoutOf(shape);
      const stream = Stream.fromSeed(`${gates} ${task}`);
      const theta = tied(randomTheta(layout, stream.split('theta')), shape);
      const batch = randomBatch(shape, ROWS, stream.split('batch'));
      const expected = referenceLogLikelihood(shape, layout, theta, batch);
      const slopes = wholeGates(differences(shape, theta, batch), shape);
      for (const kind of ['flat', 'matrices'] as const) {
        const { logLikelihood, gradient } = evaluate(shape, theta, batch, kind);
        expect(Math.abs(logLikelihood - expected)).toBeLessThan(1e-5 * Math.max(1, Math.abs(expected)));
        for (const [name, { offset, length }] of layout.blocks) {
          const truth = slopes.slice(offset, offset + length);
          const size = Math.max(1e-3, ...truth.map(Math.abs));
          const error = Math.max(...truth.map((value, at) => Math.abs(gradient[offset + at] - value)));
          expect(error / size, `${kind}, block ${name}`).toBeLessThan(2e-4);
        }
      }
    });

    it('the KL is the sum over gates, once each, and over all edges', () => {
      const shape = shapeOf({ gates, task: 'regression' });
      const layout = layoutOf(shape);
      const theta = tied(randomTheta(layout, Stream.fromSeed(gates)), shape);
      const expected = referenceKl(shape, layout, theta, priorOf(shape));
      expect(posteriorKl(posteriorOf(theta, shape, layout, priorOf(shape)))).toBeCloseTo(expected, 4);
    });

    it('a posterior is read from theta and written to it', () => {
      const shape = shapeOf({ gates, task: 'binary' });
      const layout = layoutOf(shape);
      const theta = tied(randomTheta(layout, Stream.fromSeed(gates)), shape);
      const posterior = posteriorOf(theta, shape, layout, priorOf(shape));
      expect(posterior.layers.map(({ inputs }) => inputs)).toEqual(layout.layers.map(({ inputs }) => inputs));
      const again = thetaOf(posterior, layout);
      const { offset } = layout.blocks.get('logNoise')!;
      theta.subarray(0, offset).forEach((value, at) => expect(again[at]).toBeCloseTo(value, 4));
      expect(priorOfPosterior(posterior)).toEqual(priorOf(shape));
    });
  });
});

describe('shared gates', () => {
  const shape = skipShape({ gates: 'both', task: 'regression' });
  const layout = layoutOf(shape);
  const posterior = posteriorOf(randomTheta(layout, Stream.fromSeed('shared')), shape, layout, priorOf(shape));

  it('are one for every input and hidden unit, however many layers read it', () => {
    expect(layout.gates).toBe(4 + 3 + 2);
    expect(layout.tiers).toEqual([{ gate: 0, gates: 4 }, { gate: 4, gates: 3 }, { gate: 7, gates: 2 }]);
    expect(tierGates(posterior).map(({ z }) => z.length)).toEqual([4, 3, 2]);
    expect([...weightIndices(shape, layout).gate.slice(-4)]).toEqual([0, 2, 7, 8]);
    const { inputs: { z }, units } = posterior;
    expect([...sourceGates(posterior)]).toEqual([z[0], z[1], z[1], z[2], z[3], ...units[0].z, ...units[1].z]);
  });

  it('cost the edges of all layers that read them', () => {
    const [first, , last] = posterior.layers;
    const costs = gateCosts(posterior, 0);
    expect(costs[0]).toBeCloseTo(edgeCost(first, 0, true) + edgeCost(last, 0, true), 10);
    expect(costs[1]).toBeCloseTo(edgeCost(first, 1, true) + edgeCost(first, 2, true), 10);
    expect(costs[2]).toBeCloseTo(edgeCost(first, 3, true) + edgeCost(last, 1, true), 10);
  });
});
