/**
 * Pruning (docs/method.md): threshold PIPs to masks, drop what no path from an input to an output uses, fold constant
 * units into biases, and keep physically smaller matrices of posterior means given that the gates are on.
 */
import { subsetEncoder } from '../../data/index.js';
import { fail } from '../../errors.js';
import type { CompressedLayer, CompressedModel, Encoder, LayerPosterior, Posterior } from '../../types.js';
import { foldConstants, type Biases } from './fold-constants.js';
import { findLiving, thresholdMasks, type Living, type Masks, type Pips, type PruneLevel } from './masks.js';
import { networkSize, posteriorSize, type NetworkSize } from './size.js';
import { checkThreshold } from '../threshold.js';
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
  const { layers, activation, task, noiseVariance } = posterior;
  const masks = thresholdMasks(layers, pips, threshold, level);
  const living = findLiving(layers, masks);
  const biases = foldConstants(layers, masks, living, activation);
  const columns = Array.from(living.sources[0], Boolean);
  const kept = new Set(columns.flatMap((keep, i) => (keep ? [layers[0].group[i]] : [])));
  const model: CompressedModel = {
    task,
    activation,
    encoder: subsetEncoder(encoder, columns),
    layers: compressLayers(layers, masks, living, biases, outputUnits(encoder.target)),
    noiseVariance,
    inputPips: [...kept].sort((a, b) => a - b).map((feature) => pips.inputs[feature]),
    threshold,
  };
  return { model, masks, living, report: reportSavings(posterior, model, living) };
}

/** The whole network in compressed form: every weight, every input. What "before" sizes are measured on. */
export function uncompressed(posterior: Posterior, encoder: Encoder): CompressedModel {
  const ones = (length: number): Float64Array => new Float64Array(length).fill(1);
  const pips: Pips = {
    weights: posterior.layers.map(({ mu }) => new Float32Array(mu.length).fill(1)),
    nodes: posterior.layers.slice(0, -1).map(({ outputs }) => ones(outputs)),
    inputs: ones(posterior.layers[0].z.length),
  };
  return prune(posterior, pips, encoder, { threshold: 0, level: 'all' }).model;
}

/**
 * A group of columns shares a gate, so features and gates must agree too, not only columns and rows.
 * @param file of the encoder, when it was read from one
 * @throws `run.encoder-mismatch`
 */
export function checkEncoder({ task, layers: [first, ...rest] }: Posterior, encoder: Encoder, file?: string): void {
  const where = file === undefined ? undefined : { file };
  const hint = 'Use the encoder of the run that the posterior belongs to.';
  if (encoder.target.task !== task) {
    throw fail('run.encoder-mismatch', `the encoder's target is for ${encoder.target.task}, the network for ${task}`, { hint, where });
  }
  const groups = encoder.features.flatMap((feature, index) => feature.columns.map(() => index));
  const outputs = (rest.at(-1) ?? first).outputs;
  const same = groups.length === first.inputs && groups.every((feature, i) => feature === first.group[i]);
  if (same && outputUnits(encoder.target).length === outputs) return;
  throw fail(
    'run.encoder-mismatch',
    `the encoder does not fit the network: encoded columns ${groups.length} against ${first.inputs}, ` +
      `outputs ${outputUnits(encoder.target).length} against ${outputs}, or another order`,
    { hint, where },
  );
}

function compressLayers(
  layers: readonly LayerPosterior[], masks: Masks, living: Living, biases: Biases[], outputs: string[],
): CompressedLayer[] {
  // With any path every layer has a living unit; without one only the last biases remain.
  const first = living.sources[0].includes(1) ? 0 : layers.length - 1;
  return layers.slice(first).map((layer, offset) => {
    const l = first + offset;
    const rows = indices(living.sources[l]);
    const last = l === layers.length - 1;
    const cols = last ? outputs.map((_, k) => k) : indices(living.sources[l + 1]);
    const places = rows.flatMap((i) => cols.map((j) => i * layer.outputs + j));
    const take = (values: Float32Array): Float32Array =>
      Float32Array.from(places, (at) => (masks.weights[l][at] ? values[at] : 0));
    return {
      inputs: rows.length,
      outputs: cols.length,
      weight: take(layer.mu),
      weightSd: take(layer.sigma),
      bias: Float32Array.from(cols, (j) => biases[l].mean[j]),
      biasSd: Float32Array.from(cols, (j) => Math.sqrt(biases[l].variance[j])),
      units: cols.map((j) => (last ? outputs[j] : hiddenUnit(l, j))),
    };
  });
}

const indices = (flags: Uint8Array): number[] => Array.from(flags.keys()).filter((index) => flags[index] === 1);

function reportSavings(posterior: Posterior, model: CompressedModel, { sources }: Living): PruneReport {
  const { layers } = posterior;
  const outputs = layers[layers.length - 1].outputs;
  const count = (l: number): number => indices(sources[l]).length;
  return {
    before: posteriorSize(posterior),
    after: networkSize(model),
    units: [
      { name: 'inputs', before: layers[0].z.length, after: model.inputPips.length },
      { name: 'columns', before: layers[0].inputs, after: count(0) },
      ...layers.slice(1).map(({ inputs }, h) => ({ name: `h${h + 1}`, before: inputs, after: count(h + 1) })),
      { name: 'outputs', before: outputs, after: outputs },
    ],
  };
}
