/** Hidden units and their edges come and go. */
import type { Stream } from '../../random.js';
import { pick, small } from '../draw.js';
import { newUnit } from '../new-unit.js';
import { activeInputs, hasOutput, isMasked, withEdge, withUnit, type Unit } from '../network.js';
import { drawMask, logMask } from './skips.js';
import type { Move } from './types.js';

/** An edge into a unit. */
export const edge: Move = ({ network, evaluator: { table: { columns } } }, guide, stream) => {
  const H = network.units.length;
  if (H === 0) return undefined;
  const h = stream.integer(H);
  const unit = network.units[h];
  const probabilities = guide.edges(activeInputs(network));
  const input = pick(probabilities, stream);
  const out = unit.inputs.includes(input);
  if (out && unit.inputs.length === 1) return undefined;
  const changed = withUnit(network, h, withEdge(unit, input, out ? undefined : small(columns[input], stream)));
  const back = guide.edges(activeInputs(changed))[input];
  return { network: changed, ratio: Math.log(back) - Math.log(probabilities[input]) };
};

/** A unit of one input or two, or one less. */
export const unit: Move = (state, guide, stream) =>
  (stream.uniform() < 0.5 ? birth(state, guide, stream) : death(state, guide, stream));

const birth: Move = (state, guide, stream) => {
  const { network, evaluator: { table: { outputs: K } } } = state;
  const probabilities = guide.edges(activeInputs(network));
  const inputs = drawInputs(probabilities, stream);
  const mask = drawMask(K, stream);
  const made = newUnit(state, inputs, mask, stream);
  const ratio = -logInputs(probabilities, inputs) - logMask(mask, K);
  return { network: { ...network, units: [...network.units, made] }, ratio };
};

const death: Move = ({ network, evaluator: { table: { outputs: K } } }, guide, stream) => {
  const H = network.units.length;
  if (H === 0) return undefined;
  const h = stream.integer(H);
  const { inputs, mask } = network.units[h];
  if (inputs.length > 2 || logMask(mask, K) === -Infinity) return undefined;
  const left = withUnit(network, h, undefined);
  return { network: left, ratio: logInputs(guide.edges(activeInputs(left)), inputs) + logMask(mask, K) };
};

const ALONE = 0.4;

/** One input, or two different ones. */
function drawInputs(probabilities: Float64Array, stream: Stream): number[] {
  const first = pick(probabilities, stream);
  if (probabilities.length === 1 || stream.uniform() < ALONE) return [first];
  const second = pick(probabilities.map((each, input) => (input === first ? 0 : each)), stream);
  return first < second ? [first, second] : [second, first];
}

/** Log probability of {@link drawInputs}. */
function logInputs(probabilities: Float64Array, inputs: readonly number[]): number {
  const [a, b] = inputs.map((input) => probabilities[input]);
  if (probabilities.length === 1) return 0;
  if (inputs.length === 1) return Math.log(ALONE * a);
  return Math.log((1 - ALONE) * a * b * (1 / (1 - a) + 1 / (1 - b)));
}

/** A unit's weight to one of several outputs. */
export const unitOutput: Move = ({ network, evaluator: { table: { outputs: K } } }, _, stream) => {
  const H = network.units.length;
  if (H === 0 || !isMasked(K)) return undefined;
  const h = stream.integer(H);
  const k = stream.integer(K);
  const old: Unit = network.units[h];
  const mask = old.mask ^ 1 << k;
  if (mask === 0) return undefined;
  const out = old.out.map((value, j) => (j !== k ? value : hasOutput(mask, k) ? 0.01 : 0));
  return { network: withUnit(network, h, { ...old, mask, out }), ratio: 0 };
};
