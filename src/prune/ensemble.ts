/** The ensemble that is exported in place of the cut of a run. */
import { fail } from '../errors.js';
import { ensembleOf, type Ensemble } from '../inference/prune/ensemble.js';
import type { RunFolder } from '../store/open.js';
import type { CompressedModel } from '../types.js';
import { option, words } from '../voice.js';
import { plural } from '../wording.js';
import type { PruneParts } from './parts.js';

/**
 * The average of the first structures that use no inputs but those that pass the threshold or stand in the cut network, as
 * representatives do, and of the linear model of all inputs where that is one of the best.
 * @throws run.no-search, run.no-structure
 */
export function ensembleOfRun(
  run: RunFolder, { posterior: { average, background, noiseVariance }, encoder, pips }: PruneParts,
  { cut, threshold, size, linear }: { cut: CompressedModel; threshold: number; size: number; linear: boolean },
): Ensemble {
  const where = { file: run.path };
  if (average === undefined) {
    throw fail('run.no-search', words`${option('ensemble')} averages structures of a search, which this run is without`, {
      where, hint: words`Leave ${option('ensemble')} out, or train again with search.steps.`,
    });
  }
  const passed = encoder.features.filter((_, f) => pips.inputs[f] >= threshold);
  const inputs = new Set([...passed, ...cut.encoder.features].map(({ name }) => name));
  const { structures } = average;
  const parts = { structures, background, encoder, pips: pips.inputs, noiseVariance };
  const found = ensembleOf(parts, { size, inputs, linear, threshold });
  if (found) return found;
  const kept = inputs.size === 1 ? 'the one input that is kept' : `the ${plural(inputs.size, 'input')} that are kept`;
  throw fail('run.no-structure', `each structure of the search uses ${inputs.size === 0 ? 'inputs, and none is kept' : `other inputs than ${kept}`}`, {
    where, hint: words`Choose a smaller ${option('threshold')}, or leave ${option('ensemble')} out.`,
  });
}
