/**
 * The file of a sweep: which config keys take which values, how settings are chosen among them, and how they are measured. It is
 * checked as a config is, with the line and column of every fault.
 */
import { dirname, resolve } from 'node:path';
import { BnncError, fail, type Problem, type Where } from '../errors.js';
import { also, count, list, mapping, number, oneOf, optional, record, flag, type Checked, type Fault, type Rule } from '../rules.js';
import { closest } from '../suggest.js';
import { schemaAt } from './keys.js';
import { readSource } from './load.js';
import { keyPath } from './sources.js';
import type { ConfigInput } from './schema.js';
import type { Words } from '../voice.js';

/** Numbers between two bounds, evenly or by their logarithms. */
const range = also(
  record({ min: number(), max: number(), log: optional(flag), whole: optional(flag), steps: optional(count(2)) }),
  ({ min, max, log }) => [
    ...(max > min ? [] : [{ path: ['max'], message: 'must be above min' }]),
    ...(log && min <= 0 ? [{ path: ['min'], message: 'must be above 0 where log is true' }] : []),
  ]);

export type Range = Checked<typeof range>;

/** Any value: the config's own rules look at it. */
const anything: Rule<unknown> = (value) => (value === undefined ? [{ path: [], message: 'is missing' }] : []);

const values: Rule<unknown[] | Range> = (value) => (Array.isArray(value) ? list(anything, { min: 1 })(value) : range(value));

const configRule: Rule<string | ConfigInput> = (value) => (typeof value === 'string' ? [] : mapping(anything)(value));

const rule = record({
  config: optional(configRule),
  method: optional(oneOf('grid', 'random', 'halving')),
  trials: optional(count(1)),
  folds: optional(count(2)),
  repeats: optional(count(1)),
  eta: optional(number({ min: 1.5 })),
  measure: optional(oneOf('full', 'pruned', 'tuned')),
  threshold: optional(number({ min: 0, max: 1 })),
  seed: optional(count(0)),
  keys: mapping(values),
});

const KEYS = ['config', 'method', 'trials', 'folds', 'repeats', 'eta', 'measure', 'threshold', 'seed', 'keys'];

/** What the file says, with its defaults. */
export interface SweepPlan {
  /** Path of the config from the sweep's folder, or its content; undefined where the options say all. */
  config: string | ConfigInput | undefined;
  /** Absolute folder that its paths start from. */
  baseDir: string;
  method: 'grid' | 'random' | 'halving';
  /** Settings that are drawn; of a grid all. */
  trials: number;
  folds: number;
  repeats: number;
  /** The share of settings that goes on to more folds is 1 / eta. */
  eta: number;
  measure: 'full' | 'pruned' | 'tuned';
  /** PIP from which on the pruned model keeps something. */
  threshold: number;
  /** Of the settings that are drawn. */
  seed: number;
  keys: Record<string, unknown[] | Range>;
  /** Where in the file the values of a key stand. */
  at(key: string, value?: number): Where;
}

/** A sweep compares losses on the same rows: what would change them, or what is predicted, is no key of it. */
const FIXED: Record<string, readonly string[]> = {
  data: ['path', 'query', 'target', 'event', 'exposure', 'weights', 'classWeights', 'unlabelled', 'limits', 'split'],
  train: ['seed', 'warm'],
};

/** @throws config.missing-file, config.unreadable, config.syntax, config.sweep and others of `config.*` */
export async function loadSweep(name: string, cwd: string): Promise<SweepPlan> {
  const { value, problems, whereIs } = await readSource(name, cwd);
  if (problems.length > 0) throw new BnncError(problems);
  const unknown = Object.keys(value).filter((key) => !KEYS.includes(key));
  const known = Object.fromEntries(Object.entries(value).filter(([key]) => KEYS.includes(key)));
  const faults: Problem<Words>[] = [
    ...unknown.map((key) => fault({ path: [key], message: 'is no key of a sweep' }, meant(closest(key, KEYS)))),
    ...rule(known).map((found) => fault(found)),
  ];
  if (faults.length > 0) throw new BnncError(faults);
  const {
    config, method = 'random', trials = 20, folds = 5, repeats = 1, eta = 3, measure = 'full', threshold = 0.5, seed = 1, keys,
  } = known as Checked<typeof rule>;
  const wrong = Object.entries(keys).flatMap(([key, given]) => keyFaults(key, given, method));
  if (Object.keys(keys).length === 0) wrong.push({ path: ['keys'], message: 'no key is given' });
  if (wrong.length > 0) throw new BnncError(wrong.map((found) => fault(found)));
  return {
    config, baseDir: dirname(resolve(cwd, name)), method, trials, folds, repeats, eta, measure, threshold, seed, keys,
    at: (key, n) => whereIs(['keys', key, ...(n === undefined ? [] : [n])]),
  };

  function fault({ path, message }: Fault, hint?: string): Problem<Words> {
    return {
      code: 'config.sweep', message: `${path.map(String).join('.') || 'the sweep'}: ${message}`, where: whereIs(path),
      hint: hint ?? 'docs/sweep.md has the keys of a sweep.',
    };
  }
}

const meant = (key: string | undefined): string | undefined => key && `Did you mean '${key}'?`;

function keyFaults(key: string, given: unknown[] | Range, method: SweepPlan['method']): Fault[] {
  const path = ['keys', key];
  const [section, name] = key.split('.');
  if (Object.hasOwn(FIXED, section) && FIXED[section].includes(name)) return [{ path, message: 'has to be the same for all: losses on other rows cannot be compared' }];
  if (schemaAt(keyPath(key)) === undefined) return [{ path, message: 'is no key of a config' }];
  if (Array.isArray(given) || method !== 'grid' || given.steps !== undefined) return [];
  return [{ path, message: "a grid needs a list of values, or 'steps' beside 'min' and 'max'" }];
}

/** The file that a sweep must be given. @throws usage.sweep */
export function sweepFile(config: unknown): string {
  if (typeof config === 'string') return config;
  throw fail('usage.sweep', 'a sweep needs a file that says what to try', { hint: 'Give it as config; docs/sweep.md shows one.' });
}
