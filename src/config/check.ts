/** Holds one source (a file, a `--set`, the flags) against the schema and says in words what is wrong with it. */
import type { Problem } from '../errors.js';
import { acceptedWords, describeExpected, keysBelow, meantKey, rightType, schemaAt, type Path } from './keys.js';
import { configSchema, sourceSchema, type Config, type JsonSchema } from './schema.js';
import { closest } from '../suggest.js';
import { describeValue } from '../wording.js';

/** A fault of a source, not yet tied to the place it came from. */
export interface Finding {
  code: Problem['code'];
  path: Path;
  /** Whether the caret belongs under the key or under its value. */
  at: 'key' | 'value';
  /** What is wrong, without the path: the source puts its own name for the place in front. */
  text: string;
  hint?: string | undefined;
  /** For an unknown key: the path that was probably meant. */
  meant?: string[] | undefined;
}

/** A YAML mapping or JSON object. */
export type Mapping = Record<string, unknown>;

export function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value at `path`, or undefined. */
export function valueAt(source: unknown, path: Path): unknown {
  let value = source;
  for (const part of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Mapping)[part];
  }
  return value;
}

/**
 * A copy in which sections without content are empty mappings: `model:` with every line below it commented out is null in
 * YAML, and means that nothing is said about the model.
 */
export function fillEmptySections(value: unknown, path: Path = []): unknown {
  const schema = schemaAt(path);
  const holdsKeys = schema?.properties !== undefined || typeof schema?.additionalProperties === 'object';
  if (value === null && holdsKeys) return {};
  if (!isMapping(value) || !holdsKeys) return value;
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, fillEmptySections(child, [...path, key])]));
}

/** A column may have this name, and zod leaves such an entry out without a word: it passes as one that no column can have. */
const PROTO = '__proto__';
const STAND_IN = ` ${PROTO}`;

function renamed<T extends object>(source: T, from: string, to: string): T {
  const { data } = source as Mapping;
  if (!isMapping(data) || !isMapping(data.columns) || !Object.hasOwn(data.columns, from)) return source;
  const entries = Object.entries(data.columns).map(([name, value]) => [name === from ? to : name, value] as const);
  return { ...source, data: { ...data, columns: Object.fromEntries(entries) } };
}

/** The config of a sound source that lacks nothing, with all defaults. */
export const completed = (source: Mapping): Config =>
  renamed(configSchema.parse(renamed(source, PROTO, STAND_IN)), STAND_IN, PROTO);

/** All faults of a source, in the schema's order; none when it is sound. Missing keys are no fault of a single source. */
export function checkSource(source: Mapping): Finding[] {
  const parsed = sourceSchema.safeParse(renamed(source, PROTO, STAND_IN));
  if (parsed.success) return [];
  const seen = new Set<string>();
  const findings = parsed.error.issues.flatMap((issue): Finding[] => {
    const path = (issue.path as Path).map((part) => (part === STAND_IN ? PROTO : part));
    if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey([...path, key]));
    return [wrongValue(path, valueAt(source, path))];
  });
  return findings.filter(({ path }) => {
    const id = JSON.stringify(path);
    return !seen.has(id) && seen.add(id);
  });
}

function unknownKey(path: Path): Finding {
  const meant = meantKey(path);
  const known = `Known here: ${keysBelow(path.slice(0, -1)).join(', ')}.`;
  return { code: 'config.unknown-key', path, at: 'key', text: 'unknown key', meant, hint: meant ? undefined : known };
}

function wrongValue(path: Path, value: unknown): Finding {
  const schema = schemaAt(path) ?? {};
  const text = `expected ${describeExpected(schema)}, got ${describeValue(value)}`;
  const finding: Finding = { code: 'config.wrong-type', path, at: 'value', text };
  if (rightType(schema, value)) {
    if (typeof value !== 'string') return { ...finding, code: 'config.out-of-range' };
    const word = closest(value, acceptedWords(schema));
    return { ...finding, code: 'config.unknown-value', hint: word && `Did you mean '${word}'?` };
  }
  return { ...finding, hint: typeHint(typeOf(schema), value) };
}

/** Of one that has several forms the first that is no word of its own. */
const typeOf = ({ type, anyOf = [] }: JsonSchema): JsonSchema['type'] => type ?? anyOf.find((form) => form.const === undefined)?.type;

/** The usual slips: a number or boolean in quotes, a text without them, one entry where a list is wanted. */
function typeHint(expected: string | undefined, value: unknown): string | undefined {
  const scalar = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  if (expected === 'string' && scalar) return `Put it in quotes: '${String(value)}'.`;
  if (expected === 'string' && isMapping(value) && Object.keys(value).join() === '') return "Put it in quotes: '?'.";
  if (expected === 'array' && scalar) return `Write it as a list: [${String(value)}].`;
  if (typeof value !== 'string' || value.trim() === '') return undefined;
  if ((expected === 'number' || expected === 'integer') && Number.isFinite(Number(value))) return 'Leave out the quotes.';
  if (expected === 'boolean' && /^(yes|on)$/i.test(value)) return 'Write true.';
  if (expected === 'boolean' && /^(no|off)$/i.test(value)) return 'Write false.';
  return expected === 'boolean' && /^(true|false)$/i.test(value) ? 'Leave out the quotes.' : undefined;
}
