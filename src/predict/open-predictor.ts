/** Opening whatever can predict: a run folder (gates and weights drawn) or an exported model. */

import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ungroupedModel } from '../data/groups.js';
import { linearDraws } from '../inference/predictive/linear-model.js';
import { sameOutputs } from '../inference/predictive/null-model.js';
import { DEFAULT_DRAWS } from '../inference/predictive/predictive.js';
import type { OutputDraws } from '../likelihood/index.js';
import { cutNetwork } from '../inference/prune/cut.js';
import { checkEncoder } from '../inference/prune/prune.js';
import { Stream } from '../random.js';
import { folderKind } from '../store/folder.js';
import { openRun, type RunFolder } from '../store/open.js';
import { readCutFacts } from '../store/cut-facts.js';
import { RUN_FILES } from '../store/layout.js';
import { ridgeOf } from '../store/linear.js';
import { readConfig, readEncoder, readLinear, readMetrics, readPips, readPosterior } from '../store/parts.js';
import type { Encoder, Matrix } from '../types.js';
import { readModelFile, readModelFolder } from './open-model.js';
import { modelPredictor, type Predictor, type PredictorOptions } from './predictor.js';

/**
 * Opens a run folder, the folder of an exported model, a model.json or a model.safetensors.
 * @throws run.* when it cannot be read, run.no-json-model
 */
export async function openPredictor(path: string, options: PredictorOptions): Promise<Predictor> {
  const place = resolve(options.cwd, path);
  const isFile = await stat(place).then((found) => found.isFile(), () => false);
  if (isFile) return modelPredictor(path, await readModelFile(path, place), options);
  if ((await folderKind(place, path)) !== 'model') return runPredictor(await openRun(path, options.cwd), options);
  return modelPredictor(path, (await readModelFolder(path, place)).model, options);
}

/** Predictions by a run: posterior draws with hard gates. */
export async function runPredictor(
  run: RunFolder, { draws = DEFAULT_DRAWS, engine, median }: PredictorOptions,
): Promise<Predictor> {
  const [posterior, encoder, config] = [await readPosterior(run), await readEncoder(run), await readConfig(run)];
  checkEncoder(posterior, encoder, join(run.path, 'encoder.json'));
  if (median) {
    const [pips, facts] = [await readPips(run, posterior, encoder), await readCutFacts(run, encoder)];
    const options = { threshold: 0.5, level: 'all' } as const;
    const { model } = cutNetwork(posterior, pips, encoder, options, 'reason' in facts ? undefined : facts);
    const { median: { decisionThreshold } } = await readMetrics(run);
    return { ...modelPredictor(run.path, ungroupedModel(model), { draws }), delimiter: config.data.delimiter, decisionThreshold };
  }
  // Only a run needs the engine; loading it for an exported model would cost more than the predictions.
  const { startEngine } = await import('../engine/backend.js');
  const { PosteriorPredictor } = await import('../inference/predictive/predict.js');
  await startEngine({ prefer: engine });
  const predictor = new PosteriorPredictor(posterior, draws, Stream.fromSeed(run.manifest.seed).split('predict'));
  const outputs = (x: Matrix): OutputDraws => predictor.outputs(x);
  const { delimiter } = config.data;
  const simpler = (x: Matrix): Promise<Simpler> => simplerModels(run, encoder, x);
  const { full: { decisionThreshold } } = await readMetrics(run);
  return {
    kind: 'run', path: run.path, encoder, delimiter, outputs, draws: outputs, simpler, decisionThreshold,
    dispose: () => predictor.dispose(),
  };
}

type Simpler = Awaited<ReturnType<NonNullable<Predictor['simpler']>>>;

async function simplerModels(run: RunFolder, encoder: Encoder, x: Matrix): Promise<Simpler> {
  const [{ baseline }, document] = [await readMetrics(run), await readLinear(run)];
  const output = baseline?.output?.map((value) => value ?? -Infinity);
  const { task } = encoder.target;
  const ridge = document && ridgeOf(document, encoder, join(run.path, RUN_FILES.linear.path));
  return {
    ...(output && { baseline: sameOutputs({ output, noiseVariance: baseline!.noiseVariance! }, task, x.rows) }),
    ...(ridge && { linear: linearDraws(ridge, task, x) }),
  };
}
