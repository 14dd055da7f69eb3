/** One compilation for all fits of a kind: restarts run the same step on other numbers. */
import * as tf from '@tensorflow/tfjs-core';
import type { Scan } from '../engine/scan.js';

let last: { key: string; scan: Scan } | undefined;

/** The scan of the latest call if that had the same key, else what `make` makes; it is freed when the next key comes. */
export function compiledOnce(key: string, make: () => Scan): Scan {
  const full = `${tf.getBackend()} ${key}`;
  if (last?.key !== full) {
    last?.scan.dispose();
    last = undefined;
    last = { key: full, scan: make() };
  }
  return last.scan;
}
