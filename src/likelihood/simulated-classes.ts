/** Class labels that follow a truth of a stated difficulty. */
import type { Stream } from '../random.js';
import { matchLogits, probabilitiesAt } from './match-logits.js';
import type { SimulatedTarget } from './types.js';

/** @param values by matrix, then by output; of two classes the second has the one output as its logit */
export function drawClasses(
  values: readonly (readonly Float64Array[])[], signal: number, shares: readonly number[], stream: Stream,
): SimulatedTarget {
  const logitsOf = (each: readonly Float64Array[]): readonly Float64Array[] =>
    (each.length === 1 ? [new Float64Array(each[0].length), each[0]] : each);
  const functions = values.map(logitsOf);
  const most = Math.max(...shares);
  const logits = matchLogits(functions[0], shares, most + signal * (1 - most));
  const row = new Float64Array(shares.length);
  const floors: number[] = [];
  const ys = functions.map((each, i) => {
    const rows = each[0].length;
    const labels = stream.split('labels', i);
    let hits = 0;
    const y = Float32Array.from({ length: rows }, (_, n) => {
      probabilitiesAt(each, logits, n, row);
      const label = drawIndex(row, labels.uniform());
      hits += Number(row[label] === Math.max(...row));
      return label;
    });
    floors.push(hits / rows);
    return y;
  });
  return { ys, floors };
}

function drawIndex(probabilities: Float64Array, uniform: number): number {
  let below = 0;
  for (let k = 0; k < probabilities.length - 1; k++) {
    below += probabilities[k];
    if (uniform < below) return k;
  }
  return probabilities.length - 1;
}
