/** A call of the program as a function, with strings for streams. */
import { PassThrough, Writable } from 'node:stream';
import type { main } from '../../src/cli/main.js';

export interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

export interface Setting {
  stdin?: string;
  env?: NodeJS.ProcessEnv;
  /** Whether stdin, stdout and stderr are terminals. */
  terminal?: boolean;
  isFolderGone?: boolean;
  /** Ctrl-C comes as soon as this holds. */
  interrupt?: () => boolean;
}

/** `bnnc ARGS` in the folder `cwd`. */
export async function callProgram(
  program: typeof main, args: readonly string[], cwd: string,
  { stdin = '', env = {}, terminal = false, isFolderGone = false, interrupt }: Setting = {},
): Promise<Outcome> {
  const said = { stdout: '', stderr: '' };
  const stream = (name: keyof typeof said): Writable => Object.assign(new Writable({
    write(chunk: Buffer, _encoding, done) {
      said[name] += chunk.toString();
      done();
    },
  }), { isTTY: terminal, columns: 80 });
  const input = Object.assign(new PassThrough(), { isTTY: terminal });
  input.end(stdin);
  let watch: NodeJS.Timeout | undefined;
  const code = await program([...args], {
    stdin: input, stdout: stream('stdout'), stderr: stream('stderr'), cwd, isFolderGone, env,
    onInterrupt(handler) {
      if (interrupt) watch = setInterval(() => interrupt() && handler(), 5);
    },
  }).finally(() => clearInterval(watch));
  return { code, ...said };
}
