/** checkpoint/: the states of all fits begun so far, enough to go on bit for bit. */
import { fail } from '../errors.js';
import { readSafetensors, writeSafetensors, type Tensors } from '../export/safetensors.js';
import type { FitState } from '../train/fit.js';
import { json, type RunWriter } from './store.js';

const FORMAT = 1;
const STATE_FILE = 'checkpoint/state.json';
const TENSOR_FILE = 'checkpoint/fits.safetensors';

/** What must not have changed in between. */
export interface CheckpointFacts {
  dataSha256: string;
  engine: string;
}

type Scalars = Omit<FitState, 'theta' | 'm' | 'v'>;

/** Writes the checkpoint; the tensors first, so that a state without them cannot be. */
export async function saveCheckpoint(run: RunWriter, states: readonly FitState[], facts: CheckpointFacts): Promise<void> {
  const tensors: Tensors = {};
  states.forEach(({ theta, m, v }, at) => {
    for (const [name, data] of Object.entries({ theta, m, v })) tensors[`fit${at}.${name}`] = { shape: [data.length], data };
  });
  const fits = states.map(({ step, logLikelihood, prior, history }): Scalars => ({ step, logLikelihood, prior, history }));
  await run.write(TENSOR_FILE, writeSafetensors(tensors));
  await run.write(STATE_FILE, json({ schemaVersion: FORMAT, ...facts, fits }));
}

/**
 * Reads the checkpoint back.
 * @throws run.checkpoint-changed when the data or the engine are not those of the interrupted run; run.damaged, run.version
 */
export async function loadCheckpoint(run: RunWriter, facts: CheckpointFacts): Promise<FitState[]> {
  const where = { file: `${run.path}/${STATE_FILE}` };
  const state = parse((await run.read(STATE_FILE)).toString('utf8'), where);
  const changed = state.dataSha256 !== facts.dataSha256 ? 'the data file has changed' : state.engine !== facts.engine ? `the engine is not ${state.engine}` : '';
  if (changed) {
    throw fail('run.checkpoint-changed', `cannot go on: ${changed} since the run was interrupted`, {
      where, hint: 'Restore it, or train anew with --force.',
    });
  }
  const { tensors } = readSafetensors(await run.read(TENSOR_FILE), `${run.path}/${TENSOR_FILE}`);
  return state.fits.map((fit, at): FitState => {
    const [theta, m, v] = ['theta', 'm', 'v'].map((name) => tensors[`fit${at}.${name}`]?.data as Float32Array | undefined);
    if (!theta || !m || !v) throw fail('run.damaged', `the checkpoint lacks tensors of fit ${at}`, { where, hint: 'Train anew with --force.' });
    return { ...fit, theta, m, v };
  });
}

function parse(text: string, where: { file: string }): CheckpointFacts & { fits: Scalars[] } {
  let value: { schemaVersion?: unknown } & CheckpointFacts & { fits: Scalars[] };
  try {
    value = JSON.parse(text) as typeof value;
  } catch {
    throw fail('run.damaged', 'not valid JSON', { where, hint: 'Train anew with --force.' });
  }
  if (value.schemaVersion !== FORMAT || !Array.isArray(value.fits)) {
    throw fail('run.version', `the checkpoint has format ${String(value.schemaVersion)}; this program reads ${FORMAT}`, {
      where, hint: 'Use the version that wrote it, or train anew with --force.',
    });
  }
  return value;
}
