/** Whether fine-tuning did any good, in words. */
import { plural, shortNumber } from '../wording.js';
import type { PruneDocument } from './document.js';
import { option, words, type Words } from '../voice.js';

/** Fine-tuning follows the training rows; the validation rows may not agree: then a warning, else undefined. */
export function worsening({ fineTuning }: Pick<PruneDocument, 'fineTuning'>): Words | undefined {
  const compared = fineTuning?.validation;
  if (!compared || !(compared.mean > compared.standardError)) return undefined;
  const by = `${shortNumber(compared.mean)} ± ${shortNumber(compared.standardError)}`;
  const rows = plural(compared.rows, 'validation row');
  const worse = `fine-tuning made the model worse: the negative log-likelihood of the ${rows} rose by ${by}`;
  return words`${worse}; without ${option('fineTune')} the model is as it was cut`;
}
