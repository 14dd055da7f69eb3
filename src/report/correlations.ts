/** The correlations of the inputs that matter, of those that may stand for them, and of their near twins. */
import { association, basisOf, type Basis } from '../maths/association.js';
import type { Encoder, InputInclusion, InputSet, Matrix } from '../types.js';

export interface CorrelationMap {
  /** Inputs of a set stand together. */
  inputs: string[];
  /** By input and input. */
  r: number[][];
  /** Numbers of sets, from 1, and where their inputs stand: from `from` to before `to`. */
  sets: { set: number; from: number; to: number }[];
}

/** More make no map that can be read. */
const MAX_INPUTS = 20;
const MAX_MEMBERS = 6;
/** Where few inputs matter the most probable others are shown beside them. */
const FEW = 8;
/** From this correlation on an input is a near twin of another; so many of each are shown. */
const TWIN = 0.7;
const MAX_TWINS = 2;
/** From this PIP on an input matters. */
const IN = 0.5;

/**
 * @param x training rows, encoded
 * @param weights of the rows; absent: 1 each
 */
export function correlationMap(
  { features }: Encoder, x: Matrix, weights: ArrayLike<number> | undefined, inclusions: readonly InputInclusion[],
  sets: readonly InputSet[],
): CorrelationMap {
  const bases = new Map<string, Basis>();
  let from = 0;
  for (const { name, columns } of features) {
    const own = columns.map((column, c) => ({ column, at: from + c }));
    const told = own.filter(({ column }) => column.type !== 'missing');
    const used = told.length > 0 ? told : own;
    const columnAt = (at: number): Float64Array => Float64Array.from({ length: x.rows }, (_, n) => x.data[n * x.cols + at]);
    bases.set(name, basisOf(used.map(({ at }) => columnAt(at)), weights));
    from += columns.length;
  }
  const between = (a: string, b: string): number => association(bases.get(a)!, bases.get(b)!);
  const ranked = [...inclusions].sort((a, b) => b.pip - a.pip).filter(({ input }) => bases.has(input));
  const inputs: string[] = [];
  const add = (name: string): void => {
    if (bases.has(name) && !inputs.includes(name) && inputs.length < MAX_INPUTS) inputs.push(name);
  };
  const placed = sets.map(({ inputs: members }, at) => {
    const begin = inputs.length;
    members.slice(0, MAX_MEMBERS).forEach(({ input }) => add(input));
    return { set: at + 1, from: begin, to: inputs.length };
  });
  const kept = ranked.filter(({ pip }) => pip >= IN).map(({ input }) => input);
  kept.forEach(add);
  for (const input of inputs.filter((name) => kept.includes(name))) {
    const twins = features.map(({ name }) => ({ name, r: name === input ? 0 : Math.abs(between(input, name)) }))
      .filter(({ r }) => r >= TWIN).sort((a, b) => b.r - a.r);
    twins.slice(0, MAX_TWINS).forEach(({ name }) => add(name));
  }
  for (const { input } of ranked) if (inputs.length < FEW) add(input);
  return {
    inputs, r: inputs.map((a) => inputs.map((b) => (a === b ? 1 : between(a, b)))),
    sets: placed.filter((set) => set.to > set.from),
  };
}
