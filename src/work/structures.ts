/** The two tasks of the search over structures: a chain, and what chains come to together. */
import { listOf } from '../inference/structure/networks.js';
import { structurePosterior } from '../inference/structure/posterior.js';
import type { LinearProblem } from '../linear/types.js';
import { likelihoodOf } from '../likelihood/index.js';
import type { Stream } from '../random.js';
import { drawMembers } from '../search/average.js';
import { Chain, type ChainState } from '../search/chain.js';
import { averageMode, denseLinear, weightedScales } from '../search/dense-linear.js';
import { layoutOf, pack, type Layout } from '../search/layout.js';
import { keyOf } from '../search/network.js';
import type { StructurePrior } from '../search/prior.js';
import { tableOf, type SearchTable } from '../search/problem.js';
import { referenceOf, type Reference } from '../search/reference.js';
import { scalesKey, slabsAt } from '../search/scales.js';
import { stackedMembers } from '../search/stacking.js';
import { summarise, type SearchSummary, type Weighted } from '../search/summary.js';
import type { Background, StructureAverage } from '../types.js';
import { finishUnlessAborted } from '../steps.js';
import type { ChainEnd, ChainTask, SearchResult } from './tasks.js';

/** Networks that predictions average over; of the linear model of all inputs as many as have so many weights, but not fewer. */
const DRAWS = 200;
const MOST_DRAWN = 4e6;
const FEWEST_DRAWS = 50;
/** Structures that are kept at their modes, down to so small a share. */
const KEPT = 50;
const LEAST_SHARE = 1e-3;
/** Steps after which a chain tells where it is. */
const TOLD = 50;
/** The part of the average that the fewest structures are counted for. */
const MATERIAL = 0.9;

/** Ends early when `signal` is aborted. */
export async function runChain(
  { problem, options, from }: ChainTask, stream: Stream, signal: AbortSignal, onSteps: (steps: number) => void,
): Promise<ChainEnd> {
  const chain = new Chain(tableOf(problem), options, stream, { from });
  function* told(): Generator<void, ChainState> {
    let step = from?.step ?? 0;
    const steps = chain.steps();
    for (;;) {
      const { done, value } = steps.next();
      if (done) return value;
      if (++step % TOLD === 0) onSteps(step);
      yield;
    }
  }
  const state = await finishUnlessAborted(told(), signal);
  return { state: state ?? chain.snapshot(), done: state !== undefined };
}

/** Yields after every fit. */
export function* averageSteps(
  problem: LinearProblem, chains: readonly ChainState[], prior: StructurePrior, stream: Stream,
): Generator<void, SearchResult> {
  const table = tableOf(problem);
  const summary = summarise(chains, table.inputs);
  const reference = yield* referenceOf(table, summary, prior, stream.split('reference'));
  // Where the noise is normal, many weak effects were measured to add nothing.
  const dense = likelihoodOf(problem.task).normal ? [] : yield* denseLinear(table);
  const scales = weightedScales(dense);
  const { members, share } = scales.length > 0 ? yield* stackedMembers(table, summary.structures, scales, drawsOf(table), stream)
    : { members: yield* drawMembers(table, summary.structures, DRAWS, stream), share: undefined };
  const background = share !== undefined && { background: scaled(averageMode(scales, table), share) };
  const kept = keptOf(summary, reference);
  const average: StructureAverage = {
    structures: { ...listOf(kept.map((each) => laidOut(table, each))), share: Float64Array.from(kept, ({ weight }) => weight) },
    draws: { ...listOf(members), noiseVariance: Float64Array.from(members, ({ noiseVariance }) => noiseVariance) },
  };
  const { structures, best: _, ...inputs } = summary;
  const { posterior, inclusion } = structurePosterior(problem.task, problem.group, { reference, summary, average, table, prior });
  return {
    posterior: { ...posterior, ...background }, inclusion, inputs,
    facts: {
      evidence: reference.fit.evidence, logPosterior: reference.log, units: reference.fit.network.units.length,
      structures: structures.length, material: fewestOf(structures),
      ...(share !== undefined && { dense: share }),
    },
  };
}

/** By descending share, the reference among them, which no chain may have visited. */
function keptOf({ structures }: SearchSummary, { fit: { network, evidence, indefinite }, scales, log }: Reference): Weighted[] {
  const list = structures.filter(({ weight }, m) => m === 0 || (m < KEPT && weight >= LEAST_SHARE));
  const nameOf = (each: Pick<Weighted['visited'], 'network' | 'scales'>): string =>
    `${keyOf(each.network)}|${scalesKey(each.network, each.scales)}`;
  const name = nameOf({ network, scales });
  if (list.some(({ visited }) => nameOf(visited) === name)) return list;
  const known = structures.find(({ visited }) => nameOf(visited) === name);
  const [top] = structures;
  const byEvidence = Math.min(1, top.byEvidence * Math.exp(log - top.visited.log));
  const visited = { network, scales, evidence, log, visits: 0, abandoned: false, indefinite };
  return [...list, known ?? { visited, byEvidence, byVisits: 0, weight: byEvidence / 2 }].sort((a, b) => b.weight - a.weight);
}

const drawsOf = ({ x, outputs }: SearchTable): number =>
  Math.max(FEWEST_DRAWS, Math.min(DRAWS, Math.floor(MOST_DRAWN / (x.length * outputs))));

/** The linear model beside a network that has the rest of the average. */
function scaled({ weight, bias }: Pick<Background, 'weight' | 'bias'>, share: number): Background {
  return { weight: weight.map((value) => share * value), bias: bias.map((value) => share * value), share: 1 - share };
}

function laidOut(table: SearchTable, { visited: { network, scales } }: Weighted): { layout: Layout; w: Float64Array } {
  const layout = layoutOf(network, table.places, table.outputs, slabsAt(table.likelihood, scales));
  return { layout, w: pack(network, table, layout.size) };
}

function fewestOf(structures: readonly Weighted[]): number {
  let sum = 0;
  for (const [at, { weight }] of structures.entries()) {
    sum += weight;
    if (sum >= MATERIAL) return at + 1;
  }
  return structures.length;
}
