/**
 * What each input adds to a prediction: Shapley values of the compressed network (Shapley 1953; Lundberg, Lee 2017,
 * arXiv 1705.07874, eq. 4). An input that is not in a coalition has its average over the training rows, which is encoded as 0.
 */
import type { Stream } from '../../random.js';
import type { CompressedModel, Encoder, Matrix } from '../../types.js';
import { compressedOutputs, compressedGraph } from './compressed.js';

/** Up to so many inputs all coalitions are computed; beyond, those along random orders of the inputs. */
const MAX_EXACT = 8;
/** Each with its reverse. */
const ORDERS = 16;

/** A coalition: which inputs have their own value (1, else 0). */
interface Coalition {
  members: Uint8Array;
  /** What its prediction counts for in the values of inputs; in those of the others it does not count. */
  weights: Map<number, number>;
}

/**
 * The coalitions whose predictions, weighed, give the Shapley values; the first is the empty one. The values of a row add up to
 * the difference between its prediction and that of the empty coalition, exactly, in both ways.
 */
export function coalitionsOf(inputs: number, stream: Stream): Coalition[] {
  return inputs <= MAX_EXACT ? allCoalitions(inputs) : alongOrders(inputs, stream);
}

function allCoalitions(inputs: number): Coalition[] {
  return Array.from({ length: 2 ** inputs }, (_, code) => {
    const members = Uint8Array.from({ length: inputs }, (__, i) => (code >> i) & 1);
    const size = members.reduce((sum, member) => sum + member, 0);
    const weights = Array.from(members, (member, i): [number, number] =>
      [i, member ? shares(inputs, size - 1) : -shares(inputs, size)]);
    return { members, weights: new Map(weights) };
  });
}

/** Each coalition but the first and the last counts for the input that came before it, and for the one that comes next. */
function alongOrders(inputs: number, stream: Stream): Coalition[] {
  const coalition = (members: Uint8Array): Coalition => ({ members, weights: new Map() });
  const [none, all] = [coalition(new Uint8Array(inputs)), coalition(new Uint8Array(inputs).fill(1))];
  const count = ({ weights }: Coalition, input: number, share: number): unknown =>
    weights.set(input, (weights.get(input) ?? 0) + share);
  const between: Coalition[] = [];
  for (let o = 0; o < ORDERS; o++) {
    const order = stream.split('order', o).permutation(inputs);
    for (const each of [order, order.toReversed()]) {
      const members = new Uint8Array(inputs);
      let before = none;
      for (const [at, input] of each.entries()) {
        members[input] = 1;
        const after = at === inputs - 1 ? all : coalition(members.slice());
        count(before, input, -1 / (2 * ORDERS));
        count(after, input, 1 / (2 * ORDERS));
        if (after !== all) between.push(after);
        before = after;
      }
    }
  }
  return [none, ...between, all];
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
  const graph = compressedGraph(networks[0]);
  const owner = ownersOf(encoder);
  const baseline = new Float64Array(networks.length * x.rows);
  const values = new Float64Array(networks.length * x.rows * inputs);
  coalitions.forEach(({ members, weights: sparse }, c) => {
    const weights = [...sparse];
    const data = x.data.map((cell, at) => (members[owner[at % x.cols]] ? cell : 0));
    networks.forEach((network, s) => {
      const out = compressedOutputs(network, { ...x, data }, graph);
      for (let n = 0; n < x.rows; n++) {
        const predicted = value(out.subarray(n * outputs, (n + 1) * outputs), n);
        const row = s * x.rows + n;
        if (c === 0) baseline[row] = predicted;
        for (const [f, weight] of weights) values[row * inputs + f] += weight * predicted;
      }
    });
  });
  return { baseline, values };
}

/** Which feature an encoded column belongs to. */
const ownersOf = ({ features }: Encoder): number[] => features.flatMap(({ columns }, f) => columns.map(() => f));
