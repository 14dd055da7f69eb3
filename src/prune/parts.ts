/** What pruning needs of a run. */
import type { Pips } from '../inference/prune/masks.js';
import type { Encoder, Posterior } from '../types.js';
import type { RunFolder } from '../store/open.js';
import { readEncoder, readPips, readPosterior } from '../store/parts.js';

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
