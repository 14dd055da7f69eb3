/** The network that knows nothing of the inputs: what any other has to be better than. */
import { graphOf } from '../../model/graph.js';
import { isKept } from '../../model/prior.js';
import { hasNodeGates } from '../../model/shape.js';
import type { Posterior } from '../../types.js';

/** A gate that is closed, but not so far that it could not open again. */
const CLOSED = 0.005;

/** The same network with all inputs closed. */
export function withoutInputs(posterior: Posterior): Posterior {
  const { inputs, layers } = posterior;
  const closed = (gate: number): number => Math.min(gate, CLOSED);
  if (hasNodeGates(posterior.gates)) {
    const z = inputs.z.map((gate, input) => (isKept(inputs.own, input) ? gate : closed(gate)));
    return { ...posterior, inputs: { ...inputs, z }, noiseVariance: 1 };
  }
  const graph = graphOf(posterior);
  const withoutColumns = layers.map((layer, l) => {
    const sources = graph.sourcesOf(l);
    const isColumn = (w: number): boolean => sources[Math.floor(w / layer.outputs)] < graph.columns;
    return { ...layer, alpha: layer.alpha.map((gate, w) => (isColumn(w) ? closed(gate) : gate)) };
  });
  return { ...posterior, layers: withoutColumns, noiseVariance: 1 };
}
