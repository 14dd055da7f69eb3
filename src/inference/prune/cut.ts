/**
 * The cut of a posterior as programs get it: pruned, with representatives of credible sets, and with weights that are fitted
 * after the cut (docs/method.md, Representatives; Weights after the cut).
 */
import { columnCount } from '../../data/feature.js';
import { subsetEncoder } from '../../data/index.js';
import { likelihoodOf } from '../../likelihood/index.js';
import type { PenalisedLinear } from '../../linear/types.js';
import { priorOfRow } from '../../model/prior.js';
import type { CompressedModel, Encoder, InputInclusion, InputSet, Matrix, Posterior } from '../../types.js';
import { representatives, type Representative } from '../inclusion/representatives.js';
import { columnPlaces, columnSubset, meanOutputs } from '../predictive/compressed-draws.js';
import { compressedGraph } from '../predictive/compressed.js';
import type { Pips } from './masks.js';
import { prune, type Pruned, type PruneOptions } from './prune.js';
import { directFit, expectedBy, type DirectEdges } from './refit.js';
import { grownReport, withBackground } from './with-background.js';

/** What is known beside the posterior and its PIPs. */
export interface CutFacts {
  /** Those that may have a representative. */
  sets: readonly InputSet[];
  inputs: readonly InputInclusion[];
  /** The penalised linear model, where there is one. */
  ridge?: PenalisedLinear | undefined;
  /** Encoded training rows [n, d_0], and the likelihood's response [n, K]. */
  x: Matrix;
  y: Matrix;
}

export interface Cut extends Pruned {
  representatives: Representative[];
}

/**
 * @param facts without them the network is pruned, and no more
 * @throws the errors of `prune`
 */
export function cutNetwork(posterior: Posterior, pips: Pips, encoder: Encoder, options: PruneOptions, facts?: CutFacts): Cut {
  const pruned = prune(posterior, pips, encoder, options);
  const { model, report } = pruned;
  if (!facts) return { ...pruned, representatives: [] };
  const wanted = options.level === 'all' || options.level === 'input';
  const kept = model.encoder.features.map(({ name }) => name);
  const found = wanted ? representatives(facts.sets, facts.inputs, kept, options.threshold) : [];
  const grown = refitted({ posterior, pips, encoder, model }, found, facts);
  if (grown === undefined) return { ...pruned, representatives: found };
  const tau = tausOf(pruned, grown, posterior);
  return { ...pruned, model: grown, tau, report: grownReport(report, grown), representatives: found };
}

interface Parts {
  posterior: Posterior;
  pips: Pips;
  encoder: Encoder;
  model: CompressedModel;
}

/**
 * A linear network of classes is fitted to targets halfway between those of the rows and what the penalised linear model expects
 * of them; to any other one edges of the representatives are added, fitted to what it leaves over. Undefined where there is
 * nothing to fit.
 */
function refitted(parts: Parts, found: readonly Representative[], { ridge, x, y }: CutFacts): CompressedModel | undefined {
  const { posterior, pips, encoder, model } = parts;
  const likelihood = likelihoodOf(posterior.task);
  const added = new Set(found.map(({ input }) => input));
  const own = new Set(columnPlaces(encoder, model.encoder));
  const inputs = encoder.features.flatMap(({ name, columns }) => columns.map(() => name));
  const union = subsetEncoder(encoder, inputs.map((name, c) => own.has(c) || added.has(name)));
  const features = new Set(union.features.map(({ name }) => name));
  const pipsOfUnion = encoder.features.flatMap(({ name }, f) => (features.has(name) ? [pips.inputs[f]] : []));
  const tau = directTau(posterior);
  const projects = model.layers.length === 1 && ridge !== undefined && likelihood.kind === 'class' && !likelihood.learnsNoise;
  if (columnCount(union.features) === 0 || (!projects && found.length === 0)) return undefined;
  if (projects) {
    const expected = expectedBy(ridge, likelihood, x);
    const halfway = { ...y, data: y.data.map((target, at) => (target + expected.data[at]) / 2) };
    const edges = directFit({ likelihood, x: columnSubset(encoder, union)(x), y: halfway, noiseVariance: 1, tau });
    // Of weights that were there the spread is known; that by curvature is far too wide where classes are told apart.
    const K = edges.bias.length;
    columnPlaces(union, model.encoder).forEach((place, c) =>
      edges.weightSd.set(model.layers[0].weightSd.subarray(c * K, (c + 1) * K), place * K));
    return joined(model, { ...edges, share: 0 }, union, pipsOfUnion);
  }
  const only = subsetEncoder(encoder, inputs.map((name) => added.has(name)));
  const offset = Float64Array.from(meanOutputs(model, columnSubset(encoder, model.encoder)(x)).values);
  const { noiseVariance } = posterior;
  const edges = directFit({ likelihood, x: columnSubset(encoder, only)(x), y, noiseVariance, tau, offset });
  const among = spreadOut(edges, columnPlaces(union, only), columnCount(union.features));
  return joined(model, { ...among, share: 1 }, union, pipsOfUnion);
}

function joined(model: CompressedModel, edges: DirectEdges & { share: number }, union: Encoder, pips: number[]): CompressedModel {
  const grown = withBackground(model, edges, union, pips, edges.weightSd);
  const last = grown.layers.length - 1;
  const { biasSd } = model.layers[last];
  return { ...grown, layers: grown.layers.map((layer, l) => (l === last ? { ...layer, biasSd } : layer)) };
}

/** Edges of some columns among those of all, whose others are zero. */
function spreadOut({ weight, weightSd, bias }: DirectEdges, places: readonly number[], columns: number): DirectEdges {
  const K = bias.length;
  const put = (values: Float32Array): Float32Array => {
    const all = new Float32Array(columns * K);
    places.forEach((place, c) => all.set(values.subarray(c * K, (c + 1) * K), place * K));
    return all;
  };
  return { weight: put(weight), weightSd: put(weightSd), bias };
}

/** The slab of edges that lead directly from the inputs to the outputs. */
const directTau = ({ layers }: Posterior): number => priorOfRow(layers[layers.length - 1], 0).tau;

function tausOf({ model, tau }: Pruned, grown: CompressedModel, posterior: Posterior): number[] {
  const known = new Map(compressedGraph(model).blocks.map(({ layer, feed }, b) => [`${layer} ${feed.tier}`, tau[b]]));
  return compressedGraph(grown).blocks.map(({ layer, feed }) => known.get(`${layer} ${feed.tier}`) ?? directTau(posterior));
}
