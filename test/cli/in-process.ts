/** What is built, in the test's own process: for tests of what commands do, and not of the process that does it. */
import type { main } from '../../src/cli/main.js';
import { callProgram, type Outcome } from '../helpers/call-program.js';
import { cleanEnvironment, ROOT, type Setting } from './program.js';

/** `bnnc ARGS` as `bnnc` of program.ts, but without a process: a third of the time where the engine is needed. */
export async function bnnc(args: string[], { cwd = ROOT, input = '', env = {} }: Setting = {}): Promise<Outcome> {
  const program = await import(new URL('../../dist/cli/main.js', import.meta.url).href) as { main: typeof main };
  return callProgram(program.main, args, cwd, { stdin: input, env: { ...cleanEnvironment(), ...env } });
}
