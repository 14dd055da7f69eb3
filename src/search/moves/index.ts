/** All moves, and how often each is tried; the same in every state. */
import type { Stream } from '../../random.js';
import { pick } from '../draw.js';
import { isMasked } from '../network.js';
import { KINDS, MOST_STEPS, type Scales } from '../scales.js';
import { everywhere, inOnePlace } from './exchange.js';
import { skipOfActive, skipRow, skipWeight } from './skips.js';
import { twoForOne } from './two-for-one.js';
import { edge, unit, unitOutput } from './units.js';
import type { Move } from './types.js';
import { wholeInput } from './whole-input.js';

export type { Move, Proposal } from './types.js';

/** The slab of one kind of weights, a step wider or narrower. */
const scale: Move = ({ network, scales }, _, stream) => {
  const kind = KINDS[stream.integer(KINDS.length)];
  const next: Scales = { ...scales, [kind]: scales[kind] + (stream.uniform() < 0.5 ? -1 : 1) };
  return Math.abs(next[kind]) > MOST_STEPS ? undefined : { network, scales: next, ratio: 0 };
};

const ONE: Record<string, [share: number, move: Move]> = {
  skip: [0.2, skipWeight], 'skip of active': [0.04, skipOfActive], edge: [0.18, edge], unit: [0.18, unit],
  'exchange in one place': [0.11, inOnePlace], 'exchange everywhere': [0.13, everywhere], input: [0.06, wholeInput],
  'two for one': [0.04, twoForOne], scale: [0.06, scale],
};

const SEVERAL: Record<string, [share: number, move: Move]> = {
  ...ONE, 'skip row': [0.12, skipRow], 'unit output': [0.06, unitOutput],
};

export function drawMove(outputs: number, stream: Stream): { name: string; move: Move } {
  const moves = isMasked(outputs) ? SEVERAL : ONE;
  const names = Object.keys(moves);
  const name = names[pick(names.map((each) => moves[each][0]), stream)];
  return { name, move: moves[name][1] };
}
