/** What `prune` can export: each format with the files that it puts into the model folder. */

export const EXPORT_FILES = {
  onnx: ['model.onnx'],
  json: ['model.json'],
  js: ['model.mjs'],
} as const;

export type ExportFormat = keyof typeof EXPORT_FILES;

export const EXPORT_FORMATS = Object.keys(EXPORT_FILES) as ExportFormat[];
