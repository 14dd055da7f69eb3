/** An input takes the place of another. */
import { pick, small } from '../draw.js';
import type { Guide } from '../guide.js';
import { activeInputs, withEdge, withSkip, withUnit, type Network } from '../network.js';
import type { SearchTable } from '../problem.js';
import type { Stream } from '../../random.js';
import type { Move } from './types.js';

/** Below this correlation a weight says nothing of the other input's. */
const ALIKE = 0.3;

/** Weights of one input as those of another: scaled by their correlation where both are single columns. */
export function carried(
  weight: Float64Array, from: number, to: number,
  { columns, guide, stream }: { columns: readonly number[]; guide: Guide; stream: Stream },
): Float64Array {
  if (columns[from] !== 1 || columns[to] !== 1) return small(weight.length / columns[from] * columns[to], stream);
  const r = guide.correlations(from)[to];
  const factor = Math.abs(r) > ALIKE ? Math.sign(r) : ALIKE;
  return weight.map((value) => factor * value);
}

const ratioOf = (guide: Guide, from: number, to: number): number =>
  Math.log(guide.partner(to)[from]) - Math.log(guide.partner(from)[to]);

/** In one skip or one edge. */
export const inOnePlace: Move = ({ network, evaluator: { table } }, guide, stream) => {
  const { skips, units } = network;
  const places = skips.length + units.reduce((sum, { inputs }) => sum + inputs.length, 0);
  if (places === 0 || table.inputs < 2) return undefined;
  let place = stream.integer(places);
  const carry = { columns: table.columns, guide, stream };
  if (place < skips.length) {
    const { input: from, mask, weight } = skips[place];
    const to = pick(guide.partner(from), stream);
    if (skips.some(({ input }) => input === to)) return undefined;
    const without = withSkip(network, { input: from, mask: 0, weight });
    const moved = maskedWeights(carried(weight, from, to, carry), mask, table);
    return { network: withSkip(without, { input: to, mask, weight: moved }), ratio: ratioOf(guide, from, to) };
  }
  place -= skips.length;
  const h = units.findIndex(({ inputs }) => {
    if (place < inputs.length) return true;
    place -= inputs.length;
    return false;
  });
  const from = units[h].inputs[place];
  const to = pick(guide.partner(from), stream);
  if (units[h].inputs.includes(to)) return undefined;
  const changed = withEdge(withEdge(units[h], from, undefined), to, carried(units[h].weights[place], from, to, carry));
  return { network: withUnit(network, h, changed), ratio: ratioOf(guide, from, to) };
};

/** In all its places; another active input takes those of the first in return. */
export const everywhere: Move = ({ network, evaluator: { table } }, guide, stream) => {
  const active = activeInputs(network);
  if (active.length === 0 || table.inputs < 2) return undefined;
  const from = active[stream.integer(active.length)];
  const to = pick(guide.partner(from), stream);
  const carry = { columns: table.columns, guide, stream };
  // Of two active ones either may have been drawn first, there and back.
  const ratio = active.includes(to) ? 0 : ratioOf(guide, from, to);
  return { network: exchanged(network, from, to, (weight, a, b) => carried(weight, a, b, carry), table), ratio };
};

type Carry = (weight: Float64Array, from: number, to: number) => Float64Array;

function exchanged(network: Network, from: number, to: number, carry: Carry, table: SearchTable): Network {
  const other = (input: number): number => (input === from ? to : input === to ? from : input);
  const skips = network.skips.map(({ input, mask, weight }) => {
    const now = other(input);
    if (now === input) return { input, mask, weight };
    return { input: now, mask, weight: maskedWeights(carry(weight, input, now), mask, table) };
  }).sort((a, b) => a.input - b.input);
  const units = network.units.map((unit) => {
    const edges = unit.inputs.map((input, at) => {
      const now = other(input);
      return [now, now === input ? unit.weights[at] : carry(unit.weights[at], input, now)] as const;
    }).sort(([a], [b]) => a - b);
    return { ...unit, inputs: edges.map(([input]) => input), weights: edges.map(([, weight]) => weight) };
  });
  return { ...network, skips, units };
}

/** 0 for outputs that are not in the mask. */
export const maskedWeights = (weight: Float64Array, mask: number, { outputs: K }: Pick<SearchTable, 'outputs'>): Float64Array =>
  weight.map((value, at) => ((mask >> at % K & 1) === 1 ? value : 0));
