/**
 * Texts that name an option or a command, kept as data: the command line says `--force` where a program reads `force: true`.
 * What is below `cli` writes such texts with {@link words}; who shows one says in which voice.
 */

/** A value of an option. */
export type Value = string | number | boolean | readonly string[];

/** A part of a text that depends on who reads it. */
export type Piece =
  /** An option, perhaps with the value that it should have. */
  | { option: string; value?: Value | undefined; short?: boolean }
  /** A key of the config with the value that it should have. */
  | { key: string; value: string }
  /** A function of the library, which is a command as well. */
  | { call: string; given: readonly string[]; options: Record<string, Value> };

/** A text, or its parts. */
export type Words = string | readonly (string | Piece)[];

/** Tells a remark: as a program reads it, and as data, for who words it otherwise. */
export type Tell = (text: string, words: Words) => void;

export interface Voice {
  /** @param short by its one letter, where there is one */
  option(name: string, value?: Value, short?: boolean): string;
  key(name: string, value: string): string;
  call(name: string, given: readonly string[], options: Record<string, Value>): string;
}

/** As a program reads it: `force: true`, `'out'`, `train({ resume: 'runs/a' })`. */
export const LIBRARY: Voice = {
  option: (name, value) => (value === undefined ? `'${name}'` : `${name}: ${literal(value)}`),
  key: (name, value) => `sets: ${literal([`${name}=${value}`])}`,
  call: (name, given, options) => {
    const named = Object.entries(options).map(([option, value]) => `${option}: ${literal(value)}`);
    return `${name}(${[...given.map(literal), ...(named.length > 0 ? [`{ ${named.join(', ')} }`] : [])].join(', ')})`;
  },
};

function literal(value: Value): string {
  if (typeof value === 'object') return `[${value.map(literal).join(', ')}]`;
  return typeof value === 'string' ? `'${value.replaceAll("'", "\\'")}'` : String(value);
}

/** Tag of a template whose inserts are texts, numbers or {@link Piece}s. */
export function words(texts: TemplateStringsArray, ...inserts: (Words | number | Piece)[]): Words {
  const parts = texts.flatMap((text, n) => {
    const insert = inserts[n] ?? '';
    return [text, ...(Array.isArray(insert) ? (insert as (string | Piece)[]) : [insert as string | number | Piece])];
  }).map((part) => (typeof part === 'number' ? String(part) : part)).filter((part) => part !== '');
  return parts.every((part) => typeof part === 'string') ? parts.join('') : parts;
}

/** The text in a voice. */
export function say(said: Words, voice: Voice = LIBRARY): string {
  if (typeof said === 'string') return said;
  return said.map((part) => {
    if (typeof part === 'string') return part;
    if ('option' in part) return voice.option(part.option, part.value, part.short);
    return 'key' in part ? voice.key(part.key, part.value) : voice.call(part.call, part.given, part.options);
  }).join('');
}

/** The texts one after another, with something between them. */
export const joined = (texts: readonly Words[], between: string): Words =>
  texts.flatMap((text, n) => [...(n > 0 ? [between] : []), ...(typeof text === 'string' ? [text] : text)]);

/** Tells a program, in its voice. */
export const telling = (tell: Tell | undefined) => (text: Words): void => tell?.(say(text), text);

/** An option, to be put into {@link words}. */
export const option = (name: string, value?: Value): Piece => ({ option: name, value });
/** The same by its one letter where there is one. */
export const shortOption = (name: string, value?: Value): Piece => ({ option: name, value, short: true });
/** A key of the config with a value, to be put into {@link words}. */
export const key = (name: string, value: string): Piece => ({ key: name, value });
/** A function with what it is given, to be put into {@link words}. */
export const call = (name: string, options: Record<string, Value> = {}, ...given: string[]): Piece =>
  ({ call: name, given, options });
