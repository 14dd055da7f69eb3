import { describe, expect, it } from 'vitest';
import { exchanged, findExchanges } from '../../../../src/inference/rescue/exchange.js';
import { posteriorOf } from '../../../../src/model/posterior.js';
import { layoutOf, type NetworkShape } from '../../../../src/model/shape.js';
import { Stream } from '../../../../src/random.js';
import type { Gates, Posterior } from '../../../../src/types.js';
import { gatedLayers, posteriorOfLayers } from '../../../helpers/gated-layers.js';

const N = 2000;
/** Input 2 is -0.9 times input 1 and noise, input 3 is 0.8 times, input 4 is on its own; 4 has two columns. */
const x = (() => {
  const stream = Stream.fromSeed('exchange');
  const rows = Array.from({ length: N }, () => {
    const [a, b, c, d, e] = stream.normals(5);
    return [a, -0.9 * a + Math.sqrt(1 - 0.81) * b, 0.8 * a + 0.6 * c, d, a + 0.01 * e];
  });
  return { rows: N, cols: 5, data: Float32Array.from(rows.flat()) };
})();
const shapeOf = (gates: Gates): NetworkShape =>
  ({ widths: [5, 2, 1], activation: 'silu', gates, task: 'regression', inputGroup: Int32Array.of(0, 1, 2, 3, 3), inputGates: 4 });

/** Input 1 is open, with an edge to the first of two units. */
const network = (gates: Gates): Posterior => {
  const edge = gates === 'node' ? 1 : 0.01;
  const gate = gates === 'weight' ? 1 : 0.01;
  return posteriorOfLayers({
    task: 'regression', activation: 'silu', gates, noiseVariance: 0.25,
    layers: [
      {
        inputs: 5, outputs: 2, mu: Float32Array.from({ length: 10 }, (_, w) => w + 1), sigma: new Float32Array(10).fill(0.1),
        alpha: Float32Array.from({ length: 10 }, (_, w) => (w === 0 ? 1 : edge)), z: Float32Array.of(1, gate, gate, gate),
        group: Int32Array.of(0, 1, 2, 3, 3), biasMu: new Float32Array(2), biasSigma: new Float32Array(2).fill(0.1),
        node: 0.2, prior: { edge: 0.2, tau: 1 },
      },
      {
        inputs: 2, outputs: 1, mu: Float32Array.of(1, 1), sigma: Float32Array.of(0.1, 0.1), alpha: Float32Array.of(1, 1),
        z: Float32Array.of(1, 1), group: Int32Array.of(0, 1), biasMu: new Float32Array(1), biasSigma: Float32Array.of(0.1),
        node: 0.2, prior: { edge: 0.2, tau: 1 },
      },
    ],
  });
};

describe('exchanges between correlated inputs', () => {
  it('are found where an open input of one column has a near twin, the nearest first', () => {
    const pairs = findExchanges(network('both'), x, [1, 0, 0, 0]);
    expect(pairs.map(({ from, to }) => [from, to])).toEqual([[0, 1], [0, 2]]);
    expect(pairs[0].correlation).toBeCloseTo(-0.9, 1);
    expect(findExchanges(network('both'), x, [0, 0, 0, 1])).toEqual([]);
  });

  it.each<Gates>(['both', 'weight', 'node'])('hand over the weights, gates %s', (gates) => {
    const shape = shapeOf(gates);
    const state = exchanged(network(gates), shape, { from: 0, to: 1, correlation: -0.9 });
    const [layer] = gatedLayers(posteriorOf(state.theta, shape, layoutOf(shape), state.prior));
    expect(layer.mu[2]).toBeCloseTo(-0.9, 5);
    expect(layer.alpha[2] * layer.z[1]).toBeGreaterThan(0.9);
    expect(layer.alpha[0] * layer.z[0]).toBeLessThan(0.05);
    // The other unit, to which input 1 had no edge, gets none unless every edge is open.
    if (gates !== 'node') expect(layer.mu[3]).toBe(4);
  });

  it('add to what an open stand-in does already', () => {
    const shape = shapeOf('both');
    const open = network('both');
    open.inputs.z[1] = 1;
    open.layers[0].alpha[2] = 1;
    const state = exchanged(open, shape, { from: 0, to: 1, correlation: -0.9 });
    expect(posteriorOf(state.theta, shape, layoutOf(shape), state.prior).layers[0].mu[2]).toBeCloseTo(3 - 0.9, 5);
  });
});
