/** The program as a function of its arguments and streams; returns the exit code. */

import { relative } from 'node:path';
import { CommanderError, type Command } from './commander.js';
import { COMMANDS } from './command-list.js';
import type { CliContext, CommandModule } from './context.js';
import type { Log } from './log.js';
import { buildProgram, type GlobalOptions } from './program.js';
import { withoutPasswords } from './secrets.js';
import { colourLevel, isTerminal, writeText } from './stream.js';

/** The world as the program sees it. */
export interface Io {
  stdin: NodeJS.ReadableStream;
  stdout: NodeJS.WritableStream;
  stderr: NodeJS.WritableStream;
  cwd: string;
  /** The folder that the program was called in no longer exists; `cwd` is then another one. */
  isFolderGone?: boolean;
  env: NodeJS.ProcessEnv;
  /** Calls `handler` at the first Ctrl-C, SIGTERM or SIGHUP, and leaves the second to its default, which kills. */
  onInterrupt(handler: () => void): void;
}

/**
 * Runs the program.
 * @param argv arguments as typed, without node and the script: `process.argv.slice(2)`
 * @returns the exit code; the caller should end the process with it, for stdin may still be open
 */
export async function main(argv: string[], io: Io = processIo()): Promise<number> {
  const abort = new AbortController();
  io.onInterrupt(() => abort.abort());
  // A write's own callback tells of a closed pipe; the event that comes with it must not end the program.
  for (const stream of [io.stdout, io.stderr]) stream.on('error', () => {});

  const noColor = argv.includes('--no-color');
  const global: GlobalOptions & { log?: Log } = { quiet: false, color: !noColor };
  const said = { out: '', err: '' };
  const program = buildProgram(async (name, args, options) => {
    Object.assign(global, options);
    const kept = withoutPasswords(argv);
    const log = await logOf(options, io.cwd, kept);
    if (log) global.log = log;
    await launch(name, args, options, { ...io, argv: kept, signal: abort.signal, log });
  });
  captureOutput(program, io, said, noColor);

  // Help and the version need nothing but what is here; whatever else there is to say is loaded when it is said.
  const report = async (error: unknown): Promise<number> => {
    const [{ reportError }, { createTerminal }] = await Promise.all([import('./fault.js'), import('./terminal.js')]);
    const terminal = createTerminal({ ...io, quiet: global.quiet, noColor: global.color === false, log: global.log });
    const command = argv.find((word) => Object.hasOwn(COMMANDS, word));
    const json = argv.includes('--json') && (command === undefined || Object.hasOwn(COMMANDS[command].options, 'json'));
    return reportError(error, { io, terminal, debug: argv.includes('--debug'), usage: said.err, command, json });
  };
  let code = 0;
  try {
    await program.parseAsync(argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError && error.exitCode === 0)) code = await report(error);
  }
  global.log?.write('end', `exit code ${code}`);
  global.log?.close();
  await writeText(io.stdout, said.out).catch(async (error: unknown) => void (code = (await report(error)) || code));
  await new Promise<void>((resolve) => io.stderr.write('', () => resolve()));
  return code;
}

/** The log that is asked for, with the command as its first line. */
async function logOf(options: Record<string, unknown>, cwd: string, argv: readonly string[]): Promise<Log | undefined> {
  if (typeof options.logFile !== 'string') return undefined;
  const [{ openLog }, { shellWord }] = await Promise.all([import('./log.js'), import('../wording.js')]);
  const log = openLog(options.logFile, cwd);
  log.write('start', ['bnnc', ...argv].map(shellWord).join(' '));
  return log;
}

/** Loads a command and runs it. */
async function launch(
  name: string, args: string[], options: Record<string, unknown>, world: Io & Pick<CliContext, 'argv' | 'signal'> & { log: Log | undefined },
): Promise<void> {
  const { quiet = false, color = true } = options as GlobalOptions;
  if (world.isFolderGone) throw await noFolder();
  await refuseNoNames(options);
  const [{ createTerminal }, { unlessAborted, tellSettled }, command] =
    await Promise.all([import('./terminal.js'), import('../api/environment.js'), code(name)]);
  const terminal = createTerminal({ ...world, quiet, noColor: !color });
  tellSettled((path, now) => terminal.note(`'${relative(world.cwd, path)}': a program was ended while it replaced this folder; ${
    now === 'new' ? 'the new one is in place now' : 'the old one is back'}`));
  const work = command.run(args, options as never, { ...world, quiet, terminal });
  const orderly = (COMMANDS[name].orderly || options.queue !== undefined) && options.dryRun !== true;
  await (orderly ? work : unlessAborted(work, world.signal));
}

/** A command's code is loaded when it is called for, so that help needs none of it. */
const code = (name: string): Promise<CommandModule> => import(/* @vite-ignore */ `./commands/${name}/command.js`) as Promise<CommandModule>;

/** Help and usage errors are gathered, so that they can be written and waited for like everything else. */
function captureOutput(program: Command, io: Io, said: { out: string; err: string }, noColor: boolean): void {
  const width = (stream: NodeJS.WritableStream) => () => (stream as { columns?: number }).columns ?? 100;
  const colours = (stream: NodeJS.WritableStream) => () => !noColor && colourLevel(io.env, isTerminal(stream)) > 0;
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput({
      writeOut: (text) => (said.out += text),
      writeErr: (text) => (said.err += text),
      outputError: (text) => (said.err += text),
      getOutHelpWidth: width(io.stdout),
      getErrHelpWidth: width(io.stderr),
      getOutHasColors: colours(io.stdout),
      getErrHasColors: colours(io.stderr),
    }).configureHelp({ showGlobalOptions: true, styleTitle: (text) => `\x1b[1m${text}\x1b[22m` });
  }
}

async function noFolder(): Promise<Error> {
  const { fail } = await import('../errors.js');
  return fail('usage.no-folder', 'the current folder no longer exists', { hint: 'Go to one that does: cd ~' });
}

/** `-o "$OUT" with an empty OUT would mean the current folder, which nobody wants. */
async function refuseNoNames(options: Record<string, unknown>): Promise<void> {
  for (const name of ['out', 'resume']) {
    if (options[name] !== '') continue;
    const { fail } = await import('../errors.js');
    throw fail('usage.empty-name', `--${name} is empty`, { hint: 'Give the name of a file or folder.' });
  }
}

function processIo(): Io {
  let [cwd, isFolderGone] = ['/', false];
  try {
    cwd = process.cwd();
  } catch {
    isFolderGone = true;
  }
  return {
    // Opened when it is asked for, which help never does.
    get stdin() {
      return process.stdin;
    },
    stdout: process.stdout,
    stderr: process.stderr,
    cwd, isFolderGone,
    env: process.env,
    onInterrupt: (handler) => {
      for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, handler);
    },
  };
}
