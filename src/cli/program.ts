/**
 * The whole command line as commander's tree, made of the list of commands and the tables of their options. Help, parsing and
 * shell completion all come from this tree. Nothing heavy is imported here, so `--help` is instant.
 */

import { flagName, Misread, type Option as Entry, type Table } from '../api/options/table.js';
import { programVersion } from '../version.js';
import { COMMANDS, type CommandEntry } from './command-list.js';
import { Command, InvalidArgumentError, Option } from './commander.js';

/** The options of the program itself. */
export interface GlobalOptions {
  quiet?: boolean;
  debug?: boolean;
  /** False after `--no-color`. */
  color?: boolean;
}

/** Called when a command was chosen and its arguments and options are well formed; options by the names of the tables. */
export type Launch = (name: string, args: string[], options: Record<string, unknown>) => Promise<void>;

/** Builds the tree; `launch` is what each command does. */
export function buildProgram(launch: Launch): Command {
  const program = new Command('bnnc')
    .description('Trains spike-and-slab Bayesian neural networks, selects features by inclusion probability, prunes and exports.')
    .version(programVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show help')
    .configureHelp({ showGlobalOptions: true })
    .showSuggestionAfterError(true)
    .option('-q, --quiet', 'show no progress and no notes on stderr, only warnings and errors')
    .option('--debug', 'show the stack of an internal fault')
    .option('--no-color', 'use no colours (NO_COLOR and FORCE_COLOR work, too)')
    .addHelpText('after', EXAMPLES);

  let group: string | undefined;
  for (const [name, entry] of Object.entries(COMMANDS)) {
    if (entry.group !== group) program.commandsGroup(entry.group);
    if (entry.group === 'Help:' && entry.group !== group) program.helpCommand('help [command]', 'show help of a command');
    ({ group } = entry);
    declare(program, name, entry).action((...given: unknown[]) => {
      const command = given.at(-1) as Command;
      const args = command.processedArgs.flat().filter((arg) => arg !== undefined) as string[];
      return launch(name, args, named(entry.options, command.optsWithGlobals()));
    });
  }
  return program;
}

function declare(program: Command, name: string, entry: CommandEntry): Command {
  const { summary, description, arguments: args = [], options, after } = entry;
  const command = program.command(name).summary(summary).description(description);
  for (const { name: arg, words, choices } of args) {
    const argument = command.createArgument(arg, words);
    command.addArgument(choices ? argument.choices(choices) : argument);
  }
  let group: string | undefined;
  for (const [each, option] of Object.entries(options)) {
    if (option.place === 'library') continue;
    if (option.group !== undefined && option.group !== group) command.optionsGroup(option.group);
    ({ group } = option);
    command.addOption(toOption(each, option, options));
  }
  if (after !== undefined) command.addHelpText('after', after);
  return command.helpOption('-h, --help', 'show help');
}

/** Commander's form of an option. */
function toOption(name: string, entry: Entry, table: Table): Option {
  const { kind, words, value, short, otherwise, excludes, implies, preset, required } = entry;
  const flags = [...(short ? [`-${short}`] : []), flagName(name, entry)].join(', ');
  const option = new Option(value ? `${flags} ${value}` : flags, otherwise === undefined ? words : `${words} (default: ${otherwise})`);
  if (kind.choices) option.choices(kind.choices);
  else if (kind.read) option.argParser((text, earlier) => read(entry, text, earlier));
  if (entry.default !== undefined) option.default(entry.default, entry.defaultText);
  if (excludes) option.conflicts(excludes.filter((other) => table[other].place !== 'library').map((other) => attribute(other, table[other])));
  if (implies) option.implies(implies);
  if (preset !== undefined) option.preset(preset);
  return option.makeOptionMandatory(required === true);
}

function read({ kind }: Entry, text: string, earlier: unknown): unknown {
  try {
    return kind.read!(text, earlier);
  } catch (error) {
    throw error instanceof Misread ? new InvalidArgumentError(error.message) : error;
  }
}

/** The name under which commander keeps a value. */
const attribute = (name: string, entry: Entry): string => new Option(flagName(name, entry)).attributeName();

/** The values by the names of the table. */
function named(table: Table, values: Record<string, unknown>): Record<string, unknown> {
  const names = new Map(Object.entries(table).map(([name, entry]) => [attribute(name, entry), name]));
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [names.get(key) ?? key, value]));
}

const EXAMPLES = `
Examples:
  $ bnnc train --data houses.csv --target price          train with the defaults
  $ bnnc select-features                                 print the inputs that matter
  $ bnnc prune --threshold 0.5 -o small                  write a smaller model as ONNX and JSON
  $ bnnc predict small new.csv > predictions.csv
  $ bnnc train -c bnnc.yaml | xargs bnnc select-features --format csv

Exit codes: 0 ok, 1 internal fault, 2 usage, 3 config, 4 data, 5 training, 6 run or model, 130 interrupted.`;
