/**
 * The options of a command, each said once. A table gives the flags of the command line with their help and completion, the
 * TypeScript type of the function's options, the check of what a program passes, and the tables of docs/commands.md. Nothing
 * heavy is imported by tables: `bnnc --help` loads them all.
 */

/** What an option may hold. */
export interface Kind<Held, Read = Held> {
  /** As in `expected a text`. */
  expected: string;
  holds(value: unknown): boolean;
  /** The value of a word on the command line; absent where any text will do. @throws Misread */
  read?(text: string, earlier?: Read): Read;
  /** The words among which there is a choice, for help and completion. */
  choices?: readonly string[];
  /** A flag that takes no value. */
  isSwitch?: boolean;
  /** Never there: it carries the types of what a program passes and of what the command line gives. */
  types?: [Held, Read];
}

/** A word on the command line that cannot be read; the message says what it must be. */
export class Misread extends Error {}

/** Who can give it: everybody, programs, or the command line. */
type Place = 'both' | 'library' | 'cli';

interface Details {
  /** What it does, as the help says it. */
  words: string;
  /** The value in help: `<n>`, or `[n]` where it may be left out. */
  value?: string;
  /** One letter: `-o`. */
  short?: string;
  /** Name of the flag where it is not that of the option. */
  flag?: string;
  /** Taken when it is not given. */
  default?: unknown;
  /** The default in words, where the help would not show it well. */
  defaultText?: string;
  /** What happens when it is not given, where that is no value. */
  otherwise?: string;
  required?: true;
  /** Options that cannot be given beside it. */
  excludes?: readonly string[];
  /** Options of the command line that it sets as well. */
  implies?: Record<string, unknown>;
  /** Value of the flag without one. */
  preset?: unknown;
  /** Heading in the help. */
  group?: string;
}

export interface Option extends Details {
  kind: Kind<unknown>;
  place: Place;
}

export type Table = Record<string, Option>;

const placed = <P extends Place>(place: P) =>
  <K extends Kind<unknown>, D extends Details>(kind: K, details: D): D & { kind: K; place: P } => ({ ...details, kind, place });

/** An option of the function and a flag of the command. */
export const option = placed('both');
/** An option of the function alone. */
export const libraryOption = placed('library');
/** A flag of the command alone. */
export const cliOption = placed('cli');

/** The options under a heading of the help. */
export const grouped = <T extends Table>(group: string, table: T): T =>
  Object.fromEntries(Object.entries(table).map(([name, each]) => [name, { ...each, group }])) as T;

type Held<O> = O extends { kind: { types?: [infer H, unknown] } } ? H : never;
type Read<O> = O extends { kind: { types?: [unknown, infer R] } } ? R : never;
type Always = { required: true } | { default: NonNullable<unknown> };

/** What a program passes. */
export type OptionsOf<T> = {
  [Name in keyof T as T[Name] extends { place: 'cli' } | { required: true } ? never : Name]?: Held<T[Name]> | undefined;
} & {
  [Name in keyof T as T[Name] extends { required: true } ? Name : never]: Held<T[Name]>;
};

/** The same with the defaults in place. */
export type Complete<T> = {
  [Name in keyof T as T[Name] extends { place: 'cli' } | Always ? never : Name]?: Held<T[Name]> | undefined;
} & {
  [Name in keyof T as T[Name] extends Always ? (T[Name] extends { place: 'cli' } ? never : Name) : never]: Held<T[Name]>;
};

/** What the command line gives. */
export type FlagsOf<T> = {
  [Name in keyof T as T[Name] extends { place: 'library' } | Always ? never : Name]?: Read<T[Name]> | undefined;
} & {
  [Name in keyof T as T[Name] extends Always ? (T[Name] extends { place: 'library' } ? never : Name) : never]: Read<T[Name]>;
};

/** `fineTune` is `--fine-tune`. */
export const flagName = (name: string, { flag = name }: Partial<Pick<Option, 'flag' | 'words'>> = {}): string =>
  `--${flag.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** Those of a command's values that its function takes. */
export function forLibrary<T extends Table, F extends object>(
  table: T, flags: F,
): { [Name in keyof F & keyof T as T[Name] extends { place: 'cli' } ? never : Name]: F[Name] } {
  return Object.fromEntries(Object.entries(flags).filter(([name]) => table[name] && table[name].place !== 'cli')) as never;
}
