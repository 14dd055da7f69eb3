/**
 * The JSON model: everything `bnnc predict` needs, readable by any JSON parser (docs/formats.md). Keys stand in a fixed
 * order and numbers are printed as short as they round trip, so writing what was read gives the same bytes.
 */
import { compressedGraph } from '../../inference/predictive/compressed.js';
import type { CompressedLayer, CompressedModel } from '../../types.js';
import { CHECKSUM, documentChecksum } from '../checksum.js';
import { checkFinite } from '../finite.js';
import { float32List } from '../float32.js';
import { parseDocument } from './document.js';
import { keptPlaces, modelHead, modelOf } from '../model-document.js';

/**
 * @param version of the program, for the reader's information.
 * @returns UTF-8 bytes of one JSON document, ending in a newline.
 * @throws `run.model-not-finite` when a number is NaN or infinite, which JSON cannot carry.
 */
export function writeJsonModel(model: CompressedModel, version: string): Uint8Array {
  checkFinite(model);
  const graph = compressedGraph(model);
  const lines = Object.entries(modelHead(model, version)).map(([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)},`);
  const text = ['{', ...lines, '  "layers": [', model.layers.map((layer, l) => layerText(layer, graph.field(l))).join(',\n'), '  ]', '}', ''].join('\n');
  return new TextEncoder().encode(text.replace(/\n\}\n$/, `,\n  "${CHECKSUM}": "${documentChecksum(JSON.parse(text) as object)}"\n}\n`));
}

/** Weights row by row, or as index-value lists when that is the shorter text. */
function layerText(layer: CompressedLayer, { sources }: Pick<CompressedLayer, 'sources'>): string {
  const { inputs, outputs, units, weight, weightSd, bias, biasSd } = layer;
  const kept = keptPlaces(layer);
  const pick = (values: Float32Array): Float32Array => Float32Array.from(kept, (at) => values[at]);
  const dense = ['"storage": "dense"', `"weight": ${float32List(weight)}`, `"weightSd": ${float32List(weightSd)}`];
  const sparse = [
    '"storage": "sparse"', `"index": [${kept.join(',')}]`,
    `"weight": ${float32List(pick(weight))}`, `"weightSd": ${float32List(pick(weightSd))}`,
  ];
  const length = (parts: string[]): number => parts.reduce((sum, part) => sum + part.length, 0);
  const parts = [
    `"inputs": ${inputs}`, `"outputs": ${outputs}`, ...(sources ? [`"sources": [${sources.join(',')}]`] : []),
    `"units": ${JSON.stringify(units)}`,
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
export const readJsonModel = (bytes: Uint8Array, file: string): CompressedModel => modelOf(parseDocument(bytes, file), file);
