/** How the command line names options and commands: `--force`, `--set data.task=binary`, `bnnc train --resume runs/a`. */

import { flagName, type Option, type Table } from '../api/options/table.js';
import { say, type Tell, type Value, type Voice, type Words } from '../voice.js';
import { shellPath, shellWord } from '../wording.js';
import { COMMANDS } from './command-list.js';

/** Commands whose name is not that of the function. */
const NAMES: Record<string, string> = {
  crossValidate: 'cv', selectFeatures: 'select-features', planUnits: 'plan', workUnits: 'work', mergeUnits: 'merge', serveQueue: 'worker',
};

const TABLES: Table[] = Object.values(COMMANDS).map(({ options }) => options);

/** An option by its name, whichever command has it. */
const optionCalled = (name: string): Partial<Option> | undefined => TABLES.find((table) => Object.hasOwn(table, name))?.[name];

function option(name: string, value: Value | undefined, short = false): string {
  const known = optionCalled(name);
  const flag = short && known?.short ? `-${known.short}` : flagName(name, known);
  return value === undefined || value === true ? flag : `${flag} ${value as string | number}`;
}

export const CLI: Voice = {
  option,
  key: (name, value) => `--set ${shellWord(`${name}=${value}`)}`,
  call: (name, given, options) => {
    const word = (value: Value): Value => (typeof value === 'string' ? shellPath(value) : value);
    const named = Object.entries(options).map(([each, value]) => option(each, word(value), true));
    return ['bnnc', NAMES[name] ?? name, ...given.map(word), ...named].join(' ');
  },
};

/** A text as the command line says it. */
export const inCli = (words: Words): string => say(words, CLI);

/** What the library tells, passed on as the command line says it. */
export const heard = (show: (text: string) => void): Tell => (_text, words) => show(inCli(words));
