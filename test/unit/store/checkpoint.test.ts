import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadCheckpoint, readCheckpoint, saveCheckpoint, sha256, type Begun, type CheckpointFacts } from '../../../src/store/checkpoint.js';
import type { FitStates } from '../../../src/work/fitting.js';
import { createRun } from '../../../src/store/create-run.js';
import type { RunWriter } from '../../../src/store/run-writer.js';
import type { ChainState } from '../../../src/search/chain.js';
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
  await saveCheckpoint(run, { fits: [state(7)] }, FACTS);
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

const load = async (config = CONFIG, facts: Omit<CheckpointFacts, 'configSha256'> = FACTS, jobs = 2): Promise<FitStates> =>
  (await begun(config, facts, jobs)).fits;
const WIDTHS = { columns: [1, 2], outputs: 2 };
const begun = async (config = CONFIG, facts: Omit<CheckpointFacts, 'configSha256'> = FACTS, jobs = 2): Promise<Begun> =>
  loadCheckpoint(run, await readCheckpoint(run, config), facts, jobs, WIDTHS);

describe('a checkpoint', () => {
  it('gives back what was saved last, and keeps nothing older', async () => {
    await saveCheckpoint(run, { fits: [state(7), state(9)] }, FACTS);
    expect(await load()).toEqual([state(7), state(9)]);
    expect(readdirSync(join(cwd, 'a/checkpoint'))).toHaveLength(2);
  });

  it('keeps the best state of a fit beside its last', async () => {
    const best = { step: 5, elbo: -3.5, theta: Float32Array.of(8, 9), prior: { node: [0.2], edge: [0.3], tau: [2] } };
    await saveCheckpoint(run, { fits: [{ ...state(7), best }] }, FACTS);
    expect(await load()).toEqual([{ ...state(7), best }]);
  });

  it('keeps each fit in its place, whichever have begun', async () => {
    await saveCheckpoint(run, { fits: [null, state(9), null] }, FACTS);
    expect(await load(CONFIG, FACTS, 3)).toEqual([null, state(9), null]);
    await saveCheckpoint(run, { fits: [null, null, null] }, FACTS);
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

const scales = { skip: 0, in: -6, out: 3 };
/** A place that a chain can be at, with numbers that text must not round. */
const CHAIN: ChainState = {
  step: 12, current: 0, scales, fits: 7, moves: { skip: { tried: 3, accepted: 1 } },
  visited: [{
    scales, evidence: -Infinity, log: -1 / 3, visits: 2, abandoned: true, indefinite: false,
    network: {
      bias: Float64Array.of(0.1, Math.PI), skips: [{ input: 1, mask: 3, weight: Float64Array.of(1, 2, 3, 1e-300) }],
      units: [{
        inputs: [0, 1], mask: 1, bias: -1 / 9,
        weights: [Float64Array.of(5), Float64Array.of(6, 7)], out: Float64Array.of(1 / 7, 0),
      }],
    },
  }],
};

describe('the chains of a checkpoint', () => {
  it('are there number by number, and those that have not begun in their place', async () => {
    await saveCheckpoint(run, { fits: [state(7)], chains: [null, CHAIN] }, FACTS);
    expect(await begun()).toEqual({ fits: [state(7)], chains: [null, CHAIN] });
    expect(readdirSync(join(cwd, 'a/checkpoint'))).toHaveLength(3);
    await saveCheckpoint(run, { fits: [state(7)] }, FACTS);
    expect((await begun()).chains).toBeUndefined();
    expect(readdirSync(join(cwd, 'a/checkpoint'))).toHaveLength(2);
  });

  it.each<[string, ChainState[]]>([
    ['is nowhere', [{ ...CHAIN, current: 1 }]],
    ['has a scale beyond the grid', [{ ...CHAIN, scales: { ...scales, out: 7 } }]],
    ['has an input that there is not', [withSkip({ input: 2 })]],
    ['has a weight too few', [withSkip({ weight: Float64Array.of(1, 2) })]],
    ['has a number that is none', [withSkip({ weight: Float64Array.of(1, 2, NaN, 4) })]],
  ])('are refused when one %s', async (_, chains) => {
    await saveCheckpoint(run, { fits: [state(7)], chains }, FACTS);
    await expect(begun()).rejects.toMatchObject({ problems: [{ code: 'run.damaged' }] });
    await expect(begun()).rejects.toThrow(/chains-[0-9a-f]+\.json/);
  });

  it('are refused when they are cut short', async () => {
    await saveCheckpoint(run, { fits: [state(7)], chains: [CHAIN] }, FACTS);
    const file = join(cwd, 'a/checkpoint', readdirSync(join(cwd, 'a/checkpoint')).find((name) => name.startsWith('chains-'))!);
    writeFileSync(file, readFileSync(file).subarray(0, 100));
    await expect(begun()).rejects.toMatchObject({ problems: [{ code: 'run.damaged' }] });
  });
});

function withSkip(change: Partial<ChainState['visited'][number]['network']['skips'][number]>): ChainState {
  const [place] = CHAIN.visited;
  const [skip] = place.network.skips;
  return { ...CHAIN, visited: [{ ...place, network: { ...place.network, skips: [{ ...skip, ...change }] } }] };
}
