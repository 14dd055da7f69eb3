// onnxruntime: its WebAssembly build for predictions, its native one in a Python environment of the cache for timings.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import * as ort from 'onnxruntime-web';

const PACKAGES = ['onnxruntime==1.22.1', 'numpy'];

/** Float32 predictions, row after row, for x [n, d]. */
export async function predict(bytes, { rows, cols, data }) {
  const session = await ort.InferenceSession.create(bytes);
  const result = await session.run({ x: new ort.Tensor('float32', data, [rows, cols]) });
  return result[session.outputNames[0]].data;
}

/** Path of an interpreter with onnxruntime; makes the environment once. */
export function pythonWithOnnxruntime(cache) {
  const home = path.join(cache, 'python-onnxruntime');
  const python = path.join(home, 'bin', 'python');
  const works = () => existsSync(python) && versionOf(python) !== undefined;
  if (!works()) {
    mkdirSync(cache, { recursive: true });
    execFileSync('python3', ['-m', 'venv', '--clear', home], { stdio: 'inherit' });
    execFileSync(python, ['-m', 'pip', 'install', '-q', ...PACKAGES], { stdio: 'inherit' });
  }
  return python;
}

export function versionOf(python) {
  try {
    const code = 'import onnxruntime; print(onnxruntime.__version__)';
    return execFileSync(python, ['-c', code], { stdio: ['ignore', 'pipe', 'ignore'] }).toString().trim();
  } catch {
    return undefined;
  }
}
