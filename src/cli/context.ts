/** What a command gets from the world. Commands touch nothing else, so a test runs them with streams of its own. */

import type { Terminal } from './terminal.js';

export interface CliContext {
  stdin: NodeJS.ReadableStream;
  stdout: NodeJS.WritableStream;
  stderr: NodeJS.WritableStream;
  /** Folder that relative paths start from. */
  cwd: string;
  env: NodeJS.ProcessEnv;
  terminal: Terminal;
  /** Aborted by the first Ctrl-C (or SIGTERM); the second one kills the program. */
  signal: AbortSignal;
  /** The arguments as typed, without node and the script; for the manifest and for the resume command. */
  argv: string[];
  /** `--quiet`: no notes and no progress; warnings and errors stay. */
  quiet: boolean;
}

/** What each file in `commands/` exports. */
export interface CommandModule {
  /** `args`: the positional arguments that were given; `options`: commander's values by camel-case name. */
  run(args: string[], options: never, context: CliContext): Promise<void>;
}
