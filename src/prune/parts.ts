/** What pruning needs of a run, and how much smaller the median probability model is than the whole network. */
import type { Pips } from '../inference/prune/masks.js';
import type { Encoder, Posterior } from '../types.js';
import type { RunFolder } from '../store/open.js';
import { readCutFacts } from '../store/cut-facts.js';
import type { RunRows } from '../store/run-rows.js';
import { readConfig, readEncoder, readPips, readPosterior, readReference } from '../store/parts.js';
import { cutNetwork, type CutFacts } from '../inference/prune/cut.js';
import type { Pruned } from '../inference/prune/prune.js';
import { networkShape } from '../work/prepare.js';
import { askedFor, savings, sizesOf, type Sizes } from '../work/sizes.js';

export { savings, type Sizes };

export interface PruneParts {
  posterior: Posterior;
  encoder: Encoder;
  pips: Pips;
  /** What a cut needs beside these, or why it cannot be had. */
  facts?: CutFacts;
  withoutFacts?: string;
  /** The network asked for where another was chosen in its place, a linear fit or a structure: what sizes are compared with. */
  asked?: Posterior;
}

/** @throws run.damaged */
export async function readParts(
  run: RunFolder, { source, representatives = true }: { source?: RunRows; representatives?: boolean | undefined } = {},
): Promise<PruneParts> {
  const [posterior, encoder, config] = [await readPosterior(run), await readEncoder(run), await readConfig(run)];
  const pips = await readPips(run, posterior, encoder);
  const found = await readCutFacts(run, encoder, source);
  const parts = { posterior, encoder, pips, ...('reason' in found ? { withoutFacts: found.reason } : { facts: representatives ? found : { ...found, sets: [] } }) };
  const asked = askedFor(posterior, networkShape(config, encoder), await readReference(run));
  return { ...parts, ...(asked && { asked }) };
}

/** PIP of what the median probability model keeps. */
const MEDIAN = 0.5;

/** The median probability model, and what it saves. */
export function medianModel(parts: PruneParts): { model: Pruned['model']; sizes: Sizes } {
  const { posterior, pips, encoder, facts } = parts;
  const { model, report } = cutNetwork(posterior, pips, encoder, { threshold: MEDIAN, level: 'all' }, facts);
  return { model, sizes: sizesOf(parts, model, report) };
}
