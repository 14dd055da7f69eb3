/** One object of JSON in a line, without losing how its numbers are written. */

import { fail, type BnncError, type Where } from '../errors.js';

/** A key and what it holds. */
export interface Member {
  key: string;
  kind: 'text' | 'number' | 'nested';
  /** The text; a number as it is written; of what is nested, how it begins. */
  value: string;
  /** Where the value stands in the line, from 1. */
  column: number;
}

const STRING = String.raw`"([^"\\\u0000-\u001f]*(?:\\.[^"\\\u0000-\u001f]*)*)"`;
const OPEN = /\s*\{\s*(\})?/y;
const KEY = new RegExp(String.raw`\s*${STRING}\s*:\s*`, 'y');
/** NaN and Infinity are not JSON, but some programs write them; they are read as a CSV's cells of these texts are. */
const VALUE = new RegExp(String.raw`${STRING}|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|NaN|-?Infinity)|(true|false)|(null)|([[{])`, 'y');
const AFTER = /\s*([,}])/y;
const END = /\s*$/y;
/** What is passed over inside a nested value: texts, and signs that are no brackets. */
const INSIDE = new RegExp(String.raw`(?:${STRING}|[^"[\]{}])*([[\]{}])`, 'y');

/** The longest line that an error shows. */
const SHOWN = 76;

/** The members in their order, duplicates included. @throws data.invalid-json-line; the column is where the fault is */
export function* readObject(line: string, where: Where): Generator<Member> {
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(line);
    if (found) at = pattern.lastIndex;
    return found;
  };
  const wrong = (expected: string): BnncError => invalid(line, at, expected, where);
  const opened = take(OPEN);
  if (!opened) throw wrong('an object');
  for (let open = opened[1] === undefined; open;) {
    const key = take(KEY);
    if (!key) throw wrong("a key in double quotes, and ':'");
    const column = at + 1;
    const found = take(VALUE);
    if (!found) throw wrong('a value');
    const [value, text, number, word, , bracket] = found;
    if (bracket !== undefined) at = endOfNested(line, at, where);
    yield {
      key: unescaped(key[1], line, where), column, kind: bracket !== undefined ? 'nested' : number !== undefined ? 'number' : 'text',
      value: text !== undefined ? unescaped(text, line, where) : number ?? word ?? (bracket === undefined ? '' : value),
    };
    const after = take(AFTER);
    if (!after) throw wrong("',' or '}'");
    open = after[1] === ',';
  }
  if (!take(END)) throw wrong('the end of the line');
}

/** The place after the bracket that closes what was opened before `from`. */
function endOfNested(line: string, from: number, where: Where): number {
  let at = from;
  for (let depth = 1; depth > 0;) {
    INSIDE.lastIndex = at;
    const found = INSIDE.exec(line);
    if (!found) throw invalid(line, at, 'the end of a list or an object', where);
    at = INSIDE.lastIndex;
    depth += found[2] === '[' || found[2] === '{' ? 1 : -1;
  }
  return at;
}

function unescaped(text: string, line: string, where: Where): string {
  if (!text.includes('\\')) return text;
  try {
    return JSON.parse(`"${text}"`) as string;
  } catch {
    throw invalid(line, line.indexOf(text), 'a text with escapes as JSON has them', where);
  }
}

function invalid(line: string, at: number, expected: string, where: Where): BnncError {
  const start = at + /^\s*/.exec(line.slice(at))![0].length;
  const found = start >= line.length ? 'the line ends' : `it is ${JSON.stringify(line.slice(start, start + 12))}`;
  const hint = 'Each line must be one object: {"length": 3.5, "colour": "red"}. From a JSON document: jq -c \'.[]\' old.json > new.jsonl';
  return fail('data.invalid-json-line', `this line is not JSON: ${expected} should be here, but ${found}`, {
    where: { ...where, column: start + 1, ...(line.length <= SHOWN && { source: line }) }, hint,
  });
}
