/** `bnnc validate`: checks the config, then the data against it, without training. */
import { relative, resolve } from 'node:path';
import { resolveConfig, type Resolved } from '../../config/resolve.js';
import { stringifyConfig } from '../../config/stringify.js';
import { encode, fileSource, fitEncoder, readTable, splitRows, type CsvSource } from '../../data/index.js';
import { Stream } from '../../random.js';
import type { Encoder } from '../../types.js';
import type { CliContext } from '../context.js';
import type { ValidateOptions } from '../options.js';

/**
 * Prints one line that says what was found, or with `--print` the resolved config.
 * @throws config.*, data.*
 */
export async function run(_args: string[], options: ValidateOptions, context: CliContext): Promise<void> {
  const { cwd, terminal } = context;
  const { data, target, seed } = options;
  const resolved = await resolveConfig({ file: options.config, sets: options.set, flags: { data, target, seed }, cwd });
  // Before the data is read: whoever asks where a value comes from may be looking for the wrong path.
  if (options.print) await terminal.result(printed(resolved, options.config));
  const facts = await checkData(resolved, context);
  if (options.print) terminal.note(facts);
  else await terminal.result(`${facts}\n`);
}

function printed({ config, origins }: Resolved, file: string | undefined): string {
  const sources = { default: 'default', file: file ?? '', set: '--set', flag: 'flag' };
  return stringifyConfig(config, { docs: 'none', remark: (key) => sources[origins[key]] });
}

/** Reads the table, splits it and fits the encoder as training would, and encodes every row of every file. */
async function checkData({ config, dataName }: Resolved, { cwd, stdin, terminal }: CliContext): Promise<string> {
  const { data, train } = config;
  const open = (path: string, name: string): CsvSource =>
    path === '-' ? { name: '<stdin>', open: () => stdin } : fileSource(path, name);
  const table = await readTable(open(data.path, dataName), data);
  const split = splitRows(table, data, Stream.fromSeed(train.seed));
  const encoder = fitEncoder(table, split.train, data);
  encode(table, encoder);
  let testRows = split.test.length;
  if (data.split.testFile !== null) {
    const path = data.split.testFile;
    const test = await readTable(open(path, path === '-' ? path : relative(cwd, resolve(path))), data);
    encode(test, encoder);
    testRows = test.rows;
  }
  for (const { name, reason } of encoder.dropped) terminal.note(`${dataName}: column '${name}' is left out: ${reason}`);
  const rows = `${table.rows} rows (${split.train.length} train, ${split.validation.length} validation, ${testRows} test)`;
  return `ok: ${dataName}: ${rows}, ${inputs(encoder)}, ${targetFacts(encoder)}`;
}

function inputs({ features }: Encoder): string {
  const columns = features.reduce((sum, feature) => sum + feature.columns.length, 0);
  const encoded = columns === features.length ? '' : ` (${columns} encoded columns)`;
  return `${features.length} ${features.length === 1 ? 'input' : 'inputs'}${encoded}`;
}

function targetFacts({ target }: Encoder): string {
  if (target.task === 'regression') return `regression of '${target.name}'`;
  return `${target.task} target '${target.name}' (${target.levels.slice(0, 10).join(', ')}${target.levels.length > 10 ? ', ...' : ''})`;
}
