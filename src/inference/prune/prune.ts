/**
 * Pruning (docs/method.md): threshold PIPs to masks, drop what no path from an input to an output uses, fold constant
 * units into biases, and keep physically smaller matrices of posterior means given that the gates are on.
 */
import { subsetEncoder } from '../../data/index.js';
import { fail } from '../../errors.js';
import { Graph, graphOf } from '../../model/graph.js';
import { priorOfRow } from '../../model/prior.js';
import type { CompressedLayer, CompressedModel, Encoder, Posterior } from '../../types.js';
import { foldConstants, type Biases } from './fold-constants.js';
import { findLiving, thresholdMasks, type Living, type Masks, type Pips, type PruneLevel } from './masks.js';
import { networkSize, posteriorSize, type NetworkSize } from './size.js';
import { checkThreshold } from '../inclusion/select.js';
import { compressedGraph } from '../predictive/compressed.js';
import { hiddenUnit, outputUnits } from '../units.js';

export interface PruneOptions {
  /** Weights, nodes and inputs with PIP >= threshold are kept. */
  threshold: number;
  level: PruneLevel;
}

/** What pruning saved. */
export interface PruneReport {
  before: NetworkSize;
  after: NetworkSize;
  /** Units left: `inputs` (features), `columns` (encoded), `h1`, ..., `outputs`. */
  units: { name: string; before: number; after: number }[];
}

export interface Pruned {
  model: CompressedModel;
  /** What passed the threshold, before the sweep. The network with these masks gives the same output as the model. */
  masks: Masks;
  living: Living;
  /** Which layers of the posterior those of the model are: a hidden layer of which no unit is left has gone. */
  layers: number[];
  /** Slab scale of each block of the model's weights (model/graph.ts): the prior that they were trained under. */
  tau: number[];
  report: PruneReport;
}

/**
 * The compressed network at a threshold. A weight survives iff its own PIP, its source's and its target's pass. When no
 * path is left the model is a single layer with 0 inputs and the (folded) output biases.
 *
 * @param pips as `inclusion(posterior)` gives them.
 * @throws `usage.threshold` for a threshold outside [0, 1]; `run.encoder-mismatch` when the encoder is not the posterior's.
 */
export function prune(posterior: Posterior, pips: Pips, encoder: Encoder, { threshold, level }: PruneOptions): Pruned {
  checkThreshold(threshold);
  checkEncoder(posterior, encoder);
  const { activation, task, noiseVariance } = posterior;
  const masks = thresholdMasks(posterior, pips, threshold, level);
  const living = findLiving(posterior, masks);
  const biases = foldConstants(posterior, masks, living);
  const left = remainder(posterior, masks, living);
  const columns = Array.from(living.sources[0], Boolean);
  const kept = new Set(columns.flatMap((keep, i) => (keep ? [posterior.inputs.group[i]] : [])));
  const model: CompressedModel = {
    task,
    activation,
    encoder: subsetEncoder(encoder, columns),
    layers: compressLayers(posterior, left, masks, biases, outputUnits(encoder.target)),
    noiseVariance,
    inputPips: [...kept].sort((a, b) => a - b).map((feature) => pips.inputs[feature]),
    threshold,
  };
  const tau = compressedGraph(model).blocks.map(({ layer, feed }) =>
    priorOfRow(posterior.layers[left[layer].l], left[layer].rows[feed.row]).tau);
  return { model, masks, living, layers: left.map(({ l }) => l), tau, report: reportSavings(posterior, model, living) };
}

/** The whole network in compressed form: every weight, every input. What "before" sizes are measured on. */
export function uncompressed(posterior: Posterior, encoder: Encoder): CompressedModel {
  const ones = (length: number): Float64Array => new Float64Array(length).fill(1);
  const pips: Pips = {
    weights: posterior.layers.map(({ mu }) => new Float32Array(mu.length).fill(1)),
    nodes: posterior.layers.slice(0, -1).map(({ outputs }) => ones(outputs)),
    inputs: ones(posterior.inputs.z.length),
  };
  return prune(posterior, pips, encoder, { threshold: 0, level: 'all' }).model;
}

/**
 * A group of columns shares a gate, so features and gates must agree too, not only columns and rows.
 * @param file of the encoder, when it was read from one
 * @throws `run.encoder-mismatch`
 */
