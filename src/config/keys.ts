/** The config's keys as data, read off the JSON Schema: which there are, what each expects, what a misspelt one meant. */
import { configJsonSchema, type JsonSchema } from './schema.js';
import { SPELLINGS } from './spellings.js';
import { closest } from '../suggest.js';

/** Where a value sits: keys and list positions from the top, `['model', 'hidden', 0]`. */
export type Path = readonly (string | number)[];

const SECTIONS = ['data', 'model', 'prior', 'train', 'inclusion', 'search'] as const;

/** `model.hidden[0]`; a column name that is not a plain word is quoted. */
export function showPath(path: Path): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    const name = /^[\w$-]+$/.test(part) ? part : JSON.stringify(part);
    return text ? `${text}.${name}` : name;
  }, '');
}

/** The schema of the value at `path`, or undefined where there is no such key. */
export function schemaAt(path: Path, schema: JsonSchema = configJsonSchema()): JsonSchema | undefined {
  let node: JsonSchema | undefined = schema;
  for (const part of path) {
    if (typeof part === 'number') node = node.items;
    else if (node.properties && Object.hasOwn(node.properties, part)) node = node.properties[part];
    else node = typeof node.additionalProperties === 'object' ? node.additionalProperties : undefined;
    if (!node) return undefined;
  }
  return node;
}

/**
 * Every key of a resolved config that holds a value rather than further keys, dotted, in the schema's order: `data.path`,
 * `data.split.test` ...
 */
export function leafKeys(): string[] {
  const visit = (schema: JsonSchema, prefix: string): string[] =>
    Object.entries(schema.properties ?? {}).flatMap(([key, child]) =>
      child.properties ? visit(child, `${prefix}${key}.`) : [`${prefix}${key}`],
    );
  const schema = configJsonSchema();
  return SECTIONS.flatMap((section) => visit(schema.properties![section], `${section}.`)).filter((key) => !SPELLINGS.includes(key));
}

/** The keys that may stand directly below `path`; `$schema` is not worth suggesting. */
export function keysBelow(path: Path): string[] {
  return Object.keys(schemaAt(path)?.properties ?? {}).filter((key) => key !== '$schema');
}

/**
 * What was meant by the unknown key at `path`, as a full path: a near miss beside it, else the same key or a near miss in
 * another section (`epochs` at the top means `train.epochs`).
 */
export function meantKey(path: Path): string[] | undefined {
  const parent = path.slice(0, -1).map(String);
  const word = String(path.at(-1));
  const sibling = closest(word, keysBelow(parent));
  if (sibling) return [...parent, sibling];
  // Inside data.columns the keys are the table's own names: nothing there was meant for another section.
  if (parent[1] === 'columns') return undefined;
  const leaves = leafKeys().map((key) => key.split('.'));
  const name = closest(word, leaves.map((leaf) => leaf.at(-1)!));
  return leaves.find((leaf) => leaf.at(-1) === name);
}

function bounds({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: JsonSchema): string {
  const limited = maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER;
  if (minimum !== undefined && limited) return ` from ${minimum} to ${maximum}`;
  const parts: string[] = [];
  if (exclusiveMinimum !== undefined) parts.push(`above ${exclusiveMinimum}`);
  else if (minimum !== undefined) parts.push(`of at least ${minimum}`);
  if (exclusiveMaximum !== undefined) parts.push(`below ${exclusiveMaximum}`);
  else if (limited) parts.push(`at most ${maximum}`);
  return parts.length ? ` ${parts.join(' and ')}` : '';
}

/** What a key accepts, in words: `'auto' or a whole number of at least 1`. */
export function describeExpected(schema: JsonSchema): string {
  if (schema.anyOf) return schema.anyOf.map(describeExpected).join(' or ');
  if (schema.const !== undefined) return `'${schema.const as string}'`;
  if (schema.enum) return schema.enum.length === 1 ? `'${String(schema.enum[0])}'` : `one of ${schema.enum.join(', ')}`;
  switch (schema.type) {
    case 'integer':
      return `a whole number${bounds(schema)}`;
    case 'number':
      return `a number${bounds(schema)}`;
    case 'string':
      if (schema.maxLength === 1) return 'one character (no letter, digit or quote)';
      return schema.minLength ? 'a text that is not empty' : 'a text';
    case 'boolean':
      return 'true or false';
    case 'null':
      return 'null';
    case 'array':
      return schema.maxItems === undefined ? 'a list' : `a list of at most ${schema.maxItems} entries`;
    default: {
      const keys = Object.keys(schema.properties ?? {}).filter((key) => key !== '$schema');
      return keys.length ? `a mapping with the keys ${keys.join(', ')}` : 'a mapping';
    }
  }
}

/** Whether `value` is of a type that the schema knows, so that the fault is the value and not its type. */
export function rightType(schema: JsonSchema, value: unknown): boolean {
  if (schema.anyOf) return schema.anyOf.some((choice) => rightType(choice, value));
  if (schema.const !== undefined) return typeof value === typeof schema.const;
  switch (schema.type) {
    case 'integer':
      return Number.isInteger(value);
    case 'number':
      return Number.isFinite(value);
    case 'array':
      return Array.isArray(value);
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value);
    case 'null':
      return value === null;
    default:
      return typeof value === schema.type;
  }
}

/** The words that a key accepts: those of an enum, and constants such as 'auto'. */
export function acceptedWords(schema: JsonSchema): string[] {
  const words = schema.enum ?? (schema.const === undefined ? [] : [schema.const]);
  return [...words.filter((word) => typeof word === 'string'), ...(schema.anyOf ?? []).flatMap(acceptedWords)];
}
