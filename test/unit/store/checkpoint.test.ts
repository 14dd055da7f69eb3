import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadCheckpoint, readCheckpoint, saveCheckpoint, sha256, type CheckpointFacts } from '../../../src/store/checkpoint.js';
import type { FitStates } from '../../../src/work/fitting.js';
import { createRun } from '../../../src/store/create-run.js';
import type { RunWriter } from '../../../src/store/run-writer.js';
import type { FitState } from '../../../src/train/types.js';

const CONFIG = 'seed: 1\n';
const FACTS = { configSha256: sha256(CONFIG), dataSha256: 'ab', engine: 'wasm' };
const state = (step: number): FitState => ({
  step, theta: Float32Array.of(step, 2), m: Float32Array.of(3, 4), v: Float32Array.of(5, 6), logLikelihood: -1,
  prior: { node: [0.5], edge: [0.5], tau: [1] }, history: [],
});

let cwd: string;
let run: RunWriter;
beforeEach(async () => {
  cwd = mkdtempSync(join(tmpdir(), 'bnnc-checkpoint-'));
  run = await createRun({ cwd, path: 'a' });
  await saveCheckpoint(run, [state(7)], FACTS);
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

const load = async (config = CONFIG, facts: Omit<CheckpointFacts, 'configSha256'> = FACTS, jobs = 2): Promise<FitStates> =>
  loadCheckpoint(run, await readCheckpoint(run, config), facts, jobs);

describe('a checkpoint', () => {
  it('gives back what was saved last, and keeps nothing older', async () => {
    await saveCheckpoint(run, [state(7), state(9)], FACTS);
    expect(await load()).toEqual([state(7), state(9)]);
    expect(readdirSync(join(cwd, 'a/checkpoint'))).toHaveLength(2);
  });

  it('keeps the best state of a fit beside its last', async () => {
    const best = { step: 5, elbo: -3.5, theta: Float32Array.of(8, 9), prior: { node: [0.2], edge: [0.3], tau: [2] } };
    await saveCheckpoint(run, [{ ...state(7), best }], FACTS);
    expect(await load()).toEqual([{ ...state(7), best }]);
  });

  it('keeps each fit in its place, whichever have begun', async () => {
    await saveCheckpoint(run, [null, state(9), null], FACTS);
    expect(await load(CONFIG, FACTS, 3)).toEqual([null, state(9), null]);
    await saveCheckpoint(run, [null, null, null], FACTS);
    expect(await load(CONFIG, FACTS, 3)).toEqual([null, null, null]);
  });

  it.each([
    ['config.yaml has changed', 'seed: 2\n', FACTS],
    ['the data file has changed', CONFIG, { ...FACTS, dataSha256: 'cd' }],
    ['the test file has changed', CONFIG, { ...FACTS, testSha256: 'ef' }],
    ['the engine is not wasm', CONFIG, { ...FACTS, engine: 'tensorflow' }],
  ])('is of no use when %s', async (text, config, facts) => {
    await expect(load(config, facts)).rejects.toMatchObject({ problems: [{ code: 'run.checkpoint-changed' }] });
    await expect(load(config, facts)).rejects.toThrow(text);
  });

  it.each<[string, string, (saved: { fits: Record<string, unknown>[] } & Record<string, unknown>) => unknown]>([
    ['an empty fit', 'run.damaged', (saved) => ({ ...saved, fits: [{}] })],
    ['a negative step', 'run.damaged', (saved) => ({ ...saved, fits: [{ ...saved.fits[0], step: -1 }] })],
    ['no fits', 'run.damaged', ({ fits: _, ...saved }) => saved],
    ['too many fits', 'run.damaged', (saved) => ({ ...saved, fits: Array(3).fill(saved.fits[0]) })],
    ['fits without tensors', 'run.damaged', (saved) => ({ ...saved, fits: Array(2).fill(saved.fits[0]) })],
    ['null', 'run.damaged', () => null],
    ['another format', 'run.version', (saved) => ({ ...saved, schemaVersion: 2 })],
  ])('with %s is refused', async (_name, code, change) => {
    const file = join(cwd, 'a/checkpoint/state.json');
    writeFileSync(file, JSON.stringify(change(JSON.parse(readFileSync(file, 'utf8')) as never)));
    await expect(load()).rejects.toMatchObject({ problems: [{ code }] });
    await expect(load()).rejects.not.toThrow(/Invalid|undefined/);
  });
});
