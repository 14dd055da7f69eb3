/** The same bytes again, whoever does the work; `npm run bench:determinism` asks more of more tables. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bnnc } from './program.js';

const SETTINGS = ['model.hidden=[4]', 'train.epochs=100', 'train.restarts=2', 'search.steps=60', 'inclusion.draws=8'];

const cwd = mkdtempSync(path.join(tmpdir(), 'bnnc-determinism-'));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const train = async (out: string, jobs: number): Promise<void> => {
  const { code, stderr } = await bnnc([
    'train', '--data', path.resolve('datasets/penguins.csv'), '--target', 'species',
    ...SETTINGS.flatMap((each) => ['--set', each]), '--jobs', String(jobs), '--quiet', '-o', out,
  ], { cwd });
  expect({ code, stderr }).toMatchObject({ code: 0 });
};
const filesOf = (run: string): Record<string, { sha256: string }> =>
  (JSON.parse(readFileSync(path.join(cwd, run, 'manifest.json'), 'utf8')) as { files: Record<string, { sha256: string }> }).files;

describe('a training with a search over structures', () => {
  beforeAll(() => train('first', 1));

  it.each([['again', 1], ['by two workers', 2], ['by four workers', 4]])('has the same bytes %s', async (name, jobs) => {
    await train(name, jobs);
    expect(Object.keys(filesOf('first')).length).toBeGreaterThan(8);
    expect(filesOf(name)).toEqual(filesOf('first'));
  });
});
