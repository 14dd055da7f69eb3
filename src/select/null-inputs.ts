/** A table in which every input has a copy that the target knows nothing of. */
import { fail } from '../errors.js';
import { gaussianKnockoffs } from '../inference/copies/knockoffs.js';
import { KEPT } from '../model/prior.js';
import type { Stream } from '../random.js';
import type { Encoder, Feature, Matrix } from '../types.js';
import type { Prepared } from '../work/prepare.js';
import { option, words } from '../voice.js';

/** Knockoffs keep the correlations of the inputs; probes are the rows of all inputs in another order. */
export type NullKind = 'knockoffs' | 'probes';

export interface NullInputs {
  prepared: Prepared;
  /** The feature in `prepared` that an input is, and the one that its copy is, in the encoder's order. */
  places: { input: number; copy: number }[];
  /** Of knockoffs: the correlation of an input with its copy, and how far R was drawn to the identity. */
  knockoffs?: { copyCorrelations: number[]; shrinkage: number } | undefined;
}

/**
 * Puts copies beside the inputs. A coin decides for each whether it or its copy stands in the first half of the columns: what is
 * done in the order of the columns, as gate flips are, then favours neither.
 * @throws usage.knockoffs when knockoffs cannot be made of these inputs
 */
export function withCopies(prepared: Prepared, kind: NullKind, stream: Stream): NullInputs {
  const { encoder: { features }, fitData: { x } } = prepared;
  const knockoffs = kind === 'knockoffs' ? knockoffsOf(features, x, stream.split('copies')) : undefined;
  const copies = knockoffs?.x ?? permutedRows(x, stream.split('copies').permutation(x.rows));
  const coin = stream.split('sides');
  const swapped = features.map(() => coin.bits() % 2 === 1);
  const places = swapped.map((swap, f) => (swap ? [f, features.length + f] : [features.length + f, f]))
    .map(([copy, input]) => ({ input, copy }));
  return {
    prepared: doubled(prepared, copies, swapped), places,
    knockoffs: knockoffs && { copyCorrelations: Array.from(knockoffs.s, (s) => 1 - s), shrinkage: knockoffs.shrinkage },
  };
}

function knockoffsOf(features: readonly Feature[], x: Matrix, stream: Stream): ReturnType<typeof gaussianKnockoffs> {
  const hint = words`Use ${option('probes', true)}, which needs no model of the inputs.`;
  const other = features.find(({ columns }) => columns.length !== 1 || columns[0].type !== 'number');
  if (other) {
    const what = { categorical: 'is text', date: 'is a date', numeric: 'has missing cells', group: 'is a group of columns' }[other.kind];
    throw fail('usage.knockoffs', `knockoffs are Gaussian, and input '${other.name}' ${what}`, { hint });
  }
  if (2 * x.cols > x.rows) {
    const counts = `${x.cols} inputs and ${x.rows} training rows`;
    throw fail('usage.knockoffs', `knockoffs need two training rows for each input to estimate correlations; there are ${counts}`, { hint });
  }
  return gaussianKnockoffs(x, stream);
}

function permutedRows({ rows, cols, data }: Matrix, order: Int32Array): Matrix {
  const permuted = new Float32Array(data.length);
  order.forEach((row, n) => permuted.set(data.subarray(row * cols, (row + 1) * cols), n * cols));
  return { rows, cols, data: permuted };
}

/** Twice the features: where `swapped`, the copy comes first. */
function doubled(prepared: Prepared, copies: Matrix, swapped: readonly boolean[]): Prepared {
  const { encoder, shape, fitData: { x, y } } = prepared;
  const half = x.cols;
  const group = shape.inputGroup;
  const own = shape.inputPriors;
  // A copy has the prior of its input, but is not kept.
  const priors = (isCopy: (f: number) => boolean): (number | null)[] =>
    (own ?? []).map((prior, f) => (prior === KEPT && isCopy(f) ? null : prior));
  const both = new Float32Array(2 * x.data.length);
  for (let n = 0; n < x.rows; n++) {
    for (let c = 0; c < half; c++) {
      const [first, second] = swapped[group[c]] ? [copies, x] : [x, copies];
      both[2 * n * half + c] = first.data[n * half + c];
      both[(2 * n + 1) * half + c] = second.data[n * half + c];
    }
  }
  const named = (copied: (f: number) => boolean): Encoder['features'] =>
    encoder.features.map((feature, f) => (copied(f) ? { ...feature, name: `~${feature.name}` } : feature));
  return {
    ...prepared,
    encoder: { ...encoder, features: [...named((f) => swapped[f]), ...named((f) => !swapped[f])] },
    // The other rows have no copies.
    sets: {},
    fitData: { x: { rows: x.rows, cols: 2 * half, data: both }, y },
    shape: {
      ...shape, widths: [2 * half, ...shape.widths.slice(1)], inputGates: 2 * shape.inputGates,
      ...(own && { inputPriors: [...priors((f) => swapped[f]), ...priors((f) => !swapped[f])] }),
      inputGroup: Int32Array.from({ length: 2 * half }, (_, c) => group[c % half] + (c < half ? 0 : shape.inputGates)),
    },
  };
}
