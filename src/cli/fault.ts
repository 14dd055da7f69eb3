/** Turns whatever was thrown into text on stderr and an exit code. */

import { inspect } from 'node:util';
import { CommanderError } from './commander.js';
import { BnncError, ERROR_CODES, inVoice, problemText, visible, type Problem } from '../errors.js';
import type { Terminal } from './terminal.js';
import type { Words } from '../voice.js';
import { CLI } from './voice.js';

export interface FaultSetting {
  io: { stdout: NodeJS.WritableStream; stderr: NodeJS.WritableStream };
  terminal: Terminal;
  /** Show the stack of an internal fault. */
  debug: boolean;
  /** What commander has to say about a usage error: its message, or the help. */
  usage: string;
  /** The command that was called, for the pointer to its help. */
  command?: string | undefined;
  /** The result was to be a JSON document: then the fault is one. */
  json?: boolean;
}

/** Tells the error to the person and returns the exit code. */
export function reportError(error: unknown, { io, terminal, debug, usage, command, json = false }: FaultSetting): number {
  if (isClosedPipe(error)) return 0;
  const say = (text: string): void => {
    terminal.log?.write('error', stripped(text));
    io.stderr.write(`${text}\n`);
  };
  if (json && refusedOutput(error) === undefined) io.stdout.write(`${JSON.stringify(faultDocument(error, usage))}\n`);
  if (error instanceof CommanderError) {
    say(usageText(usage, terminal, command));
    return ERROR_CODES.usage;
  }
  if (error instanceof BnncError) {
    for (const problem of error.said) say(colourProblem(problem, terminal));
    if (debug && error.cause !== undefined) say((error.cause as Error).stack ?? inspect(error.cause));
    return error.exitCode;
  }
  const refused = refusedOutput(error);
  if (refused !== undefined) {
    say(`${terminal.colour.red('bnnc:')} cannot write to standard output: ${refused}`);
    return 1;
  }
  const limit = openFilesText(error);
  if (limit !== undefined) {
    say(`${terminal.colour.red('bnnc:')} ${limit}`);
    return 1;
  }
  const fault = error instanceof Error ? error : new Error(String(error));
  say(`${terminal.colour.red('internal fault:')} ${visible(fault.message)}`);
  say(debug ? (fault.stack ?? '') : 'This is a bug in bnnc. Please run the command again with --debug and report its output.');
  return 1;
}

// eslint-disable-next-line no-control-regex -- colours begin with one
const stripped = (text: string): string => text.replace(/\x1b\[\d+m/g, '');

/** What went wrong, for programs: the first problem, and all of them if there are several. */
export interface FaultDocument {
  error: Fault;
  errors?: Fault[];
}

/** As docs/errors.md has them; also `usage.arguments` and `internal`. */
type Fault = Omit<Problem, 'code'> & { code: string };

function faultDocument(error: unknown, usage: string): FaultDocument {
  if (error instanceof BnncError) {
    const [first, ...rest] = error.said.map((problem) => plain(inVoice(problem, CLI)));
    return { error: first, ...(rest.length > 0 && { errors: [first, ...rest] }) };
  }
  if (error instanceof CommanderError) {
    const [message, ...hint] = usage.trim().replace(/^error: /, '').split('\n');
    return { error: { code: 'usage.arguments', message, ...(hint.length > 0 && { hint: hint.join(' ') }) } };
  }
  return { error: { code: 'internal', message: error instanceof Error ? error.message : String(error) } };
}

/** Keys in the order of the contract. */
const plain = ({ code, message, hint, where }: Problem): Fault =>
  ({ code, message, ...(hint !== undefined && { hint }), ...(where && { where }) });

/** The reader of a pipe has gone (`| head`): no fault, and nobody left to tell. */
function isClosedPipe(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  return code === 'EPIPE' || code === 'ERR_STREAM_DESTROYED';
}

/** Why the system does not take what is written to stdout (`> file` on a full disk); files have errors of their own. */
function refusedOutput(error: unknown): string | undefined {
  const { code = '', syscall, path } = (error ?? {}) as NodeJS.ErrnoException;
  if (syscall !== 'write' || path !== undefined) return undefined;
  const reasons: Record<string, string> = {
    ENOSPC: 'the disk is full', EDQUOT: 'the disk quota is used up', EFBIG: 'the file would be too large', EIO: 'the device does not answer',
  };
  return reasons[code] ?? code;
}

/** What to do where the system lets no more files be opened: any step of a command may meet this. */
function openFilesText(error: unknown): string | undefined {
  const { code } = (error ?? {}) as NodeJS.ErrnoException;
  if (code !== 'EMFILE' && code !== 'ENFILE') return undefined;
  return `too many files are open (${code}): raise the limit, such as by \`ulimit -n 1024\`.`;
}

/** `bnnc cv houses.csv`, as with `init` and `inspect`. */
const TABLE_AS_ARGUMENT = /^error: too many arguments for '(cv|validate)'/;

/** `unknown option '--foo'`, with commander's own "Did you mean" below it, then the way to the help. */
function usageText(usage: string, { colour }: Terminal, command?: string): string {
  const text = usage.trimEnd();
  if (!text.startsWith('error: ')) return text; // the help itself, after `bnnc` alone
  const help = `See 'bnnc ${command ? `${command} ` : ''}--help'.`;
  const hint = TABLE_AS_ARGUMENT.test(text) ? `Give a table with --data and a config with --config. ${help}` : help;
  return `${colour.red('bnnc:')} ${text.slice('error: '.length)}\n${colour.dim(hint)}`;
}

/** The text of {@link problemText}, with the place bold and the caret red. */
function colourProblem(problem: Problem<Words>, { colour }: Terminal): string {
  const text = problemText(problem, CLI);
  const { where } = problem;
  const place = [where?.file, where?.line, where?.column].filter((part) => part !== undefined).join(':');
  const marked = place && text.startsWith(place)
    ? colour.bold(place) + text.slice(place.length)
    : `${colour.red('bnnc:')} ${text}`;
  return marked.replace(/\^$/, () => colour.red('^'));
}
