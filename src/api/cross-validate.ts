/** Cross-validation of a config. */

import type { CvDocument } from '../work/cv/document.js';
import { checkOptions, count, number, type Kinds } from './options.js';
import { engineOf, folderOf, heed } from './environment.js';
import { CONFIG_KINDS, resolved, WORK_KINDS, type ConfigOptions, type WorkOptions } from './train.js';

export interface CrossValidateOptions extends ConfigOptions, WorkOptions {
  /** Default: 10. */
  folds?: number;
  /** How many times the rows are divided anew. Default: 1. */
  repeats?: number;
  /** What has at least this PIP is kept, and an input counts as selected. Default: 0.5. */
  threshold?: number;
}

const KINDS: Kinds<CrossValidateOptions> = { ...CONFIG_KINDS, ...WORK_KINDS, folds: number, repeats: count, threshold: number };

/**
 * k-fold cross-validation: metrics of the dense, full, pruned and fine-tuned model over folds, and how often each input is
 * selected. Writes nothing and keeps no checkpoint.
 * @throws {BnncError} `usage.option`, `usage.folds`, `usage.threshold`; `config.*`; `data.*`; `training.*`; `interrupted.stopped`
 * @example
 * ```ts
 * const { models } = await crossValidate({ config: 'bnnc.yaml', folds: 5 });
 * ```
 * @category More of the command line
 */
export async function crossValidate(options: CrossValidateOptions): Promise<CvDocument> {
  checkOptions('crossValidate', options, KINDS);
  heed(options);
  const { folds, repeats, threshold, stdin, jobs, signal, onProgress, onNote } = options;
  const config = await resolved(options, folderOf(options));
  const { crossValidate: validate } = await import('../work/cv/cross-validate.js');
  const work = { stdin, engine: engineOf(options), jobs, signal, onProgress, onNote };
  return validate({ resolved: config, folds, repeats, threshold, ...work });
}
