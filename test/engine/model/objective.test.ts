import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { ACTIVATION_NAMES } from '../../../src/activations.js';
import { startEngine } from '../../../src/engine/backend.js';
import { posteriorKl } from '../../../src/model/kl.js';
import { objective } from '../../../src/model/objective.js';
import { makePacking } from '../../../src/model/packing/packing.js';
import type { PackingKind } from '../../../src/model/packing/types.js';
import { posteriorOf } from '../../../src/model/posterior.js';
import { layoutOf, type BlockName, type NetworkShape } from '../../../src/model/shape.js';
import { Stream } from '../../../src/random.js';
import { fromParts, toParts } from '../../../src/train/tensors.js';
import { referenceKl, referenceLogLikelihood, type ReferenceBatch } from '../../helpers/reference.js';
import { GATES, priorOf, randomBatch, randomTheta, smallShape, TASKS } from '../../helpers/worlds.js';

const HIDDEN = [[], [4], [4, 3]];
const ROWS = 5;
/** beta / N large enough that the KL term's gradient is as large as the likelihood's. */
const KL_SCALE = 0.05;

beforeAll(() => startEngine());

const SAME = (part: string): string => part;
const KINDS: PackingKind[] = ['flat', 'matrices'];

function evaluate(
  shape: NetworkShape, theta: Float32Array, { x, y, noise }: ReferenceBatch, gatesOpen: number, kind: PackingKind = 'flat',
) {
  const packing = makePacking(shape, kind);
  let result: { logLikelihood: number; gradient: Float32Array } = { logLikelihood: NaN, gradient: new Float32Array() };
  tf.tidy(() => {
    const { logLikelihood, gradient } = objective(
      shape, packing, toParts(theta, packing, SAME), { x: tf.tensor2d(x), y: tf.tensor2d(y), noise: tf.tensor1d(noise) },
      { klScale: tf.scalar(KL_SCALE), gatesOpen: tf.scalar(gatesOpen), prior: packing.priorTensors(priorOf(shape)) },
    );
    result = { logLikelihood: logLikelihood.dataSync()[0], gradient: fromParts(gradient, packing, SAME) };
  });
  packing.dispose();
  return result;
}

/** Central differences in float64: errors of 1e-9 or so, far below float32's. */
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

/** Block by block, so that a block of small gradients is not drowned by one of large ones. */
function expectSameGradient(shape: NetworkShape, found: ArrayLike<number>, truth: number[], names?: BlockName[]): void {
  for (const [name, { offset, length }] of layoutOf(shape).blocks) {
    if (names && !names.includes(name)) continue;
    const expected = truth.slice(offset, offset + length);
    const size = Math.max(1e-3, ...expected.map(Math.abs));
    const error = Math.max(...expected.map((value, at) => Math.abs(found[offset + at] - value)));
    expect(error / size, `block ${name}`).toBeLessThan(2e-4);
  }
}

describe.each(GATES)('gates %s', (gates) => {
  describe.each(TASKS)('%s', (task) => {
    it.each(ACTIVATION_NAMES)('%s: log-likelihood and gradient are those of the float64 formulas', (activation) => {
      for (const hidden of HIDDEN) {
        const shape = smallShape(gates, task, activation, hidden);
        const layout = layoutOf(shape);
        const stream = Stream.fromSeed(`${gates} ${task} ${activation} ${hidden.join()}`);
        const theta = randomTheta(layout, stream.split('theta'));
        const batch = randomBatch(shape, ROWS, stream.split('batch'));
        const expected = referenceLogLikelihood(shape, layout, theta, batch);
        const slopes = differences(shape, theta, batch);
        for (const kind of KINDS) {
          const { logLikelihood, gradient } = evaluate(shape, theta, batch, 0, kind);
          expect(Math.abs(logLikelihood - expected)).toBeLessThan(1e-5 * Math.max(1, Math.abs(expected)));
          expectSameGradient(shape, gradient, slopes);
        }
      }
    });
  });

  it('the KL of the loss is that of the posterior', () => {
    const shape = smallShape(gates, 'regression', 'tanh', [4, 3]);
    const layout = layoutOf(shape);
    const theta = randomTheta(layout, Stream.fromSeed(gates));
    const expected = referenceKl(shape, layout, theta, priorOf(shape));
    expect(posteriorKl(posteriorOf(theta, shape, layout, priorOf(shape)))).toBeCloseTo(expected, 4);
  });
});

describe('gates held open', () => {
  const OTHERS: BlockName[] = ['mu', 'rho', 'biasMu', 'biasRho', 'logNoise'];

  it.each(GATES)('%s: as if every gate were open, and no gate has a gradient', (gates) => {
    const shape = smallShape(gates, 'regression', 'silu', [4]);
    const layout = layoutOf(shape);
    const stream = Stream.fromSeed(gates).split('pinned');
    const theta = randomTheta(layout, stream.split('theta'));
    const batch = randomBatch(shape, ROWS, stream.split('batch'));
    const open = theta.slice();
    for (const name of ['alphaLogit', 'zLogit'] as const) {
      const place = layout.blocks.get(name);
      if (place) open.fill(30, place.offset, place.offset + place.length);
    }
    for (const kind of KINDS) {
      const { gradient, logLikelihood } = evaluate(shape, theta, batch, 1, kind);
      expect(logLikelihood).toBeCloseTo(referenceLogLikelihood(shape, layout, open, batch), 4);
      expectSameGradient(shape, gradient, differences(shape, open, batch), OTHERS);
      for (const [name, { offset, length }] of layout.blocks) {
        if (OTHERS.includes(name)) continue;
        expect([...gradient.subarray(offset, offset + length)].every((value) => value === 0)).toBe(true);
      }
    }
  });
});

describe('extreme gates', () => {
  it('logits of +-40 give finite gradients', () => {
    const shape = smallShape('both', 'regression', 'silu', [4]);
    const layout = layoutOf(shape);
    const theta = randomTheta(layout, Stream.fromSeed('extreme'));
    for (const name of ['alphaLogit', 'zLogit'] as const) {
      const { offset, length } = layout.blocks.get(name)!;
      for (let at = offset; at < offset + length; at++) theta[at] = at % 2 === 0 ? 40 : -40;
    }
    for (const kind of KINDS) {
      const { gradient, logLikelihood } = evaluate(shape, theta, randomBatch(shape, ROWS, Stream.fromSeed('rows')), 0, kind);
      expect(Number.isFinite(logLikelihood)).toBe(true);
      expect([...gradient].every(Number.isFinite)).toBe(true);
    }
  });
});
