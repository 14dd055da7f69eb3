import { describe, expect, it } from 'vitest';
import { empiricalBayes, initialPrior, sparseBetaMode } from '../../../src/train/empirical-bayes.js';
import { activeCounts } from '../../../src/train/history.js';
import type { Posterior } from '../../../src/types.js';
import { smallShape } from '../../helpers/worlds.js';
import { posteriorOfLayers, type GatedLayer } from '../../helpers/gated-layers.js';

const AUTO = { inclusion: 'auto', slabScale: 'auto' } as const;

describe('the inclusion probability under a sparse Beta', () => {
  it.each([
    [5, 20, 6 / 41], [0, 20, 1 / 20], [20, 20, 0.5], [3, 100, 4 / 201], [1, 100, 1 / 100], [0.2, 1000, 1 / 1000],
    [0, 1, 0.5], [1, 1, 0.5], [1.5, 2, 0.5],
  ])('%d of %i open: %d', (on, m, expected) => {
    expect(sparseBetaMode(on, m)).toBeCloseTo(expected, 12);
  });

  it('is the mode of the posterior of Beta(2, m + 1) wherever it is not clipped', () => {
    const [on, m] = [7, 30];
    // log Beta(2 + on, m + 1 + m - on) up to a constant.
    const log = (p: number): number => (1 + on) * Math.log(p) + (m + (m - on)) * Math.log(1 - p);
    const mode = sparseBetaMode(on, m);
    expect(log(mode)).toBeGreaterThan(log(mode + 1e-4));
    expect(log(mode)).toBeGreaterThan(log(mode - 1e-4));
  });
});

/** Three columns of two features, two outputs. */
const layer = (over: Partial<GatedLayer> = {}): GatedLayer => ({
  inputs: 3, outputs: 2, mu: Float32Array.of(1, 2, 3, 4, 5, 6), sigma: new Float32Array(6).fill(0.5),
  alpha: Float32Array.of(1, 0.5, 0, 0.5, 1, 0.25), z: Float32Array.of(0.5, 1), group: Int32Array.of(0, 1, 1),
  biasMu: new Float32Array(2), biasSigma: new Float32Array(2).fill(1), node: 0.1, prior: { edge: 0.1, tau: 1 }, ...over,
});
const posterior = (gates: Posterior['gates'], ...layers: GatedLayer[]): Posterior =>
  posteriorOfLayers({ task: 'regression', activation: 'tanh', gates, layers, noiseVariance: 1 });
const PRIOR = { node: [0.11], edge: [0.12], tau: [0.9] };

