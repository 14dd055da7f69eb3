/** The search over structures of a run: chains from several starts, side by side, that go on until they agree. */
import type { Config } from '../config/schema.js';
import { outputCount } from '../likelihood/index.js';
import { Interrupted } from '../jobs/abort.js';
import type { Runner } from '../jobs/runner.js';
import { KEPT } from '../model/prior.js';
import { hasGates } from '../model/shape.js';
import { bestNoise } from '../linear/noise.js';
import type { LinearPart, LinearProblem } from '../linear/types.js';
import { prune } from '../inference/prune/prune.js';
import type { Inclusion } from '../inference/inclusion/inclusion.js';
import { keptMark, type Named } from '../inference/inclusion/restarts.js';
import { withVerdict } from '../inference/inclusion/verdict.js';
import { startFrom } from '../inference/structure/start.js';
import type { ChainOptions, ChainState } from '../search/chain.js';
import { layoutOf, pack } from '../search/layout.js';
import { keyOf, weightsOf, type Network } from '../search/network.js';
import { outputsAt } from '../search/outputs.js';
import { tableOf, type SearchTable } from '../search/problem.js';
import { slabsAt } from '../search/scales.js';
import { chainOptions, forcedOf, startsOf, withLinear } from '../search/starts.js';
import { summarise, type InputSummary } from '../search/summary.js';
import type { InputInclusion, Posterior } from '../types.js';
import { plural } from '../wording.js';
import type { Prepared } from './prepare.js';
import type { SearchFacts } from './run-metrics.js';
import type { ChainEnd, SearchResult, TrainTasks } from './tasks.js';

/** Starts of chains, as a rule. */
export const CHAINS = 3;
/** The most of them: two networks of variational inference, the credible sets, and nothing. */
export const MAX_STARTS = 4;
/** Chains go on at most so often when they do not agree. */
const ROUNDS = 3;
/** Tasks that a round of a chain is divided into: three chains keep two workers busy to the end. */
const PARTS = 2;
/**
 * Steps that a chain of `auto` makes, and those below which a search is not worth beginning. With 5,000 the largest error of a
 * PIP on fifteen small tables (docs/benchmarks/exact.md, level 1) was .29, with 10,000 it was .11.
 */
const MOST_STEPS = 10_000;
export const FEWEST_STEPS = 300;
/** Seconds that a chain of `auto` may take, by {@link secondsPerStep}, on the machine that this was measured on. */
const SECONDS = 5;

/** PIPs at which variational networks are cut for a start: the first that leaves few enough weights for a budget of `auto`. */
const THRESHOLDS = [0.5, 0.9, 0.99, 0.999];
/** Starts with more weights may not take more of the steps that a table allows than to this share, or to so many. */
const SHARE = 1 / 3;
const ENOUGH_STEPS = 1650;

export interface Searched extends SearchResult {
  /** In the order of the encoder's features. */
  pips: InputInclusion[];
  search: SearchFacts;
}

/** By start; null: not begun. */
export type ChainStates = (ChainState | null)[];

/** What the search goes on from, and who keeps what it comes to. */
export interface Kept {
  from?: ChainStates | undefined;
  /** Keeps the chains of a round, whole or interrupted. */
  save?: ((chains: ChainStates) => Promise<void>) | undefined;
  onSteps?: ((done: number, all: number) => void) | undefined;
}

export interface Chosen {
  linear: LinearPart;
  /** The variational networks that chains begin from. */
  starts: readonly { posterior: Posterior; inclusion: Inclusion }[];
}

/** Why there is no search over structures of this table, in words; undefined where there is one, or none was asked for. */
export function whyNoSearch({ search: { steps } }: Pick<Config, 'search'>, { fitData: { x, y }, shape }: Prepared): string | undefined {
  if (steps === 0) return undefined;
  const none = 'there is no search over structures';
  if (!hasGates(shape.gates)) return `${none}: it begins from inclusion probabilities, and this network has no gates`;
  if (steps !== 'auto') return undefined;
  const most = autoSteps({ rows: x.rows, outputs: outputCount(y), x: { length: x.cols } });
  return most >= FEWEST_STEPS ? undefined
    : `${none}: ${x.rows.toLocaleString('en')} rows of ${plural(shape.inputGates, 'input')} allow ${most} steps in ${SECONDS} seconds, `
      + `and fewer than ${FEWEST_STEPS} find little; PIPs are those of variational inference`;
}

