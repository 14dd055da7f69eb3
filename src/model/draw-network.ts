/**
 * The network with its gates drawn hard: s ~ Bern(z), gamma ~ Bern(alpha), each gate shared by all its edges and rows
 * (docs/method.md: every reported ELBO, restart choice and prediction draws the gates hard).
 */
import type { Stream } from '../random.js';
import type { LayerPosterior, Posterior } from '../types.js';
import { tierGates } from './gates.js';
import { gatesOfSources, graphOf, type Graph } from './graph.js';

/** One draw of a layer: weight [d x k] and bias [k]. */
export interface DrawnLayer {
  weight: Float32Array;
  bias: Float32Array;
}

/** Draws the gates: per layer a 0/1 mask [d x k] of living edges. */
export function drawMasks(posterior: Posterior, stream: Stream): Float32Array[] {
  const { inputs: { group }, layers } = posterior;
  const graph = graphOf(posterior);
  const gateOf = gatesOfSources(graph, group, posterior.inputs.z.length);
  const on: number[] = [];
  return tierGates(posterior).map(({ z }, l) => {
    const own = stream.split('mask', l);
    // Those of tier l: a layer reads no tier beyond it.
    for (const p of z) on.push(Number(own.uniform() < p));
    const rowGates = Uint8Array.from(graph.sourcesOf(l), (source) => on[gateOf[source]]);
    const mask = drawEdges(layers[l], rowGates, own);
    if (l === graph.depth - 1) tieDirect(mask, graph, group, rowGates, layers[l].alpha, own.split('direct'));
    return mask;
  });
}

/** The mask of a layer, given which of its rows' gates are on. */
function drawEdges({ inputs, outputs, alpha }: LayerPosterior, on: Uint8Array, stream: Stream): Float32Array {
  const mask = new Float32Array(alpha.length);
  for (let i = 0, w = 0; i < inputs; i++) {
    const open = on[i];
    for (let j = 0; j < outputs; j++, w++) {
      // The draw is made even for a closed node, so that streams stay aligned between neighbouring posteriors.
      if (alpha[w] === 1 || stream.uniform() < alpha[w]) mask[w] = open;
    }
  }
  return mask;
}

/** Edges that lead directly from one input to the outputs share a gate (graph.ts): one draw for all of them. */
function tieDirect(
  mask: Float32Array, graph: Graph, group: Int32Array, rowGates: Uint8Array, alpha: Float32Array, stream: Stream,
): void {
  const outputs = graph.outputs[graph.depth - 1];
  const drawn = new Map<number, number>();
  graph.sourcesOf(graph.depth - 1).subarray(0, graph.directRows).forEach((source, row) => {
    const first = row * outputs;
    const input = group[source];
    if (!drawn.has(input)) drawn.set(input, Number(alpha[first] === 1 || stream.uniform() < alpha[first]));
    mask.fill(drawn.get(input)! * rowGates[row], first, first + outputs);
  });
}

/** Draws gates, weights and biases of all layers from q. */
export function drawNetwork(posterior: Posterior, stream: Stream): DrawnLayer[] {
  const masks = drawMasks(posterior, stream);
  return posterior.layers.map((layer, l) => {
    const weight = masks[l];
    let open = 0;
    for (let w = 0; w < weight.length; w++) open += weight[w];
    // Most edges are closed once training is done: only the others are worth a number.
    const noise = stream.split('weight', l).normals(open);
    for (let w = 0, at = 0; w < weight.length; w++) if (weight[w]) weight[w] = layer.mu[w] + layer.sigma[w] * noise[at++];
    const bias = stream.split('bias', l).normals(layer.outputs);
    for (let j = 0; j < bias.length; j++) bias[j] = layer.biasMu[j] + layer.biasSigma[j] * bias[j];
    return { weight, bias };
  });
}

/**
 * Per layer the units from which edges lead on to an output of the network. All others change nothing in what it computes,
 * exactly.
 *
 * @param weights per layer d x k; 0 where there is no edge.
 * @param isOpen whether a source of the graph counts at all.
 */
export function livingUnits(
  graph: Graph, weights: readonly Float32Array[], isOpen: (source: number) => boolean = () => true,
): Int32Array[] {
  // Nobody asks for columns.
  const useful = graph.useful((l, w) => weights[l][w] !== 0, (source) => source >= graph.columns && isOpen(source));
  return graph.outputs.map((count, l) => {
    const all = Int32Array.from({ length: count }, (_, k) => k);
    if (l === graph.depth - 1) return all;
    const own = graph.tierPart(useful, l + 1);
    return all.filter((k) => own[k] === 1);
  });
}
