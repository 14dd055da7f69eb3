/** The prior of a structure (docs/method.md, Structure search, equations (32) and (33)). */
import { logBeta, logChoose, logGamma } from '../maths/gamma.js';
import type { OwnPriors } from '../types.js';
import { activeInputs, isMasked, outputsIn, unitKey, type Network } from './network.js';

export interface StructurePrior {
  inputs: number;
  outputs: number;
  /** Always in. */
  forced: readonly number[];
  /** Prior probabilities of inputs that have one of their own, by input; they are independent of all others. */
  own?: OwnPriors | undefined;
  /** beta of the Beta(1, beta) that each input's probability is drawn from. */
  sparsity: number;
  /** rho: a further unit is so much less probable. */
  unitRatio: number;
  mostUnits: number;
}

/**
 * Log probability of a structure with its units in the order that they are in, so that a chain over lists needs no thought of
 * like units; -Infinity for one that cannot be.
 */
export function logListPrior(network: Network, prior: StructurePrior): number {
  const { forced, outputs, sparsity, mostUnits, unitRatio } = prior;
  const active = activeInputs(network);
  const [k, H] = [active.length, network.units.length];
  if (H > mostUnits || forced.some((input) => !active.includes(input))) return -Infinity;
  const { count, chosenOf, log: ownLog } = ownPart(prior, active);
  const [free, chosen] = [prior.inputs - forced.length - count, k - forced.length - chosenOf];
  let log = ownLog + logBeta(chosen + 1, free - chosen + sparsity) - logBeta(1, sparsity);
  if (k > 0) log += H * Math.log(unitRatio) + Math.log((1 - unitRatio) / (1 - unitRatio ** (mostUnits + 1)));
  if (H > 0) {
    log -= Math.log(k + 1) + logChoose(k, network.skips.length) + logCover(k, H);
    for (const { inputs } of network.units) log -= Math.log(k) + logChoose(k, inputs.length);
  }
  if (!isMasked(outputs)) return log;
  for (const { mask } of [...network.skips, ...network.units]) log -= Math.log(outputs) + logChoose(outputs, outputsIn(mask));
  return log;
}

/** How many inputs have a prior of their own, how many of them are in, and the log probability of that. */
function ownPart({ own, forced }: StructurePrior, active: readonly number[]): { count: number; chosenOf: number; log: number } {
  const sum = { count: 0, chosenOf: 0, log: 0 };
  own?.forEach((prior, input) => {
    if (prior === null || forced.includes(input)) return;
    const isIn = active.includes(input);
    sum.count++;
    sum.chosenOf += Number(isIn);
    sum.log += isIn ? Math.log(prior) : Math.log1p(-prior);
  });
  return sum;
}

/** In how many orders the units can be listed. */
export function logOrders({ units }: Network): number {
  const like = new Map<string, number>();
  for (const unit of units) like.set(unitKey(unit), (like.get(unitKey(unit)) ?? 0) + 1);
  let log = logGamma(units.length + 1);
  for (const count of like.values()) log -= logGamma(count + 1);
  return log;
}

/** Log probability of a structure, whatever the order of its units. */
export const logPrior = (network: Network, prior: StructurePrior): number => logListPrior(network, prior) + logOrders(network);

const covers = new Map<number, number[]>();

/**
 * Log probability that a random set of skips and the random edges of H units reach each of k inputs. A set of random size
 * covers, of u inputs that none before it has, any number from 0 to u with the same probability; of a unit, which is not
 * empty, the case of nothing is less probable (equation (33)).
 */
export function logCover(k: number, H: number): number {
  const known = covers.get(k) ?? [];
  covers.set(k, known);
  if (known.length <= H) {
    let left = new Float64Array(k + 1).fill(1 / (k + 1));
    for (let unit = 0; unit <= Math.max(H, 12); unit++) {
      known[unit] = Math.log(left[0]);
      left = left.map((_, to) => {
        let sum = 0;
        for (let from = to; from <= k; from++) sum += left[from] * ((k + 1) / (from + 1) - (from === to ? 1 : 0)) / k;
        return sum;
      });
    }
  }
  return known[H];
}
