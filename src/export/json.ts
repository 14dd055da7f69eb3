/**
 * The JSON model: everything `bnnc predict` needs, readable by any JSON parser (docs/formats.md). Keys stand in a fixed
 * order and numbers are printed as short as they round trip, so writing what was read gives the same bytes.
 */
import { fail } from '../errors.js';
import type { CompressedLayer, CompressedModel } from '../types.js';
import { orderedEncoder } from './encoder.js';
import { checkFinite } from './finite.js';
import { float32List } from './float32.js';
import { checkDocument, parseDocument } from './json-document.js';
import { modelSchema, type StoredLayer } from './json-schema.js';

export const MODEL_FORMAT = 'bnnc-model';
export const MODEL_SCHEMA_VERSION = 1;

/**
 * @param version of the program, for the reader's information.
 * @returns UTF-8 bytes of one JSON document, ending in a newline.
 * @throws `run.model-not-finite` when a number is NaN or infinite, which JSON cannot carry.
 */
export function writeJsonModel(model: CompressedModel, version: string): Uint8Array {
  checkFinite(model);
  const { task, activation, threshold, fineTuned, noiseVariance, inputPips, encoder, layers } = model;
  const head = {
    format: MODEL_FORMAT, schemaVersion: MODEL_SCHEMA_VERSION, bnnc: version,
    task, activation, threshold, ...(fineTuned !== undefined && { fineTuned }), noiseVariance, inputPips,
    encoder: orderedEncoder(encoder),
  };
  const lines = Object.entries(head).map(([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)},`);
  const text = ['{', ...lines, '  "layers": [', layers.map(layerText).join(',\n'), '  ]', '}', ''].join('\n');
  return new TextEncoder().encode(text);
}

/** Weights row by row, or as index-value lists when that is the shorter text. */
function layerText({ inputs, outputs, units, weight, weightSd, bias, biasSd }: CompressedLayer): string {
  const kept = Uint32Array.from(weight.keys()).filter((at) => weight[at] !== 0 || weightSd[at] !== 0);
  const pick = (values: Float32Array): Float32Array => Float32Array.from(kept, (at) => values[at]);
  const dense = ['"storage": "dense"', `"weight": ${float32List(weight)}`, `"weightSd": ${float32List(weightSd)}`];
  const sparse = [
    '"storage": "sparse"', `"index": [${kept.join(',')}]`,
    `"weight": ${float32List(pick(weight))}`, `"weightSd": ${float32List(pick(weightSd))}`,
  ];
  const length = (parts: string[]): number => parts.reduce((sum, part) => sum + part.length, 0);
  const parts = [
    `"inputs": ${inputs}`, `"outputs": ${outputs}`, `"units": ${JSON.stringify(units)}`,
    `"bias": ${float32List(bias)}`, `"biasSd": ${float32List(biasSd)}`,
    ...(length(sparse) < length(dense) ? sparse : dense),
  ];
  return `    {\n${parts.map((part) => `      ${part}`).join(',\n')}\n    }`;
}

/**
 * @param bytes a whole model.json.
 * @param file what errors call it.
 * @throws `run.not-json`, `run.not-a-model`, `run.model-version`, `run.model-invalid`.
 */
export function readJsonModel(bytes: Uint8Array, file: string): CompressedModel {
  const document = parseDocument(bytes, file);
  const { format, schemaVersion, bnnc } = (document ?? {}) as Record<string, unknown>;
  if (format !== MODEL_FORMAT) {
    throw fail('run.not-a-model', `this JSON file is not a bnnc model (its format is not '${MODEL_FORMAT}')`, {
      where: { file }, hint: "Give the model.json, or its folder, that 'bnnc prune' wrote.",
    });
  }
  if (schemaVersion !== MODEL_SCHEMA_VERSION) {
    const found = schemaVersion === undefined ? 'no schema version' : `schema version ${JSON.stringify(schemaVersion)}`;
    const by = typeof bnnc === 'string' ? `, written by bnnc ${bnnc}` : '';
    throw fail(
      'run.model-version',
      `the model has ${found}${by}; this program reads ${MODEL_SCHEMA_VERSION}`,
      { where: { file }, hint: "Use the program that wrote it, or export it again with this program's 'bnnc prune'." },
    );
  }
  const model = checkDocument(document, modelSchema, 'run.model-invalid', file);
  const { task, activation, threshold, fineTuned, noiseVariance, inputPips, encoder, layers } = model;
  return {
    task, activation, encoder, layers: layers.map(readLayer), noiseVariance, inputPips, threshold,
    ...(fineTuned !== undefined && { fineTuned }),
  };
}

function readLayer({ inputs, outputs, units, bias, biasSd, ...stored }: StoredLayer): CompressedLayer {
  const fill = (values: number[]): Float32Array => {
    if (stored.storage === 'dense') return Float32Array.from(values);
    const all = new Float32Array(inputs * outputs);
    stored.index.forEach((at, n) => (all[at] = values[n]));
    return all;
  };
  return {
    inputs, outputs, weight: fill(stored.weight), weightSd: fill(stored.weightSd),
    bias: Float32Array.from(bias), biasSd: Float32Array.from(biasSd), units,
  };
}
