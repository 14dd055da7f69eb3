/** What `prune` can export: each format with the files that it puts into the model folder, sub-folders with `/`. */

export const EXPORT_FILES = {
  onnx: ['model.onnx'],
  json: ['model.json'],
  js: ['model.mjs'],
  safetensors: ['model.safetensors'],
  tfjs: ['tfjs/model.json', 'tfjs/weights.bin'],
  savedmodel: ['savedmodel/saved_model.pb', 'savedmodel/assets.extra/bnnc.json'],
} as const;

export type ExportFormat = keyof typeof EXPORT_FILES;

export const EXPORT_FORMATS = Object.keys(EXPORT_FILES) as ExportFormat[];

/** Files that bnnc reads back, the preferred one first. */
export const READABLE_FILES = ['model.json', 'model.safetensors'];

/** Whether rows go into the ONNX model as encoded columns, or as the CSV file has them, to be encoded inside the graph. */
export const ONNX_INPUTS = ['encoded', 'raw'] as const;
export type OnnxInput = (typeof ONNX_INPUTS)[number];
