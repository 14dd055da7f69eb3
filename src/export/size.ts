/** What pruning saves in bytes: both networks are written with the same ONNX writer and measured. */
import { gzipSync } from 'node:zlib';
import type { CompressedModel, Encoder, Posterior } from '../types.js';
import { uncompressed } from '../inference/prune/prune.js';
import { writeOnnx } from './onnx/onnx.js';

/** Byte lengths of a file before and after pruning, as it is and gzipped. */
export interface Bytes {
  before: number;
  after: number;
  gzip: { before: number; after: number };
}

/** Of model.onnx with encoded columns. */
export function onnxBytes(posterior: Posterior, encoder: Encoder, model: CompressedModel, version: string): Bytes {
  const before = writeOnnx(uncompressed(posterior, encoder), version);
  const after = writeOnnx(model, version);
  return { before: before.length, after: after.length, gzip: { before: gzipBytes(before), after: gzipBytes(after) } };
}

/** Length of the bytes when they are gzipped, as servers and packages send them. */
export const gzipBytes = (bytes: Uint8Array): number => gzipSync(bytes).length;
