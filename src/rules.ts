/**
 * What a document must look like, as rules that find the faults of a value. They are functions of our own: a model is opened, and
 * predicts, before a library of schemas would be loaded.
 */

import { describeValue } from './wording.js';

/** What is wrong, and the keys and list positions that lead there. */
export interface Fault {
  path: readonly (string | number)[];
  message: string;
  /** The type is right all the same, so that more can be asked of the value. */
  typed?: true;
}

/** The faults of a value, in its order; a value without any is a T. Undefined stands for a key that is not there. */
export interface Rule<T> {
  (value: unknown): readonly Fault[];
  /** Carries the type; never there. */
  readonly of?: T;
}

/** The type of the values that a rule lets pass. */
export type Checked<R> = R extends Rule<infer T> ? T : never;

const NONE: readonly Fault[] = [];

const fault = (message: string, ...path: Fault['path']): readonly Fault[] => [{ path, message }];
/** A fault of a value whose type is right. */
const improper = (message: string): readonly Fault[] => [{ path: [], message, typed: true }];

/** The faults of a part, as faults of the whole. */
const below = (key: string | number, faults: readonly Fault[]): Fault[] =>
  faults.map((found) => ({ ...found, path: [key, ...found.path] }));

const unexpected = (expected: string, value: unknown): readonly Fault[] =>
  fault(value === undefined ? 'is missing' : `expected ${expected}, got ${describeValue(value)}`);

export const text: Rule<string> = (value) => (typeof value === 'string' ? NONE : unexpected('a text', value));

export const flag: Rule<boolean> = (value) => (typeof value === 'boolean' ? NONE : unexpected('a boolean', value));

/** A text of a certain form. */
export const textLike = (form: RegExp): Rule<string> => (value) => {
  const faults = text(value);
  return faults.length > 0 || form.test(value as string) ? faults : improper('does not have the right form');
};

/** A finite number. */
export const number = ({ min = -Infinity, max = Infinity, above = -Infinity } = {}): Rule<number> => (value) => {
  if (typeof value !== 'number' || !Number.isFinite(value)) return unexpected('a number', value);
  if (value < min) return improper(`must be at least ${min}`);
  if (value <= above) return improper(`must be above ${above}`);
  return value > max ? improper(`must be at most ${max}`) : NONE;
};

/** A whole number of at least `min`. */
export const count = (min = 0): Rule<number> => (value) => {
  if (typeof value === 'number' && !Number.isSafeInteger(value)) return unexpected('a whole number', value);
  return number({ min })(value);
};

export const oneOf = <const T extends string | number>(...choices: readonly T[]): Rule<T> => (value) =>
  (choices.includes(value as T) ? NONE : unexpected(choices.join(' or '), value));

export const optional = <T>(rule: Rule<T>): Rule<T | undefined> => (value) => (value === undefined ? NONE : rule(value));

export const orNull = <T>(rule: Rule<T>): Rule<T | null> => (value) => (value === null ? NONE : rule(value));

export const list = <T>(rule: Rule<T>, { min = 0, max = Infinity } = {}): Rule<T[]> => (value) => {
  if (!Array.isArray(value)) return unexpected('a list', value);
  const faults: Fault[] = [];
  value.forEach((each, at) => {
    const found = rule(each);
    if (found.length > 0) faults.push(...below(at, found));
  });
  if (value.length < min) faults.push(...improper(`has fewer than ${min} entries`));
  if (value.length > max) faults.push(...improper(`has more than ${max} entries`));
  return faults;
};

export const pair = <T>(rule: Rule<T>): Rule<[T, T]> => list(rule, { min: 2, max: 2 }) as unknown as Rule<[T, T]>;

const isMapping = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A mapping of any keys. */
export const mapping = <T>(rule: Rule<T>): Rule<Record<string, T>> => (value) =>
  (isMapping(value) ? Object.entries(value).flatMap(([key, each]) => below(key, rule(each))) : unexpected('a mapping', value));

type Rules = Readonly<Record<string, Rule<unknown>>>;
type Optional<S extends Rules> = { [K in keyof S]: undefined extends Checked<S[K]> ? K : never }[keyof S];
type RecordOf<S extends Rules> =
  { [K in Exclude<keyof S, Optional<S>>]: Checked<S[K]> } & { [K in Optional<S>]?: Exclude<Checked<S[K]>, undefined> };

/** A mapping of these keys, whatever else it has. */
export const looseRecord = <S extends Rules>(rules: S): Rule<RecordOf<S>> => (value) => {
  if (!isMapping(value)) return unexpected('a mapping', value);
  return Object.entries(rules).flatMap(([key, rule]) => below(key, rule(Object.hasOwn(value, key) ? value[key] : undefined)));
};

/** A mapping of these keys and no others. */
export const record = <S extends Rules>(rules: S): Rule<RecordOf<S>> => (value) => {
  const faults = looseRecord(rules)(value);
  const unknown = isMapping(value) ? Object.keys(value).filter((key) => !Object.hasOwn(rules, key)) : [];
  return unknown.length === 0 ? faults : [...faults, ...fault(`unknown: ${unknown.join(', ')}`)];
};

/** One of several records, which this key tells apart. */
export const recordBy = <F extends Rules>(key: string, forms: F): Rule<Checked<F[keyof F]>> => (value) => {
  if (!isMapping(value)) return unexpected('a mapping', value);
  const form = Object.hasOwn(value, key) ? value[key] : undefined;
  if (typeof form !== 'string' || !Object.hasOwn(forms, form)) return fault('is not one of the known forms', key);
  return forms[form](value);
};

/** What else must hold of a value whose parts have their types. */
export const also = <T>(rule: Rule<T>, faultsOf: (value: T) => readonly Fault[]): Rule<T> => (value) => {
  const faults = rule(value);
  if (!faults.every(({ typed }) => typed)) return faults;
  return [...faults, ...faultsOf(value as T).map((found) => ({ ...found, typed: true as const }))];
};
