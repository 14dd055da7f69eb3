/** The two channels of the program: the result on stdout, everything said to the person on stderr. */

import { Chalk, type ChalkInstance } from 'chalk';
import { visible } from '../errors.js';

export interface Terminal {
  /** Writes exact text to stdout and waits until it is taken; rejects with EPIPE when the reader has gone. */
  result(text: string): Promise<void>;
  /** One line on stderr; silent under `--quiet`. */
  note(text: string): void;
  /** One line on stderr, marked as a warning; told even under `--quiet`. */
  warn(text: string): void;
  /** Colours for stderr; does nothing when stderr is no colour terminal. */
  readonly colour: ChalkInstance;
}

export interface TerminalOptions {
  stdout: NodeJS.WritableStream;
  stderr: NodeJS.WritableStream;
  env: NodeJS.ProcessEnv;
  quiet?: boolean;
  /** `--no-color` was given. */
  noColor?: boolean;
}

export function createTerminal({ stdout, stderr, env, quiet = false, noColor = false }: TerminalOptions): Terminal {
  const colour = new Chalk({ level: noColor ? 0 : colourLevel(env, isTerminal(stderr)) });
  return {
    colour,
    result: (text) =>
      new Promise((resolve, reject) => {
        if (text === '') return resolve();
        stdout.write(text, (error?: Error | null) => (error ? reject(error) : resolve()));
      }),
    note: (text) => {
      if (!quiet) stderr.write(`${visible(text)}\n`);
    },
    warn: (text) => {
      stderr.write(`${colour.yellow('warning:')} ${visible(text)}\n`);
    },
  };
}

/** Whether a stream is a terminal that a person looks at. */
export function isTerminal(stream: NodeJS.WritableStream | NodeJS.ReadableStream): boolean {
  return (stream as { isTTY?: boolean }).isTTY === true;
}

/** Chalk's colour level. As in Node itself, FORCE_COLOR overrides NO_COLOR, and both override what the terminal is. */
export function colourLevel(env: NodeJS.ProcessEnv, terminal: boolean): 0 | 1 | 2 | 3 {
  const force = env.FORCE_COLOR;
  if (force !== undefined) {
    if (force === 'false') return 0;
    if (/^[0-3]$/.test(force)) return Number(force) as 0 | 1 | 2 | 3;
    return 1;
  }
  if (env.NO_COLOR || !terminal || env.TERM === 'dumb') return 0;
  if (/^(truecolor|24bit)$/.test(env.COLORTERM ?? '')) return 3;
  return env.TERM?.includes('256color') ? 2 : 1;
}
