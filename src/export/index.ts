/** Exports of a compressed model, as bytes; who calls decides where they go. */
import type { CompressedModel } from '../types.js';
import { writeEncoder } from './encoder.js';
import { EXPORT_FILES, EXPORT_FORMATS, type ExportFormat, type OnnxInput } from './formats.js';
import { writeJsModule } from './js/js.js';
import { writeJsonModel } from './json/json.js';
import { writeOnnx } from './onnx/onnx.js';
import { checkRange } from './range.js';
import { writeSafetensorsModel } from './safetensors/model.js';
import { writeSavedModel } from './savedmodel.js';
import { writeTfjsModel } from './tfjs.js';

export { readEncoder, writeEncoder } from './encoder.js';
export { EXPORT_FORMATS, ONNX_INPUTS, type ExportFormat, type OnnxInput } from './formats.js';
export { writeJsModule } from './js/js.js';
export { readJsonModel, writeJsonModel } from './json/json.js';
export { writeOnnx } from './onnx/onnx.js';
export { readSafetensors, writeSafetensors, type Tensor, type Tensors } from './safetensors/safetensors.js';
export { readSafetensorsModel, writeSafetensorsModel } from './safetensors/model.js';
export { writeSavedModel } from './savedmodel.js';
export { writeTfjsModel } from './tfjs.js';
export { gzipBytes, onnxBytes, type Bytes } from './size.js';

export interface ExportedFile {
  /** File name, with `/` where it is in a folder. */
  file: string;
  bytes: Uint8Array;
}

export interface ExportOptions {
  /** Default: `encoded`. */
  onnxInput?: OnnxInput | undefined;
}

type Writer = (model: CompressedModel, version: string, options: ExportOptions) => Uint8Array[];

/** The bytes of a format's files in the order of `EXPORT_FILES`. */
const WRITERS: Record<ExportFormat, Writer> = {
  onnx: (model, version, { onnxInput }) => [writeOnnx(model, version, onnxInput)],
  json: (model, version) => [writeJsonModel(model, version)],
  js: (model, version) => [writeJsModule(model, version)],
  safetensors: (model, version) => [writeSafetensorsModel(model, version)],
  tfjs: writeTfjsModel,
  savedmodel: writeSavedModel,
};

/**
 * The files of an export as asked for, and always `encoder.json`, without which nobody can feed most of them.
 *
 * @param version of the program, kept in the files.
 * @throws `run.model-not-finite`, `run.float32-range`.
 */
export function exportModel(
  model: CompressedModel, formats: readonly ExportFormat[], version: string, options: ExportOptions = {},
): ExportedFile[] {
  checkRange(model, formats, options.onnxInput);
  const files = EXPORT_FORMATS.filter((format) => formats.includes(format)).flatMap((format) => {
    const contents = WRITERS[format](model, version, options);
    return EXPORT_FILES[format].map((file, at) => ({ file, bytes: contents[at] }));
  });
  return [...files, { file: 'encoder.json', bytes: writeEncoder(model.encoder) }];
}
