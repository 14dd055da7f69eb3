// The Python that is measured against: JAX, optax and PyTorch in a virtual environment of the cache.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const CPU_BUILD = ['torch', '--index-url', 'https://download.pytorch.org/whl/cpu'];

/** Path of the interpreter; makes the environment once. */
export function pythonEnvironment() {
  const cache = process.env.BNNC_CACHE ?? path.join(process.env.XDG_CACHE_HOME ?? path.join(os.homedir(), '.cache'), 'bnnc');
  const home = path.join(cache, 'bench-python');
  const python = path.join(home, 'bin', 'python');
  if (existsSync(path.join(home, 'complete'))) return python;
  mkdirSync(cache, { recursive: true });
  execFileSync('python3', ['-m', 'venv', '--clear', home], { stdio: 'inherit' });
  const install = (...what) => execFileSync(python, ['-m', 'pip', 'install', '-q', ...what], { stdio: 'inherit' });
  install('numpy', 'jax', 'optax');
  try {
    install('--retries', '1', '--timeout', '15', ...CPU_BUILD);
  } catch {
    process.stderr.write("PyTorch's CPU build cannot be reached; PyPI's default build it is (on Linux with CUDA libraries, some GB).\n");
    install('torch');
  }
  writeFileSync(path.join(home, 'complete'), '');
  return python;
}

/** What runs, in words. */
export function pythonVersions(python) {
  const code = "import jax, torch, optax; print(f'JAX {jax.__version__}, optax {optax.__version__}, PyTorch {torch.__version__}')";
  return execFileSync(python, ['-c', code]).toString().trim();
}
