/** The network that knows nothing of the inputs: what any other has to be better than. */
import { hasNodeGates } from '../../model/shape.js';
import type { Matrix, Posterior, Task } from '../../types.js';

/**
 * Log-likelihood of y [n, K] (on the likelihood's scale) when every row is given the same distribution, the best one; in nats.
 * A posterior whose ELBO is lower has learned less than nothing.
 */
export function logLikelihoodOfNothing({ rows, cols, data }: Matrix, task: Task): number {
  const means = Array.from({ length: cols }, (_, k) => {
    let sum = 0;
    for (let at = k; at < data.length; at += cols) sum += data[at];
    return sum / rows;
  });
  if (task === 'regression') {
    const variance = data.reduce((sum, y) => sum + (y - means[0]) ** 2, 0) / rows;
    return (-rows / 2) * (Math.log(2 * Math.PI * variance) + 1);
  }
  const shares = task === 'binary' ? [means[0], 1 - means[0]] : means;
  return rows * shares.reduce((sum, share) => sum + (share > 0 ? share * Math.log(share) : 0), 0);
}

/** A gate that is closed, but not so far that it could not open again. */
const CLOSED = 0.005;

/** The same network with all inputs closed. */
export function withoutInputs(posterior: Posterior): Posterior {
  const [first, ...rest] = posterior.layers;
  const closed = (gates: Float32Array): Float32Array => gates.map((gate) => Math.min(gate, CLOSED));
  const layer = hasNodeGates(posterior.gates) ? { ...first, z: closed(first.z) } : { ...first, alpha: closed(first.alpha) };
  return { ...posterior, layers: [layer, ...rest], noiseVariance: 1 };
}
