/** Skip weights come and go. */
import type { Stream } from '../../random.js';
import { mixed, pick } from '../draw.js';
import {
  activeInputs, fullMask, hasOutput, isMasked, maskedSkip, MOST_MASKED, outputsIn, withSkip, type Network, type Skip,
} from '../network.js';
import { skipScores } from '../scores.js';
import { slabsAt } from '../scales.js';
import type { State } from '../state.js';
import type { Move } from './types.js';

/** Of so many inputs the scores are followed all the way. */
const MANY = 200;

/** p x K: probabilities with which skip weights that are not there are proposed. */
function additionsOf(state: State): Float64Array {
  const { evaluator, evaluator: { table }, fit, scales } = state;
  const many = table.inputs > MANY;
  return state.additions ??=
    mixed(skipScores(evaluator, fit, slabsAt(table.likelihood, scales).skip), many ? 1 : 0.5, many ? 0.05 : 0.2);
}

/** A skip weight in, by its score, or one out. */
export const skipWeight: Move = (state, _, stream) => (stream.uniform() < 0.5 ? skipIn(state, stream) : skipOut(state, stream));

/** Outputs that go their own way: 1 where all share each weight's fate. */
const ways = ({ evaluator: { table: { outputs } } }: State): number => (isMasked(outputs) ? outputs : 1);

const count = ({ network: { skips } }: State, K: number): number =>
  skips.reduce((sum, { mask }) => sum + (K === 1 ? 1 : outputsIn(mask)), 0);

function skipIn(state: State, stream: Stream): ReturnType<Move> {
  const { evaluator: { table: { outputs: K, columns } }, network } = state;
  const probabilities = additionsOf(state);
  const at = pick(probabilities, stream);
  if (!(probabilities[at] > 0)) return undefined;
  const [input, k] = [Math.floor(at / K), at % K];
  const old = network.skips.find((skip) => skip.input === input);
  const mask = K > MOST_MASKED ? -1 : (old?.mask ?? 0) | 1 << k;
  const weight = old?.weight ?? new Float64Array(columns[input] * K);
  const ratio = -Math.log(count(state, ways(state)) + 1) - Math.log(probabilities[at]);
  return { network: withSkip(network, { input, mask, weight }), ratio };
}

function skipOut(state: State, stream: Stream): ReturnType<Move> {
  const { evaluator: { table: { outputs: K } }, network } = state;
  const own = ways(state);
  const present = count(state, own);
  if (present === 0) return undefined;
  let left = stream.integer(present);
  for (const skip of network.skips) {
    for (let k = 0; k < own; k++) {
      if (!hasOutput(skip.mask, k) || left-- > 0) continue;
      const mask = own === 1 ? 0 : skip.mask & ~(1 << k);
      return {
        network: withSkip(network, maskedSkip(skip, mask, K)),
        ratio: Math.log(present), later: (next) => Math.log(additionsOf(next)[skip.input * K + k]),
      };
    }
  }
  return undefined;
}

/** Of several outputs: all skip weights of an input at once. */
export const skipRow: Move = ({ evaluator: { table: { outputs: K, columns } }, network }, guide, stream) => {
  const input = pick(guide.marginal, stream);
  const old = network.skips.find((skip) => skip.input === input);
  const mask = old ? 0 : drawMask(K, stream);
  const log = logMask(old?.mask ?? mask, K);
  if (log === -Infinity) return undefined;
  return { network: withSkip(network, { input, mask, weight: new Float64Array(columns[input] * K) }), ratio: old ? log : -log };
};

/** All outputs, or a single one. */
export function drawMask(K: number, stream: Stream): number {
  return !isMasked(K) || stream.uniform() < 0.5 ? fullMask(K) : 1 << stream.integer(K);
}

/** Log probability of {@link drawMask}. */
export function logMask(mask: number, K: number): number {
  if (!isMasked(K)) return 0;
  if (mask === fullMask(K)) return Math.log(0.5);
  return outputsIn(mask) === 1 ? Math.log(0.5 / K) : -Infinity;
}

/** An active input gets or loses its skip, to all outputs, and stays active. */
export const skipOfActive: Move = ({ evaluator: { table: { outputs: K, columns } }, network }, _, stream) => {
  const active = activeInputs(network);
  if (active.length === 0) return undefined;
  const input = active[stream.integer(active.length)];
  const old = network.skips.find((skip) => skip.input === input);
  if (old && old.mask !== fullMask(K)) return undefined;
  const next: Network = withSkip(network, newSkip(input, old ? 0 : fullMask(K), columns[input] * K));
  return activeInputs(next).length === active.length ? { network: next, ratio: 0 } : undefined;
};

const newSkip = (input: number, mask: number, length: number): Skip => ({ input, mask, weight: new Float64Array(length) });