describe('the prior that a posterior asks for', () => {
  const found = empiricalBayes(posterior('both', layer()), PRIOR, AUTO);

  it('has the gates\' expected shares', () => {
    expect(found.node[0]).toBeCloseTo(Math.min(0.5, (1 + 1.5) / 5), 6);
    // sum z alpha = 0.5 (1 + 0.5) + (0 + 0.5 + 1 + 0.25) = 2.5.
    // among 2 * (0.5 + 1 + 1) = 5 edges of open sources.
    expect(found.edge[0]).toBeCloseTo((1 + 2.5) / 11, 6);
  });

  it('has the slab\'s second moment over the open weights', () => {
    const open = [0.5, 0.25, 0, 0.5, 1, 0.25];
    const squares = open.reduce((sum, g, w) => sum + g * ((w + 1) ** 2 + 0.25), 0);
    expect(found.tau[0]).toBeCloseTo(Math.sqrt(squares / 2.5), 6);
  });

  it('never has a slab narrower than 0.05, nor a number that is none', () => {
    const tiny = layer({ mu: new Float32Array(6), sigma: new Float32Array(6).fill(1e-3) });
    expect(empiricalBayes(posterior('both', tiny), PRIOR, AUTO).tau).toEqual([0.05]);
    const closed = empiricalBayes(posterior('both', layer({ z: new Float32Array(2) })), PRIOR, AUTO);
    expect(closed).toEqual({ node: [0.5], edge: [1 / 9], tau: [0.05] });
  });

  it('counts responsibilities under a Gaussian spike, whose share of the slab stays', () => {
    const weights = { mu: Float32Array.of(1, 2, -1.5, 0, 0, 0), sigma: Float32Array.of(0.1, 0.1, 0.1, 0.05, 0.05, 0.05) };
    const open = { alpha: new Float32Array(6).fill(1), z: Float32Array.of(1, 1) };
    const mixture = layer({ ...weights, ...open, prior: { edge: 0.2, tau: 1, spike: 0.05 } });
    const current = { node: [0.1], edge: [0.2], tau: [1], spike: [0.05] };
    const { node, edge, tau, spike } = empiricalBayes(posterior('none', mixture), current, AUTO);
    expect(node).toEqual([0.1]);
    // Three weights are on for certain, the others hardly: 3 to 3.2 of 6.
    expect(edge[0]).toBeGreaterThan((1 + 3) / 13);
    expect(edge[0]).toBeLessThan((1 + 3.2) / 13);
    // sqrt((1 + 4 + 2.25 + 3 * 0.01) / 3), less for what the spike's weights add to the count.
    expect(tau[0]).toBeGreaterThan(1.48);
    expect(tau[0]).toBeLessThan(1.56);
    expect(spike![0] / tau[0]).toBeCloseTo(0.05, 12);
    expect(activeCounts(posterior('none', mixture)).weights).toBeCloseTo(13 * edge[0] - 1, 4);
  });

  it('keeps what is fixed', () => {
    expect(empiricalBayes(posterior('both', layer()), PRIOR, { inclusion: 0.11, slabScale: 0.9 })).toEqual(PRIOR);
    const onlySlab = empiricalBayes(posterior('both', layer()), PRIOR, { inclusion: 0.11, slabScale: 'auto' });
    expect([onlySlab.node, onlySlab.edge]).toEqual([PRIOR.node, PRIOR.edge]);
    expect(onlySlab.tau).toEqual(found.tau);
  });

  it.each([['node', false, true], ['weight', true, false], ['none', false, false]] as const)('gates %s: what has no gates has nothing to learn', (gates, edge, node) => {
    const result = empiricalBayes(posterior(gates, layer()), PRIOR, AUTO);
    expect(result.edge[0] !== PRIOR.edge[0]).toBe(edge);
    expect(result.node[0] !== PRIOR.node[0]).toBe(node);
    expect(result.tau).toEqual(found.tau);
  });

  it('goes layer by layer', () => {
    const second = layer({ inputs: 2, outputs: 3, group: Int32Array.of(0, 1), mu: new Float32Array(6).fill(0.1) });
    const result = empiricalBayes(posterior('both', layer(), second), { node: [0.1, 0.1], edge: [0.1, 0.1], tau: [1, 1] }, AUTO);
    expect(result.tau[0]).toBeCloseTo(found.tau[0], 12);
    expect(result.tau[1]).toBeCloseTo(Math.sqrt(0.01 + 0.25), 6);
  });

  it('counts edges between open nodes only', () => {
    const wide = layer({ inputs: 4, mu: new Float32Array(8), alpha: Float32Array.of(1, 1, 1, 0, 0, 1, 1, 0),
      sigma: new Float32Array(8).fill(1),
      z: Float32Array.of(1, 1, 0, 1), group: Int32Array.of(0, 1, 2, 3) });
    const above = layer({ inputs: 2, outputs: 3, group: Int32Array.of(0, 1), z: Float32Array.of(1, 0) });
    const prior = { node: [0.1, 0.1], edge: [0.1, 0.1], tau: [1, 1] };
    // Three open sources and one open target: three edges, taken for four, of which three are open.
    expect(empiricalBayes(posterior('both', wide, above), prior, AUTO).edge[0]).toBeCloseTo((1 + 3) / 9, 6);
  });
});

describe('the prior before the data', () => {
  const shape = smallShape('both', 'regression', 'tanh', [4]);

  it('has a number per layer, the user\'s where given', () => {
    expect(initialPrior(shape, AUTO)).toEqual({ node: [0.1, 0.1], edge: [0.1, 0.1], tau: [1, 1] });
    expect(initialPrior(shape, { inclusion: 0.3, slabScale: 2 })).toEqual({ node: [0.3, 0.3], edge: [0.3, 0.3], tau: [2, 2] });
  });
});

describe('expected open counts', () => {
  it('are sums of z alpha and z', () => {
    const second = layer({
      inputs: 2, outputs: 1, alpha: Float32Array.of(0.5, 1), z: Float32Array.of(0.25, 0.75), group: Int32Array.of(0, 1),
    });
    expect(activeCounts(posterior('both', layer(), second))).toEqual({ weights: 2.5 + 0.125 + 0.75, inputs: 1.5, nodes: 1 });
  });
});
