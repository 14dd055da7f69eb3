/** What can be predicted without any input: every row alike. A model that is no better has learned nothing of use. */
import type { Target } from '../../types.js';
import type { OutputDraws } from './predictive.js';

type Classes = Exclude<Target, { task: 'regression' }>;

/**
 * The same outputs for `rows` rows, as one draw: the normal distribution of the training targets, or their shares of classes.
 * @param y training targets: standardised numbers or class indices, as in a Dataset; at least one
 */
export function withoutInputs(y: Float32Array, target: Target, rows: number): OutputDraws {
  const { output, noiseVariance } = target.task === 'regression' ? moments(y) : { output: logits(y, target), noiseVariance: 1 };
  const values = new Float32Array(rows * output.length);
  for (let n = 0; n < rows; n++) values.set(output, n * output.length);
  return { task: target.task, draws: 1, rows, outputs: output.length, values, noiseVariance };
}

function moments(y: Float32Array): { output: number[]; noiseVariance: number } {
  const mean = y.reduce((sum, value) => sum + value, 0) / y.length;
  return { output: [mean], noiseVariance: y.reduce((sum, value) => sum + (value - mean) ** 2, 0) / y.length };
}

/** Of the second of two classes, or of each of more. */
function logits(y: Float32Array, target: Classes): number[] {
  const counts = target.levels.map((_, c) => y.filter((label) => label === c).length);
  return target.task === 'binary' ? [Math.log(counts[1]) - Math.log(counts[0])] : counts.map(Math.log);
}
