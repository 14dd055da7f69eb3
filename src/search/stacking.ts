/** Predictions by the structures and the linear model of all inputs together, each by what it says of rows that are left out. */
import { logSumExp } from '../maths/quadrature.js';
import type { Stream } from '../random.js';
import { drawMembers, type Member } from './average.js';
import { outputsAt } from './outputs.js';
import type { SearchTable } from './problem.js';
import type { Weighted } from './summary.js';

/** Nats by which the structures are asked to be better, for they were chosen by the rows that are left out. */
const ASKED = 4;
/** Shares of the linear model that are tried: 0, 1/20, ..., 1. */
const PLACES = 20;

export interface Stacked {
  /** All of the same weight. */
  members: Member[];
  /** Of the linear model. */
  share: number;
}

/**
 * Networks drawn from both, as many of each as its share; yields after each structure.
 * @param structures by descending weight
 * @param dense the linear model of all inputs, at its scales
 * @param count of networks
 */
export function* stackedMembers(
  table: SearchTable, structures: readonly Weighted[], dense: readonly Weighted[], count: number, stream: Stream,
): Generator<void, Stacked> {
  const sparse = yield* drawMembers(table, structures, count, stream.split('structures'));
  const linear = yield* drawMembers(table, dense, count, stream.split('linear'));
  const share = shareOfSecond(logDensities(table, sparse), logDensities(table, linear), table.y.weights);
  const own = Math.round(share * count);
  return { members: [...some(sparse, count - own), ...some(linear, own)], share };
}

/** So many of them, evenly: draws of a structure stand side by side. */
const some = (members: readonly Member[], count: number): Member[] =>
  Array.from({ length: count }, (_, at) => members[Math.floor((at + 0.5) * members.length / count)]);

/** S x n: log p(y_n | w_s). */
function logDensities({ likelihood, x, y, rows, outputs: K }: SearchTable, members: readonly Member[]): Float64Array[] {
  return members.map(({ layout, w, noiseVariance }) => {
    const f = outputsAt(layout, w, x, rows);
    return Float64Array.from({ length: rows }, (_, n) =>
      likelihood.logDensity(f.subarray(n * K, (n + 1) * K), y.data.subarray(n * y.cols, (n + 1) * y.cols), noiseVariance));
  });
}

/**
 * How much of a mixture of two predictive distributions is the second one's: stacking (Yao, Vehtari, Simpson and Gelman 2018,
 * Using stacking to average Bayesian predictive distributions), averaged over shares by the likelihood of the rows left out.
 * @param first S x n: log p(y_n | draw)
 * @param second as `first`
 * @param weights n: how much each row counts
 */
export function shareOfSecond(
  first: readonly Float64Array[], second: readonly Float64Array[], weights?: ArrayLike<number>,
): number {
  const [one, two] = [leftOut(first, weights), leftOut(second, weights)];
  const shares = Array.from({ length: PLACES + 1 }, (_, at) => at / PLACES);
  const scores = shares.map((share) => {
    const [a, b] = [Math.log(1 - share), Math.log(share)];
    return one.reduce((sum, log, n) => sum + (weights?.[n] ?? 1) * logSumExp([a + log, b + two[n]]), ASKED * share);
  });
  const total = logSumExp(scores);
  return shares.reduce((sum, share, at) => sum + share * Math.exp(scores[at] - total), 0);
}

/**
 * log p(y_n | all other rows) by importance sampling: a draw counts 1 / p(y_n | draw), cut at the mean of these times the root of
 * their number (Ionides 2008, Truncated importance sampling).
 * @param logs S x n: log p(y_n | draw)
 * @param weights n: how often a row stands in the likelihood
 * @returns n
 */
export function leftOut(logs: readonly Float64Array[], weights?: ArrayLike<number>): Float64Array {
  const draws = Math.log(logs.length);
  return Float64Array.from(logs[0], (_, n) => {
    const counts = logs.map((log) => -(weights?.[n] ?? 1) * log[n]);
    const most = logSumExp(counts) - draws / 2;
    const cut = counts.map((count) => Math.min(count, most));
    return logSumExp(cut.map((count, s) => count + logs[s][n])) - logSumExp(cut);
  });
}
