/** What every saved form that bnnc reads back has in common: the head of the document, and the checks of the whole. */
import { fail } from '../errors.js';
import { compressedGraph } from '../inference/predictive/compressed.js';
import { encodedNames } from '../inference/units.js';
import type { CompressedLayer, CompressedModel } from '../types.js';
import { checkDocumentChecksum } from './checksum.js';
import { orderedEncoder } from './encoder.js';
import { checkDocument } from './json/document.js';
import { modelRule, type StoredLayer } from './json/schema.js';

export const MODEL_FORMAT = 'bnnc-model';
/** That of networks whose layers read the layer before, and that of networks with skips, which earlier programs do not know. */
const CHAIN_VERSION = 1;
const SKIP_VERSION = 2;

/** All of a model but its layers, in the order in which it is written. */
export function modelHead(model: CompressedModel, version: string): Record<string, unknown> {
  const { task, activation, threshold, decisionThreshold, fineTuned, quantized, noiseVariance, inputPips, encoder } = model;
  return {
    format: MODEL_FORMAT, schemaVersion: compressedGraph(model).plain ? CHAIN_VERSION : SKIP_VERSION, bnnc: version,
    task, activation, threshold, ...(decisionThreshold !== undefined && { decisionThreshold }),
    ...(fineTuned !== undefined && { fineTuned }), ...(quantized !== undefined && { quantized }), noiseVariance, inputPips,
    encoder: orderedEncoder(encoder),
  };
}

/** The same for programs that have the layers from elsewhere. */
export function modelFacts(model: CompressedModel, version: string): Record<string, unknown> {
  const { format: _format, schemaVersion: _version, ...facts } = modelHead(model, version);
  return { ...facts, inputColumns: encodedNames(model.encoder) };
}

/**
 * @param document head and `layers`, as `modelRule` has them.
 * @param file what errors call it.
 * @throws `run.not-a-model`, `run.model-version`, `run.model-invalid`, `run.model-changed`.
 */
export function modelOf(document: unknown, file: string): CompressedModel {
  const { format, schemaVersion, bnnc } = (document ?? {}) as Record<string, unknown>;
  if (format !== MODEL_FORMAT) {
    throw fail('run.not-a-model', `this file is not a bnnc model (its format is not '${MODEL_FORMAT}')`, {
      where: { file }, hint: "Give the model.json or model.safetensors, or its folder, that 'bnnc prune' wrote.",
    });
  }
  if (schemaVersion !== CHAIN_VERSION && schemaVersion !== SKIP_VERSION) {
    const found = schemaVersion === undefined ? 'no schema version' : `schema version ${JSON.stringify(schemaVersion)}`;
    const by = typeof bnnc === 'string' ? `, written by bnnc ${bnnc}` : '';
    throw fail(
      'run.model-version',
      `the model has ${found}${by}; this program reads ${CHAIN_VERSION} and ${SKIP_VERSION}`,
      { where: { file }, hint: "Use the program that wrote it, or export it again with this program's 'bnnc prune'." },
    );
  }
  const model = checkDocument(document, modelRule, 'run.model-invalid', file);
  checkDocumentChecksum(model, file);
  const {
    task, activation, threshold, decisionThreshold, fineTuned, quantized, noiseVariance, inputPips, encoder, layers,
  } = model;
  return {
    task, activation, encoder, layers: layers.map(readLayer), noiseVariance, inputPips, threshold,
    ...(decisionThreshold !== undefined && { decisionThreshold }),
    ...(fineTuned !== undefined && { fineTuned }), ...(quantized !== undefined && { quantized }),
  };
}

function readLayer({ inputs, outputs, sources, units, bias, biasSd, ...stored }: StoredLayer): CompressedLayer {
  const fill = (values: number[]): Float32Array => {
    if (stored.storage === 'dense') return Float32Array.from(values);
    const all = new Float32Array(inputs * outputs);
    stored.index.forEach((at, n) => (all[at] = values[n]));
    return all;
  };
  return {
    inputs, outputs, ...(sources && { sources: Int32Array.from(sources) }),
    weight: fill(stored.weight), weightSd: fill(stored.weightSd),
    bias: Float32Array.from(bias), biasSd: Float32Array.from(biasSd), units,
  };
}

/** The kept weights of a layer: their places in the matrix, row by row, rising. */
export const keptPlaces = ({ weight, weightSd }: Pick<CompressedLayer, 'weight' | 'weightSd'>): Uint32Array =>
  Uint32Array.from(weight.keys()).filter((at) => weight[at] !== 0 || weightSd[at] !== 0);
