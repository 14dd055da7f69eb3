// The commands that are ended, and how many of `--times` fall to each.
import { fullPart, readOnlyPart } from './disk.mjs';
import { exportPart } from './export.mjs';
import { setupPart } from './setup.mjs';
import { forcePart, trainPart } from './train.mjs';
import { kill, starve, twoPart, workerPart } from './worker.mjs';

/** `share`: of `--times`. */
export const PARTS = {
  train: { run: trainPart('SIGKILL'), share: 1 },
  interrupt: { run: trainPart('SIGINT'), share: 0.25 },
  terminate: { run: trainPart('SIGTERM'), share: 0.125 },
  hangup: { run: trainPart('SIGHUP'), share: 0.125 },
  force: { run: forcePart, share: 1 },
  prune: { run: exportPart('`prune`, SIGKILL', ['json']), share: 1 },
  export: { run: exportPart('`prune` into all formats, SIGKILL', ['onnx', 'json', 'js', 'safetensors', 'tfjs', 'savedmodel']), share: 1 },
  setup: { run: setupPart, share: 1 },
  full: { run: fullPart, share: 0.2 },
  readonly: { run: readOnlyPart, share: 0.2 },
  worker: { run: workerPart('a worker of `train --jobs 2`, SIGKILL', kill), share: 0.2 },
  memory: { run: workerPart('a worker of `train --jobs 2` that gets no more memory', starve), share: 0.2 },
  two: { run: twoPart, share: 0.2 },
};
