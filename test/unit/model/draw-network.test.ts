import { describe, expect, it } from 'vitest';
import { drawMasks, drawNetwork, livingUnits } from '../../../src/model/draw-network.js';
import { Stream } from '../../../src/random.js';
import type { Posterior } from '../../../src/types.js';
import { graphOfShape } from '../../../src/model/graph.js';
import { posteriorOfLayers, type GatedLayer } from '../../helpers/gated-layers.js';

/** Four columns of three features, two outputs. */
const layer = (over: Partial<GatedLayer> = {}): GatedLayer => ({
  inputs: 4, outputs: 2,
  mu: Float32Array.of(1, -2, 0.5, 3, -1, 0, 2, 0.3), sigma: Float32Array.of(0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8),
  alpha: Float32Array.of(0.9, 0.2, 0.5, 1, 0.7, 0.3, 0.6, 0), z: Float32Array.of(0.3, 0.8, 0.5), group: Int32Array.of(0, 1, 1, 2),
  biasMu: Float32Array.of(2, -1), biasSigma: Float32Array.of(0.5, 0.1), node: 0.5, prior: { edge: 0.5, tau: 1 }, ...over,
});
const posteriorOf = (own: GatedLayer): Posterior =>
  posteriorOfLayers({ task: 'multiclass', activation: 'tanh', gates: 'both', layers: [own], noiseVariance: 1 });

const DRAWS = 20_000;
const masks = (of: GatedLayer, draws = DRAWS): Float32Array[] => {
  const stream = Stream.fromSeed('hard');
  return Array.from({ length: draws }, (_, s) => drawMasks(posteriorOf(of), stream.split(s))[0]);
};
const share = (list: Float32Array[], event: (mask: Float32Array) => boolean): number => list.filter(event).length / list.length;
/** Five binomial standard errors at their widest. */
const MARGIN = 5 * Math.sqrt(0.25 / DRAWS);

describe('a drawn mask', () => {
  const drawn = masks(layer());

  it('has every edge open with probability z alpha', () => {
    const { z, alpha, group } = layer();
    alpha.forEach((a, w) => {
      expect(Math.abs(share(drawn, (mask) => mask[w] === 1) - a * z[group[w >> 1]])).toBeLessThan(MARGIN);
    });
  });

  it('shares a gate between the columns of a feature', () => {
    // P(both edges 2 and 4 open) = z_1 alpha alpha, not z_1^2 alpha alpha.
    expect(Math.abs(share(drawn, (mask) => mask[2] === 1 && mask[4] === 1) - 0.8 * 0.5 * 0.7)).toBeLessThan(MARGIN);
  });

  it('draws features apart', () => {
    expect(Math.abs(share(drawn, (mask) => mask[0] === 1 && mask[3] === 1) - 0.3 * 0.9 * 0.8)).toBeLessThan(MARGIN);
  });

  it('is open or closed as a whole where edges have no gates', () => {
    const node = masks(layer({ alpha: new Float32Array(8).fill(1) }), 200);
    for (const mask of node) for (let i = 0; i < 4; i++) expect(mask[2 * i]).toBe(mask[2 * i + 1]);
    expect(new Set(node.map(String)).size).toBe(8);
  });

  it('closing one node leaves the draws of the others as they were', () => {
    const closed = masks(layer({ z: Float32Array.of(0, 0.8, 0.5) }), 200);
    closed.forEach((mask, s) => {
      expect([...mask.subarray(0, 2)]).toEqual([0, 0]);
      expect(mask.subarray(2)).toEqual(drawn[s].subarray(2));
    });
  });
});

describe('a drawn network', () => {
  const posterior = posteriorOf(layer());
  const draws = Array.from({ length: DRAWS }, (_, s) => drawNetwork(posterior, Stream.fromSeed('network').split(s))[0]);
  const moments = (values: number[]): [number, number] => {
    const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
    return [mean, Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length)];
  };

  it('has weights from the slab where open and zero elsewhere', () => {
    const { mu, sigma, alpha, z, group } = layer();
    mu.forEach((m, w) => {
      const values = draws.map(({ weight }) => weight[w]);
      const open = values.filter((v) => v !== 0);
      expect(Math.abs(open.length / DRAWS - alpha[w] * z[group[w >> 1]])).toBeLessThan(MARGIN);
      if (open.length === 0) return;
      const [mean, sd] = moments(open);
      expect(Math.abs(mean - m)).toBeLessThan((5 * sigma[w]) / Math.sqrt(open.length));
      expect(Math.abs(sd / sigma[w] - 1)).toBeLessThan(5 / Math.sqrt(2 * open.length));
    });
  });

  it('has biases from their Gaussians', () => {
    const { biasMu, biasSigma } = layer();
    biasMu.forEach((m, j) => {
      const [mean, sd] = moments(draws.map(({ bias }) => bias[j]));
      expect(Math.abs(mean - m)).toBeLessThan((5 * biasSigma[j]) / Math.sqrt(DRAWS));
      expect(Math.abs(sd / biasSigma[j] - 1)).toBeLessThan(5 / Math.sqrt(2 * DRAWS));
    });
  });

  it('is the same for the same stream', () => {
    expect(drawNetwork(posterior, Stream.fromSeed(3))).toEqual(drawNetwork(posterior, Stream.fromSeed(3)));
    expect(drawNetwork(posterior, Stream.fromSeed(3))).not.toEqual(drawNetwork(posterior, Stream.fromSeed(4)));
  });
});

describe('living units', () => {
  // 2 inputs, 3 units, 2 units, 1 output. Of the second layer only unit 1 has an edge on.
  const weights = [
    Float32Array.of(1, 1, 1, 0, 0, 0),
    Float32Array.of(1, 0, 0, 2, 0, -1),
    Float32Array.of(0, 3),
  ];

  const graph = graphOfShape({ widths: [2, 3, 2, 1] });
  // Two columns, then the units of the first hidden layer, then those of the second.
  const [first, second] = [2, 5];

  it('have an edge to an output, or to a unit that has', () => {
    expect(livingUnits(graph, weights)).toEqual([Int32Array.of(1, 2), Int32Array.of(1), Int32Array.of(0)]);
  });

  it('do not pass through a source that does not count', () => {
    expect(livingUnits(graph, weights, (source) => source !== first + 2)[0]).toEqual(Int32Array.of(1));
    expect(livingUnits(graph, weights, (source) => source < second).map(({ length }) => length)).toEqual([0, 0, 1]);
  });
});
