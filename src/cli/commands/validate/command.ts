/** `bnnc validate`: checks the config, then the data against it, without training. */
import { resolveConfig, type Resolved } from '../../../config/resolve.js';
import { stringifyConfig } from '../../../config/stringify.js';
import { codedClasses } from '../../../work/coded-classes.js';
import { prepare } from '../../../work/prepare.js';
import type { Encoder } from '../../../types.js';
import type { CliContext } from '../../context.js';
import { inCli } from '../../voice.js';
import type { ValidateFlags } from '../../../api/options/prepare.js';

/**
 * Prints one line that says what was found, or with `--print` the resolved config.
 * @throws config.*, data.*
 */
export async function run(_args: string[], options: ValidateFlags, context: CliContext): Promise<void> {
  const { cwd, terminal } = context;
  const { data, target, seed } = options;
  const resolved = await resolveConfig({ file: options.config, sets: options.sets, flags: { data, target, seed }, cwd });
  // Before the data is read: whoever asks where a value comes from may be looking for the wrong path.
  if (options.print) await terminal.result(printed(resolved, options.config));
  const facts = await checkData(resolved, context);
  if (options.print) terminal.note(facts);
  else await terminal.result(`${facts}\n`);
}

function printed({ config, origins }: Resolved, file: string | undefined): string {
  const sources = { default: 'default', file: file ?? '', object: '', set: '--set', flag: 'flag' };
  return stringifyConfig(config, { docs: 'none', remark: (key) => sources[origins[key]] });
}

/** Reads, splits and encodes every file as training would. */
async function checkData(resolved: Resolved, { stdin, terminal }: CliContext): Promise<string> {
  const { table, splits, encoder, sets } = await prepare(resolved, stdin);
  const { dataName } = resolved;
  for (const { name, reason } of encoder.dropped) terminal.note(`${dataName}: column '${name}' is left out: ${reason}`);
  const classes = codedClasses(encoder, resolved.config.data);
  if (classes !== undefined) terminal.note(inCli(classes));
  const parts = `${splits.train.length} train, ${splits.validation.length} validation, ${sets.test?.x.rows ?? 0} test`;
  return `ok: ${dataName}: ${table.rows} rows (${parts}), ${inputs(encoder)}, ${targetFacts(encoder)}`;
}

function inputs({ features }: Encoder): string {
  const columns = features.reduce((sum, feature) => sum + feature.columns.length, 0);
  const encoded = columns === features.length ? '' : ` (${columns} encoded columns)`;
  return `${features.length} ${features.length === 1 ? 'input' : 'inputs'}${encoded}`;
}

function targetFacts({ target }: Encoder): string {
  if (target.task === 'regression') return `regression of '${target.name}'`;
  const levels = target.levels.length > 10 ? [...target.levels.slice(0, 10), '...'] : target.levels;
  return `${target.task} target '${target.name}' (${levels.join(', ')})`;
}
