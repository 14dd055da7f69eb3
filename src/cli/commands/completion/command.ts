/** `bnnc completion`: the tree of the program written as a completion script. */

import type { Command, Option } from '../../commander.js';
import type { CliContext } from '../../context.js';
import { buildProgram } from '../../program.js';

/** What a shell needs to know of a command. */
interface Entry {
  name: string;
  summary: string;
  options: Flag[];
  /** Values of its first argument when these are fixed; else files are completed. */
  choices: readonly string[];
}

interface Flag {
  names: string[];
  summary: string;
  /** It is followed by a value: one of `choices`, or a file when there are none. */
  takesValue: boolean;
  choices: readonly string[];
}

export async function run([shell]: string[], _options: object, context: CliContext): Promise<void> {
  await context.terminal.result(completionScript(shell as Shell, buildProgram(async () => {})));
}

export type Shell = 'bash' | 'zsh' | 'fish';

/** The completion script of a program for a shell. */
export function completionScript(shell: Shell, program: Command): string {
  const global = program.options.map(toFlag);
  const entries = program.commands.map((command): Entry => ({
    name: command.name(),
    summary: command.summary() || command.description(),
    options: [...command.options.map(toFlag), ...global, HELP],
    choices: command.registeredArguments[0]?.argChoices ?? [],
  }));
  const top: Entry = { name: program.name(), summary: '', options: [...global, HELP], choices: entries.map(({ name }) => name) };
  return { bash, zsh, fish }[shell](top, [...entries, helpEntry(entries)]);
}

const HELP: Flag = { names: ['-h', '--help'], summary: 'show help', takesValue: false, choices: [] };

const helpEntry = (entries: Entry[]): Entry =>
  ({ name: 'help', summary: 'show help of a command', options: [], choices: entries.map(({ name }) => name) });

function toFlag(option: Option): Flag {
  return {
    names: [option.short, option.long].filter((name) => name !== undefined && name !== null),
    summary: option.description,
    takesValue: option.required || option.optional,
    choices: option.argChoices ?? [],
  };
}

/** Safe between single quotes of a shell. */
const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** Bash: a function that looks for the command on the line, then offers its words; `-o default` completes files. */
function bash(top: Entry, entries: Entry[]): string {
  const optionWords = ({ options }: Entry): string => options.flatMap(({ names }) => names).join(' ');
  const valueCase = ({ options }: Entry, indent: string): string =>
    options.filter(({ takesValue }) => takesValue).map(({ names, choices }) =>
      `${indent}${names.join('|')}) ${choices.length ? `words=${quote(choices.join(' '))}` : 'return'} ;;\n`).join('');
  const branch = (entry: Entry): string => `    ${entry.name})
      case "$previous" in
${valueCase(entry, '        ')}        *) options=${quote(optionWords(entry))}; arguments=${quote(entry.choices.join(' '))} ;;
      esac ;;
`;
  const names = entries.map(({ name }) => name);
  return `# bash completion for ${top.name}
_${top.name}() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}"
  local command='' words='' options='' arguments='' i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "\${COMP_WORDS[i]}" in
      ${names.join('|')}) command="\${COMP_WORDS[i]}"; break ;;
    esac
  done
  case "$command" in
${entries.map(branch).join('')}    *) options=${quote(optionWords(top))}; arguments=${quote(names.join(' '))} ;;
  esac
  if [[ -z "$words" ]]; then
    if [[ "$current" == -* ]]; then words="$options"; else words="$arguments"; fi
  fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _${top.name} ${top.name}
`;
}

/** Zsh: `_arguments` for each command. */
function zsh(top: Entry, entries: Entry[]): string {
  const plain = (text: string): string => text.replace(/[[\]:\\]/g, '\\$&');
  const spec = ({ names, summary, takesValue, choices }: Flag): string => {
    const value = takesValue ? `:value:${choices.length ? `(${choices.join(' ')})` : '_files'}` : '';
    const body = `[${plain(summary)}]${value}`;
    // {-a,--b} must stand outside the quotes: it is the shell that expands it.
    return names.length === 1 ? quote(`*${names[0]}${body}`) : `'*'{${names.join(',')}}${quote(body)}`;
  };
  const lines = (flags: Flag[]): string => flags.map((flag) => `        ${spec(flag)} \\\n`).join('');
  const branch = ({ name, options, choices }: Entry): string => `    ${name})
      _arguments \\
${lines(options)}        ${quote(choices.length ? `*:argument:(${choices.join(' ')})` : '*:file:_files')} ;;
`;
  const describe = ({ name, summary }: Entry): string => `    ${quote(`${name}:${plain(summary)}`)}\n`;
  return `#compdef ${top.name}
_${top.name}() {
  local context state line
  typeset -A opt_args
  local -a commands=(
${entries.map(describe).join('')}  )
  _arguments -C \\
${lines(top.options)}    '1: :->command' '*:: :->rest'
  case "$state" in
    command) _describe command commands ;;
    rest) case "$words[1]" in
${entries.map(branch).join('')}    esac ;;
  esac
}
if [ "$funcstack[1]" = "_${top.name}" ]; then _${top.name} "$@"; else compdef _${top.name} ${top.name}; fi
`;
}

/** Fish: one `complete` line per command and option. */
function fish(top: Entry, entries: Entry[]): string {
  const flagLine = (condition: string, { names, summary, takesValue, choices }: Flag): string => {
    const shown = names.map((name) => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`)).join(' ');
    const value = !takesValue ? '' : choices.length ? ` -x -a ${fishQuote(choices.join(' '))}` : ' -r';
    return `complete -c ${top.name}${condition} ${shown}${value} -d ${fishQuote(summary)}\n`;
  };
  const within = (name: string): string => ` -n '__fish_seen_subcommand_from ${name}'`;
  const commandLine = ({ name, summary }: Entry): string =>
    `complete -c ${top.name} -n __fish_use_subcommand -f -a ${name} -d ${fishQuote(summary)}\n`;
  const globalNames = new Set(top.options.flatMap(({ names }) => names));
  const own = ({ name, options, choices }: Entry): string => {
    const local = options.filter(({ names }) => !names.some((each) => globalNames.has(each)));
    const values = choices.length ? `complete -c ${top.name}${within(name)} -f -a ${fishQuote(choices.join(' '))}\n` : '';
    return values + local.map((flag) => flagLine(within(name), flag)).join('');
  };
  return `# fish completion for ${top.name}\n` +
    entries.map(commandLine).join('') +
    top.options.map((flag) => flagLine('', flag)).join('') +
    entries.map(own).join('');
}

/** Fish knows only \\' and \\\\ between single quotes. */
const fishQuote = (text: string): string => `'${text.replace(/['\\]/g, '\\$&')}'`;
