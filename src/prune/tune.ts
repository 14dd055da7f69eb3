/** Fine-tuning of a pruned run on its own training rows, and the look at the validation rows whether that was good. */
import { shareThreads, startEngine } from '../engine/backend.js';
import type { EnginePreference } from '../engine/preference.js';
import { fineTune } from '../inference/prune/fine-tune.js';
import { pairedDifference, type Difference } from '../maths/statistics.js';
import { likelihoodOf } from '../likelihood/index.js';
import { Stream } from '../random.js';
import type { CompressedModel } from '../types.js';
import { Interrupted, unlessAborted } from '../jobs/abort.js';
import { encodeHeldOut } from './held-out.js';
import type { RunFolder } from '../store/open.js';
import { readConfig } from '../store/parts.js';
import { weighed } from '../linear/index.js';
import { readLinear } from '../store/parts.js';
import { fitDataOf } from '../work/weights.js';
import { measurer } from './curve.js';
import type { RunRows } from '../store/run-rows.js';
import { option, words, type Words } from '../voice.js';

/** What report.json tells of fine-tuning. */
export interface TuningReport {
  steps: number;
  /** Training rows. */
  rows: number;
  /**
   * By how much the negative log-likelihood per validation row rose, row by row; below 0 the tuned model is better. Absent
   * when there are no validation rows.
   */
  validation?: Difference & { rows: number };
}

export interface TuneOptions {
  /** Default: as fineTune has it. */
  steps?: number | undefined;
  engine?: EnginePreference | undefined;
  signal?: AbortSignal | undefined;
  onNote?: ((text: Words) => void) | undefined;
}

/**
 * Trains a cut of the run's posterior on. Starts the engine.
 * @param tau the slab scale of each block of the model's weights
 * @returns undefined when the model has no inputs
 * @throws run.no-rows; training.non-finite; interrupted.stopped
 */
export async function tuneRun(
  run: RunFolder, source: RunRows, tau: readonly number[], model: CompressedModel, { steps, engine, signal, onNote }: TuneOptions,
): Promise<{ model: CompressedModel; report: TuningReport } | undefined> {
  if (model.encoder.features.length === 0) {
    onNote?.('no input is left, so there is nothing to fine-tune');
    return undefined;
  }
  const tuning = option('fineTune');
  const found = await unlessAborted(
    source.need('train', words`${tuning} needs the training rows`, words`Put the data file back, or leave out ${tuning}.`), signal);
  const set = encodeHeldOut(found, model.encoder);
  const { data: weighting, train: { batch, learningRate, seed } } = await readConfig(run);
  shareThreads(1);
  await startEngine({ prefer: engine });
  const { task, encoder: { target } } = model;
  const outputs = likelihoodOf(task).outputNames(target).length;
  const data = weighed(fitDataOf(set, { task, widths: [outputs] }, target, weighting), (await readLinear(run))?.dependence);
  onNote?.(`fine-tuning on ${set.x.rows} rows`);
  const tuned = await fineTune(model, data, { tau, batch, learningRate, steps, signal }, Stream.fromSeed(seed).split('tune'));
  if (signal?.aborted) throw new Interrupted();
  const validation = await source.find('validation');
  const compared = 'reason' in validation ? undefined : {
    rows: validation.rows.length,
    ...pairedDifference(
      measurer(tuned, run)(validation).losses, measurer(model, run)(validation).losses, validation.facts?.weights),
  };
  return { model: tuned, report: { steps: tuned.fineTuned!, rows: set.x.rows, ...(compared && { validation: compared }) } };
}
