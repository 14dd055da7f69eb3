/** What pruning needs of a run, and how much smaller the median probability model is than the whole network. */
import type { Pips } from '../inference/prune/masks.js';
import type { Encoder, Posterior } from '../types.js';
import type { RunFolder } from '../store/open.js';
import { readEncoder, readPips, readPosterior } from '../store/parts.js';
import { onnxBytes, type Bytes } from '../export/index.js';
import { prune, type Pruned, type PruneReport } from '../inference/prune/prune.js';
import { programVersion } from '../version.js';

export interface PruneParts {
  posterior: Posterior;
  encoder: Encoder;
  pips: Pips;
}

/** @throws run.damaged */
export async function readParts(run: RunFolder): Promise<PruneParts> {
  const [posterior, encoder] = [await readPosterior(run), await readEncoder(run)];
  return { posterior, encoder, pips: await readPips(run, posterior, encoder) };
}

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
