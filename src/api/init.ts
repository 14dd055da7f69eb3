/** A commented config for a table. */
import { access, readFile } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { resolveConfig } from '../config/resolve.js';
import { configJsonSchema } from '../config/schema.js';
import { configTemplate, type TemplateColumn } from '../config/template.js';
import { describeTable, readTable, resolveTarget, tableSource, type ColumnSummary, type CsvSource } from '../data/index.js';
import { fail, renderProblem } from '../errors.js';
import { writeFileAtomic } from '../store/files.js';
import { folderOf } from './environment.js';
import { checked } from './options/check.js';
import { INIT, type InitOptions } from './options/prepare.js';
import { refuseLoss } from './output.js';
import { mapFile, resolveTable } from '../table-path.js';
import { option, telling, words, type Words } from '../voice.js';
import { plural } from '../wording.js';

export const SCHEMA_FILE = 'bnnc.schema.json';
/** Fewer numbers may run on by chance. */
const MANY = 20;

/** A config for a table, and what was seen of the table. */
export interface InitialConfig {
  /** YAML or JSON. */
  text: string;
  /** Whether the schema that it names has to lie beside it, as `bnnc.schema.json`. */
  schemaBeside: boolean;
  /** The table and its columns in a line. */
  summary: string;
}

/**
 * Looks at a table and writes a config with every key; `out: '-'` writes nothing.
 * @param data path of a file, `duckdb:FILE` with `query`, or `-` for `stdin`
 * @throws {BnncError} `usage.option`, `usage.file-exists`, `usage.same-file`; `run.not-writable`; `config.*`; `data.*`
 */
export async function init(data: string, options: InitOptions): Promise<InitialConfig> {
  const { target, query, out, force = false, sets, stdin, onWarning } = checked('init', options, INIT);
  const [cwd, warn] = [folderOf(options), telling(onWarning)];
  const toFile = out !== '-';
  const place = resolve(cwd, out);
  if (toFile && !force && (await exists(place))) {
    throw fail('usage.file-exists', 'the file exists already', {
      where: { file: out }, hint: words`Replace it with ${option('force', true)}, or name another file with ${option('out')}.`,
    });
  }
  await refuseLoss([data], out, cwd);
  if (data === '-' && !stdin) throw fail('usage.no-stdin', 'there is no standard input to read');
  const source: CsvSource = data === '-' ? { name: '<stdin>', open: () => stdin! } : tableSource(resolveTable(cwd, data), data, query);
  const { config } = await resolveConfig({ sets, flags: { data, query, target }, cwd });
  const table = await readTable(source, config.data);
  const { task, levels } = resolveTarget(table, config.data);
  const columns = describeTable(table, config.data).filter(({ name }) => name !== target);
  for (const { problem } of columns) if (problem) warn(renderProblem(problem));

  const folder = toFile ? dirname(place) : cwd;
  const schema = linkSchema(folder);
  const text = configTemplate({
    path: mapFile(data, (file) => portable(relative(folder, resolve(cwd, file)))),
    target, config,
    columns: columns.map((column) => templateColumn(column, table.rows)),
    task: `here: ${task}${levels.length ? ` (${listShort(levels)})` : ''}`,
    delimiter: table.delimiter,
    schema: schema.link,
  }, /\.json$/i.test(out) ? 'json' : 'yaml');
  if (toFile) await writeFileAtomic(place, text);
  if (toFile && schema.beside) await placeSchema(folder, warn);
  const seen = `${source.name}: ${plural(table.rows, 'row')}, ${summary(columns)}; ${task} target '${target}'`;
  return { text, schemaBeside: schema.beside, summary: seen };
}

const exists = (path: string): Promise<boolean> => access(path).then(() => true, () => false);
const portable = (path: string): string => path.split(sep).join('/');

/**
 * Where an editor finds the JSON Schema without the network: in this package, if it is installed in a project that the
 * config's folder belongs to (a path that holds for everyone who checks the project out); else in a copy beside the config.
 */
function linkSchema(folder: string): { link: string; beside: boolean } {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const modules = root.lastIndexOf(`${sep}node_modules${sep}`);
  const project = modules < 0 ? root : root.slice(0, modules + 1);
  if (!`${folder}${sep}`.startsWith(project)) return { link: `./${SCHEMA_FILE}`, beside: true };
  const link = portable(relative(folder, join(root, 'configs', SCHEMA_FILE)));
  return { link: link.startsWith('.') ? link : `./${link}`, beside: false };
}

