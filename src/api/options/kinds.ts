/** What options may hold: checks of what a program passes, and readers of words on the command line. */

import type { Row, Table } from '../../data/index.js';
import { Misread, type Kind } from './table.js';

const kind = <Held, Read = Held>(
  expected: string, holds: (value: unknown) => boolean, rest: Pick<Kind<Held, Read>, 'read' | 'choices' | 'isSwitch'> = {},
): Kind<Held, Read> => ({ expected, holds, ...rest });

const isNumber = (value: unknown): value is number => typeof value === 'number' && !Number.isNaN(value);
const isWhole = (value: unknown, least: number, most = Infinity): boolean =>
  Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most;

/** Number('') is 0 and Number('0x1F') is 31: neither is what somebody meant here. */
const toNumber = (text: string): number => (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : NaN);

/** Reads a number that fits. */
function numberFrom(text: string, fits: (value: number) => boolean, must: string): number {
  const value = toNumber(text);
  if (!fits(value)) throw new Misread(`It must be ${must}.`);
  return value;
}

/** A kind of numbers that the command line reads with a check, and functions check themselves, with a code of its own. */
const numberRead = (fits: (value: number) => boolean, must: string): Kind<number> =>
  kind('a number', isNumber, { read: (text) => numberFrom(text, fits, must) });

/** True or false, as a word. */
export const yesOrNo = kind<boolean>('true or false', (value) => typeof value === 'boolean', {
  read: (word) => {
    if (word === 'true' || word === 'false') return word === 'true';
    throw new Misread('It must be true or false.');
  },
});
export const flag = kind<boolean>('true or false', (value) => typeof value === 'boolean', { isSwitch: true });
export const text = kind<string>('a text', (value) => typeof value === 'string');
export const texts = kind<readonly string[]>(
  'a list of texts', (value) => Array.isArray(value) && value.every((each) => typeof each === 'string'));
export const callback = <F>(): Kind<F> => kind('a function', (value) => typeof value === 'function');
const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
export const stream = kind<NodeJS.ReadableStream>('a readable stream', (value) => isObject(value) && Symbol.asyncIterator in value);
export const abortSignal = kind<AbortSignal>('an AbortSignal', (value) => value instanceof AbortSignal);

/** The path of a file, or what would be in it. */
export const pathOr = <T extends object>(): Kind<string | T, string> =>
  kind('a path or an object', (value) => typeof value === 'string' || isObject(value));

export const object = <T extends object>(): Kind<T> => kind('an object', isObject);
/** Rows as objects, or a table that was read. */
export const rowsOrTable = kind<readonly Row[] | Table>(
  'an array of rows or a table', (value) => Array.isArray(value) || (isObject(value) && 'columns' in value));
/** The path of a folder, or `true` for one that is named by itself. */
export const pathOrTrue = kind<string | true, string>('a path or true', (value) => typeof value === 'string' || value === true);

/** Strictly between 0 and 1. */
export const openProbability = kind<number>('a number between 0 and 1', (value) => isNumber(value) && value > 0 && value < 1, {
  read: (word) => numberFrom(word, (value) => value > 0 && value < 1, 'a number between 0 and 1'),
});
const isProbability = (value: number): boolean => value >= 0 && value <= 1;
/** From 0 to 1, both included. */
export const probability = numberRead(isProbability, 'a number from 0 to 1');
/** A probability, or `auto`. */
export const threshold = kind<number | 'auto'>('auto or a number', (value) => value === 'auto' || isNumber(value), {
  read: (word) => (word === 'auto' ? word : numberFrom(word, isProbability, 'a number from 0 to 1, or auto')),
});
/** From 0 to below 1. */
export const correlation = numberRead((value) => value >= 0 && value < 1, 'a number from 0 to below 1');
/** From 0.01 to 100: a standard deviation in units of another. */
export const ratio = numberRead((value) => value >= 0.01 && value <= 100, 'a number from 0.01 to 100');

const readCount = (word: string): number => numberFrom(word, (value) => isWhole(value, 1), 'a whole number of at least 1');
export const count = kind<number>('a whole number of at least 1', (value) => isWhole(value, 1), { read: readCount });
/** A count that functions check themselves. */
export const looseCount = numberRead((value) => isWhole(value, 1), 'a whole number of at least 1');
export const folds = numberRead((value) => isWhole(value, 2), 'a whole number of at least 2');
export const seed = numberRead((value) => isWhole(value, 0), 'a whole number of at least 0');

const MAX_STEPS = 1_000_000;
/** How many steps of training, if any; the word is optional, so that whatever comes next on the line is taken for it. */
export const steps = kind<boolean | number, true | number>(
  'false or true or a whole number of at least 1', (value) => typeof value === 'boolean' || isWhole(value, 1), {
    read: (word) => numberFrom(
      word, (value) => isWhole(value, 1, MAX_STEPS), `a whole number of steps up to ${MAX_STEPS}; name the run before it`),
  });

