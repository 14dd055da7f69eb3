/** How much smaller the median probability model of a run is than its whole network. */
import { onnxBytes, type Bytes } from '../export/index.js';
import { prune, type Pruned, type PruneReport } from '../inference/prune/prune.js';
import type { PruneParts } from './parts.js';
import { programVersion } from '../version.js';

export interface Sizes extends Pick<PruneReport, 'before' | 'after'> {
  /** Length of model.onnx. */
  onnxBytes: Bytes;
}

/** PIP of what the median probability model keeps. */
const MEDIAN = 0.5;

/** The median probability model, and what it saves. */
export function medianModel({ posterior, pips, encoder }: PruneParts): { model: Pruned['model']; sizes: Sizes } {
  const { model, report: { before, after } } = prune(posterior, pips, encoder, { threshold: MEDIAN, level: 'all' });
  return { model, sizes: { before, after, onnxBytes: onnxBytes(posterior, encoder, model, programVersion()) } };
}
