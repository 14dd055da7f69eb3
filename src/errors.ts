/**
 * Expected failures. Every one is data first (`code`, `message`, `where`, `hint`) and text second: the text a person
 * reads is made in one place, {@link renderProblem}. Each code is a row in docs/errors.md.
 */

import { LIBRARY, say, type Voice, type Words } from './voice.js';

/** What went wrong, in the order of the exit codes of the command line. */
export const ERROR_CODES = {
  usage: 2,
  config: 3,
  data: 4,
  training: 5,
  run: 6,
  interrupted: 130,
} as const;

/** Family of an error; decides the exit code. */
export type ErrorKind = keyof typeof ERROR_CODES;

/** Place of the fault: a file, and as far as known its line and column (both counted from 1) and the line's text. */
export interface Where {
  file?: string;
  line?: number | undefined;
  column?: number;
  /** The source line itself, shown with a caret under `column`. */
  source?: string;
}

/**
 * One finding; a {@link BnncError} carries one or several (all config errors are told at once).
 * Where it is made its texts are {@link Words}, in which options are data; a program reads them as strings.
 */
export interface Problem<Text extends Words = string> {
  /** Stable name such as `data.ragged-row`; the part before the dot is the kind. */
  code: `${ErrorKind}.${string}`;
  message: Text;
  /** What the person can do about it. */
  hint?: Text | undefined;
  where?: Where | undefined;
}

/** An expected failure with one or more problems of the same kind. */
export class BnncError extends Error {
  readonly kind: ErrorKind;
  /** As a program reads them. */
  readonly problems: readonly Problem[];
  /** The same as they were made, for another voice. */
  readonly said: readonly Problem<Words>[];

  constructor(problems: Problem<Words> | readonly Problem<Words>[], options?: ErrorOptions) {
    const list = Array.isArray(problems) ? (problems as readonly Problem<Words>[]) : [problems as Problem<Words>];
    super(list.map(renderProblem).join('\n'), options);
    this.name = 'BnncError';
    this.said = list;
    this.problems = list.map((problem) => inVoice(problem, LIBRARY));
    this.kind = list[0].code.slice(0, list[0].code.indexOf('.')) as ErrorKind;
  }

  get exitCode(): number {
    return ERROR_CODES[this.kind];
  }
}

/** Makes the one-problem error: `throw fail('data.empty', 'no rows', { hint, where })`. */
export function fail(code: Problem['code'], message: Words, rest: Pick<Problem<Words>, 'hint' | 'where'> = {}): BnncError {
  return new BnncError({ code, message, ...rest });
}

/**
 * A text as it may be shown on a terminal: a control character that came with a name or a cell (ESC begins commands to the
 * terminal) is written as its code, `\x1b`, and so is one that turns the direction of what follows, `\u202e`. Line breaks and
 * tabs stay.
 */
export function visible(text: string): string {
  return text.replace(CONTROL, (char) => {
    const code = char.charCodeAt(0).toString(16);
    return code.length > 2 ? `\\u${code}` : `\\x${code.padStart(2, '0')}`;
  });
}

// eslint-disable-next-line no-control-regex -- these are the characters that are looked for
const CONTROL = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]/g;

/** A problem whose texts are strings, in a voice. */
export const inVoice = ({ message, hint, ...rest }: Problem<Words>, voice: Voice): Problem =>
  ({ ...rest, message: say(message, voice), ...(hint !== undefined && { hint: say(hint, voice) }) });

/** `file:line:column: message. hint`, then the source line with a caret when both are known. */
export const renderProblem = (problem: Problem<Words>): string => problemText(problem, LIBRARY);

/** The same in a voice of one's own. */
export function problemText(problem: Problem<Words>, voice: Voice): string {
  const { message, hint, where } = inVoice(problem, voice);
  const place = [where?.file, where?.line, where?.column].filter((part) => part !== undefined).join(':');
  let text = place ? `${place}: ${message}` : message;
  if (hint) text += `${/[.?!:]$/.test(text) ? '' : '.'} ${hint}`;
  if (where?.source !== undefined && where.column !== undefined) {
    // One character each, so that the caret stays where it belongs.
    const source = where.source.replace(CONTROL, '\ufffd');
    return `${visible(text)}\n    ${source}\n    ${' '.repeat(Math.max(0, where.column - 1))}^`;
  }
  return visible(text);
}
