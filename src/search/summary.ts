/** What chains say together. */
import { logSumExp } from '../maths/quadrature.js';
import type { Axes } from './axes.js';
import type { ChainState, Visited } from './chain.js';
import { activeInputs, keyOf, nonlinearInputs } from './network.js';
import { scalesKey } from './scales.js';

/** A structure's share in the average. */
export interface Weighted {
  visited: Visited;
  /** Mean of `byEvidence` and `byVisits`; they add up to 1. */
  weight: number;
  byEvidence: number;
  byVisits: number;
  /** What its inputs are, where they are not those of the table. */
  axes?: Axes;
}

type Shares = 'weight' | 'byEvidence' | 'byVisits';

export interface InputSummary {
  /** p: mean of the two estimates over all chains. */
  pips: Float64Array;
  byEvidence: Float64Array;
  byVisits: Float64Array;
  /** p: probability that the input feeds a unit. */
  nonlinear: Float64Array;
  /** Per chain p: the mean of its two estimates. */
  chains: Float64Array[];
  /** p: two estimates, or two chains, differ by more than .3. */
  unstable: boolean[];
}

export interface SearchSummary extends InputSummary {
  /** All that was fitted, by descending weight. */
  structures: Weighted[];
  /** Of highest posterior. */
  best: Visited;
}

const UNSTABLE = 0.3;

/** @param chains at least one, of one table and prior */
export function summarise(chains: readonly ChainState[], inputs: number): SearchSummary {
  const structures = weighted(chains.flatMap(({ visited }) => visited));
  const each = chains.map(({ visited }) => weighted(visited));
  const share = (of: readonly Weighted[], by: Shares): Float64Array =>
    sharesOf(of, inputs, by, ({ network }) => activeInputs(network));
  const pips = share(structures, 'weight');
  const [byEvidence, byVisits] = [share(structures, 'byEvidence'), share(structures, 'byVisits')];
  const own = each.map((list) => share(list, 'weight'));
  const unstable = Array.from({ length: inputs }, (_, input) => {
    const values = own.map((p) => p[input]);
    return Math.max(Math.abs(byEvidence[input] - byVisits[input]), Math.max(...values) - Math.min(...values)) > UNSTABLE;
  });
  const nonlinear = sharesOf(structures, inputs, 'weight', ({ network }) => nonlinearInputs(network));
  const best = structures.reduce((top, { visited }) => (visited.log > top.log ? visited : top), structures[0].visited);
  return { pips, byEvidence, byVisits, nonlinear, chains: own, unstable, structures, best };
}

function sharesOf(
  structures: readonly Weighted[], inputs: number, by: Shares,
  of: (visited: Visited) => Iterable<number>,
): Float64Array {
  const shares = new Float64Array(inputs);
  for (const each of structures) if (each[by] > 1e-12) for (const input of of(each.visited)) shares[input] += each[by];
  return shares.map((share) => Math.min(share, 1));
}

/** Distinct structures; of one that several chains know, the best fit. */
function weighted(all: readonly Visited[]): Weighted[] {
  const distinct = new Map<string, Visited>();
  for (const each of all) {
    if (each.abandoned) continue;
    const key = `${keyOf(each.network)}|${scalesKey(each.network, each.scales)}`;
    const known = distinct.get(key);
    const better = known && known.log >= each.log ? known : each;
    distinct.set(key, { ...better, visits: each.visits + (known?.visits ?? 0) });
  }
  const list = [...distinct.values()];
  const total = logSumExp(list.map(({ log }) => log));
  const visits = list.reduce((sum, each) => sum + each.visits, 0);
  return list.map((visited) => {
    const byEvidence = Math.exp(visited.log - total);
    const byVisits = visits > 0 ? visited.visits / visits : byEvidence;
    return { visited, byEvidence, byVisits, weight: (byEvidence + byVisits) / 2 };
  }).sort((a, b) => b.weight - a.weight);
}
