/**
 * The model as a safetensors file: `layers.0.weight`, `.weightSd`, `.bias` and `.biasSd` of each layer as float32, and everything
 * else of model.json as text in the metadata. Where that takes fewer bytes, the kept weights stand alone, as lists, with their
 * places in `layers.0.index` and the shape of the matrix in `layers.0.shape`. A layer that reads other units than those of the
 * layer before names them in `layers.0.sources`. The model comes back from it bit for bit.
 */
import { fail } from '../../errors.js';
import { compressedGraph } from '../../inference/predictive/compressed.js';
import type { CompressedLayer, CompressedModel } from '../../types.js';
import { BLANK_CHECKSUM, checkBytes, CHECKSUM, sealBytes } from '../checksum.js';
import { checkFinite } from '../finite.js';
import { keptPlaces, MODEL_FORMAT, modelHead, modelOf } from '../model-document.js';
import { readSafetensors, writeSafetensors, type Tensors } from './safetensors.js';

/** Head keys that are text already; the others are written as JSON. */
const TEXTS = new Set(['format', 'bnnc', 'task', 'activation']);

/**
 * @param version of the program, for the reader's information.
 * @throws `run.model-not-finite`.
 */
export function writeSafetensorsModel(model: CompressedModel, version: string): Uint8Array {
  checkFinite(model);
  const tensors: Tensors = {};
  const graph = compressedGraph(model);
  model.layers.forEach((layer, l) => {
    const { inputs, outputs, bias, biasSd } = layer;
    const { sources } = graph.field(l);
    if (sources) tensors[`layers.${l}.sources`] = { shape: [inputs], data: sources };
    for (const [name, tensor] of Object.entries(weightTensors(layer))) tensors[`layers.${l}.${name}`] = tensor;
    for (const [name, data] of Object.entries({ bias, biasSd })) tensors[`layers.${l}.${name}`] = { shape: [outputs], data };
  });
  const head = { ...modelHead(model, version), units: model.layers.map(({ units }) => units) };
  const metadata = Object.entries(head).map(([key, value]) => [key, TEXTS.has(key) ? String(value) : JSON.stringify(value)]);
  const texts = Object.fromEntries(metadata) as Record<string, string>;
  const bytes = writeSafetensors(tensors, { ...texts, [CHECKSUM]: BLANK_CHECKSUM });
  return sealBytes(bytes, Buffer.from(bytes.buffer).indexOf(`"${CHECKSUM}":"${BLANK_CHECKSUM}"`) + CHECKSUM.length + 4);
}

/**
 * @param bytes a whole model.safetensors.
 * @param file what errors call it.
 * @throws `run.tensors-damaged`, `run.tensors-type`, `run.not-a-model`, `run.model-version`, `run.model-invalid`,
 *   `run.model-changed`.
 */
export function readSafetensorsModel(bytes: Uint8Array, file: string): CompressedModel {
  const { tensors, metadata } = readSafetensors(bytes, file);
  // Other programs' metadata need not be JSON.
  if (metadata.format !== MODEL_FORMAT) return modelOf(metadata, file);
  const { [CHECKSUM]: checksum, ...texts } = metadata;
  const { units, ...head } = Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, headValue(key, text, file)]));
  const numbers = (name: string): number[] | undefined => tensors[name] && Array.from(tensors[name].data);
  const layers = (Array.isArray(units) ? units : []).map((names: unknown, l) => {
    const index = numbers(`layers.${l}.index`);
    const [inputs, outputs] = (index ? numbers(`layers.${l}.shape`) : tensors[`layers.${l}.weight`]?.shape) ?? [];
    const arrays = ['weight', 'weightSd', 'bias', 'biasSd'].map((name) => [name, numbers(`layers.${l}.${name}`)]);
    const sources = numbers(`layers.${l}.sources`);
    const storage = index ? { storage: 'sparse', index } : { storage: 'dense' };
    const rest = Object.fromEntries(arrays) as object;
    return { ...storage, inputs, outputs, ...(sources && { sources }), units: names, ...rest };
  });
  const model = modelOf({ ...head, layers }, file);
  // Last, for a part that is missing or does not fit says more.
  if (checksum !== undefined) checkBytes(bytes, checksum, file);
  return model;
}

/** What the second list of an index and the two more entries of the header take. */
const SPARSE_COST = 200;

function weightTensors(layer: CompressedLayer): Tensors {
  const { inputs, outputs, weight, weightSd } = layer;
  const kept = keptPlaces(layer);
  if (12 * kept.length + SPARSE_COST >= 8 * weight.length) {
    return { weight: { shape: [inputs, outputs], data: weight }, weightSd: { shape: [inputs, outputs], data: weightSd } };
  }
  const list = (values: Float32Array): Tensors[string] =>
    ({ shape: [kept.length], data: Float32Array.from(kept, (at) => values[at]) });
  return {
    index: { shape: [kept.length], data: Int32Array.from(kept) }, shape: { shape: [2], data: Int32Array.of(inputs, outputs) },
    weight: list(weight), weightSd: list(weightSd),
  };
}

function headValue(key: string, text: string, file: string): unknown {
  if (TEXTS.has(key)) return text;
  try {
    return JSON.parse(text);
  } catch {
    throw fail('run.model-invalid', `${key}: its metadata are not JSON`, {
      where: { file }, hint: 'The file was changed or damaged: make it again.',
    });
  }
}
