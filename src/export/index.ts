/** Exports of a compressed model, as bytes; who calls decides where they go. */
import type { CompressedModel } from '../types.js';
import { writeEncoder } from './encoder.js';
import { writeJsonModel } from './json.js';
import { writeOnnx } from './onnx.js';

export { readEncoder, writeEncoder } from './encoder.js';
export { readJsonModel, writeJsonModel } from './json.js';
export { writeOnnx } from './onnx.js';
export { readSafetensors, writeSafetensors, type Tensor, type Tensors } from './safetensors.js';
export { onnxBytes } from './size.js';

export const EXPORT_FORMATS = ['onnx', 'json'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export interface ExportedFile {
  /** File name without a folder. */
  file: string;
  bytes: Uint8Array;
}

/**
 * The files of an export: `model.onnx` and `model.json` as asked for, and always `encoder.json`, without which nobody
 * can feed the ONNX model.
 *
 * @param version of the program, kept in the files.
 */
export function exportModel(model: CompressedModel, formats: readonly ExportFormat[], version: string): ExportedFile[] {
  const writers = { onnx: writeOnnx, json: writeJsonModel };
  const files = EXPORT_FORMATS.filter((format) => formats.includes(format))
    .map((format) => ({ file: `model.${format}`, bytes: writers[format](model, version) }));
  return [...files, { file: 'encoder.json', bytes: writeEncoder(model.encoder) }];
}
