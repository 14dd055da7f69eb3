/** A trained network with closed gates opened again and fresh weights behind them, to be trained on. */
import { initialTheta } from '../../model/initial.js';
import { priorOf, thetaOf } from '../../model/posterior.js';
import { block, layoutOf, type NetworkShape } from '../../model/shape.js';
import type { Stream } from '../../random.js';
import { stateFrom } from '../../train/fit.js';
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
  const { layers } = posterior;
  layers.forEach(({ alpha, z, group, outputs }, l) => {
    const { weight, gate } = layout.layers[l];
    const above = layers.at(l + 1)?.z;
    const mayOpen = (source: number): boolean => l > 0 || inputs.has(source);
    alpha.forEach((edge, w) => {
      const source = group[Math.floor(w / outputs)];
      const open = edge * z[source] * (above ? above[w % outputs] : 1) >= 0.5;
      if (open || !mayOpen(source)) return;
      for (const name of ['mu', 'rho'] as const) part(name)![weight + w] = part(name, fresh)![weight + w];
      const logits = part('alphaLogit');
      if (logits) logits[weight + w] = REOPENED;
    });
    z.forEach((on, k) => {
      const logits = part('zLogit');
      if (logits && on < 0.5 && mayOpen(k)) logits[gate + k] = REOPENED;
    });
  });
  return stateFrom(theta, priorOf(posterior));
}
