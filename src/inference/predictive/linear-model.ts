/** Predictions of the penalised linear model. */
import { linearOutputs } from '../../linear/outputs.js';
import type { PenalisedLinear } from '../../linear/types.js';
import type { OutputDraws } from '../../likelihood/index.js';
import type { NetworkSize } from '../prune/size.js';
import type { Matrix, Task } from '../../types.js';

/** Its outputs on encoded rows x [n, d], as one draw. */
export const linearDraws = (model: PenalisedLinear, task: Task, x: Matrix): OutputDraws => ({
  task, draws: 1, rows: x.rows, outputs: model.bias.length, values: Float32Array.from(linearOutputs(model, x)),
  noiseVariance: model.noiseVariance,
});

export function linearSize({ weight, bias }: Pick<PenalisedLinear, 'weight' | 'bias'>): NetworkSize {
  const nonZero = [...weight, ...bias].filter((value) => value !== 0).length;
  return { parameters: weight.length + bias.length, nonZero, multiplyAdds: weight.length };
}
