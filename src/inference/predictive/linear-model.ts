/** Predictions of the penalised linear model. */
import type { PenalisedLinear } from '../../linear/types.js';
import type { OutputDraws } from '../../likelihood/index.js';
import type { NetworkSize } from '../prune/size.js';
import type { Matrix, Task } from '../../types.js';

/** Outputs x W + b of encoded rows x [n, d], as one draw. */
export function linearDraws(
  { weight, bias, noiseVariance }: PenalisedLinear, task: Task, { rows, cols, data }: Matrix,
): OutputDraws {
  const outputs = bias.length;
  const values = new Float32Array(rows * outputs);
  for (let n = 0; n < rows; n++) {
    for (let k = 0; k < outputs; k++) {
      let sum = bias[k];
      for (let j = 0; j < cols; j++) sum += data[n * cols + j] * weight[j * outputs + k];
      values[n * outputs + k] = sum;
    }
  }
  return { task, draws: 1, rows, outputs, values, noiseVariance };
}

export function linearSize({ weight, bias }: Pick<PenalisedLinear, 'weight' | 'bias'>): NetworkSize {
  const nonZero = [...weight, ...bias].filter((value) => value !== 0).length;
  return { parameters: weight.length + bias.length, nonZero, multiplyAdds: weight.length };
}
