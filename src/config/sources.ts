/** Sources of config values besides files: the object of a program, `--set key=value` and the named flags. */
import { parseDocument } from 'yaml';
import type { Problem } from '../errors.js';
import { unlisted, type Named } from '../likelihood/index.js';
import { checkSource, fillEmptySections, isMapping, type Finding, type Mapping } from './check.js';
import { describeExpected, keysBelow, schemaAt, showPath } from './keys.js';
import { describeValue } from '../wording.js';
import { sayDeep, yamlPitfalls, tooDeep } from './yaml-pitfalls.js';
import { option, words, type Piece, type Words } from '../voice.js';

/** One source of values, checked; `report` says where in it a fault is. */
export interface Source {
  origin: 'file' | 'object' | 'set' | 'flag';
  value: Mapping;
  problems: Problem<Words>[];
  report(finding: Finding): Problem<Words>;
}

/** Named flags that stand for a config key. Numbers may be given as typed. */
export interface FlagValues {
  data?: string | undefined;
  target?: Named | undefined;
  query?: string | undefined;
  seed?: number | string | undefined;
  /** Columns. */
  ignore?: readonly string[] | undefined;
  hidden?: readonly number[] | undefined;
  test?: string | undefined;
  testQuery?: string | undefined;
  warm?: string | undefined;
}

const FLAG_KEYS: Record<Exclude<keyof FlagValues, 'ignore'>, string[]> = {
  data: ['data', 'path'],
  target: ['data', 'target'],
  query: ['data', 'query'],
  seed: ['train', 'seed'],
  hidden: ['model', 'hidden'],
  test: ['data', 'split', 'testFile'],
  testQuery: ['data', 'split', 'testQuery'],
  warm: ['train', 'warm'],
};

const nest = (path: readonly string[], value: unknown): Mapping =>
  path.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) as Mapping;

/**
 * The path that a dotted key means. Column names may hold dots: below `data.columns` everything is the name, but for a
 * last part that is a key of columns, such as `kind`.
 */
export function keyPath(key: string): string[] {
  const parts = key.split('.');
  if (parts.length < 4 || parts[0] !== 'data' || parts[1] !== 'columns') return parts;
  const last = parts.at(-1)!;
  const isKey = keysBelow(['data', 'columns', '']).includes(last);
  return ['data', 'columns', parts.slice(2, isKey ? -1 : undefined).join('.'), ...(isKey ? [last] : [])];
}

/** A config that a program gives as an object. */
export function objectSource(given: unknown): Source {
  const report = ({ code, path, text, hint, meant }: Finding): Problem<Words> =>
    ({ code, message: path.length ? `${showPath(path)}: ${text}` : text, hint: meant ? `Did you mean '${meant.join('.')}'?` : hint });
  if (!isMapping(given)) {
    const message = `the config: expected sections (data, model, prior, train, inclusion, search), got ${describeValue(given)}`;
    return { origin: 'object', value: {}, problems: [{ code: 'config.not-a-mapping', message }], report };
  }
  const value = fillEmptySections(given) as Mapping;
  return { origin: 'object', value, problems: checkSource(value).map(report), report };
}

/** A `--set key=value`; the value is YAML: `500`, `auto`, `[32, 16]`, `{age: {kind: numeric}}`. */
export function setSource(assignment: string): Source {
  const equals = assignment.indexOf('=');
  const key = assignment.slice(0, Math.max(0, equals)).trim();
  const raw = assignment.slice(equals + 1);
  const path = keyPath(key);
  const shown = option('sets', [assignment.length > 60 ? `${assignment.slice(0, 60)}...` : assignment]);
  const report = (finding: Finding) => argumentProblem(shown, finding, path.length);
  const broken = (message: string, hint: Words): Source => ({
    origin: 'set',
    value: {},
    problems: [{ code: 'config.set-syntax', message: words`${shown}: ${message}`, hint }],
    report,
  });
  if (key === '') return broken('expected key=value', words`Example: ${option('sets', ['train.epochs=500'])}.`);
  const result = (value: unknown): Source => {
    const source = fillEmptySections(nest(path, value)) as Mapping;
    return { origin: 'set', value: source, problems: checkSource(source).map(report), report };
  };
  // A text may look like something else to YAML (a column named 2020, the delimiter ','): then it is taken literally.
  const literal = result(raw);
  const { value, reason } = parseValue(raw);
  if (reason !== undefined) {
    if (literal.problems.length === 0) return literal;
    const schema = schemaAt(path);
    if (!schema) return literal;
    return broken(`the value is not YAML (${reason})`, `Expected ${describeExpected(schema)}.`);
  }
  const parsed = result(value);
  return parsed.problems.length && literal.problems.length === 0 ? literal : parsed;
}

/** A YAML value, or why it is none. */
function parseValue(raw: string): { value?: unknown; reason?: string } {
  const deep = tooDeep(raw, '');
  if (deep) return { reason: deep.message };
  const doc = parseDocument(raw, { prettyErrors: false });
  const [fault] = [...doc.errors, ...doc.warnings];
  if (fault) return { reason: sayDeep(fault.message) };
  try {
    const [pitfall] = yamlPitfalls(doc, () => ({}));
    return pitfall ? { reason: pitfall.message } : { value: doc.toJS() as unknown };
  } catch (error) {
    return { reason: sayDeep((error as Error).message) };
  }
}

/** The named flags, each one a source of its own so that faults name it. */
export function flagSource(flags: FlagValues): Source[] {
  const ignored = (flags.ignore ?? []).map((column): Source => {
    const path = ['data', 'columns', column, 'kind'];
    const value = nest(path, 'ignore');
    const report = (finding: Finding) => argumentProblem(option('ignore', [column]), finding, path.length);
    return { origin: 'flag', value, problems: checkSource(value).map(report), report };
  });
  return [...ignored, ...(Object.keys(FLAG_KEYS) as (keyof typeof FLAG_KEYS)[]).flatMap((flag): Source[] => {
    const given = flag === 'target' && flags.target !== undefined ? unlisted(flags.target) : flags[flag];
    if (given === undefined) return [];
    const path = FLAG_KEYS[flag];
    const isNumber = schemaAt(path)?.type === 'integer' && typeof given === 'string' && /^[+-]?\d+(\.\d+)?$/.test(given.trim());
    const value = nest(path, isNumber ? Number(given) : given);
    const shown = option(flag, typeof given === 'object' ? given.map(String) : given);
    const report = (finding: Finding) => argumentProblem(shown, finding, path.length);
    return [{ origin: 'flag', value, problems: checkSource(value).map(report), report }];
  })];
}

/** `depth`: how much of the path the argument itself spells out; what lies below it is added. */
function argumentProblem(shown: Piece, { code, path, text, hint, meant }: Finding, depth: number): Problem<Words> {
  const below = path.length > depth ? `${showPath(path)}: ` : '';
  return { code, message: words`${shown}: ${below}${text}`, hint: meant ? `Did you mean '${meant.join('.')}'?` : hint };
}
