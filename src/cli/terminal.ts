/** The two channels of the program: the result on stdout, everything said to the person on stderr. */

import { Chalk, type ChalkInstance } from 'chalk';
import { visible } from '../errors.js';
import type { Log } from './log.js';
import { colourLevel, isTerminal, writeText } from './stream.js';

export interface Terminal {
  /** Writes text to stdout, exactly unless that is a terminal, and waits; rejects with EPIPE when the reader has gone. */
  result(text: string): Promise<void>;
  /** One line on stderr; silent under `--quiet`. */
  note(text: string): void;
  /** One line on stderr, marked as a warning; told even under `--quiet`. */
  warn(text: string): void;
  /** Where the same goes with its time, and progress too. */
  readonly log?: Log | undefined;
  /** Colours for stderr; does nothing when stderr is no colour terminal. */
  readonly colour: ChalkInstance;
}

export interface TerminalOptions {
  stdout: NodeJS.WritableStream;
  stderr: NodeJS.WritableStream;
  env: NodeJS.ProcessEnv;
  quiet?: boolean | undefined;
  /** `--no-color` was given. */
  noColor?: boolean;
  log?: Log | undefined;
}

export function createTerminal({ stdout, stderr, env, quiet = false, noColor = false, log }: TerminalOptions): Terminal {
  const colour = new Chalk({ level: noColor ? 0 : colourLevel(env, isTerminal(stderr)) });
  return {
    colour, log,
    // A pipe gets the exact text; a terminal would take the control characters of a name as commands.
    result: (text) => writeText(stdout, isTerminal(stdout) ? visible(text) : text),
    note: (text) => {
      log?.write('note', text);
      if (!quiet) stderr.write(`${visible(text)}\n`);
    },
    warn: (text) => {
      log?.write('warning', text);
      stderr.write(`${colour.yellow('warning:')} ${visible(text)}\n`);
    },
  };
}
