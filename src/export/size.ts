/** What pruning saves in bytes: both networks are written with the same ONNX writer and measured. */
import type { CompressedModel, Encoder, Posterior } from '../types.js';
import { uncompressed } from '../inference/prune.js';
import { writeOnnx } from './onnx.js';

/** Byte lengths of model.onnx before and after pruning. */
export function onnxBytes(
  posterior: Posterior, encoder: Encoder, model: CompressedModel, version: string,
): { before: number; after: number } {
  return {
    before: writeOnnx(uncompressed(posterior, encoder), version).length,
    after: writeOnnx(model, version).length,
  };
}
