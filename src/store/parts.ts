/**
 * The parts of a run folder, read back and checked. Each must have the SHA-256 that the manifest recorded: a changed bit in
 * the weights gives other predictions, and nothing else would tell.
 */

import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { parseFullConfig } from '../config/resolve.js';
import type { Config } from '../config/schema.js';
import { BnncError, fail } from '../errors.js';
import { readEncoder as parseEncoder } from '../export/encoder.js';
import { readSafetensors } from '../export/safetensors/safetensors.js';
import { weightPips } from '../inference/inclusion/inclusion.js';
import type { Pips } from '../inference/prune/masks.js';
import { hiddenUnit } from '../inference/units.js';
import type { Fault } from '../rules.js';
import type { Encoder, InputInclusion, InputSet, Posterior, Splits } from '../types.js';
import { readHistoryRows, type FitHistory } from './history.js';
import type { RunMetrics } from '../work/run-metrics.js';
import type { FitState } from '../train/types.js';
import { readKeptFits } from './fit-states.js';
import { RUN_FILES } from './layout.js';
import { metricsFaults } from './metrics-rule.js';
import { linearRule, type LinearDocument } from './linear.js';
import type { RunFolder } from './open.js';
import { posteriorFromTensors } from './posterior-tensors.js';
import { readSplits } from './splits.js';
import { readInputs, readNodes, readSetRows } from './tables.js';

/** @throws run.damaged and the errors of the posterior's format */
export const readPosterior = (run: RunFolder): Promise<Posterior> => readPosteriorFile(run, RUN_FILES.posterior.path);

/** The dense reference; undefined where none was trained. @throws run.damaged and the errors of the posterior's format */
export const readReference = async (run: RunFolder): Promise<Posterior | undefined> =>
  (Object.hasOwn(run.manifest.files, RUN_FILES.dense.path) ? readPosteriorFile(run, RUN_FILES.dense.path) : undefined);

async function readPosteriorFile(run: RunFolder, name: string): Promise<Posterior> {
  const file = join(run.path, name);
  // A plain array: a Buffer's `slice` is a view into memory that it shares with others.
  return posteriorFromTensors(readSafetensors(new Uint8Array(await readBytes(run, name)), file), file);
}

/** @throws run.damaged and the errors of the encoder's format */
export async function readEncoder(run: RunFolder): Promise<Encoder> {
  return parseEncoder(await readBytes(run, RUN_FILES.encoder.path), join(run.path, RUN_FILES.encoder.path));
}

/** The states of the fits by name; undefined where the run has not kept them. @throws run.damaged, run.tensors-damaged */
export async function readFits(run: RunFolder): Promise<Map<string, FitState> | undefined> {
  const name = RUN_FILES.fits.path;
  if (!Object.hasOwn(run.manifest.files, name)) return undefined;
  return readKeptFits(new Uint8Array(await readBytes(run, name)), join(run.path, name));
}

/** The resolved config of the run. @throws run.damaged */
export async function readConfig(run: RunFolder): Promise<Config> {
  const text = await readText(run, RUN_FILES.config.path);
  try {
    return parseFullConfig(text, join(run.path, RUN_FILES.config.path));
  } catch (error) {
    if (!(error instanceof BnncError)) throw error;
    // Nobody wrote this config by hand: what is wrong with it is no matter of keys to be corrected.
    throw damaged(run, RUN_FILES.config.path, error.problems[0].message, error.problems[0].where?.line);
  }
}

/** @throws run.damaged */
export async function readInputPips(run: RunFolder): Promise<InputInclusion[]> {
  const name = RUN_FILES.inputs.path;
  return readInputs(await readText(run, name), join(run.path, name));
}

/** The credible sets of inputs; undefined of a run made before there were any. @throws run.damaged */
export async function readSets(run: RunFolder): Promise<InputSet[] | undefined> {
  const name = RUN_FILES.sets.path;
  if (!Object.hasOwn(run.manifest.files, name)) return undefined;
  return readSetRows(await readText(run, name), join(run.path, name));
}

