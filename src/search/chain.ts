/**
 * A Markov chain over structures (docs/method.md, Structure search): Metropolis-Hastings on the product of a structure's prior
 * and its evidence (equation (37)). It first climbs from its start, then goes on without being counted, then is counted.
 */
import type { Stream } from '../random.js';
import { Evaluator } from './evaluator.js';
import { fitNetwork, refit, type Fit } from './fit.js';
import { Guide } from './guide.js';
import { drawMove, type Proposal } from './moves/index.js';
import { keyOf, weightsOf, type Network } from './network.js';
import { logListPrior, logPrior, type StructurePrior } from './prior.js';
import type { SearchTable } from './problem.js';
import { CENTRE, logScales, logUsedScales, scalesKey, slabsAt, type Scales } from './scales.js';
import type { State } from './state.js';

/** A structure with scales that the chain has fitted. Plain values. */
export interface Visited {
  /** Weights at their mode. */
  network: Network;
  scales: Scales;
  /** In nats. */
  evidence: number;
  /** log p(structure, scales) + evidence. */
  log: number;
  /** Steps that the chain was here while it was counted. */
  visits: number;
  /** The fit was given up: the evidence is no more than this. */
  abandoned: boolean;
  /** Laplace's approximation had to use the Gauss-Newton form. */
  indefinite: boolean;
}

export interface ChainOptions {
  prior: StructurePrior;
  /** Where it begins. */
  start: Network;
  /** Steps that only go up, steps that are not counted, steps that are. */
  climb: number;
  burn: number;
  steps: number;
  /** A network has no more weights. */
  mostWeights: number;
  /** The slabs stay as they are in the beginning. */
  fixedScales?: boolean;
}

/** What a chain goes on from. Plain values. */
export interface ChainState {
  /** Steps that were made, of all kinds. */
  step: number;
  visited: Visited[];
  /** Place of where it is. */
  current: number;
  scales: Scales;
  moves: Record<string, { tried: number; accepted: number }>;
  fits: number;
}

/** How often a structure that is known is fitted again, from where the chain is: modes may be local. */
const AGAIN = 0.15;
/** Nats below the present structure at which another is of no consequence. */
const FAR = 12;

export class Chain {
  private readonly visited = new Map<string, Visited>();
  private readonly guide: Guide;
  private spare: Evaluator;
  private state: State;
  private here: Visited;
  private step: number;
  private readonly moves: ChainState['moves'];
  fits = 0;

  constructor(
    private readonly table: SearchTable, private readonly options: ChainOptions, private readonly stream: Stream,
    { from }: { from?: ChainState | undefined } = {},
  ) {
    const evaluator = new Evaluator(table);
    this.spare = new Evaluator(table);
    this.guide = new Guide(table, evaluator, slabsAt(table.likelihood, CENTRE));
    for (const each of from?.visited ?? []) this.visited.set(this.keyOf(each.network, each.scales), { ...each });
    this.step = from?.step ?? 0;
    this.moves = structuredClone(from?.moves ?? {});
    const scales = from?.scales ?? CENTRE;
    if (from) {
      this.here = [...this.visited.values()][from.current];
      this.fits = from.fits;
      this.state = this.stateOf(this.here, scales, refit(evaluator, this.here.network, this.slabs(scales)), evaluator);
    } else {
      const fit = fitNetwork(evaluator, options.start, this.slabs(scales));
      this.here = this.remember(fit, scales);
      this.state = this.stateOf(this.here, scales, fit, evaluator);
    }
  }

  /** Yields after every step. */
  * steps(): Generator<void, ChainState> {
    const { climb, burn, steps } = this.options;
    while (this.step < climb + burn + steps) {
      this.advance(this.stream.split('step', this.step), this.step < climb);
      if (this.step >= climb + burn) this.here.visits++;
      this.step++;
      yield;
    }
    return this.snapshot();
  }

