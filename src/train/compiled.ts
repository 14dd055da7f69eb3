/** One compilation for all fits of a kind: restarts run the same step on other numbers. */
import * as tf from '@tensorflow/tfjs-core';
import type { Scan } from '../engine/scan.js';

let last: { key: string; scan: Scan } | undefined;

/**
 * The scan of the latest call if that had the same key, else what `make` makes; it is freed when the next key comes. A scan
 * that is not compiled reads the tensors of its own fit and is made anew.
 */
export function compiledOnce(key: string, make: () => Scan): Scan {
  if (tf.getBackend() !== 'tensorflow') return make();
  if (last?.key !== key) {
    last?.scan.dispose();
    last = undefined;
    last = { key, scan: make() };
  }
  return last.scan;
}
