/**
 * Exchanges between correlated inputs: what one of them does in the network is handed to another. Gates that are flipped one at
 * a time can neither let the better of two twins take over from the other, nor let one of them do what both do together.
 */
import { columnsOfInputs } from '../../model/gates.js';
import { graphOf } from '../../model/graph.js';
import { isKept } from '../../model/prior.js';
import { thetaOf, priorOf } from '../../model/posterior.js';
import { block, layoutOf, type NetworkShape } from '../../model/shape.js';
import { stateFrom } from '../../train/start.js';
import type { FitState } from '../../train/types.js';
import type { Matrix, Posterior } from '../../types.js';

/** Input `from` is closed, and input `to` gets its weights times their correlation. Each has one encoded column. */
export interface Exchange {
  from: number;
  to: number;
  correlation: number;
}

/** Absolute correlation from which an exchange is tried. */
const CORRELATED = 0.7;
/** Partners that are tried for one input, and exchanges in all. */
const MAX_PARTNERS = 2;
const MAX_EXCHANGES = 6;
/** A gate that is opened for what it takes over. */
const OPEN = 4;

/**
 * Exchanges worth trying: from every open input to those that correlate most with it and are read by all layers that read it;
 * the highest correlations first.
 */
export function findExchanges(posterior: Posterior, x: Matrix, inputs: ArrayLike<number>): Exchange[] {
  const graph = graphOf(posterior);
  const columns = columnsOfInputs(posterior);
  const single = [...columns.keys()].filter((k) => columns[k].length === 1);
  const open = single.filter((k) => inputs[k] >= 0.5 && !isKept(posterior.inputs.own, k));
  const readers = new Map(single.map((k) => [k, graph.readersOf(columns[k][0]).map(({ layer }) => layer)]));
  // What one layer alone reads of the two cannot be handed over.
  const takesOver = (to: number, from: number): boolean => readers.get(from)!.every((layer) => readers.get(to)!.includes(layer));
  const found = open.flatMap((from) => single
    .filter((to) => to !== from && takesOver(to, from))
    .map((to): Exchange => ({ from, to, correlation: correlation(x, columns[from][0], columns[to][0]) }))
    .filter((pair) => Math.abs(pair.correlation) >= CORRELATED)
    .sort(byStrength)
    .slice(0, MAX_PARTNERS));
  return found.sort(byStrength).slice(0, MAX_EXCHANGES);
}

const byStrength = (a: Exchange, b: Exchange): number => Math.abs(b.correlation) - Math.abs(a.correlation);

/** Pearson correlation of two columns. */
function correlation({ rows, cols, data }: Matrix, a: number, b: number): number {
  let [sa, sb, aa, bb, ab] = [0, 0, 0, 0, 0];
  for (let at = 0; at < data.length; at += cols) {
    const [u, v] = [data[at + a], data[at + b]];
    sa += u;
    sb += v;
    aa += u * u;
    bb += v * v;
    ab += u * v;
  }
  return (ab - (sa * sb) / rows) / Math.sqrt((aa - (sa * sa) / rows) * (bb - (sb * sb) / rows));
}

/** The state before the first step of a `settle` course. */
export function exchanged(posterior: Posterior, shape: NetworkShape, { from, to, correlation: r }: Exchange): FitState {
  const layout = layoutOf(shape);
  const theta = thetaOf(posterior, layout);
  const { inputs: { group, z }, layers } = posterior;
  const graph = graphOf(posterior);
  const [mu, rho] = [block(theta, layout, 'mu')!, block(theta, layout, 'rho')!];
  const edges = block(theta, layout, 'alphaLogit');
  const gates = block(theta, layout, 'zLogit');
  for (const { layer, row } of graph.readersOf(group.indexOf(from))) {
    const { alpha, outputs } = layers[layer];
    const { weight } = layout.layers[layer];
    const [source, target] = [row * outputs, graph.rowsOfTier(layer, 0)[group.indexOf(to)] * outputs];
    for (let k = 0; k < outputs; k++) {
      if (alpha[source + k] * z[from] < 0.5) continue;
      const taken = alpha[target + k] * z[to] < 0.5;
      const [was, is] = [weight + source + k, weight + target + k];
      mu[is] = r * mu[was] + (taken ? 0 : mu[is]);
      if (taken) rho[is] = rho[was];
      if (edges) {
        edges[is] = Math.max(OPEN, edges[is]);
        if (!gates) edges[was] = -OPEN;
      }
    }
  }
  if (gates) {
    gates[to] = Math.max(OPEN, gates[to]);
    gates[from] = -OPEN;
  }
  return stateFrom(theta, priorOf(posterior));
}
