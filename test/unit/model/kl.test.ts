import { describe, expect, it } from 'vitest';
import { bernoulliKl, edgeCost, gateCosts, gaussianKl, posteriorKl } from '../../../src/model/kl.js';
import { Stream } from '../../../src/random.js';
import type { Gates, Posterior } from '../../../src/types.js';
import { GATES } from '../../helpers/worlds.js';
import { gatedLayers, posteriorOfLayers, type GatedLayer } from '../../helpers/gated-layers.js';

const logNormal = (x: number, mean: number, sd: number): number =>
  -0.5 * ((x - mean) / sd) ** 2 - Math.log(sd) - 0.5 * Math.log(2 * Math.PI);

/** Simpson's rule for the integral of q log(q / p) over twelve standard deviations to either side. */
function gaussianIntegral(mu: number, sigma: number, tau: number): number {
  const intervals = 2000;
  const width = (24 * sigma) / intervals;
  let sum = 0;
  for (let k = 0; k <= intervals; k++) {
    const x = mu - 12 * sigma + k * width;
    const log = logNormal(x, mu, sigma);
    const weight = k === 0 || k === intervals ? 1 : k % 2 === 1 ? 4 : 2;
    sum += weight * Math.exp(log) * (log - logNormal(x, 0, tau));
  }
  return (sum * width) / 3;
}

describe('KL(N(mu, sigma^2) || N(0, tau^2))', () => {
  it.each([[0, 1, 1], [0.3, 0.05, 1], [-2, 0.5, 0.7], [4, 2, 0.5], [0.01, 3, 0.2]])('mu %d, sigma %d, tau %d: the integral', (mu, sigma, tau) => {
    const truth = gaussianIntegral(mu, sigma, tau);
    expect(Math.abs(gaussianKl(mu, sigma, tau) - truth)).toBeLessThan(1e-9 * Math.max(1, truth));
  });

  it('is zero for the prior itself and positive elsewhere', () => {
    expect(gaussianKl(0, 0.7, 0.7)).toBeCloseTo(0, 14);
    for (const sigma of [0.1, 0.6, 0.8, 5]) expect(gaussianKl(0, sigma, 0.7)).toBeGreaterThan(0);
  });
});

describe('KL(Bern(q) || Bern(p))', () => {
  it.each([[0.3, 0.1], [0.999, 0.5], [0.1, 0.9]])('q %d, p %d: the sum over both outcomes', (q, p) => {
    const truth = [[q, p], [1 - q, 1 - p]].reduce((sum, [a, b]) => sum + a * (Math.log(a) - Math.log(b)), 0);
    expect(bernoulliKl(q, p)).toBeCloseTo(truth, 14);
  });

  it('counts 0 log 0 as 0', () => {
    expect(bernoulliKl(0, 0.1)).toBeCloseTo(-Math.log(0.9), 14);
    expect(bernoulliKl(1, 0.1)).toBeCloseTo(-Math.log(0.1), 14);
    expect(bernoulliKl(0.25, 0.25)).toBe(0);
  });
});

/** A network 3-2-1 whose input columns 1 and 2 share a gate. */
function smallPosterior(gates: Gates): Posterior {
  const stream = Stream.fromSeed('divergence');
  const probability = (n: number, gated: boolean): Float32Array =>
    gated ? stream.uniforms(n).map((u) => 0.05 + 0.9 * u) : new Float32Array(n).fill(1);
  const layer = (inputs: number, outputs: number, group: number[], l: number): GatedLayer => ({
    inputs, outputs, mu: stream.normals(inputs * outputs), sigma: stream.uniforms(inputs * outputs).map((u) => 0.1 + u),
    alpha: probability(inputs * outputs, gates === 'both' || gates === 'weight'),
    z: probability(Math.max(...group) + 1, gates === 'both' || gates === 'node'),
    group: Int32Array.from(group), biasMu: stream.normals(outputs), biasSigma: stream.uniforms(outputs).map((u) => 0.1 + u),
    node: 0.3 - 0.1 * l, prior: { edge: 0.15 + 0.2 * l, tau: 0.6 + l },
  });
  const layers = [layer(3, 2, [0, 1, 1], 0), layer(2, 1, [0, 1], 1)];
  return posteriorOfLayers({ task: 'regression', activation: 'tanh', gates, layers, noiseVariance: 1 });
}

