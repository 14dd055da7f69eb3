/** Whatever can predict, behind one face; the exported model, which needs no engine, is here. */

import type { EnginePreference } from '../engine/preference.js';
import { CompressedPredictor, meanOutputs } from '../inference/predictive/compressed-draws.js';
import { DEFAULT_DRAWS } from '../inference/predictive/predictive.js';
import type { OutputDraws } from '../likelihood/index.js';
import { Stream } from '../random.js';
import type { CompressedModel, Encoder, Matrix } from '../types.js';

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
  /** Of a run: what predicts without inputs, and linearly, on x [n, d]; as far as the run has recorded it. */
  simpler?(x: Matrix): Promise<{ baseline?: OutputDraws; linear?: OutputDraws }>;
  /** Two classes: what `decisionThreshold: 'auto'` is; absent where it is not known. */
  decisionThreshold?: number | undefined;
  /** The compressed model that predicts; absent when a whole posterior does. */
  model?: CompressedModel;
  dispose(): void;
}

export interface PredictorOptions {
  cwd: string;
  /** Posterior draws. Given for an exported model, its predictions are averaged over draws, too. */
  draws?: number | undefined;
  engine?: EnginePreference;
  /**
   * Let the median probability model of a run predict instead of its whole posterior, and an exported model by draws in any case:
   * contributions of inputs are means over them.
   */
  median?: boolean | undefined;
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
  const { encoder, decisionThreshold } = model;
  return { kind: 'model', path, encoder, delimiter: 'auto', outputs, draws: sampled, decisionThreshold, model, dispose: () => {} };
}
