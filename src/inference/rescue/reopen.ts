/** A trained network with closed gates opened again and fresh weights behind them, to be trained on. */
import { sourceGates, tierGates } from '../../model/gates.js';
import { graphOf } from '../../model/graph.js';
import { initialTheta } from '../../model/initial.js';
import { priorOf, thetaOf } from '../../model/posterior.js';
import { block, layoutOf, type NetworkShape } from '../../model/shape.js';
import type { Stream } from '../../random.js';
import { stateFrom } from '../../train/start.js';
import type { FitState } from '../../train/types.js';
import type { Posterior } from '../../types.js';

/** Logit of a gate that is opened again: open enough to be used, not so much that it could not close. */
const REOPENED = 2;

/**
 * The state before the first step of a `rescue` course. What is open stays as it is. Every closed hidden node is opened, and
 * every closed edge that comes from a hidden node or from one of `inputs`; an opened edge starts from a fresh weight.
 * @param inputs which of the inputs may have closed edges opened
 */
export function reopen(posterior: Posterior, shape: NetworkShape, inputs: ReadonlySet<number>, stream: Stream): FitState {
  const layout = layoutOf(shape);
  const theta = thetaOf(posterior, layout);
  const fresh = initialTheta(layout, posterior.noiseVariance, stream);
  const part = (name: 'mu' | 'rho' | 'alphaLogit' | 'zLogit', from = theta): Float32Array | undefined => block(from, layout, name);
  const graph = graphOf(posterior);
  const z = sourceGates(posterior);
  const { inputs: { group }, units } = posterior;
  posterior.layers.forEach(({ alpha, outputs }, l) => {
    const { weight } = layout.layers[l];
    const sources = graph.sourcesOf(l);
    const above = units.at(l)?.z;
    alpha.forEach((edge, w) => {
      const source = sources[Math.floor(w / outputs)];
      const open = edge * z[source] * (above ? above[w % outputs] : 1) >= 0.5;
      if (open || (source < graph.columns && !inputs.has(group[source]))) return;
      for (const name of ['mu', 'rho'] as const) part(name)![weight + w] = part(name, fresh)![weight + w];
      const logits = part('alphaLogit');
      if (logits) logits[weight + w] = REOPENED;
    });
  });
  const gates = part('zLogit');
  tierGates(posterior).forEach((tier, t) => tier.z.forEach((on, k) => {
    if (gates && on < 0.5 && (t > 0 || inputs.has(k))) gates[layout.tiers[t].gate + k] = REOPENED;
  }));
  return stateFrom(theta, priorOf(posterior));
}
