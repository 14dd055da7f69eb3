/** The parts of a run folder, read back and checked. */

import { join } from 'node:path';
import { parseFullConfig } from '../config/resolve.js';
import type { Config } from '../config/schema.js';
import { fail } from '../errors.js';
import { readEncoder as parseEncoder } from '../export/encoder.js';
import { readSafetensors } from '../export/safetensors.js';
import { weightPips } from '../inference/inclusion.js';
import type { Pips } from '../inference/masks.js';
import { hiddenUnit } from '../inference/units.js';
import type { Encoder, InputInclusion, Posterior } from '../types.js';
import type { RunMetrics } from './metrics.js';
import type { RunFolder } from './open.js';
import { posteriorFromTensors } from './posterior.js';
import { readInputs, readNodes, readSplits, type Splits } from './tables.js';

/** @throws run.damaged and the errors of the posterior's format */
export async function readPosterior(run: RunFolder): Promise<Posterior> {
  const name = 'posterior.safetensors';
  const file = join(run.path, name);
  // A plain array: a Buffer's `slice` is a view into memory that it shares with others.
  return posteriorFromTensors(readSafetensors(new Uint8Array(await run.read(name)), file), file);
}

/** @throws run.damaged and the errors of the encoder's format */
export async function readEncoder(run: RunFolder): Promise<Encoder> {
  return parseEncoder(await run.read('encoder.json'), join(run.path, 'encoder.json'));
}

/** The resolved config of the run. @throws config.* */
export async function readConfig(run: RunFolder): Promise<Config> {
  return parseFullConfig(await run.readText('config.yaml'), join(run.path, 'config.yaml'));
}

/** @throws run.damaged */
export async function readInputPips(run: RunFolder): Promise<InputInclusion[]> {
  const name = 'inclusion/inputs.csv';
  return readInputs(await run.readText(name), join(run.path, name));
}

/** @throws run.damaged */
export async function readSplitRows(run: RunFolder): Promise<Splits> {
  return readSplits(await run.readText('splits.csv'), join(run.path, 'splits.csv'));
}

/** @throws run.damaged */
export async function readMetrics(run: RunFolder): Promise<RunMetrics> {
  const metrics = (await readJson(run, 'metrics.json')) as RunMetrics | null;
  if (metrics?.schemaVersion === 1) return metrics;
  throw damaged(run, 'metrics.json', `format ${String(metrics?.schemaVersion)} instead of 1`);
}

/**
 * All inclusion probabilities, those of inputs and nodes as they stand in the run's tables: prune and select-features
 * must not disagree.
 * @throws run.damaged when the tables do not fit the network
 */
export async function readPips(run: RunFolder, { layers }: Posterior, encoder: Encoder): Promise<Pips> {
  const nodesFile = 'inclusion/nodes.csv';
  const inputs = new Map((await readInputPips(run)).map(({ input, pip }) => [input, pip]));
  const nodes = new Map(readNodes(await run.readText(nodesFile), join(run.path, nodesFile)));
  const take = (table: Map<string, number>, name: string, file: string): number => {
    const pip = table.get(name);
    if (pip === undefined) throw damaged(run, file, `'${name}' is missing`);
    return pip;
  };
  return {
    weights: layers.map(weightPips),
    nodes: layers.slice(0, -1).map(({ outputs }, l) =>
      Float64Array.from({ length: outputs }, (_, unit) => take(nodes, hiddenUnit(l, unit), nodesFile))),
    inputs: Float64Array.from(encoder.features, ({ name }) => take(inputs, name, 'inclusion/inputs.csv')),
  };
}

async function readJson(run: RunFolder, name: string): Promise<unknown> {
  const text = await run.readText(name);
  try {
    return JSON.parse(text);
  } catch {
    throw damaged(run, name, 'not valid JSON');
  }
}

function damaged(run: RunFolder, name: string, what: string): Error {
  const where = { file: join(run.path, name) };
  return fail('run.damaged', `not as bnnc wrote it: ${what}`, { where, hint: 'Train the run again.' });
}
