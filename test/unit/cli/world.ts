/** A context of strings instead of streams. */

import { PassThrough, Writable } from 'node:stream';
import type { CliContext } from '../../../src/cli/context.js';
import { createTerminal } from '../../../src/cli/terminal.js';

export interface World {
  context: CliContext;
  out(): string;
  err(): string;
}

export interface WorldOptions {
  quiet?: boolean;
  terminal?: boolean;
  env?: NodeJS.ProcessEnv;
}

export function world({ quiet = false, terminal = false, env = {} }: WorldOptions = {}): World {
  const [stdout, stderr] = [collector(terminal), collector(terminal)];
  const context: CliContext = {
    stdin: new PassThrough(), stdout: stdout.stream, stderr: stderr.stream, cwd: '/', env, quiet, argv: [],
    signal: new AbortController().signal, terminal: createTerminal({ stdout: stdout.stream, stderr: stderr.stream, env, quiet }),
  };
  return { context, out: stdout.text, err: stderr.text };
}

function collector(isTTY: boolean): { stream: Writable; text: () => string } {
  let text = '';
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      text += chunk.toString();
      done();
    },
  });
  Object.assign(stream, { isTTY, columns: 200 });
  return { stream, text: () => text };
}