/** The linear part; undefined of a run made before there was one. @throws run.damaged */
export async function readLinear(run: RunFolder): Promise<LinearDocument | undefined> {
  const name = RUN_FILES.linear.path;
  if (!Object.hasOwn(run.manifest.files, name)) return undefined;
  const document = await readJson(run, name);
  const [fault] = linearRule(document);
  if (fault === undefined) return document as LinearDocument;
  throw damaged(run, name, wording(fault));
}

/** The history of every fit. @throws run.damaged */
export async function readHistory(run: RunFolder): Promise<FitHistory[]> {
  return readHistoryRows(await readText(run, RUN_FILES.history.path), join(run.path, RUN_FILES.history.path));
}

/** @throws run.damaged */
export async function readSplitRows(run: RunFolder): Promise<Splits> {
  return readSplits(await readText(run, RUN_FILES.splits.path), join(run.path, RUN_FILES.splits.path));
}

/** @throws run.damaged */
export async function readMetrics(run: RunFolder): Promise<RunMetrics> {
  const name = RUN_FILES.metrics.path;
  const document = await readJson(run, name);
  const found = (document as { schemaVersion?: unknown } | null)?.schemaVersion;
  if (found !== 1) throw damaged(run, name, found === undefined ? 'it names no format' : `format ${JSON.stringify(found)} instead of 1`);
  const [fault] = metricsFaults(document);
  if (fault !== undefined) throw damaged(run, name, wording(fault));
  return document as RunMetrics;
}

/**
 * All inclusion probabilities, those of inputs and nodes as they stand in the run's tables: prune and select-features
 * must not disagree.
 * @throws run.damaged when the tables do not fit the network
 */
export async function readPips(run: RunFolder, posterior: Posterior, encoder: Encoder): Promise<Pips> {
  const nodesFile = RUN_FILES.nodes.path;
  const inputs = new Map((await readInputPips(run)).map(({ input, pipNetwork }) => [input, pipNetwork]));
  const nodes = new Map(readNodes(await readText(run, nodesFile), join(run.path, nodesFile)));
  const take = (table: Map<string, number>, name: string, file: string): number => {
    const pip = table.get(name);
    if (pip === undefined) throw damaged(run, file, `'${name}' is missing`);
    return pip;
  };
  return {
    // Of a reference structure what stands is certain given its source: it is the inputs and units that are cut.
    weights: posterior.average ? posterior.layers.map(({ alpha }) => alpha) : weightPips(posterior),
    nodes: posterior.units.map(({ z }, l) =>
      Float64Array.from(z, (_, unit) => take(nodes, hiddenUnit(l, unit), nodesFile))),
    inputs: Float64Array.from(encoder.features, ({ name }) => take(inputs, name, RUN_FILES.inputs.path)),
  };
}

/** A file as it was when the run was made. */
async function readBytes(run: RunFolder, name: string): Promise<Buffer> {
  const bytes = await run.read(name);
  const { files } = run.manifest;
  if (!Object.hasOwn(files, name)) throw damaged(run, name, 'the manifest does not list it');
  if (createHash('sha256').update(bytes).digest('hex') === files[name].sha256) return bytes;
  throw damaged(run, name, 'its content has another SHA-256 than the manifest says');
}

const readText = async (run: RunFolder, name: string): Promise<string> => (await readBytes(run, name)).toString();

async function readJson(run: RunFolder, name: string): Promise<unknown> {
  const text = await readText(run, name);
  try {
    return JSON.parse(text);
  } catch {
    throw damaged(run, name, 'not valid JSON');
  }
}

const wording = ({ path, message }: Fault): string => [path.join('.'), message].filter(Boolean).join(' ');

function damaged(run: RunFolder, name: string, what: string, line?: number): Error {
  const where = { file: join(run.path, name), line };
  return fail('run.damaged', `not as bnnc wrote it: ${what}`, { where, hint: 'Copy the run folder again, or train the run again.' });
}
