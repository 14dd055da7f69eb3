/**
 * Small networks whose structure is searched (docs/method.md, Structure search, equation (31)):
 * f_k = b_k + sum_i s_ik x_i + sum_h v_hk phi(c_h + sum_{i in E_h} u_hi x_i), phi(a) = a (sigmoid(a) - 1/2).
 * phi is the even part of silu: with the skips it spans silu, while linear and nonlinear parts are not confounded. Values of a
 * network are never changed; a move makes a new one that shares what it keeps.
 */

/** The skip weights of an input. */
export interface Skip {
  input: number;
  /** Bit k: whether it has weights to output k. */
  mask: number;
  /** g x K for the g encoded columns of the input; of outputs that are not in the mask, 0. */
  weight: Float64Array;
}

/** A hidden unit. */
export interface Unit {
  /** Ascending, at least one. */
  inputs: readonly number[];
  /** Bit k: whether it has a weight to output k. */
  mask: number;
  bias: number;
  /** As `inputs`: g weights on the encoded columns of each. */
  weights: readonly Float64Array[];
  /** K; of outputs that are not in the mask, 0. */
  out: Float64Array;
}

/** A structure with weights. */
export interface Network {
  /** K. */
  bias: Float64Array;
  /** By ascending input. */
  skips: readonly Skip[];
  /** In an order that means nothing. */
  units: readonly Unit[];
}

/** How many encoded columns each input has, and how many outputs there are. */
export interface Widths {
  columns: readonly number[];
  outputs: number;
}

export const emptyNetwork = (outputs: number): Network => ({ bias: new Float64Array(outputs), skips: [], units: [] });

export const hasOutput = (mask: number, k: number): boolean => (mask >> k & 1) === 1;

/** How many outputs a mask has. */
export function outputsIn(mask: number): number {
  let count = 0;
  for (let rest = mask; rest !== 0; rest &= rest - 1) count++;
  return count;
}

/** Beyond so many outputs all of them share each weight's fate, for a mask is one integer. */
export const MOST_MASKED = 30;

/** Every output. Of more than {@link MOST_MASKED}, -1, whose bits are all set. */
export const fullMask = (outputs: number): number => (outputs > MOST_MASKED ? -1 : 2 ** outputs - 1);

/** Whether masks are searched at all. */
export const isMasked = (outputs: number): boolean => outputs > 1 && outputs <= MOST_MASKED;

/** Text that two networks share if and only if they have the same structure. */
export function keyOf({ skips, units }: Network): string {
  const linear = skips.map(({ input, mask }) => `${input}.${mask}`).join(',');
  return `${linear}|${units.map(unitKey).sort().join(',')}`;
}

export const unitKey = ({ inputs, mask }: Pick<Unit, 'inputs' | 'mask'>): string => `${inputs.join('.')}:${mask}`;

/** Inputs that the outputs depend on, ascending. */
export function activeInputs({ skips, units }: Network): number[] {
  const active = new Set(skips.map(({ input }) => input));
  for (const { inputs } of units) for (const input of inputs) active.add(input);
  return [...active].sort((a, b) => a - b);
}

/** Inputs that feed a unit. */
export const nonlinearInputs = ({ units }: Network): Set<number> => new Set(units.flatMap(({ inputs }) => inputs));

/** How many weights it has, biases included. */
export function weightsOf({ skips, units }: Network, { columns, outputs }: Widths): number {
  const count = (mask: number): number => (mask === -1 ? outputs : outputsIn(mask));
  let sum = outputs;
  for (const { input, mask } of skips) sum += columns[input] * count(mask);
  for (const { inputs, mask } of units) sum += 1 + count(mask) + inputs.reduce((total, input) => total + columns[input], 0);
  return sum;
}

/** The network with these skip weights of an input in place of its own; a mask of 0 takes them away. */
export function withSkip(network: Network, skip: Skip): Network {
  const others = network.skips.filter(({ input }) => input !== skip.input);
  const skips = skip.mask === 0 ? others : [...others, skip].sort((a, b) => a.input - b.input);
  return { ...network, skips };
}

/** The skip weights without those of outputs that the mask has not. */
export function maskedSkip({ input, weight }: Skip, mask: number, outputs: number): Skip {
  return { input, mask, weight: weight.map((value, at) => (hasOutput(mask, at % outputs) ? value : 0)) };
}

/** The network with another unit in a place; undefined takes it away. */
export function withUnit(network: Network, place: number, unit: Unit | undefined): Network {
  const units = [...network.units];
  units.splice(place, 1, ...(unit ? [unit] : []));
  return { ...network, units };
}

/** The unit without an input, or with one more. */
export function withEdge(unit: Unit, input: number, weight: Float64Array | undefined): Unit {
  const kept = unit.inputs.map((each, at) => [each, unit.weights[at]] as const).filter(([each]) => each !== input);
  const edges = weight ? [...kept, [input, weight] as const].sort(([a], [b]) => a - b) : kept;
  return { ...unit, inputs: edges.map(([each]) => each), weights: edges.map(([, each]) => each) };
}
