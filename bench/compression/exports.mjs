// Both networks of a run as ONNX: the dense reference, and the pruned and quantized one; with the test rows that each takes.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { prune } from 'bnnc';
import {
  encode, encodeHeldOut, heldOutRows, networkSize, posteriorFromTensors, readEncoder, readSafetensors, RunRows, uncompressed,
  writeOnnx,
} from 'bnnc/parts';
import { readData } from '../truth/files.mjs';

export async function exportsOf(run, set, folder) {
  const encoder = await readEncoder(run);
  const rows = await testRows(run, set, folder);
  const file = path.join(run.path, 'dense.safetensors');
  const posterior = posteriorFromTensors(readSafetensors(new Uint8Array(readFileSync(file)), file), file);
  const dense = uncompressed(posterior, encoder);
  const [plain, small] = [await pruned(run, set.prune), await pruned(run, { ...set.prune, quantize: true })];
  const before = writeOnnx(dense, 'bench');
  return {
    target: encoder.target,
    dense: { model: dense, bytes: before, ...rows(encoder) },
    exported: { bytes: small.bytes, ...rows(small.encoder) },
    facts: {
      task: encoder.target.task, prune: set.prune,
      inputs: { before: encoder.features.length, after: small.encoder.features.length },
      parameters: { before: networkSize(dense).parameters, after: small.report.after.parameters },
      weights: small.report.after.nonZero,
      multiplyAdds: { before: networkSize(dense).multiplyAdds, after: small.report.after.multiplyAdds },
      bytes: { before: before.length, plain: plain.bytes.length, after: small.bytes.length },
      gzip: { before: gzipSync(before).length, plain: gzipSync(plain.bytes).length, after: gzipSync(small.bytes).length },
      bits: small.report.quantization.layers.map(({ bits }) => bits),
    },
  };
}

/** What `bnnc prune` would write. */
async function pruned(run, options) {
  const { report, model, files } = await prune(run, { formats: ['onnx'], ...options });
  return { report, bytes: files.find(({ file }) => file === 'model.onnx').bytes, encoder: model.encoder };
}

/** Test rows by encoder: those that the run held out, or those of another file. */
async function testRows(run, { test }, folder) {
  if (test) {
    const table = await readData(folder, test);
    return (encoder) => encode(table, encoder);
  }
  const found = await heldOutRows(run, new RunRows(run));
  if ('reason' in found) throw new Error(found.reason);
  return (encoder) => encodeHeldOut(found, encoder);
}