/** Puts the schema beside the config; a file of that name that is something else stays. */
async function placeSchema(folder: string, warn: (text: Words) => void): Promise<void> {
  const path = join(folder, SCHEMA_FILE);
  const schema = configJsonSchema();
  const old = await readFile(path, 'utf8').catch(() => undefined);
  if (old !== undefined && !old.includes(`"${schema.title}"`)) {
    warn(`${path} is not the schema of this program and stays as it is; editors will still use it`);
    return;
  }
  await writeFileAtomic(path, `${JSON.stringify(schema, null, 2)}\n`);
}

function templateColumn(column: ColumnSummary, rows: number): TemplateColumn {
  const { name, kind, missing, distinct, min, max, levels = [] } = column;
  const gaps = missing > 0 ? `; ${missing} missing` : '';
  const names = listShort(levels.map(({ level }) => level));
  if (isConstant(column)) return { name, kind: 'ignore', remark: 'the same in every row' };
  switch (kind) {
    case 'numeric': {
      const running = runsOn(column, rows) ? '; all different, perhaps a running number: {kind: ignore} leaves it out' : '';
      return { name, kind, remark: `${short(min!)} to ${short(max!)}${gaps}${running}` };
    }
    case 'percent':
      return { name, kind, remark: `${short(min!)} % to ${short(max!)} %${gaps}` };
    case 'date':
      return { name, kind, remark: `${column.first} to ${column.last}${gaps}` };
    case 'boolean':
    case 'categorical':
      return { name, kind, remark: `${distinct} ${distinct === 1 ? 'level' : 'levels'}: ${names}${gaps}` };
    case 'faulty':
      // Kept as what the complaint says it nearly is: training tells of the cell until it is mended.
      return { name, ...meant(column), remark: `${meant(column).remark}${gaps}` };
    case 'identifier':
      return { name, kind: 'ignore', remark: `${distinct} different texts, like an identifier` };
    default:
      return { name, kind: 'ignore', remark: 'no value in any row' };
  }
}

/** What a column with a faulty cell was meant to be. */
function meant({ problem }: ColumnSummary): Pick<TemplateColumn, 'kind' | 'remark'> {
  if (problem?.code === 'data.ambiguous-date') return { kind: 'date', remark: 'dates whose order data.dates has to say' };
  if (problem?.code !== 'data.wrong-cell') return { kind: 'numeric', remark: 'not all cells are numbers' };
  return / is not a date/.test(problem.message) ? { kind: 'date', remark: 'not all cells are dates' }
    : { kind: 'percent', remark: 'not all cells are percentages' };
}

/** Training would leave it out, too. */
const isConstant = ({ kind, distinct, missing }: ColumnSummary): boolean =>
  USED.includes(kind) && distinct === 1 && missing === 0;

const USED: ColumnSummary['kind'][] = ['numeric', 'percent', 'date', 'categorical', 'boolean'];

/** Whether all rows have different numbers, as many as there are whole ones between the ends: most likely they count the rows. */
const runsOn = ({ distinct, missing, min, max }: ColumnSummary, rows: number): boolean =>
  distinct >= MANY && missing === 0 && distinct === rows && Number.isInteger(min) && max! - min! + 1 === distinct;

const short = (value: number): string => String(Number(value.toPrecision(6)));

function listShort(words: readonly string[]): string {
  const shown = words.slice(0, 5).map((word) => (word.length > 20 ? `${word.slice(0, 20)}...` : word)).join(', ');
  return words.length > 5 ? `${shown}, ...` : shown;
}

function summary(columns: readonly ColumnSummary[]): string {
  const used = columns.filter((column) => !isConstant(column));
  const count = (...kinds: ColumnSummary['kind'][]) => used.filter(({ kind }) => kinds.includes(kind)).length;
  const [numbers, levels, dates] = [count('numeric', 'percent', 'faulty'), count('categorical', 'boolean'), count('date')];
  const left = columns.length - numbers - levels - dates;
  const parts = [`${numbers} numeric`, ...(dates > 0 ? [`${dates} date`] : []), `${levels} categorical`];
  return `${parts.join(' and ').replace(' and ', parts.length > 2 ? ', ' : ' and ')} inputs${left ? `, ${left} left out` : ''}`;
}

