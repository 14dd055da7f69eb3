/** `bnnc init`: looks at a CSV file and writes a commented config for it. */
import { access, readFile } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { configJsonSchema, configSchema } from '../../../config/schema.js';
import { configTemplate, type TemplateColumn } from '../../../config/template.js';
import { describeTable, fileSource, readTable, resolveTarget, type ColumnSummary, type CsvSource } from '../../../data/index.js';
import { fail, renderProblem } from '../../../errors.js';
import { writeFileAtomic } from '../../../store/files.js';
import type { CliContext } from '../../context.js';
import type { InitFlags } from '../../../api/options/prepare.js';
import { refuseLoss } from '../../same-file.js';
import { plural } from '../../table.js';

const SCHEMA_FILE = 'bnnc.schema.json';
/** Fewer numbers may run on by chance. */
const MANY = 20;

/**
 * @param args the CSV file, or '-' for stdin
 * @throws usage.file-exists, usage.same-file, run.not-writable, data.*
 */
export async function run([data]: string[], options: InitFlags, context: CliContext): Promise<void> {
  const { target, out = 'bnnc.yaml', force = false } = options;
  const { cwd, terminal } = context;
  const toStdout = out === '-';
  const place = resolve(cwd, out);
  if (!toStdout && !force && (await exists(place))) {
    throw fail('usage.file-exists', 'the file is there already', {
      where: { file: out }, hint: 'Replace it with --force, or name another one with --out.',
    });
  }
  await refuseLoss([data], out, cwd);
  const source: CsvSource = data === '-' ? { name: '<stdin>', open: () => context.stdin } : fileSource(resolve(cwd, data), data);
  const defaults = configSchema.parse({ data: { path: data, target } }).data;
  const table = await readTable(source, defaults);
  const { task, levels } = resolveTarget(table, defaults);
  const columns = describeTable(table).filter(({ name }) => name !== target);
  for (const { problem } of columns) if (problem) terminal.warn(renderProblem(problem));

  const folder = toStdout ? cwd : dirname(place);
  const schema = linkSchema(folder);
  const text = configTemplate({
    path: data === '-' ? data : portable(relative(folder, resolve(cwd, data))),
    target,
    columns: columns.map((column) => templateColumn(column, table.rows)),
    task: `here: ${task}${levels.length ? ` (${listShort(levels)})` : ''}`,
    delimiter: table.delimiter,
    schema: schema.link,
  }, /\.json$/i.test(out) ? 'json' : 'yaml');

  if (toStdout) {
    await terminal.result(text);
    if (schema.beside) terminal.note(`For editors: bnnc schema > ${SCHEMA_FILE}, beside the config.`);
  } else {
    await writeFileAtomic(place, text);
    if (schema.beside) await placeSchema(folder, terminal);
    await terminal.result(`${out}\n`);
  }
  terminal.note(`${source.name}: ${plural(table.rows, 'row')}, ${summary(columns)}; ${task} target '${target}'`);
}

const exists = (path: string): Promise<boolean> => access(path).then(() => true, () => false);
const portable = (path: string): string => path.split(sep).join('/');

/**
 * Where an editor finds the JSON Schema without the network: in this package, if it is installed in a project that the
 * config's folder belongs to (a path that holds for everyone who checks the project out); else in a copy beside the config.
 */
function linkSchema(folder: string): { link: string; beside: boolean } {
  const root = fileURLToPath(new URL('../../../..', import.meta.url));
  const modules = root.lastIndexOf(`${sep}node_modules${sep}`);
  const project = modules < 0 ? root : root.slice(0, modules + 1);
  if (!`${folder}${sep}`.startsWith(project)) return { link: `./${SCHEMA_FILE}`, beside: true };
  const link = portable(relative(folder, join(root, 'configs', SCHEMA_FILE)));
  return { link: link.startsWith('.') ? link : `./${link}`, beside: false };
}

/** Puts the schema beside the config; a file of that name that is something else stays. */
async function placeSchema(folder: string, terminal: CliContext['terminal']): Promise<void> {
  const path = join(folder, SCHEMA_FILE);
  const schema = configJsonSchema();
  const old = await readFile(path, 'utf8').catch(() => undefined);
  if (old !== undefined && !old.includes(`"${schema.title}"`)) {
    terminal.warn(`${path} is not the schema of this program and was left alone; editors will use it all the same`);
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
      const running = runsOn(column, rows) ? '; each once: a running number? {kind: ignore} leaves it out' : '';
      return { name, kind, remark: `${short(min!)} to ${short(max!)}${gaps}${running}` };
    }
    case 'categorical':
      return { name, kind, remark: `${distinct} ${distinct === 1 ? 'level' : 'levels'}: ${names}${gaps}` };
    case 'faulty':
      // Kept numeric, which is what the complaint says it nearly is: training tells of the cell until it is mended.
      return { name, kind: 'numeric', remark: `not all cells are numbers${gaps}` };
    case 'identifier':
      return { name, kind: 'ignore', remark: `${distinct} different texts: like an identifier` };
    default:
      return { name, kind: 'ignore', remark: 'no value in any row' };
  }
}

/** Training would leave it out, too. */
const isConstant = ({ kind, distinct, missing }: ColumnSummary): boolean =>
  (kind === 'numeric' || kind === 'categorical') && distinct === 1 && missing === 0;

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
  const left = columns.length - count('numeric', 'faulty', 'categorical');
  const parts = [`${count('numeric', 'faulty')} numeric`, `${count('categorical')} categorical`];
  return `${parts.join(' and ')} inputs${left ? `, ${left} left out` : ''}`;
}

