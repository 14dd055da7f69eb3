import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { startEngine } from '../../../src/engine/backend.js';
import { posteriorKl } from '../../../src/model/kl.js';
import { edgeProbabilities, mixtureKl, spikeExpectations } from '../../../src/model/mixture.js';
import { objective } from '../../../src/model/objective.js';
import { makePacking } from '../../../src/model/packing/packing.js';
import type { PackingKind } from '../../../src/model/packing/types.js';
import { posteriorOf } from '../../../src/model/posterior.js';
import { block, layoutOf } from '../../../src/model/shape.js';
import { spikeShape, type Mixture } from '../../../src/model/spike-shape.js';
import { Stream } from '../../../src/random.js';
import { fromParts, toParts } from '../../../src/train/tensors.js';
import type { LayerPosterior } from '../../../src/types.js';
import { mixtureLog, referenceKl, referenceLogLikelihood, type ReferenceBatch } from '../../helpers/reference.js';
import { priorOf, randomBatch, randomTheta, smallShape, TASKS } from '../../helpers/worlds.js';

beforeAll(() => startEngine());

const MIXTURES: Mixture[] = [
  { edge: 0.1, tau: 1, spike: 0.05 }, { edge: 0.02, tau: 0.5, spike: 0.01 }, { edge: 0.5, tau: 1, spike: 0.3 },
  { edge: 0.9, tau: 2, spike: 0.1 },
];
/** q from a fifth of the spike to beyond the slab, at its centre, at its edge and far out. */
const PLACES = [0.2, 1, 3, 10, 40].flatMap((sigma) => [0, 0.7, 2, 3.2, 5, 30].map((mu) => [mu, sigma]));

const normal = (w: number, mean: number, sd: number): number =>
  Math.exp(-0.5 * ((w - mean) / sd) ** 2) / (sd * Math.sqrt(2 * Math.PI));

/** E_q f(w) by a sum over very many points. */
function integral(mu: number, sigma: number, f: (w: number) => number): number {
  const spacing = 20 / 4000;
  let sum = 0;
  for (let k = 0; k <= 4000; k++) {
    const x = -10 + k * spacing;
    sum += normal(x, 0, 1) * f(mu + sigma * x) * spacing;
  }
  return sum;
}

const responsibility = (w: number, { edge, tau, spike }: Mixture): number => {
  const [on, off] = [edge * normal(w, 0, tau), (1 - edge) * normal(w, 0, spike)];
  return on + off === 0 ? 1 : on / (on + off);
};

const layerOf = (mu: number[], sigma: number[], { edge, tau, spike }: Mixture): LayerPosterior => ({
  inputs: mu.length, outputs: 1, mu: Float32Array.from(mu), sigma: Float32Array.from(sigma),
  alpha: new Float32Array(mu.length).fill(1),
  biasMu: Float32Array.of(0), biasSigma: Float32Array.of(1),
  prior: { edge, tau, spike },
});

describe.each(MIXTURES)('the mixture with rho $edge, tau $tau, spike $spike', (mixture) => {
  const { edge, tau, spike } = mixture;
  const shape = spikeShape(mixture);

  it('has the responsibilities and the KL of fine integrals', () => {
    for (const [m, s] of PLACES) {
      const [mu, sigma] = [m * spike, s * spike];
      const { off, offSquare } = spikeExpectations(mu, sigma, shape);
      expect(off).toBeCloseTo(integral(mu, sigma, (w) => 1 - responsibility(w, mixture)), 3);
      const square = integral(mu, sigma, (w) => (1 - responsibility(w, mixture)) * (w / spike) ** 2);
      expect(offSquare / spike ** 2).toBeCloseTo(square, 2);
      // Far out both densities underflow in the reference.
      if ((m + 10 * s) * spike < 30 * tau) {
        const kl = -0.5 * Math.log(2 * Math.PI * Math.E * sigma ** 2) - mixtureLog(mu, sigma, edge, tau, spike);
        expect(mixtureKl(mu, sigma, mixture)).toBeCloseTo(kl, 3);
      }
    }
  });

  it('has a KL that is never negative', () => {
    for (const [m, s] of PLACES) expect(mixtureKl(m * spike, s * spike, mixture)).toBeGreaterThan(-1e-4);
  });
});

