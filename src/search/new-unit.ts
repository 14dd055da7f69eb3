/** The start of a further unit: the best of several random ones, by what its weights to the outputs would gain. */
import type { Stream } from '../random.js';
import { hasOutput, type Unit } from './network.js';
import { boundTo, scoreOf } from './scores.js';
import { slabsAt } from './scales.js';
import type { State } from './state.js';

const STARTS = 8;
const STEEPNESS = [0.7, 1.2, 2];
const LARGEST = 3;

export function newUnit({ evaluator, fit, scales }: State, inputs: readonly number[], mask: number, stream: Stream): Unit {
  const { table: { columns, outputs: K, places, x, rows, likelihood } } = evaluator;
  const bound = boundTo(evaluator);
  const sd = slabsAt(likelihood, scales).out;
  const phi = new Float64Array(rows);
  let [best, highest]: [Unit | undefined, number] = [undefined, -Infinity];
  for (let start = 0; start < STARTS; start++) {
    const steepness = STEEPNESS[stream.integer(STEEPNESS.length)] / Math.sqrt(inputs.length);
    const [bias] = stream.normals(1);
    const weights = inputs.map((input) => Float64Array.from(stream.normals(columns[input]), (value) =>
      steepness * (value + (stream.uniform() < 0.5 ? -0.5 : 0.5))));
    phi.fill(bias);
    inputs.forEach((input, at) => places[input].forEach((c, g) => {
      const [weight, column] = [weights[at][g], x[c]];
      for (let n = 0; n < rows; n++) phi[n] += weight * column[n];
    }));
    for (let n = 0; n < rows; n++) phi[n] *= 1 / (1 + Math.exp(-phi[n])) - 0.5;
    let log = 0;
    const out = Float64Array.from({ length: K }, (_, k) => {
      if (!hasOutput(mask, k)) return 0;
      const score = scoreOf(bound, fit, phi, k, sd);
      log += score.log;
      return Math.max(-LARGEST, Math.min(LARGEST, score.weight));
    });
    if (best && !(log > highest)) continue;
    [best, highest] = [{ inputs, mask, bias, weights, out }, log];
  }
  return best!;
}
