/**
 * Writes docs/config.md from the config's schema: node scripts/config-docs.mjs > docs/config.md
 *
 * Reads the built program (`npm run build`), so that the words are those of its error messages. A test holds the committed
 * file to what this prints.
 */
import { configJsonSchema, describeExpected, leafKeys, schemaAt } from 'bnnc/parts';

const INTRODUCTION = `# Config

<!-- Written by scripts/config-docs.mjs from src/config/schema.ts; edit that. -->

A config is a YAML or JSON file. \`bnnc init data.csv --target y\` writes one that lists every key with a comment.
\`bnnc validate -c bnnc.yaml --print\` shows the value of every key and where it comes from. For example:

\`\`\`yaml
data:
  path: ../datasets/penguins.csv    # relative to this file
  target: species
  columns: {island: {kind: categorical}, sex: {kind: ignore}}
  split: {validation: 0.1, test: 0.2}
model: {hidden: [32, 16], activation: silu, gates: both}
prior: {inclusion: auto, slabScale: auto}
train: {epochs: auto, restarts: 4, seed: 1}
inclusion: {flips: 2, draws: 16}
\`\`\`

Only \`data.path\` and \`data.target\` have no default. \`--data\` and \`--target\` may give them instead. With both options no file is
needed.

Values come from four sources, in this order: the defaults, the file, every \`--set key=value\` in turn, and the options \`--data\`,
\`--target\`, \`--ignore\`, \`--test\`, \`--hidden\` and \`--seed\`. A later source overrides an earlier one. Sections are merged key by key; a list replaces a list. The value
of a \`--set\` is YAML: \`--set train.epochs=500 --set 'model.hidden=[64, 32]'\`. Paths in a file are relative to that file. Paths on
the command line are relative to the current folder.

Three keys of \`data\` may be said otherwise. A resolved config, as \`config.yaml\` of a run has it, always has the form on the right.

| also accepted | means |
|---|---|
| \`noise: student\`, \`noise: varying\` | \`task: student\`, \`task: varying\` |
| \`transform: log\` | \`task: log-regression\` |
| \`target: {time: t, event: d}\` | \`target: t\` and \`event: d\` |

An unknown key, a wrong type or a value out of range is an error. bnnc reports all of them at once, each with its line and column.
Editors complete and check a file whose first line is \`# yaml-language-server: $schema=./bnnc.schema.json\` (in JSON: a key
\`$schema\`). \`bnnc schema\` prints that schema.`;

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
  if (schema.additionalProperties.type === 'array') return 'lists by name';
  const keys = Object.entries(schema.additionalProperties.properties);
  return `column names, each with ${keys.map(([key, value]) => `${key}: ${describeExpected(value)}`).join('; ')}`;
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