describe('the probability that a weight is on', () => {
  const mixture = { edge: 0.1, tau: 1, spike: 0.05 };

  it('goes to 1 for weights far from the spike, and is the odds of the slab at its centre', () => {
    const [far, centre, prior, open] = edgeProbabilities(layerOf([2, 0, 0, 0], [0.05, 1e-4, 0.05, 1], mixture));
    expect(far).toBeGreaterThan(1 - 1e-6);
    const odds = (0.1 / 0.9) * (0.05 / 1);
    expect(centre).toBeCloseTo(odds / (1 + odds), 5);
    // E_q r for q = spike is at most the prior odds of the slab.
    expect(prior).toBeLessThan(0.1 / 0.9);
    expect(open).toBeGreaterThan(0.8);
  });

  it('averages to the prior under the prior', () => {
    // rho E_slab r + (1 - rho) E_spike r = rho.
    const on = [1, 0.05].map((sd) => 1 - spikeExpectations(0, sd, spikeShape(mixture)).off);
    expect(0.1 * on[0] + 0.9 * on[1]).toBeCloseTo(0.1, 5);
  });

  it('is alpha where the spike is a point', () => {
    const layer = layerOf([1, 2], [1, 1], mixture);
    const point = { ...layer, alpha: Float32Array.of(0.25, 0.5), prior: { edge: 0.1, tau: 1 } };
    expect(edgeProbabilities(point)).toEqual(point.alpha);
  });
});

const ROWS = 5;
const KL_SCALE = 0.05;
const SAME = (part: string): string => part;
const KINDS: PackingKind[] = ['flat', 'matrices'];

describe.each(TASKS)('the training step, %s', (task) => {
  const shape = smallShape('none', task, 'silu', [4, 3], 'gaussian');
  const layout = layoutOf(shape);
  const stream = Stream.fromSeed(`mixture ${task}`);
  const theta = randomTheta(layout, stream.split('theta'));
  // Some weights at the spike, some at its edge, some wide, some far.
  block(theta, layout, 'mu')!.forEach((value, w, mu) => { mu[w] = value * [0.02, 0.2, 0.5, 1][w % 4]; });
  block(theta, layout, 'rho')!.forEach((value, w, rho) => { rho[w] = value - [0, 1, 2, 0][(w >> 2) % 4]; });
  const batch = randomBatch(shape, ROWS, stream.split('batch'));

  function gradientOf(kind: PackingKind, gatesOpen: number): Float32Array {
    const packing = makePacking(shape, kind);
    const found = tf.tidy(() => {
      const { gradient } = objective(
        shape, packing, toParts(theta, packing, SAME),
        { x: tf.tensor2d(batch.x), y: tf.tensor2d(batch.y), noise: tf.tensor1d(batch.noise) },
        { klScale: tf.scalar(KL_SCALE), gatesOpen: tf.scalar(gatesOpen), prior: packing.priorTensors(priorOf(shape)) });
      return fromParts(gradient, packing, SAME);
    });
    packing.dispose();
    return found;
  }

  function differences(data: ReferenceBatch, kl: (at: ArrayLike<number>) => number): number[] {
    const loss = (at: ArrayLike<number>): number => -referenceLogLikelihood(shape, layout, at, data) + KL_SCALE * kl(at);
    return Array.from(theta, (_, p) => {
      const moved = (by: number): number => loss(Array.from(theta, (value, at) => (at === p ? value + by : value)));
      return (moved(1e-4) - moved(-1e-4)) / 2e-4;
    });
  }

  function expectSame(found: Float32Array, truth: number[], tolerance: number): void {
    for (const [name, { offset, length }] of layout.blocks) {
      const expected = truth.slice(offset, offset + length);
      const size = Math.max(1e-3, ...expected.map(Math.abs));
      expect(Math.max(...expected.map((value, at) => Math.abs(found[offset + at] - value))) / size, name).toBeLessThan(tolerance);
    }
  }

  it.each(KINDS)('%s: the gradient is that of the loss with a fine integral, up to its few nodes', (kind) => {
    expectSame(gradientOf(kind, 0), differences(batch, (at) => referenceKl(shape, layout, at, priorOf(shape))), 5e-3);
  });

  it.each(KINDS)('%s: while gates would be held open, the slab alone', (kind) => {
    const { spike, ...slab } = priorOf(shape);
    expect(spike).toBeDefined();
    expectSame(gradientOf(kind, 1), differences(batch, (at) => referenceKl(shape, layout, at, slab)), 1e-3);
  });

  it('the KL of the loss is that of the posterior', () => {
    const expected = referenceKl(shape, layout, theta, priorOf(shape));
    expect(posteriorKl(posteriorOf(theta, shape, layout, priorOf(shape)))).toBeCloseTo(expected, 3);
  });
});
