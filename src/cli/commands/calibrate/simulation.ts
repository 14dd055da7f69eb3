/** What `calibrate` is to simulate: tables like those of a run, like a data file, or of Gaussian inputs. */

import { join } from 'node:path';
import { resolveConfig } from '../../../config/resolve.js';
import type { Config } from '../../../config/schema.js';
import { fail } from '../../../errors.js';
import { unlessAborted } from '../../../jobs/abort.js';
import type { CalibrateOptions as Work } from '../../../work/calibrate/calibrate.js';
import { readConfig, readMetrics } from '../../../store/parts.js';
import type { CliContext } from '../../context.js';
import type { CalibrateFlags } from '../../../api/options/calibrate.js';
import { findRun } from '../../run-argument.js';

export interface Simulation {
  /** What the tables are like: for people, and as keys of the JSON document. */
  name: string;
  like: object;
  /** Data files. */
  reads: (string | null)[];
  work: Pick<Work, 'source' | 'config' | 'signalRange'>;
}

const GAUSSIAN = ['rows', 'inputs', 'correlation', 'structure'] as const;
const MIN_ROWS = 5;

/** @throws usage.calibrate when it is not clear what is meant; config.*, data.*, run.* */
export async function simulation(path: string | undefined, options: CalibrateFlags, context: CliContext): Promise<Simulation> {
  refuseMixed(path, options);
  if (GAUSSIAN.some((name) => options[name] !== undefined)) return gaussian(options, context);
  const named = (['config', 'data', 'target'] as const).some((name) => options[name] !== undefined);
  return path === undefined && named ? likeData(options, context) : likeRun(path, options, context);
}

function refuseMixed(path: string | undefined, options: CalibrateFlags): void {
  const given = (names: readonly (keyof CalibrateFlags)[]): string =>
    names.filter((name) => options[name] !== undefined).map((name) => `--${name}`).join(', ');
  const refuse = (message: string, hint: string): Error => fail('usage.calibrate', message, { hint });
  const besideRun = given(['config', 'target', ...GAUSSIAN]);
  if (path !== undefined && besideRun) {
    throw refuse(`a run brings its own config and data; ${besideRun} cannot be given beside it`, 'Leave out the one or the other.');
  }
  const [gaussians, data] = [given(GAUSSIAN), given(['data', 'target'])];
  if (!gaussians) return;
  if (data) throw refuse(`${data} cannot be given beside ${gaussians}`, 'Simulate from data, or from Gaussian inputs.');
  if (options.inputs === undefined || (options.rows ?? 0) < MIN_ROWS) {
    throw refuse('Gaussian inputs need --inputs and at least 5 --rows', 'Such as --rows 300 --inputs 20.');
  }
}

/** The signal that a stated noise means: R^2, the function having variance 1. */
const signalOf = (noise: number | undefined): number | undefined => (noise === undefined ? undefined : 1 / (1 + noise ** 2));

/** What is stated, else what is usual. */
async function signalRange({ noise }: CalibrateFlags): Promise<Work['signalRange']> {
  const stated = signalOf(noise);
  const { USUAL_SIGNAL } = await import('../../../work/calibrate/calibrate.js');
  return stated === undefined ? USUAL_SIGNAL : [stated, stated];
}

async function gaussian(options: CalibrateFlags, { cwd }: CliContext): Promise<Simulation> {
  const { config: file, sets, seed, rows, inputs, correlation = 0, structure = 'ar1' } = options;
  // No data are read; a name stands in for them, so that the rest of the config can be checked.
  const { config } = await resolveConfig({ file, sets, flags: { data: '-', target: 'y', seed }, cwd });
  const setting = { rows: rows!, inputs: inputs!, correlation, structure };
  return {
    name: `Gaussian inputs (${structure}, correlation ${correlation})`, like: { gaussian: setting }, reads: [],
    work: { source: { synthetic: { ...setting, task: taskOf(config) } }, config, signalRange: await signalRange(options) },
  };
}

/** There is no column to read the task off. */
const taskOf = ({ data: { task } }: Config): Exclude<Config['data']['task'], 'auto'> => (task === 'auto' ? 'regression' : task);

async function likeData(options: CalibrateFlags, { cwd, stdin, signal }: CliContext): Promise<Simulation> {
  const { config: file, sets, data, target, seed } = options;
  const resolved = await resolveConfig({ file, sets, flags: { data, target, seed }, cwd });
  const { prepare } = await import('../../../work/prepare.js');
  const prepared = await unlessAborted(prepare(resolved, stdin), signal);
  const { config, dataName } = resolved;
  return {
    name: dataName, like: { data: dataName, target: config.data.target }, reads: [config.data.path, config.data.split.testFile],
    work: { source: { prepared }, config, signalRange: await signalRange(options) },
  };
}

async function likeRun(path: string | undefined, options: CalibrateFlags, context: CliContext): Promise<Simulation> {
  const { cwd, stdin, signal, terminal } = context;
  const { sets, data, seed, noise } = options;
  const folder = await findRun(path, context);
  const metrics = await readMetrics(folder);
  await readConfig(folder); // a config that was changed since is told as such
  const resolved = await resolveConfig({ file: join(folder.path, 'config.yaml'), sets, flags: { data, seed }, cwd });
  const [{ prepare }, { reachedSignal }] = await Promise.all([import('../../../work/prepare.js'), import('../../../work/calibrate/calibrate.js')]);
  const prepared = await unlessAborted(prepare(resolved, stdin), signal);
  const { config, dataName } = resolved;
  if (prepared.table.sha256 !== folder.manifest.data.sha256) terminal.warn(`${dataName} has changed since the run`);
  const reached = signalOf(noise) ?? reachedSignal(metrics, prepared);
  return {
    name: folder.path, like: { run: folder.path, data: dataName, target: config.data.target },
    reads: [config.data.path, config.data.split.testFile],
    work: { source: { prepared }, config, signalRange: [reached, reached] },
  };
}
