/** Whatever predicts: named by a path, opened, or in memory. */

import { fail } from '../errors.js';
import type { PruneOutcome } from '../prune/prune-run.js';
import { openPredictor, runPredictor } from '../predict/open-predictor.js';
import { modelPredictor, type Predictor } from '../predict/predictor.js';
import type { RunFolder } from '../store/open.js';
import type { CompressedModel } from '../types.js';
import { engineOf, folderOf, isObject } from './environment.js';
import { IN_MEMORY } from './exported-model.js';
import type { ModelOptions } from './options/predict.js';

/**
 * What predicts: the path of a run folder, of a model folder, of a model.json or a model.safetensors; an opened run; what `prune`
 * gave; a compressed model in memory.
 */
export type ModelSource = string | RunFolder | Pick<PruneOutcome, 'model'> | CompressedModel;

/** Whether a file of this name would be an exported model rather than data. */
export const isModelFile = (path: string): boolean => /\.(json|safetensors)$/i.test(path);

/** Opens it. @param median let a run predict by its median probability model, and any model by draws */
export async function modelOf(model: ModelSource, options: ModelOptions, median = false): Promise<Predictor> {
  const { draws } = options;
  const settings = { cwd: folderOf(options), draws, median, engine: engineOf(options) };
  if (typeof model === 'string') return openPredictor(model, settings);
  if (!isObject(model) || !('manifest' in model || 'model' in model || 'layers' in model)) {
    throw fail('usage.option', 'a model must be a path, an opened run, what prune gave, or a compressed model');
  }
  if ('manifest' in model) return runPredictor(model, settings);
  return modelPredictor(IN_MEMORY, 'model' in model ? model.model : model, { draws, median });
}