  /** What another chain can go on from. */
  snapshot(): ChainState {
    const visited = [...this.visited.values()];
    return {
      step: this.step, visited: visited.map((each) => ({ ...each })), current: visited.indexOf(this.here),
      scales: this.state.scales, moves: structuredClone(this.moves), fits: this.fits,
    };
  }

  private advance(stream: Stream, climbing: boolean): void {
    const { name, move } = drawMove(this.table.outputs, stream);
    const counted = this.moves[name] ??= { tried: 0, accepted: 0 };
    counted.tried++;
    const threshold = climbing ? 0 : Math.log(stream.uniform() + 2 ** -33);
    const proposal = move(this.state, this.guide, stream);
    if (proposal && this.consider(proposal, threshold, climbing, stream)) counted.accepted++;
  }

  /** Whether the chain moved. */
  private consider(
    { network, scales = this.state.scales, ratio, later }: Proposal, threshold: number, climbing: boolean, stream: Stream,
  ): boolean {
    const { options: { prior, mostWeights, fixedScales }, state, table } = this;
    if (fixedScales && scales !== state.scales) return false;
    if (weightsOf(network, table) > mostWeights) return false;
    const log = logListPrior(network, prior) + logScales(scales);
    if (log === -Infinity) return false;
    const needed = threshold - (climbing ? 0 : ratio) + state.target - log;
    const { entry, fit } = this.evaluate(network, scales, Math.min(needed, state.target - FAR - log), stream);
    if (!(entry.evidence >= needed) || entry.abandoned) return false;
    const next = entry === this.here
      ? { ...state, scales, target: entry.evidence + log, additions: undefined }
      : this.stateOf(entry, scales, fit ?? this.located(entry, scales), this.spare);
    if (!climbing && later && !(entry.evidence - needed + later(next) >= 0)) return false;
    if (entry !== this.here) this.spare = state.evaluator;
    this.here = entry;
    this.state = next;
    return true;
  }

  /** The entry of a structure; with its fit where the spare evaluator is at it. */
  private evaluate(network: Network, scales: Scales, floor: number, stream: Stream): { entry: Visited; fit: Fit | undefined } {
    const key = this.keyOf(network, scales);
    const known = this.visited.get(key);
    const again = stream.uniform() < AGAIN;
    const serves = known && (known === this.here || (known.abandoned ? known.evidence < floor : !again));
    if (serves) return { entry: known, fit: undefined };
    this.fits++;
    const fit = fitNetwork(this.spare, network, this.slabs(scales), floor, this.state);
    const worse = known && !known.abandoned && (fit.abandoned || fit.evidence <= known.evidence + 1e-3);
    return worse ? { entry: known, fit: undefined } : { entry: this.remember(fit, scales), fit };
  }

  private located({ network }: Visited, scales: Scales): Fit {
    this.fits++;
    return refit(this.spare, network, this.slabs(scales));
  }

  private remember({ network, evidence, abandoned, indefinite }: Fit, scales: Scales): Visited {
    const key = this.keyOf(network, scales);
    const log = evidence + logPrior(network, this.options.prior) + logUsedScales(network, scales);
    const found = { network, scales, evidence, log, abandoned, indefinite };
    const known = this.visited.get(key);
    if (known) return Object.assign(known, found);
    const made = { ...found, visits: 0 };
    this.visited.set(key, made);
    return made;
  }

  private stateOf({ network, evidence }: Visited, scales: Scales, fit: Fit, evaluator: Evaluator): State {
    const target = evidence + logListPrior(network, this.options.prior) + logScales(scales);
    return { network, scales, fit, evaluator, target, additions: undefined };
  }

  private slabs(scales: Scales): ReturnType<typeof slabsAt> {
    return slabsAt(this.table.likelihood, scales);
  }

  private keyOf(network: Network, scales: Scales): string {
    return `${keyOf(network)}|${scalesKey(network, scales)}`;
  }
}
