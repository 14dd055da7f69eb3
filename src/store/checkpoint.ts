/** checkpoint/: the states of all fits begun so far, in the order of the jobs, enough to go on bit for bit. */
import { createHash } from 'node:crypto';
import { fail } from '../errors.js';
import { readSafetensors, writeSafetensors, type Tensors } from '../export/safetensors/safetensors.js';
import { count, list, looseRecord, number, optional, orNull, text, textLike, type Checked } from '../rules.js';
import type { FitState } from '../train/types.js';
import type { FitStates } from '../work/fitting.js';
import { json } from './files.js';
import { CHECKPOINT, CHECKPOINT_STATE, checkpointTensors } from './layout.js';
import type { RunWriter } from './run-writer.js';

const FORMAT = 1;

/** What must not have changed in between. */
export interface CheckpointFacts {
  /** Of the text of config.yaml. */
  configSha256: string;
  dataSha256: string;
  /** Of the test file, if there is one. */
  testSha256?: string;
  engine: string;
}

// JSON has no NaN and no infinity: such a number is written as null, and is a fault here.
const layers = list(number());
const prior = looseRecord({ node: layers, edge: layers, tau: layers, spike: optional(layers) });
const historyRow = looseRecord({
  epoch: count(), step: count(), elbo: number(), logLikelihood: number(), kl: number(), beta: number(), noiseVariance: number(),
  active: looseRecord({ weights: number(), nodes: number(), inputs: number() }),
});
const stateRule = looseRecord({
  configSha256: text, dataSha256: text, testSha256: optional(text), engine: text,
  tensors: textLike(/^checkpoint\/fits-[0-9a-f]+\.safetensors$/),
  // null: not begun, or not yet interrupted or finished.
  fits: list(orNull(looseRecord({
    step: count(), logLikelihood: number(), history: list(historyRow),
    prior, best: optional(looseRecord({ step: count(), elbo: number(), prior })),
  }))),
});

export const sha256 = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');

/**
 * Writes the checkpoint. The tensors come first, in a file named by their content: whenever this is cut short, the state
 * that is there has the tensors that belong to it.
 */
export async function saveCheckpoint(run: RunWriter, states: FitStates, facts: CheckpointFacts): Promise<void> {
  const tensors: Tensors = {};
  states.forEach((state, at) => {
    if (!state) return;
    const { theta, m, v, best } = state;
    const vectors = { theta, m, v, ...(best && { best: best.theta }) };
    for (const [name, data] of Object.entries(vectors)) tensors[`fit${at}.${name}`] = { shape: [data.length], data };
  });
  const fits = states.map((state) => {
    if (!state) return null;
    const { step, logLikelihood, prior, history, best } = state;
    const kept = best && { step: best.step, elbo: best.elbo, prior: best.prior };
    return { step, logLikelihood, prior, history, ...(kept && { best: kept }) };
  });
  const bytes = writeSafetensors(tensors);
  const file = checkpointTensors(sha256(bytes).slice(0, 16));
  await run.write(file, bytes);
  await run.write(CHECKPOINT_STATE, json({ schemaVersion: FORMAT, ...facts, tensors: file, fits }));
  await run.keepOnly(CHECKPOINT, [file, CHECKPOINT_STATE]);
}

/** What is known of a checkpoint before its tensors are read. */
type CheckpointState = Checked<typeof stateRule>;

/**
 * Reads the state of a checkpoint and checks that the config is still the one that the run began with.
 * @param config text of config.yaml
 * @throws run.checkpoint-changed, run.damaged, run.version
 */
export async function readCheckpoint(run: RunWriter, config: string): Promise<CheckpointState> {
  const state = parse((await run.read(CHECKPOINT_STATE)).toString('utf8'), placeOf(run));
  if (state.configSha256 !== sha256(config)) throw changed('config.yaml has changed', run);
  return state;
}

/**
 * The fits of a checkpoint.
 * @param jobs how many fits the run has
 * @throws run.checkpoint-changed when the data or the engine are not those of the interrupted run; run.damaged
 */
export async function loadCheckpoint(
  run: RunWriter, state: CheckpointState, facts: Omit<CheckpointFacts, 'configSha256'>, jobs: number,
): Promise<FitStates> {
  if (state.dataSha256 !== facts.dataSha256) throw changed('the data file has changed', run);
  if (state.testSha256 !== facts.testSha256) throw changed('the test file has changed', run);
  if (state.engine !== facts.engine) throw changed(`the engine is not ${state.engine}`, run);
  const where = placeOf(run);
  if (state.fits.length > jobs) throw damaged(`it has ${state.fits.length} fits, but the run has ${jobs}`, where);
  const { tensors } = readSafetensors(new Uint8Array(await run.read(state.tensors)), `${run.path}/${state.tensors}`);
  return state.fits.map((fit, at): FitState | null => {
    if (!fit) return null;
    const names = ['theta', 'm', 'v', ...(fit.best ? ['best'] : [])];
    const [theta, m, v, best] = names.map((name) => tensors[`fit${at}.${name}`]?.data);
    const whole = [theta, m, v, best ?? theta].every((data) => data instanceof Float32Array && data.length === theta.length);
    if (!whole || (fit.best && !best)) throw damaged(`the tensors of fit ${at} are not there`, where);
    return { ...fit, theta, m, v, best: fit.best && { ...fit.best, theta: best } } as FitState;
  });
}

const placeOf = (run: RunWriter): { file: string } => ({ file: `${run.path}/${CHECKPOINT_STATE}` });

function changed(what: string, run: RunWriter): Error {
  return fail('run.checkpoint-changed', `cannot continue: ${what} since the run was interrupted`, {
    where: placeOf(run), hint: 'Restore it, or start a new training in another folder.',
  });
}

function damaged(what: string, where: { file: string }): Error {
  return fail('run.damaged', `the checkpoint is not as bnnc wrote it: ${what}`, {
    where, hint: 'Start a new training in another folder.',
  });
}

function parse(content: string, where: { file: string }): CheckpointState {
  let value: { schemaVersion?: unknown } | null;
  try {
    value = JSON.parse(content) as typeof value;
  } catch {
    throw damaged('not valid JSON', where);
  }
  const version = value?.schemaVersion;
  if (Number.isInteger(version) && version !== FORMAT) {
    throw fail('run.version', `the checkpoint has format ${String(version)}; this program reads ${FORMAT}`, {
      where, hint: 'Use the version that wrote it, or start a new training in another folder.',
    });
  }
  const [fault] = stateRule(value);
  if (version === FORMAT && fault === undefined) return value as unknown as CheckpointState;
  throw damaged(fault ? `${fault.path.join('.') || 'all of it'}: ${fault.message}` : 'it has no schemaVersion', where);
}
