/** Where chains begin, and how long they are by default. */
import type { LinearPart } from '../linear/index.js';
import type { ChainOptions } from './chain.js';
import { emptyNetwork, fullMask, withSkip, type Network } from './network.js';
import type { OwnPriors } from '../types.js';
import type { SearchTable } from './problem.js';

export interface SearchOptions {
  /** Prior probabilities of inputs that have one of their own; 1: it stays in. */
  own?: OwnPriors | undefined;
  /** Steps that are counted, of each chain. */
  steps: number;
  /** Whether there may be hidden units; absent: there may. */
  units?: boolean | undefined;
}

const CLIMB = 600;
const BURN = 0.15;
const UNIT_RATIO = 0.1;
const MOST_UNITS = 10;
const MOST_WEIGHTS = 120;

/** Of a chain from a start; beta of the prior is the number of inputs. */
export function chainOptions(table: SearchTable, start: Network, { own, steps, units = true }: SearchOptions): ChainOptions {
  const { inputs, outputs } = table;
  return {
    prior: {
      inputs, outputs, forced: forcedOf(own), own, sparsity: inputs, unitRatio: UNIT_RATIO, mostUnits: units ? MOST_UNITS : 0,
    },
    start, climb: Math.min(CLIMB, steps), burn: Math.round(BURN * steps), steps, mostWeights: Math.max(MOST_WEIGHTS, 2 * outputs),
  };
}

/** Inputs that stay in. */
export const forcedOf = (own: OwnPriors = []): number[] => own.flatMap((prior, input) => (prior === 1 ? [input] : []));

/** Nothing but what is forced, and the likeliest input of each credible set of the linear part where there are some. */
export function startsOf(table: SearchTable, forced: readonly number[], linear?: LinearPart): Network[] {
  const nothing = withLinear(table, emptyNetwork(table.outputs), forced);
  const sets = linear?.effects?.sets.map(({ inputs: [likeliest] }) => likeliest) ?? [];
  return [nothing, withLinear(table, nothing, sets)];
}

/** The network with skips of these inputs to all outputs. */
export const withLinear = ({ outputs, columns }: SearchTable, network: Network, inputs: readonly number[]): Network =>
  inputs.reduce((made, input) => (made.skips.some((skip) => skip.input === input) ? made
    : withSkip(made, { input, mask: fullMask(outputs), weight: new Float64Array(columns[input] * outputs) })), network);
