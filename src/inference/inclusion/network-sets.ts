/**
 * Credible sets of inputs that only the network uses, by swaps: what an input does in the median probability model is done by
 * another in its place, and the likelihood of the training rows tells how well (docs/method.md, Credible sets).
 */
import { columnCount } from '../../data/feature.js';
import { dot, softmax, unitColumns } from '../../maths/vector.js';
import { KEPT } from '../../model/prior.js';
import type { CompressedModel, Encoder, InputSet, Matrix, RowFacts } from '../../types.js';
import { columnSubset, meanOutputs } from '../predictive/compressed-draws.js';
import { rowLosses } from '../predictive/evaluate.js';
import { networkSize } from '../prune/size.js';

/** Least absolute correlation of an input that is tried, and how many are tried in the place of one. */
const MIN_CORRELATION = 0.7;
const MAX_PARTNERS = 20;
/** Multiplications that all swaps together may take; then fewer partners are tried. */
const WORK = 1e9;
const LEVEL = 0.95;

export interface SwapRows extends RowFacts {
  /** Of all inputs. */
  encoder: Encoder;
  /** n x d, its columns. */
  x: Matrix;
  /** n, encoded. */
  y: Float32Array;
}

/**
 * A set for each input of the model but those that are covered already, in the model's order. Its probabilities are in
 * proportion to the likelihood of the rows when that input, or another one that the model does not use, takes its place. The
 * weights stay as they are, times the regression of the one input on the other, so that the others get no more than their due.
 * @param model the median probability model, with the encoder of what it kept
 * @param covered names of inputs that need no set
 */
export function networkSets(
  model: CompressedModel, { encoder, x, y, ...facts }: SwapRows, covered: ReadonlySet<string>,
): InputSet[] {
  const kept = new Set(model.encoder.features.map(({ name }) => name));
  const columns = columnsByInput(encoder, x);
  const free = encoder.features.map(({ name }) => name).filter((name) => !kept.has(name));
  // Of inputs that are kept no effect is claimed.
  const given = new Set(encoder.features.filter(({ prior }) => prior === KEPT).map(({ name }) => name));
  const asked = [...kept].filter((name) => !covered.has(name) && !given.has(name));
  const most = partnersFor(model, x.rows, asked.length);
  const rows = columnSubset(encoder, model.encoder)(x);
  const logLikelihood = (of: Matrix): number =>
    -rowLosses(meanOutputs(model, of), y, model.encoder.target, undefined, facts).nll
      .reduce((sum, loss, n) => sum + (facts.weights?.[n] ?? 1) * loss, 0);
  const correlation = (a: string, b: string): number => closest(columns.get(a)!, columns.get(b)!);
  return asked.map((input): InputSet => {
    const partners = free.map((name) => ({ name, size: correlation(input, name) })).filter(({ size }) => size >= MIN_CORRELATION)
      .sort((a, b) => b.size - a.size).slice(0, most).map(({ name }) => name);
    if (partners.length === 0) return { source: 'network', inputs: [{ input, probability: 1 }], purity: 1 };
    const own = logLikelihood(rows);
    const gains = partners.map((name) => logLikelihood(swapped(rows, placesOf(model.encoder, input), columns.get(name)!)) - own);
    const probabilities = softmax([0, ...gains]);
    const inputs = fewest([input, ...partners].map((name, at) => ({ input: name, probability: probabilities[at] })));
    return { source: 'network', inputs, purity: purityOf(inputs.map((member) => member.input), correlation) };
  });
}

/** Columns of each input, centred and of length 1, without indicators of missing cells, which say nothing of the values. */
function columnsByInput({ features }: Encoder, x: Matrix): Map<string, Float64Array[]> {
  const all = unitColumns(x);
  let next = 0;
  return new Map(features.map(({ name, columns }) => {
    const own = all.slice(next, next += columns.length);
    return [name, own.filter((_, c) => columns[c].type !== 'missing')];
  }));
}

function partnersFor(model: CompressedModel, rows: number, asked: number): number {
  const swap = rows * Math.max(1, networkSize(model).multiplyAdds);
  return Math.min(MAX_PARTNERS, Math.max(1, Math.floor(WORK / (swap * Math.max(1, asked)))));
}

/** Places of an input's columns among those of an encoder. */
function placesOf({ features }: Encoder, input: string): number[] {
  const at = features.findIndex(({ name }) => name === input);
  const first = columnCount(features.slice(0, at));
  return features[at].columns.map((_, c) => first + c);
}

/** The rows with some columns replaced by their least-squares regression on others, which are centred. */
function swapped({ rows, cols, data }: Matrix, places: readonly number[], on: readonly Float64Array[]): Matrix {
  const changed = data.slice();
  const basis = orthonormal(on);
  for (const place of places) {
    const column = Float64Array.from({ length: rows }, (_, n) => data[n * cols + place]);
    const mean = column.reduce((sum, value) => sum + value, 0) / rows;
    const weights = basis.map((direction) => dot(direction, column));
    for (let n = 0; n < rows; n++) {
      changed[n * cols + place] = basis.reduce((sum, direction, b) => sum + weights[b] * direction[n], mean);
    }
  }
  return { rows, cols, data: changed };
}

/** Gram and Schmidt's, without directions that the others have already. */
function orthonormal(columns: readonly Float64Array[]): Float64Array[] {
  const basis: Float64Array[] = [];
  for (const column of columns) {
    const rest = column.slice();
    for (const direction of basis) {
      const along = dot(direction, rest);
      for (let n = 0; n < rest.length; n++) rest[n] -= along * direction[n];
    }
    const length = Math.sqrt(dot(rest, rest));
    if (length > 1e-6) basis.push(rest.map((value) => value / length));
  }
  return basis;
}

/** Of all pairs of columns, the largest absolute correlation. */
function closest(some: readonly Float64Array[], others: readonly Float64Array[]): number {
  let largest = 0;
  for (const a of some) for (const b of others) largest = Math.max(largest, Math.abs(dot(a, b)));
  return Math.min(1, largest);
}

/** The most probable ones, as few as have the level together. */
function fewest(members: InputSet['inputs']): InputSet['inputs'] {
  const ranked = [...members].sort((a, b) => b.probability - a.probability);
  let sum = 0;
  return ranked.slice(0, 1 + ranked.findIndex(({ probability }) => (sum += probability) >= LEVEL));
}

const purityOf = (names: readonly string[], correlation: (a: string, b: string) => number): number =>
  names.reduce((least, a, at) => names.slice(at + 1).reduce((lower, b) => Math.min(lower, correlation(a, b)), least), 1);
