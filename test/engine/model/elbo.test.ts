import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { startEngine } from '../../../src/engine/backend.js';
import { bernoulliKl } from '../../../src/model/kl.js';
import { hardGateElbo, type ElboEstimate } from '../../../src/model/elbo.js';
import { Stream } from '../../../src/random.js';
import type { Gates, Posterior } from '../../../src/types.js';
import { EDGE, exactPosterior, hadamard, logEvidence, NODE, observe } from '../../helpers/linear.js';

beforeAll(() => startEngine());

const DRAWS = 250;

const x = hadamard(3);
/** One clear input, one that could be or not, one that is noise. */
const y = observe(x, [0.9, 0.45, 0], 'elbo');

function estimate(posterior: Posterior, draws: number, target = y): ElboEstimate {
  const [inputs, outputs] = [tf.tensor2d(x), tf.tensor2d(target, [target.length, 1])];
  const result = hardGateElbo(posterior, inputs, outputs, draws, Stream.fromSeed('draws'));
  tf.dispose([inputs, outputs]);
  return result;
}

/** log p(y) of the spike-and-slab model: the sum over which inputs are open. */
function mixtureEvidence(open: number): number {
  const terms = Array.from({ length: 8 }, (_, bits) => {
    const on = [0, 1, 2].filter((i) => (bits >> i) & 1);
    return on.length * Math.log(open) + (3 - on.length) * Math.log(1 - open) + logEvidence(x, y, on);
  });
  const largest = Math.max(...terms);
  return largest + Math.log(terms.reduce((sum, term) => sum + Math.exp(term - largest), 0));
}

const EVIDENCE: Record<Gates, () => number> = {
  none: () => logEvidence(x, y, [0, 1, 2]), node: () => mixtureEvidence(NODE), weight: () => mixtureEvidence(EDGE),
  both: () => mixtureEvidence(NODE * EDGE),
};

describe.each(['none', 'node', 'weight', 'both'] as const)('linear regression, gates %s', (gates) => {
  const exact = exactPosterior(x, y, gates);

  it('the ELBO of the exact posterior is the log evidence', () => {
    const { elbo, standardError, logLikelihood, kl } = estimate(exact, DRAWS);
    expect(elbo).toBe(logLikelihood - kl);
    expect(standardError).toBeLessThan(0.25);
    expect(Math.abs(elbo - EVIDENCE[gates]())).toBeLessThan(4 * standardError);
  });

  it('another q loses its divergence from the posterior', () => {
    const [layer] = exact.layers;
    const shift = 2 * layer.sigma[0];
    const moved: Posterior = { ...exact, layers: [{ ...layer, biasMu: layer.biasMu.map((b) => b + shift) }] };
    const { elbo, standardError } = estimate(moved, DRAWS);
    const divergence = 0.5 * (shift / layer.biasSigma[0]) ** 2;
    expect(Math.abs(elbo - (EVIDENCE[gates]() - divergence))).toBeLessThan(4 * standardError);
    expect(divergence).toBeGreaterThan(6 * standardError);
  });
});

describe('a wrong gate', () => {
  it('loses the divergence between the two coins', () => {
    const exact = exactPosterior(x, y, 'node');
    const z = exact.inputs.z.slice();
    z[1] = 0.02;
    const { elbo, standardError } = estimate({ ...exact, inputs: { ...exact.inputs, z } }, DRAWS);
    const divergence = bernoulliKl(0.02, exact.inputs.z[1]);
    expect(divergence).toBeGreaterThan(5 * standardError);
    expect(Math.abs(elbo - (mixtureEvidence(NODE) - divergence))).toBeLessThan(4 * standardError);
  });
});

describe('the estimate', () => {
  it('has the standard error that it says', () => {
    const exact = exactPosterior(x, y, 'none');
    const [inputs, outputs] = [tf.tensor2d(x), tf.tensor2d(y, [y.length, 1])];
    const repeats = Array.from({ length: 120 }, (_, r) => hardGateElbo(exact, inputs, outputs, 8, Stream.fromSeed(r)));
    tf.dispose([inputs, outputs]);
    const mean = repeats.reduce((sum, { elbo }) => sum + elbo, 0) / 120;
    const variance = repeats.reduce((sum, { elbo }) => sum + (elbo - mean) ** 2, 0) / 119;
    const said = repeats.reduce((sum, { standardError }) => sum + standardError ** 2, 0) / 120;
    // Both variances have relative errors of about an eighth.
    expect(variance / said).toBeGreaterThan(0.5);
    expect(variance / said).toBeLessThan(1.8);
  });

  it('is the same for the same stream', () => {
    const exact = exactPosterior(x, y, 'both');
    expect(estimate(exact, 5)).toEqual(estimate(exact, 5));
  });

  it('leaves no tensors behind', () => {
    const before = tf.memory().numTensors;
    estimate(exactPosterior(x, y, 'both'), 3);
    expect(tf.memory().numTensors).toBe(before);
  });
});
