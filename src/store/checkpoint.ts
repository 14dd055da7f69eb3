/** checkpoint/: the states of all fits begun so far, in the order of the jobs, and of chains, enough to go on bit for bit. */
import { createHash } from 'node:crypto';
import { fail } from '../errors.js';
import { readSafetensors, writeSafetensors } from '../export/safetensors/safetensors.js';
import { looseRecord, optional, text, textLike, type Checked, type Rule } from '../rules.js';
import type { Widths } from '../search/network.js';
import type { FitStates } from '../work/fitting.js';
import type { ChainStates } from '../work/search.js';
import { chainsOf, chainsRule, plainChains } from './chain-states.js';
import { json } from './files.js';
import { fitStates, fitTensors, plainFits, plainFitsRule } from './fit-states.js';
import { CHECKPOINT, CHECKPOINT_STATE, checkpointChains, checkpointTensors } from './layout.js';
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

const stateRule = looseRecord({
  configSha256: text, dataSha256: text, testSha256: optional(text), engine: text,
  tensors: textLike(/^checkpoint\/fits-[0-9a-f]+\.safetensors$/),
  // Where a search over structures had begun.
  chains: optional(textLike(/^checkpoint\/chains-[0-9a-f]+\.json$/)),
  fits: plainFitsRule,
});

export const sha256 = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');

/** What a training goes on from. */
export interface Begun {
  fits: FitStates;
  /** Of a search over structures, if it had begun. */
  chains?: ChainStates | undefined;
}

/**
 * Writes the checkpoint. Tensors and chains come first, in files named by their content: whenever this is cut short, the state
 * that is there has those that belong to it.
 */
export async function saveCheckpoint(run: RunWriter, { fits: states, chains }: Begun, facts: CheckpointFacts): Promise<void> {
  const bytes = writeSafetensors(fitTensors(states));
  const file = checkpointTensors(sha256(bytes).slice(0, 16));
  await run.write(file, bytes);
  const chainText = chains && JSON.stringify(plainChains(chains));
  const chainFile = chainText && checkpointChains(sha256(chainText).slice(0, 16));
  if (chainFile) await run.write(chainFile, chainText);
  const files = { tensors: file, ...(chainFile && { chains: chainFile }) };
  await run.write(CHECKPOINT_STATE, json({ schemaVersion: FORMAT, ...facts, ...files, fits: plainFits(states) }));
  await run.keepOnly(CHECKPOINT, [...Object.values(files), CHECKPOINT_STATE]);
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
 * The fits and chains of a checkpoint.
 * @param jobs how many fits the run has
 * @param widths of its table
 * @throws run.checkpoint-changed when the data or the engine are not those of the interrupted run; run.damaged
 */
export async function loadCheckpoint(
  run: RunWriter, state: CheckpointState, facts: Omit<CheckpointFacts, 'configSha256'>, jobs: number, widths: Widths,
): Promise<Begun> {
  if (state.dataSha256 !== facts.dataSha256) throw changed('the data file has changed', run);
  if (state.testSha256 !== facts.testSha256) throw changed('the test file has changed', run);
  if (state.engine !== facts.engine) throw changed(`the engine is not ${state.engine}`, run);
  const where = placeOf(run);
  if (state.fits.length > jobs) throw damaged(`it has ${state.fits.length} fits, but the run has ${jobs}`, where);
  const { tensors } = readSafetensors(new Uint8Array(await run.read(state.tensors)), `${run.path}/${state.tensors}`);
  const fits = fitStates(state.fits, tensors, (at) => damaged(`the tensors of fit ${at} are not there`, where));
  return { fits, chains: state.chains === undefined ? undefined : await readChains(run, state.chains, widths) };
}

async function readChains(run: RunWriter, name: string, widths: Widths): Promise<ChainStates> {
  const where = { file: `${run.path}/${name}` };
  const plain = following(chainsRule, parsed((await run.read(name)).toString('utf8'), where), where);
  const chains = chainsOf(plain, widths);
  if (!chains) throw damaged('its chains are not of these inputs', where);
  return chains;
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
  const value = parsed(content, where) as { schemaVersion?: unknown } | null;
  const version = value?.schemaVersion;
  if (Number.isInteger(version) && version !== FORMAT) {
    throw fail('run.version', `the checkpoint has format ${String(version)}; this program reads ${FORMAT}`, {
      where, hint: 'Use the version that wrote it, or start a new training in another folder.',
    });
  }
  if (version !== FORMAT && stateRule(value).length === 0) throw damaged('it has no schemaVersion', where);
  return following(stateRule, value, where);
}

function parsed(content: string, where: { file: string }): unknown {
  try {
    return JSON.parse(content);
  } catch {
    throw damaged('not valid JSON', where);
  }
}

function following<T>(rule: Rule<T>, value: unknown, where: { file: string }): T {
  const [fault] = rule(value);
  if (fault === undefined) return value as T;
  throw damaged(`${fault.path.join('.') || 'all of it'}: ${fault.message}`, where);
}
