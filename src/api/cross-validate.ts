/** Cross-validation of a config. */

import type { CvDocument } from '../work/cv/document.js';
import { checked } from './options/check.js';
import { CROSS_VALIDATE, type CrossValidateOptions } from './options/cross-validate.js';
import { engineOf, folderOf, heed, memoryOf } from './environment.js';
import { learningData } from './learning-data.js';
import { refuseBesideQueue, throughQueue } from './through-queue.js';
import { telling } from '../voice.js';

export { allMetrics, type Metric, type Metrics } from '../likelihood/index.js';
export type { CvDocument } from '../work/cv/document.js';
export type { Estimate, MetricEstimates, ModelSummary, TargetEstimates } from '../work/cv/summary.js';

/**
 * k-fold cross-validation: metrics of all models over folds, from no inputs to the fine-tuned network, what the network gains
 * over a linear model and over no inputs, and how often each input is selected. Writes nothing and keeps no checkpoint.
 * @throws {BnncError} `usage.option`, `usage.folds`, `usage.threshold`; `config.*`; `data.*`; `training.*`; `interrupted.stopped`
 * @example
 * ```ts
 * const { models } = await crossValidate({ config: 'bnnc.yaml', folds: 5 });
 * ```
 * @category More of the command line
 */
export async function crossValidate(options: CrossValidateOptions): Promise<CvDocument> {
  const { folds, repeats, threshold, jobs, memory, signal, onProgress, onNote } = checked('crossValidate', options, CROSS_VALIDATE);
  heed(options);
  refuseBesideQueue(options, ['jobs', 'memory', 'rows']);
  const { resolved, given } = await learningData(options, folderOf(options));
  if (options.queue !== undefined) {
    return (await throughQueue({ job: { what: 'cv', folds, repeats, threshold }, resolved }, options)).document;
  }
  const { crossValidate: validate } = await import('../work/cv/cross-validate.js');
  const work = { given, engine: engineOf(options), jobs, memory: memoryOf(memory), signal, onProgress, onNote: telling(onNote) };
  return validate({ resolved, folds, repeats, threshold, ...work });
}
