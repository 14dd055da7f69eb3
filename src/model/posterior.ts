/** From the flat parameter vector to the posterior in the model's own terms. */
import type { LayerPosterior, Posterior } from '../types.js';
import { sigmoid, softplus, type Prior } from './prior.js';
import { block, type BlockName, type Layout, type NetworkShape } from './shape.js';

/** Reads theta [P] as a {@link Posterior}; without a kind of gate its probabilities are ones. */
export function posteriorOf(theta: Float32Array, shape: NetworkShape, layout: Layout, prior: Prior): Posterior {
  const part = (name: BlockName, from: number, length: number, transform: (x: number) => number): Float32Array =>
    block(theta, layout, name)?.slice(from, from + length).map(transform) ?? new Float32Array(length).fill(1);
  const same = (x: number): number => x;
  const layers = layout.layers.map(({ inputs, outputs, weight, gate, gates, unit }, l): LayerPosterior => {
    const size = inputs * outputs;
    return {
      inputs, outputs,
      mu: part('mu', weight, size, same),
      sigma: part('rho', weight, size, softplus),
      alpha: part('alphaLogit', weight, size, sigmoid),
      z: part('zLogit', gate, gates, sigmoid),
      group: l === 0 ? shape.inputGroup : Int32Array.from({ length: inputs }, (_, i) => i),
      biasMu: part('biasMu', unit, outputs, same),
      biasSigma: part('biasRho', unit, outputs, softplus),
      prior: {
        node: prior.node[l], edge: prior.edge[l], tau: prior.tau[l], ...(prior.spike && { spike: prior.spike[l] }),
      },
    };
  });
  const noiseVariance = shape.task === 'regression' ? Math.exp(block(theta, layout, 'logNoise')![0]) : 1;
  return { task: shape.task, activation: shape.activation, gates: shape.gates, layers, noiseVariance };
}
