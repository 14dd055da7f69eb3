/** The network that knows nothing of the inputs: what any other has to be better than. */
import { hasNodeGates } from '../../model/shape.js';
import type { Posterior } from '../../types.js';

/** A gate that is closed, but not so far that it could not open again. */
const CLOSED = 0.005;

/** The same network with all inputs closed. */
export function withoutInputs(posterior: Posterior): Posterior {
  const [first, ...rest] = posterior.layers;
  const closed = (gates: Float32Array): Float32Array => gates.map((gate) => Math.min(gate, CLOSED));
  const layer = hasNodeGates(posterior.gates) ? { ...first, z: closed(first.z) } : { ...first, alpha: closed(first.alpha) };
  return { ...posterior, layers: [layer, ...rest], noiseVariance: 1 };
}
