// The pruned network with the dense background of its run, as `bnnc prune --background` exports it.
import { CompressedPredictor, metricsOf, networkSize, rowLosses, Stream, withBackground } from 'bnnc/parts';

/** Posterior draws that metrics average over. */
const DRAWS = 64;

/**
 * Measured on the test rows; undefined of a run without a background.
 * @param {{ learned: object, outcome: object, prepared: object }} cell
 */
export function prunedWithBackground({ learned, outcome: { model }, prepared: { encoder, sets: { test } } }) {
  const { posterior: { background }, inclusion } = learned.assessed[learned.best];
  if (background === undefined) return undefined;
  const whole = withBackground(model, background, encoder, inclusion.inputs);
  const outputs = new CompressedPredictor(whole, DRAWS, Stream.fromSeed('pruned with background')).outputs(test.x);
  const losses = rowLosses(outputs, test.y, encoder.target);
  return { metrics: metricsOf(losses), losses, size: networkSize(whole) };
}