const MAX_DRAWS = 100_000;
/** How many draws to average over. All of them are kept in memory, and a thousand are already plenty. */
export const draws = kind<number>('a whole number of at least 1', (value) => isWhole(value, 1), {
  read: (word) => {
    const value = readCount(word);
    if (value > MAX_DRAWS) throw new Misread(`It must be at most ${MAX_DRAWS}.`);
    return value;
  },
});

/** How many fits at once: more than this no machine has cores, and every one needs memory. */
const MAX_JOBS = 1024;
const JOBS_EXPECTED = `auto or a whole number from 1 to ${MAX_JOBS}`;
/** How many things to do at once. */
export const jobs = kind<number | 'auto'>(JOBS_EXPECTED, (value) => value === 'auto' || isWhole(value, 1, MAX_JOBS), {
  read: (word) => (word === 'auto' ? word : numberFrom(word, (value) => isWhole(value, 1, MAX_JOBS), JOBS_EXPECTED)),
});

const MEMORY_EXPECTED = 'any or a number of gigabytes above 0';
/** How much memory may be used, in gigabytes of 10^9 bytes. */
export const memory = kind<number | 'any'>(MEMORY_EXPECTED, (value) => value === 'any' || (isNumber(value) && value > 0), {
  read: (word) => (word === 'any' ? word : numberFrom(word.replace(/GB?$/i, ''), (value) => value > 0, MEMORY_EXPECTED)),
});

/** `key=value` texts; on the command line one of each flag, in the order given. */
export const assignments: Kind<readonly string[]> = {
  ...texts,
  read: (word, earlier = []) => {
    if (!/^[^=]+=/.test(word)) throw new Misread('It must look like train.epochs=500.');
    return [...earlier, word];
  },
};

/** Names of columns; on the command line one of each flag. */
export const columnNames: Kind<readonly string[]> = {
  ...texts,
  read: (word, earlier = []) => {
    if (word === '') throw new Misread('It must be the name of a column.');
    return [...earlier, word];
  },
};

/** The name of a column or a list of them; on the command line one of each flag. */
export const columnOrColumns = kind<string | readonly string[], readonly string[]>(
  'a text or a list of texts', (value) => text.holds(value) || texts.holds(value), { read: (word, earlier = []) => [...earlier, word] });

const isSize = (value: unknown): boolean => isWhole(value, 1, 65536);
/** `32,16`; `none` is no hidden layer. */
export const layerSizes = kind<readonly number[]>(
  'a list of whole numbers of at least 1', (value) => Array.isArray(value) && value.every(isSize), {
    read: (word) => (word === 'none' ? [] : word.split(',').map((part) =>
      numberFrom(part.trim(), isSize, "whole numbers from 1 to 65536, such as 32,16, or 'none'"))),
  });

const listOf = (fits: (value: number) => boolean, expected: string, must: string): Kind<readonly number[]> => kind(
  expected, (value) => Array.isArray(value) && value.length > 0 && value.every((each) => isNumber(each) && fits(each)), {
    read: (word) => word.split(',').map((part) => numberFrom(part.trim(), fits, must)),
  });

/** `0.05,0.95`. */
export const openProbabilities = listOf(
  (value) => value > 0 && value < 1, 'a list of numbers between 0 and 1', 'numbers between 0 and 1, such as 0.05,0.5,0.95');
export const numbers = listOf(Number.isFinite, 'a list of numbers', 'numbers, such as 1,2,5');

export const oneOf = <const W extends string>(choices: readonly W[]): Kind<W> =>
  kind(`one of ${choices.join(', ')}`, (value) => choices.includes(value as W), { choices });

/** Some of the words; on the command line separated by commas. */
export const someOf = <const W extends string>(words: readonly W[]): Kind<readonly W[]> => kind(
  `a list of some of ${words.join(', ')}`,
  (value) => Array.isArray(value) && value.length > 0 && value.every((each) => words.includes(each as W)), {
    read: (list) => {
      const given = list.split(',').map((word) => word.trim()).filter((word) => word !== '');
      if (given.length === 0 || !given.every((word) => words.includes(word as W))) {
        throw new Misread(`It must be a comma-separated list of ${words.join(', ')}.`);
      }
      return [...new Set(given)] as W[];
    },
  });

const SHARD = /^(auto|[1-9]\d{0,5})\/([1-9]\d{0,5})$/;
const isShard = (value: unknown): boolean => {
  const [, index, most] = SHARD.exec(typeof value === 'string' ? value : '') ?? [];
  return index !== undefined && (index === 'auto' || Number(index) <= Number(most));
};
/** `2/8`, or `auto/8`. */
export const shardOf = kind<string>('a share such as 2/8 or auto/8', isShard, {
  read: (word) => {
    if (!isShard(word)) throw new Misread('It must be a share such as 2/8, the first number up to the second, or auto/8.');
    return word;
  },
});
const MAX_WAIT = 1e6;
/** Seconds. */
export const waitingTime = kind<number>('a number of seconds', (value) => isNumber(value) && value >= 0 && value <= MAX_WAIT, {
  read: (word) => numberFrom(word, (value) => value >= 0 && value <= MAX_WAIT, `a number of seconds up to ${MAX_WAIT}`),
});
