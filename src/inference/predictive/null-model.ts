/** What can be predicted without any input: every row alike. A model that is no better has learned nothing of use. */
import { likelihoodOf, type NullModel, type OutputDraws } from '../../likelihood/index.js';
import type { RowFacts, Target, Task } from '../../types.js';

/**
 * The same outputs for `rows` rows, as one draw: those of the likelihood's null model.
 * @param y encoded training targets, as in a Dataset; at least one
 * @param facts of the training rows
 */
export const nullModelDraws = (y: Float32Array, target: Target, rows: number, facts?: RowFacts): OutputDraws =>
  sameOutputs(likelihoodOf(target.task).nullModel(y, target, facts), target.task, rows);

/** The outputs of a null model for so many rows, as one draw. */
export function sameOutputs({ output, noiseVariance }: NullModel, task: Task, rows: number): OutputDraws {
  const values = new Float32Array(rows * output.length);
  for (let n = 0; n < rows; n++) values.set(output, n * output.length);
  return { task, draws: 1, rows, outputs: output.length, values, noiseVariance };
}
