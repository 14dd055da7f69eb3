/** Chains over structures as JSON, enough to go on bit for bit. */
import { count, flag, list, looseRecord, mapping, number, orNull, type Checked } from '../rules.js';
import type { ChainState, Visited } from '../search/chain.js';
import type { Network, Widths } from '../search/network.js';
import { MOST_STEPS } from '../search/scales.js';
import type { ChainStates } from '../work/search.js';

const mask = number({ min: -1 });
const numbers = list(number());
const network = looseRecord({
  bias: numbers,
  skips: list(looseRecord({ input: count(), mask, weight: numbers })),
  units: list(looseRecord({ inputs: list(count(), { min: 1 }), mask, bias: number(), weights: list(numbers), out: numbers })),
});
const scale = number({ min: -MOST_STEPS, max: MOST_STEPS });
const scales = looseRecord({ skip: scale, in: scale, out: scale });
// JSON has no infinity: null is minus infinity, of a fit that was given up.
const log = orNull(number());
const visited = looseRecord({ network, scales, evidence: log, log, visits: count(), abandoned: flag, indefinite: flag });
const chain = looseRecord({
  step: count(), visited: list(visited, { min: 1 }), current: count(), scales, fits: count(),
  moves: mapping(looseRecord({ tried: count(), accepted: count() })),
});

/** null: not begun. */
export const chainsRule = list(orNull(chain));

type Plain = Checked<typeof chainsRule>;

/** What {@link chainsRule} describes, once it is text. */
export const plainChains = (chains: ChainStates): unknown => chains.map((each) => each && {
  ...each,
  visited: each.visited.map((place) => ({
    ...place,
    network: {
      bias: [...place.network.bias],
      skips: place.network.skips.map((skip) => ({ ...skip, weight: [...skip.weight] })),
      units: place.network.units.map((unit) =>
        ({ ...unit, weights: unit.weights.map((weight) => [...weight]), out: [...unit.out] })),
    },
  })),
});

/** @returns undefined where the chains are not of such a table */
export function chainsOf(plain: Plain, widths: Widths): ChainStates | undefined {
  const chains = plain.map((each): ChainState | null => each && { ...each, visited: each.visited.map(placeOf) });
  const fits = chains.every((each) =>
    !each || (each.current < each.visited.length && each.visited.every((place) => isOf(place.network, widths))));
  return fits ? chains : undefined;
}

function placeOf({ network: { bias, skips, units }, evidence, log: posterior, ...place }: Checked<typeof visited>): Visited {
  return {
    ...place, evidence: evidence ?? -Infinity, log: posterior ?? -Infinity,
    network: {
      bias: Float64Array.from(bias), skips: skips.map((skip) => ({ ...skip, weight: Float64Array.from(skip.weight) })),
      units: units.map((unit) =>
        ({ ...unit, weights: unit.weights.map((weight) => Float64Array.from(weight)), out: Float64Array.from(unit.out) })),
    },
  };
}

function isOf({ bias, skips, units }: Network, { columns, outputs }: Widths): boolean {
  return bias.length === outputs
    && skips.every(({ input, weight }) => weight.length === columns[input] * outputs)
    && units.every(({ inputs, weights, out }) => out.length === outputs && weights.length === inputs.length
      && inputs.every((input, at) => weights[at].length === columns[input]));
}
