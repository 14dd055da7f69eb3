/** Whatever can predict, behind one face: a run folder (gates and weights drawn) or an exported model. */

import { readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { EnginePreference } from '../engine/backend.js';
import { fail } from '../errors.js';
import { READABLE_FILES } from '../export/formats.js';
import { readModel } from '../export/read-model.js';
import { CompressedPredictor, meanOutputs } from '../inference/predictive/compressed-draws.js';
import type { OutputDraws } from '../inference/predictive/predictive.js';
import { checkEncoder, prune } from '../inference/prune/prune.js';
import { Stream } from '../random.js';
import type { CompressedModel, Encoder, Matrix } from '../types.js';
import { DEFAULT_DRAWS } from '../inference/predictive/draws.js';
import { reading, systemCode } from '../store/files.js';
import { folderKind } from '../store/folder.js';
import { openRun, type RunFolder } from '../store/open.js';
import { readConfig, readEncoder, readPips, readPosterior } from '../store/parts.js';

export interface Predictor {
  kind: 'run' | 'model';
  /** As the person knows it. */
  path: string;
  encoder: Encoder;
  /** Delimiter that its data had, or `auto`. */
  delimiter: string;
  /** Network outputs of every draw on x [n, d]; one "draw", the posterior mean network, for an exported model. */
  outputs(x: Matrix): OutputDraws;
  /** The same with draws in any case, for predictive intervals. */
  draws(x: Matrix): OutputDraws;
  /** The compressed model that predicts; absent when a whole posterior does. */
  model?: CompressedModel;
  dispose(): void;
}

export interface PredictorOptions {
  cwd: string;
  /** Posterior draws. Given for an exported model, its predictions are averaged over draws, too. */
  draws?: number;
  engine?: EnginePreference;
  /**
   * Let the median probability model of a run predict instead of its whole posterior, and an exported model by draws in any case:
   * contributions of inputs are means over them.
   */
  median?: boolean;
}

/**
 * Opens a run folder, the folder of an exported model, a model.json or a model.safetensors.
 * @throws run.* when it cannot be read, run.no-json-model
 */
export async function openPredictor(path: string, options: PredictorOptions): Promise<Predictor> {
  const place = resolve(options.cwd, path);
  const isFile = await stat(place).then((found) => found.isFile(), () => false);
  if (isFile) return modelPredictor(path, readModel(await reading(path, () => readFile(place)), path), options);
  if ((await folderKind(place, path)) !== 'model') return runPredictor(await openRun(path, options.cwd), options);
  return modelPredictor(path, (await readModelFolder(path, place)).model, options);
}

/**
 * Reads the folder of an exported model; `path` is the folder `place` as the person knows it, and `file` what was read in it.
 * @throws run.no-json-model, run.not-readable and the errors of the model's format
 */
export async function readModelFolder(path: string, place: string): Promise<{ model: CompressedModel; file: string }> {
  for (const name of READABLE_FILES) {
    const file = join(path, name);
    const bytes = await reading(file, () => readFile(join(place, name)).catch((error: unknown) => {
      if (systemCode(error) === 'ENOENT') return undefined;
      throw error;
    }));
    if (bytes !== undefined) return { model: readModel(bytes, file), file };
  }
  throw fail('run.no-json-model', 'this model was exported in no form that bnnc reads', {
    where: { file: path }, hint: 'Run bnnc prune again with json or safetensors among its --format.',
  });
}

/** Predictions by a run: posterior draws with hard gates. */
export async function runPredictor(
  run: RunFolder, { draws = DEFAULT_DRAWS, engine, median }: PredictorOptions,
): Promise<Predictor> {
  const [posterior, encoder, config] = [await readPosterior(run), await readEncoder(run), await readConfig(run)];
  checkEncoder(posterior, encoder, join(run.path, 'encoder.json'));
  if (median) {
    const { model } = prune(posterior, await readPips(run, posterior, encoder), encoder, { threshold: 0.5, level: 'all' });
    return { ...modelPredictor(run.path, model, { draws }), delimiter: config.data.delimiter };
  }
  // Only a run needs the engine; loading it for an exported model would cost more than the predictions.
  const { startEngine } = await import('../engine/backend.js');
  const { PosteriorPredictor } = await import('../inference/predictive/predict.js');
  await startEngine({ prefer: engine });
  const predictor = new PosteriorPredictor(posterior, draws, Stream.fromSeed(run.manifest.seed).split('predict'));
  const outputs = (x: Matrix): OutputDraws => predictor.outputs(x);
  const { delimiter } = config.data;
  return { kind: 'run', path: run.path, encoder, delimiter, outputs, draws: outputs, dispose: () => predictor.dispose() };
}

/** Predictions by a compressed model, without an engine. @param path what the model is called */
export function modelPredictor(
  path: string, model: CompressedModel, { draws, median }: Pick<PredictorOptions, 'draws' | 'median'>,
): Predictor {
  let drawn: CompressedPredictor | undefined;
  const sampled = (x: Matrix): OutputDraws => {
    // The same draws on every chunk of rows, and none when none are asked for.
    drawn ??= new CompressedPredictor(model, draws ?? DEFAULT_DRAWS, Stream.fromSeed('predict'));
    return drawn.outputs(x);
  };
  const outputs = draws === undefined && !median ? (x: Matrix) => meanOutputs(model, x) : sampled;
  return { kind: 'model', path, encoder: model.encoder, delimiter: 'auto', outputs, draws: sampled, model, dispose: () => {} };
}
