/** An input comes with several places at once, or leaves all of them. */
import type { Stream } from '../../random.js';
import { pick, small } from '../draw.js';
import type { Guide } from '../guide.js';
import { newUnit } from '../new-unit.js';
import { activeInputs, withEdge, withSkip, withUnit, type Network } from '../network.js';
import type { State } from '../state.js';
import { drawMask, logMask } from './skips.js';
import type { Move } from './types.js';

/** Probability of each place that a new input may take: its skip, an edge of each unit, a unit of its own. */
const SKIP = 0.6;
const EDGE = 0.3;
const OWN = 0.3;

export const wholeInput: Move = (state, guide, stream) =>
  (stream.uniform() < 0.5 ? arrive(state, guide, stream) : leave(state, guide, stream));

/** Log probability of the input among those that are not active. */
function logArrival(guide: Guide, active: readonly number[], input: number): number {
  const taken = active.reduce((sum, each) => sum + guide.marginal[each], 0);
  return Math.log(guide.marginal[input]) - Math.log(1 - taken);
}

/**
 * Log probability of a skip with this mask or none, of this many edges out of so many units, of a unit with this mask or
 * none.
 */
function logPattern(skip: number, edges: number, units: number, own: number, K: number): number {
  const log = edges * Math.log(EDGE) + (units - edges) * Math.log(1 - EDGE);
  const ofSkip = skip === 0 ? Math.log(1 - SKIP) : Math.log(SKIP) + logMask(skip, K);
  // The new unit may stand in any place of the list.
  const ofOwn = own === 0 ? Math.log(1 - OWN) : Math.log(OWN) + logMask(own, K) - Math.log(units + 1);
  return log + ofSkip + ofOwn;
}

function arrive(state: State, guide: Guide, stream: Stream): ReturnType<Move> {
  const { network, evaluator: { table: { inputs, outputs: K, columns } } } = state;
  const active = activeInputs(network);
  if (active.length === inputs) return undefined;
  const input = pick(guide.marginal.map((share, each) => (active.includes(each) ? 0 : share)), stream);
  const skip = stream.uniform() < SKIP ? drawMask(K, stream) : 0;
  let edges = 0;
  const units = network.units.map((unit) => {
    if (stream.uniform() >= EDGE) return unit;
    edges++;
    return withEdge(unit, input, small(columns[input], stream));
  });
  const own = stream.uniform() < OWN ? drawMask(K, stream) : 0;
  if (skip === 0 && edges === 0 && own === 0) return undefined;
  if (own !== 0) units.push(newUnit(state, [input], own, stream));
  const pattern = logPattern(skip, edges, network.units.length, own, K);
  const ratio = -Math.log(active.length + 1) - logArrival(guide, active, input) - pattern;
  return { network: withSkip({ ...network, units }, { input, mask: skip, weight: new Float64Array(columns[input] * K) }), ratio };
}

function leave({ network, evaluator: { table: { outputs: K } } }: State, guide: Guide, stream: Stream): ReturnType<Move> {
  const active = activeInputs(network);
  if (active.length === 0) return undefined;
  const input = active[stream.integer(active.length)];
  const alone = network.units.flatMap(({ inputs }, h) => (inputs.length === 1 && inputs[0] === input ? [h] : []));
  if (alone.length > 1) return undefined;
  const own = alone.length === 1 ? network.units[alone[0]].mask : 0;
  const skip = network.skips.find((each) => each.input === input);
  let left: Network = skip ? withSkip(network, { ...skip, mask: 0 }) : network;
  if (alone.length === 1) left = withUnit(left, alone[0], undefined);
  const edges = left.units.filter(({ inputs }) => inputs.includes(input)).length;
  left = { ...left, units: left.units.map((unit) => (unit.inputs.includes(input) ? withEdge(unit, input, undefined) : unit)) };
  const pattern = logPattern(skip?.mask ?? 0, edges, left.units.length, own, K);
  if (pattern === -Infinity) return undefined;
  const others = active.filter((each) => each !== input);
  return { network: left, ratio: Math.log(active.length) + logArrival(guide, others, input) + pattern };
}
