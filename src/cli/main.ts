/** The program as a function of its arguments and streams; returns the exit code. */

import { CommanderError, type Command } from 'commander';
import { fail } from '../errors.js';
import { unlessAborted } from '../run/abort.js';
import type { CliContext, CommandModule } from './context.js';
import { reportError, type FaultSetting } from './fault.js';
import type { GlobalOptions } from './options.js';
import { buildProgram } from './program.js';
import { colourLevel, createTerminal, isTerminal } from './terminal.js';

/** The world as the program sees it. */
export interface Io {
  stdin: NodeJS.ReadableStream;
  stdout: NodeJS.WritableStream;
  stderr: NodeJS.WritableStream;
  cwd: string;
  env: NodeJS.ProcessEnv;
  /** Calls `handler` at the first Ctrl-C, SIGTERM or SIGHUP, and leaves the second to its default, which kills. */
  onInterrupt(handler: () => void): void;
}

/** Each command's code is loaded when it is called for, so that help needs none of it. */
const COMMANDS: Record<string, () => Promise<CommandModule>> = {
  init: () => import('./commands/init.js'),
  validate: () => import('./commands/validate.js'),
  train: () => import('./commands/train.js'),
  inspect: () => import('./commands/inspect.js'),
  'select-features': () => import('./commands/select-features.js'),
  prune: () => import('./commands/prune.js'),
  predict: () => import('./commands/predict.js'),
  evaluate: () => import('./commands/evaluate.js'),
  doctor: () => import('./commands/doctor.js'),
  completion: () => import('./commands/completion.js'),
  schema: () => import('./commands/schema.js'),
};

/** Commands that end orderly by themselves when the signal is aborted; any other is left where it stands. */
const ORDERLY = new Set(['train', 'prune', 'predict']);

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

  const early = { quiet: false, noColor: argv.includes('--no-color') };
  const debug = argv.includes('--debug');
  let terminal = createTerminal({ ...io, ...early });
  const said = { out: '', err: '' };
  const program = buildProgram(async (name, args, options) => {
    const { quiet = false, color = true } = options as GlobalOptions;
    terminal = createTerminal({ ...io, quiet, noColor: !color });
    const context: CliContext = { ...io, terminal, signal: abort.signal, argv, quiet };
    refuseNoNames(options);
    const command = await COMMANDS[name]();
    const work = command.run(args, options as never, context);
    const orderly = ORDERLY.has(name) && options.dryRun !== true;
    await (orderly ? work : unlessAborted(work, abort.signal));
  });
  captureOutput(program, io, said, early.noColor);
  const fault = (): FaultSetting =>
    ({ io, terminal, debug, usage: said.err, command: argv.find((word) => Object.hasOwn(COMMANDS, word)) });

  let code = 0;
  try {
    await program.parseAsync(argv, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) code = 0;
    else code = reportError(error, fault());
  }
  await terminal.result(said.out).catch((error: unknown) => void (code = reportError(error, fault()) || code));
  await new Promise<void>((resolve) => io.stderr.write('', () => resolve()));
  return code;
}

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

/** `-o "$OUT"` with an empty OUT would mean the current folder, which nobody wants. */
function refuseNoNames(options: Record<string, unknown>): void {
  for (const name of ['out', 'resume']) {
    if (options[name] === '') throw fail('usage.empty-name', `--${name} is empty`, { hint: 'Name a file or folder after it.' });
  }
}

function processIo(): Io {
  return {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    cwd: process.cwd(),
    env: process.env,
    onInterrupt: (handler) => {
      for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, handler);
    },
  };
}
