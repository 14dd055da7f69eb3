// Time of one call of onnxruntime, for the dense network and for the exported one.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const SCRIPT = fileURLToPath(new URL('latency.py', import.meta.url));

/** Milliseconds a call by batch. */
export function latency(python, { dense, exported }, rounds) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'bnnc-latency-'));
  try {
    const files = [dense, exported].map(({ bytes }, at) => {
      const file = path.join(folder, `${at}.onnx`);
      writeFileSync(file, bytes);
      return file;
    });
    return JSON.parse(execFileSync(python, [SCRIPT, String(rounds), ...files]).toString());
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