/** All combinations of `n` binary gates. */
const combinations = (n: number): number[][] =>
  Array.from({ length: 2 ** n }, (_, bits) => Array.from({ length: n }, (_, k) => (bits >> k) & 1));

/** Probability of an outcome, and log(q / p) of it, for a gate that is there or held open. */
const outcome = (on: number, q: number, p: number): [number, number] =>
  on ? [q, Math.log(q / p)] : [1 - q, Math.log((1 - q) / (1 - p))];

/** E_q log(q / p) over every configuration of s and, where s is on, of gamma; open weights add the Gaussian's integral. */
function enumeratedKl(layer: GatedLayer, gates: Gates): number {
  const { alpha, z, node, group, outputs, mu, sigma, prior } = layer;
  const slab = Array.from(mu, (m, w) => gaussianIntegral(m, sigma[w], prior.tau));
  let kl = 0;
  let mass = 0;
  for (const s of gates === 'both' || gates === 'node' ? combinations(z.length) : [Array.from(z, () => 1)]) {
    const living = Array.from(mu, (_, w) => w).filter((w) => s[group[Math.floor(w / outputs)]]);
    for (const gamma of gates === 'both' || gates === 'weight' ? combinations(living.length) : [living.map(() => 1)]) {
      let probability = 1;
      let log = 0;
      const take = ([q, logRatio]: [number, number]): void => { probability *= q; log += logRatio; };
      if (gates === 'both' || gates === 'node') s.forEach((on, g) => take(outcome(on, z[g], node)));
      if (gates === 'both' || gates === 'weight') living.forEach((w, k) => take(outcome(gamma[k], alpha[w], prior.edge)));
      kl += probability * (log + living.reduce((sum, w, k) => sum + gamma[k] * slab[w], 0));
      mass += probability;
    }
  }
  expect(mass).toBeCloseTo(1, 12);
  return kl;
}

describe('the KL of a whole posterior', () => {
  it.each(GATES)('gates %s: the sum over all configurations of the gates', (gates) => {
    const posterior = smallPosterior(gates);
    let truth = 0;
    for (const layer of gatedLayers(posterior)) {
      truth += enumeratedKl(layer, gates);
      layer.biasMu.forEach((mean, j) => { truth += gaussianIntegral(mean, layer.biasSigma[j], 1); });
    }
    expect(posteriorKl(posterior)).toBeCloseTo(truth, 8);
  });

  it('is finite where gates are exactly closed or open', () => {
    const posterior = smallPosterior('both');
    posterior.inputs.z.set([0, 1]);
    posterior.layers[0].alpha.set([0, 1]);
    expect(Number.isFinite(posteriorKl(posterior))).toBe(true);
  });

  it('the cost of an open gate is that of the edges of all its columns', () => {
    const posterior = smallPosterior('both');
    const [layer] = posterior.layers;
    const costs = gateCosts(posterior, 0);
    expect(costs[0]).toBeCloseTo(edgeCost(layer, 0, true), 12);
    expect(costs[1]).toBeCloseTo(edgeCost(layer, 1, true) + edgeCost(layer, 2, true), 12);
  });

  it('a closed node pays nothing for its edges', () => {
    const posterior = smallPosterior('both');
    posterior.inputs.z.fill(0);
    const before = posteriorKl(posterior);
    posterior.layers[0].mu.fill(100);
    expect(posteriorKl(posterior)).toBe(before);
  });
});