export function checkEncoder({ task, inputs: { group }, layers }: Posterior, encoder: Encoder, file?: string): void {
  const where = file === undefined ? undefined : { file };
  const hint = 'Use the encoder of the run that the posterior belongs to.';
  if (encoder.target.task !== task) {
    throw fail('run.encoder-mismatch', `the encoder's target is for ${encoder.target.task}, the network for ${task}`, { hint, where });
  }
  const groups = encoder.features.flatMap((feature, index) => feature.columns.map(() => index));
  const { outputs } = layers[layers.length - 1];
  const same = groups.length === group.length && groups.every((feature, i) => feature === group[i]);
  if (same && outputUnits(encoder.target).length === outputs) return;
  throw fail(
    'run.encoder-mismatch',
    `the encoder does not fit the network: encoded columns ${groups.length} against ${group.length}, ` +
      `outputs ${outputUnits(encoder.target).length} against ${outputs}, or another order`,
    { hint, where },
  );
}

/** What is left of a layer of the posterior. */
interface Remnant {
  l: number;
  /** Rows and columns of its matrix: sources that feed it, and units. */
  rows: number[];
  cols: number[];
  /** What the rows are among the sources that are left. */
  field: { sources?: Int32Array };
}

/** The layers of which anything is left; the last one, which gives the biases, in any case. */
function remainder(posterior: Posterior, masks: Masks, living: Living): Remnant[] {
  const { layers } = posterior;
  const last = layers.length - 1;
  const kept = living.sources.map((flags) => Int32Array.from(indices(flags)));
  const cols = layers.map(({ outputs }, l) => (l === last ? [...Array(outputs).keys()] : [...kept[l + 1]]));
  const left = graphOf(posterior).restricted(kept).map(({ rows, sources }, l) => {
    // A source that lives through another layer may have no weight left in this one.
    const feeding = [...rows.keys()].filter((at) => cols[l].some((j) => masks.weights[l][rows[at] * layers[l].outputs + j]));
    return { l, cols: cols[l], rows: feeding.map((at) => rows[at]), sources: Int32Array.from(feeding, (at) => sources[at]) };
  }).filter(({ l }) => l === last || cols[l].length > 0);
  const graph = new Graph(kept[0].length, left.map(({ rows, sources, l }) =>
    ({ inputs: rows.length, outputs: cols[l].length, sources })));
  return left.map(({ l, rows, cols: units }, at) => ({ l, rows, cols: units, field: graph.field(at) }));
}

function compressLayers(
  { layers }: Posterior, left: readonly Remnant[], masks: Masks, biases: Biases[], outputs: string[],
): CompressedLayer[] {
  return left.map(({ l, rows, cols, field }) => {
    const layer = layers[l];
    const places = rows.flatMap((i) => cols.map((j) => i * layer.outputs + j));
    const take = (values: Float32Array): Float32Array =>
      Float32Array.from(places, (place) => (masks.weights[l][place] ? values[place] : 0));
    return {
      inputs: rows.length,
      outputs: cols.length,
      ...field,
      weight: take(layer.mu),
      weightSd: take(layer.sigma),
      bias: Float32Array.from(cols, (j) => biases[l].mean[j]),
      biasSd: Float32Array.from(cols, (j) => Math.sqrt(biases[l].variance[j])),
      units: cols.map((j) => (l === layers.length - 1 ? outputs[j] : hiddenUnit(l, j))),
    };
  });
}

const indices = (flags: Uint8Array): number[] => Array.from(flags.keys()).filter((index) => flags[index] === 1);

function reportSavings(posterior: Posterior, model: CompressedModel, { sources }: Living): PruneReport {
  const { inputs, units, layers } = posterior;
  const outputs = layers[layers.length - 1].outputs;
  const count = (l: number): number => indices(sources[l]).length;
  return {
    before: posteriorSize(posterior),
    after: networkSize(model),
    units: [
      { name: 'inputs', before: inputs.z.length, after: model.inputPips.length },
      { name: 'columns', before: inputs.group.length, after: count(0) },
      ...units.map(({ z }, h) => ({ name: `h${h + 1}`, before: z.length, after: count(h + 1) })),
      { name: 'outputs', before: outputs, after: outputs },
    ],
  };
}