/** The config that holds for a table: where it is beyond the reach of a search, as if none had been asked for. */
export const withinReach = <C extends Pick<Config, 'search'>>(config: C, prepared: Prepared): C =>
  (whyNoSearch(config, prepared) === undefined ? config : { ...config, search: { steps: 0 } });

/**
 * Chains from networks of variational inference, from credible sets and from nothing.
 * @throws interrupted.stopped after `save` had the chains; training.worker
 */
export async function searchStructures(
  runner: Runner<TrainTasks>, { train: { seed }, search: { steps: asked } }: Pick<Config, 'train' | 'search'>,
  { fitData: { x, y }, shape, encoder }: Prepared, { linear, starts }: Chosen,
  { from = [], save = async () => {}, onSteps }: Kept = {},
): Promise<Searched> {
  const plain: LinearProblem = { task: shape.task, x, y, group: shape.inputGroup, inputs: shape.inputGates };
  const table = tableOf(plain);
  const forced = forcedOf(shape.inputPriors);
  const fewest = asked === 'auto' ? Math.max(FEWEST_STEPS, Math.min(ENOUGH_STEPS, SHARE * autoSteps(table))) : 0;
  const light = (network: Network): boolean => fewest <= autoSteps(table, weightsOf(network, table));
  const cut = ({ posterior, inclusion }: Chosen['starts'][number]): Network | undefined => THRESHOLDS
    .map((threshold) => startFrom(prune(posterior, inclusion, encoder, { threshold, level: 'all' }).model, encoder, table))
    .map((network) => withLinear(table, network, forced)).find(light);
  const begun = namedStarts(table, linear, forced, starts.flatMap((start) => cut(start) ?? [])).filter(({ start, network }) =>
    start === 'nothing' || light(network));
  const steps = asked === 'auto' ? autoSteps(table, Math.max(...begun.map(({ network }) => weightsOf(network, table)))) : asked;
  const options = begun.map(({ network }) =>
    chainOptions(table, network, { own: shape.inputPriors, steps, units: hasHidden(shape) }));
  const { noiseVariance } = starts[0].posterior;
  const problem = holdsNoise(table) ? await withNoise(runner, { ...plain, noiseVariance }, options, seed) : plain;
  const goOn = async (rounds: number, states: ChainStates): Promise<ChainState[]> => {
    const longer = options.map((each) => ({ ...each, steps: rounds * steps }));
    const ends = await round(runner, problem, longer, states, seed, onSteps);
    await save(ends.map((end, c) => end?.state ?? states[c]));
    return ends.map((end) => {
      if (!end?.done) throw new Interrupted();
      return end.state;
    });
  };
  // Chains that were interrupted are in the round that none of them is beyond.
  const made = Math.max(0, ...options.map(({ climb, burn }, c) => ((from[c]?.step ?? 0) - climb - burn) / steps));
  let rounds = Math.max(1, Math.ceil(made));
  let chains = await goOn(rounds, options.map((_, c) => from[c] ?? null));
  while (rounds < ROUNDS && summarise(chains, table.inputs).unstable.some(Boolean)) chains = await goOn(++rounds, chains);
  const result = await runner.run('average', { problem, chains, prior: options[0].prior, stream: [seed, 'search', 'average'] });
  if (!result) throw new Interrupted();
  const names = encoder.features.map(({ name }) => name);
  const { climb, burn } = options[0];
  return {
    ...result, pips: inclusionOf(encoder.features, result.inputs),
    search: {
      ...result.facts, steps: { climb, burn, counted: rounds * steps },
      chains: chains.map(({ fits }, c) => ({ start: begun[c].start, fits })),
      unstable: names.filter((_, input) => result.inputs.unstable[input]),
    },
  };
}

/** A linear model is searched among linear models alone. */
const hasHidden = ({ widths }: Prepared['shape']): boolean => widths.length > 2;

/** Normal noise is integrated out. Any other is held where it is best for the best structure that short chains find. */
const holdsNoise = ({ likelihood: { learnsNoise, normal } }: SearchTable): boolean => learnsNoise && !normal;

/** Steps of such a chain beside those that climb. */
const PILOT = 300;

