/** Two inputs take the places of one that is a function of both, or one those of two. */
import type { Stream } from '../../random.js';
import { pick } from '../draw.js';
import type { Guide } from '../guide.js';
import { activeInputs, withEdge, withSkip, type Network, type Skip, type Unit } from '../network.js';
import type { State } from '../state.js';
import { carried, maskedWeights } from './exchange.js';
import type { Move } from './types.js';

export const twoForOne: Move = (state, guide, stream) =>
  (stream.uniform() < 0.5 ? split(state, guide, stream) : merge(state, guide, stream));

/** Who takes a place: the first of the two, the second, or both. */
type Taker = 0 | 1 | 2;
const SHARES = [0.25, 0.25, 0.5];
const TAKERS: readonly (readonly number[])[] = [[0], [1], [0, 1]];

function split({ network, evaluator: { table } }: State, guide: Guide, stream: Stream): ReturnType<Move> {
  const active = activeInputs(network);
  if (active.length === 0 || table.inputs < 3) return undefined;
  const one = active[stream.integer(active.length)];
  const partners = guide.partner(one);
  const pair = [pick(partners, stream), pick(partners, stream)];
  if (pair[0] === pair[1] || pair.some((each) => active.includes(each))) return undefined;
  const carry = { columns: table.columns, guide, stream };
  let log = 0;
  const takers = (): number[] => {
    const taker = pick(SHARES, stream) as Taker;
    log += Math.log(SHARES[taker]);
    return TAKERS[taker].map((at) => pair[at]);
  };
  const skips = network.skips.flatMap((skip): Skip[] => (skip.input !== one ? [skip] : takers().map((input) =>
    ({ input, mask: skip.mask, weight: maskedWeights(carried(skip.weight, one, input, carry), skip.mask, table) }))));
  const units = network.units.map((unit) => {
    const at = unit.inputs.indexOf(one);
    if (at < 0) return unit;
    const weight = unit.weights[at];
    const without = withEdge(unit, one, undefined);
    return takers().reduce((made, input) => withEdge(made, input, carried(weight, one, input, carry)), without);
  });
  const next: Network = { ...network, skips: skips.sort((a, b) => a.input - b.input), units };
  const now = activeInputs(next);
  if (!pair.every((each) => now.includes(each))) return undefined;
  const there = -Math.log(active.length) + Math.log(2 * partners[pair[0]] * partners[pair[1]]) + log;
  return { network: next, ratio: logMerge(guide, pair, one, now.length) - there };
}

/** Log probability that two of so many active inputs are drawn, and this one for them. */
function logMerge(guide: Guide, [a, b]: readonly number[], one: number, active: number): number {
  return Math.log((guide.partner(a)[one] + guide.partner(b)[one]) / (active * (active - 1)));
}

function merge({ network, evaluator: { table } }: State, guide: Guide, stream: Stream): ReturnType<Move> {
  const active = activeInputs(network);
  if (active.length < 2 || table.inputs < 3) return undefined;
  const a = active[stream.integer(active.length)];
  const others = active.filter((each) => each !== a);
  const pair = [a, others[stream.integer(others.length)]];
  const one = pick(guide.partner(pair[stream.integer(2)]), stream);
  if (active.includes(one)) return undefined;
  const carry = { columns: table.columns, guide, stream };
  const own = network.skips.filter(({ input }) => pair.includes(input));
  if (own.length === 2 && own[0].mask !== own[1].mask) return undefined;
  let log = 0;
  const count = (found: readonly number[]): void => { log += Math.log(SHARES[found.length === 2 ? 2 : 0]); };
  let next: Network = { ...network, skips: network.skips.filter(({ input }) => !pair.includes(input)) };
  if (own.length > 0) {
    count(own.map(({ input }) => input));
    const [{ input, mask, weight }] = own;
    next = withSkip(next, { input: one, mask, weight: maskedWeights(carried(weight, input, one, carry), mask, table) });
  }
  const units = next.units.map((unit): Unit => {
    const found = pair.filter((each) => unit.inputs.includes(each));
    if (found.length === 0) return unit;
    count(found);
    const weight = carried(unit.weights[unit.inputs.indexOf(found[0])], found[0], one, carry);
    return withEdge(found.reduce((left, each) => withEdge(left, each, undefined), unit), one, weight);
  });
  next = { ...next, units };
  const partners = guide.partner(one);
  const back = -Math.log(active.length - 1) + Math.log(2 * partners[pair[0]] * partners[pair[1]]) + log;
  return { network: next, ratio: back - logMerge(guide, pair, one, active.length) };
}
