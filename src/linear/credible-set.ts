/** From the probabilities of an effect to its credible set. */
import type { Design } from './design.js';

/** Of larger sets, the most probable inputs are compared. */
const MOST_COMPARED = 200;

/** The fewest inputs whose probabilities [p] sum to the level, by descending probability. */
export function credibleInputs(probabilities: Float64Array, level: number): number[] {
  const order = Int32Array.from(probabilities.keys()).sort((a, b) => probabilities[b] - probabilities[a] || a - b);
  let [sum, size] = [0, 0];
  while (size < order.length && sum < level) sum += probabilities[order[size++]];
  return [...order.subarray(0, size)];
}

/** Smallest absolute correlation between two of the inputs. */
export function purityOf(design: Design, members: readonly number[]): number {
  const compared = members.slice(0, MOST_COMPARED);
  return compared.reduce((least, input, i) =>
    compared.slice(0, i).reduce((own, other) => Math.min(own, closest(design, input, other)), least), 1);
}

/** Largest absolute correlation between a column of one input and one of another. */
export function closest({ columns, inputs }: Design, input: number, other: number): number {
  let largest = 0;
  for (const a of inputs[input]) {
    for (const b of inputs[other]) largest = Math.max(largest, Math.abs(correlation(columns[a], columns[b])));
  }
  return largest;
}

function correlation(a: Float64Array, b: Float64Array): number {
  let [sa, sb, aa, bb, ab] = [0, 0, 0, 0, 0];
  for (let n = 0; n < a.length; n++) {
    sa += a[n];
    sb += b[n];
    aa += a[n] * a[n];
    bb += b[n] * b[n];
    ab += a[n] * b[n];
  }
  const scale = Math.sqrt((aa - sa * sa / a.length) * (bb - sb * sb / a.length));
  return scale > 0 ? (ab - sa * sb / a.length) / scale : 0;
}