/** @throws interrupted.stopped */
async function withNoise(
  runner: Runner<TrainTasks>, problem: LinearProblem, options: readonly ChainOptions[], seed: number,
): Promise<LinearProblem> {
  const ends = await Promise.all(options.map((each, c) => runner.run('chain', {
    problem, options: { ...each, burn: 0, steps: Math.min(PILOT, each.steps) }, stream: [seed, 'search', 'pilot', c],
  })));
  const visited = ends.flatMap((end) => {
    if (!end?.done) throw new Interrupted();
    return end.state.visited;
  });
  const { network, scales } = visited.reduce((best, each) => (each.log > best.log ? each : best));
  const table = tableOf(problem);
  const { places, outputs, likelihood, x, rows, y } = table;
  const layout = layoutOf(network, places, outputs, slabsAt(likelihood, scales));
  return { ...problem, noiseVariance: bestNoise(likelihood, outputsAt(layout, pack(network, table, layout.size), x, rows), y) };
}

/** Where each chain has come to; undefined where it was stopped before it went on. */
async function round(
  runner: Runner<TrainTasks>, problem: LinearProblem, options: readonly ChainOptions[], from: ChainStates, seed: number,
  onSteps: Kept['onSteps'],
): Promise<(ChainEnd | undefined)[]> {
  const done = options.map((_, c) => from[c]?.step ?? 0);
  const all = options.reduce((sum, { climb, burn, steps }) => sum + climb + burn + steps, 0);
  const part = (each: ChainOptions, c: number, state: ChainState | null, steps: number): Promise<ChainEnd> => {
    const stream: [number, ...(string | number)[]] = [seed, 'search', 'chain', c];
    return runner.run('chain', { problem, options: { ...each, steps }, from: state ?? undefined, stream }, (step) => {
      done[c] = step;
      onSteps?.(done.reduce((sum, one) => sum + one, 0), all);
    });
  };
  return Promise.all(options.map(async (each, c) => {
    const rest = each.climb + each.burn + each.steps - done[c];
    let end: ChainEnd | undefined;
    for (let left = PARTS - 1; left >= 0; left--) {
      const steps = Math.max(0, each.steps - Math.floor(rest * left / PARTS));
      const next = await part(each, c, end?.state ?? from[c], steps).catch((error: unknown) => {
        if (error instanceof Interrupted) return undefined;
        throw error;
      });
      if (!next?.done) return next ?? (end && { ...end, done: false });
      end = next;
    }
    return end;
  }));
}

/** Distinct starts. */
function namedStarts(
  table: SearchTable, linear: LinearPart, forced: readonly number[], variational: readonly Network[],
): { start: string; network: Network }[] {
  const [nothing, sets] = startsOf(table, forced, linear);
  const named = [
    ...variational.map((network) => ({ start: 'variational', network })), { start: 'credible sets', network: sets },
    { start: 'nothing', network: nothing },
  ];
  const seen = new Set<string>();
  return named.filter(({ network }) => {
    const key = keyOf(network);
    return seen.size < seen.add(key).size;
  });
}

/** Of a table: its rows, outputs and encoded columns. */
type Size = Pick<SearchTable, 'rows' | 'outputs'> & { x: { length: number } };

/**
 * About the time of a step, in seconds, where networks have so many weights: what fits of 630 rows and 10 weights, 927 and 84,
 * 8,611 and 44 took, and what looking at all inputs adds where there are hundreds of them.
 */
export const secondsPerStep = ({ rows, outputs, x }: Size, weights: number): number =>
  rows * (2.7e-9 * weights ** 2 + 8.4e-8 * weights + 1.4e-6 + 1.7e-9 * x.length * outputs * weights);

/** Counted steps of `auto` where the starts have so many weights; they have the most where they have none. */
export function autoSteps(table: Size, weights = 0): number {
  const most = SECONDS / secondsPerStep(table, Math.max(10, weights));
  return Math.min(MOST_STEPS, Math.round(most / 50) * 50);
}

/** PIPs with their spread over chains and over the two estimates. */
function inclusionOf(
  features: readonly Named[], { pips, byEvidence, byVisits, nonlinear, chains, unstable }: InputSummary,
): InputInclusion[] {
  return features.map(({ name: input, prior }, g) => {
    const spread = [pips[g], byEvidence[g], byVisits[g], ...chains.map((chain) => chain[g])];
    // What is kept is in every structure, whatever sums are rounded to.
    const pip = prior === KEPT ? 1 : pips[g];
    const curved = Math.min(nonlinear[g], pip);
    const row = withVerdict({
      input, pip, pipNetwork: pip, pipMin: Math.min(...spread), pipMax: Math.max(...spread),
      linear: pip - curved, nonlinear: curved, ...keptMark(prior),
    });
    return { ...row, unstable: unstable[g] };
  });
}
