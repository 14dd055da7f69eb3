/** What can be predicted without any input: every row alike. A model that is no better has learned nothing of use. */
import { likelihoodOf, type OutputDraws } from '../../likelihood/index.js';
import type { Target } from '../../types.js';

/**
 * The same outputs for `rows` rows, as one draw: those of the likelihood's null model.
 * @param y encoded training targets, as in a Dataset; at least one
 */
export function nullModelDraws(y: Float32Array, target: Target, rows: number): OutputDraws {
  const { output, noiseVariance } = likelihoodOf(target.task).nullModel(y, target);
  const values = new Float32Array(rows * output.length);
  for (let n = 0; n < rows; n++) values.set(output, n * output.length);
  return { task: target.task, draws: 1, rows, outputs: output.length, values, noiseVariance };
}
