/**
 * Writes docs/config.md from the config's schema: node scripts/config-docs.mjs > docs/config.md
 *
 * Reads the built program (`npm run build`), so that the words are those of its error messages. A test holds the committed
 * file to what this prints.
 */
import { describeExpected, leafKeys, schemaAt } from '../dist/config/keys.js';
import { configJsonSchema } from '../dist/config/schema.js';

const INTRODUCTION = `# Config

<!-- Written by scripts/config-docs.mjs from src/config/schema.ts; edit that. -->

A config is a YAML or JSON file. \`bnnc init data.csv --target y\` writes one with every key and a comment to each;
\`bnnc validate -c bnnc.yaml --print\` shows what a config amounts to and where each value comes from.

Only \`data.path\` and \`data.target\` have no default. Either may be given as \`--data\` and \`--target\` instead, and with both
of them no file is needed at all.

A later source overrides an earlier one: defaults, then the file, then every \`--set key=value\` in turn, then the flags
\`--data\`, \`--target\` and \`--seed\`. Sections are merged key by key; a list replaces a list. The value of a \`--set\` is YAML:
\`--set train.epochs=500 --set 'model.hidden=[64, 32]'\`. Paths in a file are relative to that file, paths on the command line to
the folder you are in.

An unknown key, a wrong type and a value out of range are errors, each told with its line and column. A first line
\`# yaml-language-server: $schema=./bnnc.schema.json\` (in JSON: a key \`$schema\`) lets editors check and complete the file;
\`bnnc schema\` prints that schema.`;

const sections = Object.entries(configJsonSchema().properties).filter(([, { properties }]) => properties);
const chapters = sections.map(([section, { description }]) => {
  const keys = leafKeys().filter((key) => key.startsWith(`${section}.`));
  return `## ${section}\n\n${description}\n\n| key | default | accepts | meaning |\n|---|---|---|---|\n${keys.map(row).join('\n')}`;
});
process.stdout.write(`${[INTRODUCTION, ...chapters].join('\n\n')}\n`);

function row(key) {
  const schema = schemaAt(key.split('.'));
  const standard = schema.default === undefined ? 'none: must be given' : `\`${flow(schema.default)}\``;
  return `| \`${key}\` | ${standard} | ${cell(accepts(schema))} | ${cell(schema.description)} |`;
}

/** What an error message says is expected; for lists and mappings also what is in them. */
function accepts(schema) {
  if (schema.type === 'array') return `${describeExpected(schema)}, each ${describeExpected(schema.items)}`;
  if (typeof schema.additionalProperties !== 'object') return describeExpected(schema);
  const { kind } = schema.additionalProperties.properties;
  return `column names, each with kind: ${describeExpected(kind)}`;
}

/** A default in YAML's flow style. */
function flow(value) {
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`;
  if (value !== null && typeof value === 'object') return '{}';
  return value === '' || value === '?' ? `'${value}'` : String(value);
}

function cell(text) {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replace(/\{[^`]*\}/g, (code) => `\`${code}\``);
}
