/**
 * Writes docs/commands.md from the commands and the tables of their options: node scripts/commands-docs.mjs > docs/commands.md
 *
 * Reads the built program (`npm run build`). A test holds the committed file to what this prints.
 */
import { flagName } from 'bnnc/parts';
import { COMMANDS } from '../dist/cli/command-list.js';

const INTRODUCTION = `# Commands

<!-- Written by scripts/commands-docs.mjs from src/cli/command-list.ts and the tables in src/api/options; edit those. -->

Each option of each command, as \`bnnc COMMAND --help\` shows it. The function that does what the command does ([api.md](api.md))
takes the options of the second column by that name; a dash is an option of the command line alone, or of the function alone.
Every command also takes \`--quiet\`, \`--debug\`, \`--no-color\` and \`--help\`.`;

const chapters = Object.entries(COMMANDS).map(([name, { description, arguments: given = [], options }]) => {
  const usage = ['bnnc', name, ...(Object.keys(options).length > 0 ? ['[options]'] : []), ...given.map((each) => each.name)].join(' ');
  const rows = Object.entries(options).map(([option, entry]) => row(option, entry));
  const table = rows.length === 0 ? [] : [`| flag | option | default | meaning |\n|---|---|---|---|\n${rows.join('\n')}`];
  const list = given.length === 0 ? [] : [given.map(({ name: each, words }) => `- \`${each}\`: ${words}`).join('\n')];
  return [`## ${name}`, `\`${usage}\``, escaped(description), ...list, ...table].join('\n\n');
});
process.stdout.write(`${[INTRODUCTION, ...chapters].join('\n\n')}\n`);

function row(name, entry) {
  const { kind, place, short, value, words, otherwise, defaultText = entry.default } = entry;
  const flag = `${short ? `-${short}, ` : ''}${flagName(name, entry)}${value ? ` ${value}` : ''}`;
  const standard = entry.required ? 'must be given' : defaultText === undefined ? escaped(otherwise ?? '') : `\`${defaultText}\``;
  const choices = kind.choices ? `: ${kind.choices.join(', ')}` : '';
  return `| ${place === 'library' ? '–' : `\`${flag}\``} | ${place === 'cli' ? '–' : `\`${name}\``} | ${standard} | ${escaped(words + choices)} |`;
}

function escaped(text) {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
}
