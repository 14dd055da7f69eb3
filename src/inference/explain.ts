/**
 * What each input adds to a prediction: Shapley values of the compressed network (Shapley 1953; Lundberg, Lee 2017,
 * arXiv 1705.07874, eq. 4). An input that is not in a coalition has its average over the training rows, which is encoded as 0.
 */
import type { Stream } from '../random.js';
import type { CompressedModel, Encoder, Matrix } from '../types.js';
import { compressedOutputs } from './compressed.js';

/** Up to so many inputs all coalitions are computed; beyond, those along random orders of the inputs. */
const MOST_EXACT = 8;
/** Each with its reverse. */
const ORDERS = 16;

/** A coalition: which inputs have their own value; and what its prediction counts for in the value of each input. */
interface Coalition {
  members: boolean[];
  /** One per input. */
  weights: Float64Array;
}

/**
 * The coalitions whose predictions, weighed, give the Shapley values; the first is the empty one. The values of a row add up to
 * the difference between its prediction and that of the empty coalition, exactly, in both ways.
 */
export function coalitionsOf(inputs: number, stream: Stream): Coalition[] {
  const byKey = new Map<string, Coalition>();
  const at = (members: boolean[]): Coalition => {
    const key = members.map(Number).join('');
    if (!byKey.has(key)) byKey.set(key, { members, weights: new Float64Array(inputs) });
    return byKey.get(key)!;
  };
  at(Array<boolean>(inputs).fill(false));
  if (inputs <= MOST_EXACT) {
    for (let code = 0; code < 2 ** inputs; code++) {
      const members = Array.from({ length: inputs }, (_, i) => ((code >> i) & 1) === 1);
      const size = members.filter(Boolean).length;
      const { weights } = at(members);
      for (let i = 0; i < inputs; i++) weights[i] = members[i] ? shares(inputs, size - 1) : -shares(inputs, size);
    }
    return [...byKey.values()];
  }
  for (let o = 0; o < ORDERS; o++) {
    const order = Array.from(stream.split('order', o).permutation(inputs));
    for (const each of [order, order.toReversed()]) {
      const members = Array<boolean>(inputs).fill(false);
      for (const input of each) {
        at([...members]).weights[input] -= 1 / (2 * ORDERS);
        members[input] = true;
        at([...members]).weights[input] += 1 / (2 * ORDERS);
      }
    }
  }
  return [...byKey.values()];
}

/** s! (p - s - 1)! / p!: the share of the orders in which an input comes right after s given others. */
function shares(p: number, s: number): number {
  let share = 1 / p;
  for (let k = 1; k <= s; k++) share *= k / (p - k);
  return share;
}

/** Contributions of F inputs to the predictions of n rows in S drawn networks, on the scale of `value`. */
export interface Contributions {
  /** S x n: the prediction for an average row (which depends on the row where its class is explained). */
  baseline: Float64Array;
  /** S x n x F. */
  values: Float64Array;
}

/** What is explained of a row's outputs [K]: the number itself, a logit, a class's log-probability. */
export type Explained = (outputs: Float64Array, row: number) => number;

/**
 * @param networks drawn from one compressed model with F inputs
 * @param x encoded rows, n x d
 */
export function contributions(
  networks: readonly CompressedModel[], coalitions: readonly Coalition[], x: Matrix, value: Explained,
): Contributions {
  const { encoder, layers } = networks[0];
  const outputs = layers[layers.length - 1].outputs;
  const inputs = encoder.features.length;
  const owner = ownersOf(encoder);
  const baseline = new Float64Array(networks.length * x.rows);
  const values = new Float64Array(networks.length * x.rows * inputs);
  coalitions.forEach(({ members, weights }, c) => {
    const data = x.data.map((cell, at) => (members[owner[at % x.cols]] ? cell : 0));
    networks.forEach((network, s) => {
      const out = compressedOutputs(network, { ...x, data });
      for (let n = 0; n < x.rows; n++) {
        const predicted = value(out.subarray(n * outputs, (n + 1) * outputs), n);
        const row = s * x.rows + n;
        if (c === 0) baseline[row] = predicted;
        for (let f = 0; f < inputs; f++) values[row * inputs + f] += weights[f] * predicted;
      }
    });
  });
  return { baseline, values };
}

/** Which feature an encoded column belongs to. */
const ownersOf = ({ features }: Encoder): number[] => features.flatMap(({ columns }, f) => columns.map(() => f));
