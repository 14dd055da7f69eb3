/** Whether fine-tuning did any good, in words. */
import { plural, shortNumber } from '../wording.js';
import type { PruneDocument } from './document.js';

/** Fine-tuning follows the training rows; the validation rows may not agree: then a warning, else undefined. */
export function worsening({ fineTuning }: Pick<PruneDocument, 'fineTuning'>): string | undefined {
  const compared = fineTuning?.validation;
  if (!compared || !(compared.mean > compared.standardError)) return undefined;
  const by = `${shortNumber(compared.mean)} ± ${shortNumber(compared.standardError)}`;
  return `fine-tuning made it worse: the negative log-likelihood of the ${plural(compared.rows, 'validation row')} rose by ${by}; ` +
    'without --fine-tune the model is as it was cut';
}
