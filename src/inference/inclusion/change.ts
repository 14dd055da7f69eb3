/** Whether further restarts still change the answer. */
import type { Visited } from '../rescue/rescue.js';
import { averagedInputs } from './restarts.js';

/** Nats by which the best bound rises, or by which a PIP moves: less is no change. */
const RISE = 1;
const MOVE = 0.1;

/** What a restart says, before any rescue. */
export interface Told {
  bound: number;
  visited: readonly Visited[];
}

/** Whether `added` restarts find a better network than those that are `known`, or move a PIP of an input. */
export function changesAnswer(known: readonly Told[], added: readonly Told[]): boolean {
  if (known.length === 0) return true;
  const best = (restarts: readonly Told[]): number => Math.max(...restarts.map(({ bound }) => bound));
  if (best(added) > best(known) + RISE) return true;
  const pips = (restarts: readonly Told[]): Float64Array => averagedInputs(restarts.flatMap(({ visited }) => visited)).pips;
  const [before, after] = [pips(known), pips([...known, ...added])];
  return after.some((pip, g) => Math.abs(pip - before[g]) > MOVE);
}
