/** The config that `init` writes: every key with its documentation and default, and what was found in each column. */
import { visible } from '../errors.js';
import { configSchema, type Config } from './schema.js';
import { stringifyConfig, stringifyConfigJson } from './stringify.js';

/** One column of the table, as far as the template needs it. */
export interface TemplateColumn {
  name: string;
  kind: NonNullable<Config['data']['columns'][string]['kind']>;
  /** What was found in it: `172 to 231; 2 missing`. */
  remark: string;
}

export interface TemplateFacts {
  /** As it is to stand in the config: relative to the config's folder, or '-'. */
  path: string;
  target: string;
  /** Input columns in the table's order, without the target. */
  columns: readonly TemplateColumn[];
  /** What was found in the target: `binary: Besni, Kecimen`. */
  task: string;
  /** What `auto` found between the cells; empty where a format needs none. */
  delimiter: string;
  /** What the `$schema` line says. */
  schema: string;
  /** What is not at its default, `path` and `target` excepted. */
  config?: Config | undefined;
}

const DELIMITERS: Record<string, string> = { ',': 'the comma', ';': 'the semicolon', '\t': 'the tab', '|': 'the bar' };

/** A column is listed with its kind up to this many columns; of a wider table only those that are left out. */
const LISTED_COLUMNS = 100;

/** Text of the config for a table; JSON has no comments, so there the facts are left out. */
export function configTemplate(facts: TemplateFacts, format: 'yaml' | 'json'): string {
  const { path, target, columns, schema } = facts;
  const config = structuredClone(facts.config ?? configSchema.parse({ data: { path, target } }));
  Object.assign(config.data, { path, target });
  const said = config.data.columns;
  const listed = columns.length <= LISTED_COLUMNS ? columns : columns.filter(({ kind }) => kind === 'ignore');
  config.data.columns = { ...Object.fromEntries(listed.map(({ name, kind }) => [name, { kind }])), ...said };
  if (format === 'json') return stringifyConfigJson(config, schema);
  const remarks = new Map(listed.map(({ name, remark }) => [`data.columns.${name}`, oneLine(remark)]));
  remarks.set('data.task', oneLine(facts.task));
  if (facts.delimiter !== '') remarks.set('data.delimiter', `here: ${DELIMITERS[facts.delimiter] ?? facts.delimiter}`);
  remarks.set('data.columns', listed.length < columns.length
    ? `${columns.length} input columns; the list has only those that are left out`
    : 'as inferred; if you remove an entry, its column is inferred again');
  const header = `yaml-language-server: $schema=${schema}\n`
    + 'Every key of bnnc with its default. If you remove a key, its default applies; a misspelt key is an error.';
  return stringifyConfig(config, { header, docs: 'keys', remark: (key) => remarks.get(key) });
}

const oneLine = (text: string): string => visible(text.replace(/\s+/g, ' ')).trim();
