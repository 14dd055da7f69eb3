import { describe, expect, it } from 'vitest';
import { reopen } from '../../../../src/inference/rescue/reopen.js';
import { posteriorOf } from '../../../../src/model/posterior.js';
import { layoutOf, type NetworkShape } from '../../../../src/model/shape.js';
import { Stream } from '../../../../src/random.js';
import type { Gates, Posterior } from '../../../../src/types.js';
import { randomPosterior } from '../../../helpers/random-posterior.js';
import { gatedLayers } from '../../../helpers/gated-layers.js';

const FEATURES = [1, 2, 1];
const shapeOf = (gates: Gates): NetworkShape =>
  ({ widths: [4, 3, 1], activation: 'silu', gates, task: 'regression', inputGroup: Int32Array.of(0, 1, 1, 2), inputGates: 3 });
const REOPENED = 1 / (1 + Math.exp(-2));

describe.each<Gates>(['both', 'weight', 'node'])('opening closed gates again, gates %s', (gates) => {
  const before = randomPosterior({ seed: 4, task: 'regression', activation: 'silu', gates, features: FEATURES, hidden: [3] });
  const shape = shapeOf(gates);
  const allowed = new Set([0, 1]);
  const state = reopen(before, shape, allowed, Stream.fromSeed(1));
  const after: Posterior = posteriorOf(state.theta, shape, layoutOf(shape), state.prior);

  it('leaves what is open as it is, and closed inputs that are not asked for', () => {
    gatedLayers(before).forEach((layer, l) => {
      const above = gatedLayers(before).at(l + 1);
      layer.mu.forEach((mu, w) => {
        const source = layer.group[Math.floor(w / layer.outputs)];
        const open = layer.alpha[w] * layer.z[source] * (above ? above.z[w % layer.outputs] : 1) >= 0.5;
        const now = gatedLayers(after)[l];
        if (open || (l === 0 && !allowed.has(source))) {
          expect(now.mu[w]).toBe(mu);
          expect(now.sigma[w]).toBeCloseTo(layer.sigma[w], 5);
          expect(now.alpha[w]).toBeCloseTo(layer.alpha[w], 5);
        } else {
          expect(now.mu[w]).not.toBe(mu);
          expect(now.alpha[w]).toBeCloseTo(gates === 'node' ? 1 : REOPENED, 5);
        }
      });
      layer.z.forEach((z, k) => {
        const reopened = gates !== 'weight' && z < 0.5 && (l > 0 || allowed.has(k));
        expect(gatedLayers(after)[l].z[k]).toBeCloseTo(reopened ? REOPENED : z, 5);
      });
    });
  });

  it('begins anew, under the prior and the noise that training ended with', () => {
    expect(state).toMatchObject({ step: 0, logLikelihood: 0, history: [] });
    expect(state.prior).toEqual({ node: [0.3, 0.3], edge: [0.4, 0.4], tau: [1, 1] });
    expect(after.noiseVariance).toBeCloseTo(before.noiseVariance, 5);
    expect(state.m.every((v) => v === 0) && state.v.every((v) => v === 0)).toBe(true);
  });
});
