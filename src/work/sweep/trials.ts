/** The settings that a sweep tries. */
import type { Range, SweepPlan } from '../../config/sweep.js';
import { Stream } from '../../random.js';

/** A value for each key, in the order of the file. */
export type Setting = Record<string, unknown>;

/** More combinations than this are a slip. */
export const MOST_TRIALS = 10_000;
/** How often another is drawn where a setting was drawn already. */
const DRAWS = 100;

/**
 * Of a grid all combinations, the last key changing fastest; else as many as were asked for, drawn independently and without
 * repetition, fewer where there are no more.
 */
export function settingsOf({ method, keys, trials, seed }: Pick<SweepPlan, 'method' | 'keys' | 'trials' | 'seed'>): Setting[] {
  return method === 'grid' ? combinations(keys) : drawn(keys, trials, Stream.fromSeed(seed).split('sweep'));
}

/** How many combinations a grid has. */
export const gridSize = (keys: SweepPlan['keys']): number =>
  Object.values(keys).reduce<number>((product, given) => product * pointsOf(given).length, 1);

const combinations = (keys: SweepPlan['keys']): Setting[] => Object.entries(keys).reduce<Setting[]>((settings, [key, given]) =>
  settings.flatMap((setting) => pointsOf(given).map((value) => ({ ...setting, [key]: value }))), [{}]);

function pointsOf(given: unknown[] | Range): unknown[] {
  if (Array.isArray(given)) return given;
  const steps = given.steps ?? 2;
  const points = Array.from({ length: steps }, (_, at) => within(given, at / (steps - 1)));
  return [...new Set(points)];
}

/** @param share of the way from `min` to `max` */
function within({ min, max, log = false, whole = false }: Range, share: number): number {
  const value = log ? min * (max / min) ** share : min + (max - min) * share;
  // Six digits are enough to tell settings apart, and can be read.
  return whole ? Math.round(value) : Math.min(max, Math.max(min, Number(value.toPrecision(6))));
}

function drawn(keys: SweepPlan['keys'], trials: number, stream: Stream): Setting[] {
  const settings = new Map<string, Setting>();
  for (let at = 0; settings.size < trials && at < trials * DRAWS; at++) {
    const setting = Object.fromEntries(Object.entries(keys).map(([key, given]) => [key, drawOne(given, stream.split(key, at))]));
    settings.set(JSON.stringify(setting), settings.get(JSON.stringify(setting)) ?? setting);
  }
  return [...settings.values()];
}

function drawOne(given: unknown[] | Range, stream: Stream): unknown {
  const share = (stream.bits() + 0.5) / 2 ** 32;
  if (Array.isArray(given)) return given[Math.floor(share * given.length)];
  if (given.steps !== undefined) return pointsOf(given)[Math.floor(share * pointsOf(given).length)];
  return within(given.whole ? { ...given, min: given.min - 0.5, max: given.max + 0.499 } : given, share);
}
