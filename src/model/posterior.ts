/** From the flat parameter vector to the posterior in the model's own terms. */
import { logit, sigmoid, softplus } from '../maths/scalar.js';
import { likelihoodOf } from '../likelihood/index.js';
import type { InputGates, LayerPosterior, Posterior, SourceGates } from '../types.js';
import { tierGates } from './gates.js';
import { graphOfShape, type Graph } from './graph.js';
import { blockPrior, isKept, rowBlocks, type Prior } from './prior.js';
import { block, type BlockName, type Layout, type NetworkShape } from './shape.js';

/** Reads theta [P] as a {@link Posterior}; without a kind of gate its probabilities are ones. */
export function posteriorOf(theta: Float32Array, shape: NetworkShape, layout: Layout, prior: Prior): Posterior {
  const part = (name: BlockName, from: number, length: number, transform: (x: number) => number): Float32Array =>
    block(theta, layout, name)?.slice(from, from + length).map(transform) ?? new Float32Array(length).fill(1);
  const same = (x: number): number => x;
  const graph = graphOfShape(shape);
  const [inputGates, ...units] = layout.tiers.map(({ gate, gates }, t): SourceGates =>
    ({ z: part('zLogit', gate, gates, sigmoid), prior: prior.node[t] }));
  const layers = layout.layers.map(({ inputs, outputs, weight, unit }, l): LayerPosterior => {
    const size = inputs * outputs;
    const own = graph.blocks.flatMap(({ layer, feed }, b) =>
      (layer === l ? [{ rows: feed.units.length, ...blockPrior(prior, b) }] : []));
    const { rows: _, ...last } = own[own.length - 1];
    return {
      inputs, outputs, ...graph.field(l),
      mu: part('mu', weight, size, same),
      sigma: part('rho', weight, size, softplus),
      alpha: part('alphaLogit', weight, size, sigmoid),
      biasMu: part('biasMu', unit, outputs, same),
      biasSigma: part('biasRho', unit, outputs, softplus),
      prior: last,
      ...(own.length > 1 && { earlier: own.slice(0, -1) }),
    };
  });
  const noiseVariance = likelihoodOf(shape.task).learnsNoise ? Math.exp(block(theta, layout, 'logNoise')![0]) : 1;
  const inputs: InputGates = { ...inputGates, group: shape.inputGroup, ...(prior.own && { own: prior.own }) };
  if (prior.own) holdOpen(inputs, layers[layers.length - 1], graph);
  return { task: shape.task, activation: shape.activation, gates: shape.gates, inputs, units, layers, noiseVariance };
}

/** The gates of kept inputs, and their direct edges to the outputs: what has come near to 1 in training is 1. */
function holdOpen({ z, group, own }: InputGates, { alpha, outputs }: LayerPosterior, graph: Graph): void {
  z.forEach((_, gate) => { if (isKept(own, gate)) z[gate] = 1; });
  graph.rowsOfTier(graph.depth - 1, 0).forEach((row, column) => {
    if (row >= 0 && isKept(own, group[column])) alpha.fill(1, row * outputs, (row + 1) * outputs);
  });
}

/** Gate logits beyond this have no gradient left; a gate that was decided exactly is put here. */
const DECIDED = 16;

const boundedLogit = (p: number): number => Math.max(-DECIDED, Math.min(DECIDED, logit(p)));

/** The x with log(1 + e^x) = `value` > 0. */
export const inverseSoftplus = (value: number): number => (value > 20 ? value : Math.log(Math.expm1(value)));

/** The vector theta [P] that {@link posteriorOf} reads as this posterior; gates very near to 0 or 1 come a little away. */
export function thetaOf(posterior: Posterior, layout: Layout): Float32Array {
  const { layers, noiseVariance } = posterior;
  const theta = new Float32Array(layout.size);
  const put = (name: BlockName, from: number, values: Float32Array, transform: (x: number) => number): void =>
    block(theta, layout, name)?.set(values.map(transform), from);
  const same = (x: number): number => x;
  layers.forEach((layer, l) => {
    const { weight, unit } = layout.layers[l];
    put('mu', weight, layer.mu, same);
    put('rho', weight, layer.sigma, inverseSoftplus);
    put('alphaLogit', weight, layer.alpha, boundedLogit);
    put('biasMu', unit, layer.biasMu, same);
    put('biasRho', unit, layer.biasSigma, inverseSoftplus);
  });
  tierGates(posterior).forEach(({ z }, t) => put('zLogit', layout.tiers[t].gate, z, boundedLogit));
  block(theta, layout, 'logNoise')![0] = Math.log(noiseVariance);
  return theta;
}

/** The prior that a posterior was trained under last. */
export function priorOf(posterior: Posterior): Prior {
  const blocks = posterior.layers.flatMap(rowBlocks);
  const spikes = blocks.flatMap(({ spike }) => (spike === undefined ? [] : [spike]));
  return {
    node: tierGates(posterior).map(({ prior }) => prior), edge: blocks.map(({ edge }) => edge), tau: blocks.map(({ tau }) => tau),
    ...(spikes.length > 0 && { spike: spikes }), ...(posterior.inputs.own && { own: posterior.inputs.own }),
  };
}
