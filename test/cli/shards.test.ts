import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { yesNoTable } from '../helpers/yes-no-table.js';
import { bnnc } from './in-process.js';
import { bash, BIN, bnnc as separately, temporaryFolder, type Outcome } from './program.js';

const SETS = ['model.hidden=[4]', 'inclusion.draws=8', 'train.restarts=2', 'train.epochs=60'];
const DATA = ['--data', 'data.csv', '--target', 'y', ...SETS.flatMap((each) => ['--set', each])];

let cwd: string;
beforeEach(() => {
  cwd = temporaryFolder();
  writeFileSync(join(cwd, 'data.csv'), yesNoTable());
});

function stdoutOf(args: string[], { code, stdout, stderr }: Outcome): string {
  expect({ args, code, stderr: code === 0 ? '' : stderr }).toEqual({ args, code: 0, stderr: '' });
  return stdout;
}
const ok = async (...args: string[]): Promise<string> => stdoutOf(args, await bnnc([...args, '--quiet'], { cwd }));
/** All shards at once, each a process that waits for what others make. */
const sideBySide = (shards: number): Promise<string[]> => Promise.all(Array.from({ length: shards }, async (_, at) => {
  const args = ['work', 'plan.jsonl', '--shard', `${at + 1}/${shards}`, '--jobs', '1', '--wait', '60', '--quiet'];
  return stdoutOf(args, await separately(args, { cwd }));
}));

interface Manifest { files: Record<string, { sha256: string }>; engine: object }
/** What does not depend on the clock or on how the run was called. */
function contents(run: string): Manifest {
  const { files, engine } = JSON.parse(readFileSync(join(cwd, run, 'manifest.json'), 'utf8')) as Manifest;
  return { files, engine };
}
const results = (parts: string): string[] => readdirSync(join(cwd, parts)).filter((name) => name.endsWith('.part')).sort();

describe('train in shards', () => {
  it('of 3 gives the bytes of the local run, its chains included', async () => {
    const args = [...DATA, '--set', 'search.steps=300'];
    await ok('train', ...args, '-o', 'local');
    await ok('plan', 'train', ...args);
    await sideBySide(3);
    await ok('merge', 'plan.jsonl', 'parts', '-o', 'merged');
    expect(contents('merged')).toEqual(contents('local'));
    expect(Object.keys(contents('local').files).length).toBeGreaterThan(8);
  });

  it('whose rows are partitioned, too: each round waits for the units of the one before', async () => {
    const args = [...DATA, '--set', 'search.steps=0', '--set', 'train.restarts=1', '--set', 'train.partitions=2', '--set', 'train.rounds=2'];
    await ok('train', ...args, '-o', 'local');
    await ok('plan', 'train', ...args);
    expect(readFileSync(join(cwd, 'plan.jsonl'), 'utf8')).toMatch(/"fit: [^"]* unit 2"/);
    await sideBySide(2);
    await ok('merge', 'plan.jsonl', 'parts', '-o', 'merged');
    expect(contents('merged')).toEqual(contents('local'));
    const { code, stderr } = await bnnc(['train', ...args, '--set', 'train.partitions=999', '-o', 'thin'], { cwd });
    const said = /cannot be divided among 999 units.*Set train.partitions to \d+ at most/s;
    expect({ code, stderr }).toEqual({ code: 4, stderr: expect.stringMatching(said) as string });
    expect(existsSync(join(cwd, 'thin'))).toBe(false);
  });

  it('without waiting goes on in rounds; merge says what is missing, and leaves nothing behind', async () => {
    await ok('plan', 'train', ...DATA, '--set', 'search.steps=0');
    const first = await bnnc(['work', 'plan.jsonl', '--shard', '2/2', '--json'], { cwd });
    expect((JSON.parse(first.stdout) as { waiting: string[] }).waiting.length).toBeGreaterThan(0);
    const early = await bnnc(['merge', 'plan.jsonl', 'parts', '-o', 'run'], { cwd });
    expect(early.code).toBe(6);
    expect(early.stderr).toMatch(/results of \d units? of \d+ are missing: fit: .*with: bnnc work plan.jsonl -o parts/);
    expect(existsSync(join(cwd, 'run'))).toBe(false);
    expect((await bash(/Make them with: (bnnc .*)$/m.exec(early.stderr)![1], { cwd })).code).toBe(0);
    await ok('merge', 'plan.jsonl', 'parts', '-o', 'run');
  });

  it('killed in its middle and started again does only what is missing', async () => {
    await ok('plan', 'train', ...DATA, '--set', 'search.steps=0', '--set', 'train.epochs=400');
    const child = spawn(process.execPath, [BIN, 'work', 'plan.jsonl', '--jobs', '1', '-q'], { cwd, stdio: 'ignore' });
    const watch = setInterval(() => { if (existsSync(join(cwd, 'parts')) && results('parts').length >= 2) child.kill('SIGKILL'); }, 10);
    await new Promise((resolve) => child.on('close', resolve));
    clearInterval(watch);
    const before = results('parts').map((name) => [name, statSync(join(cwd, 'parts', name)).mtimeMs]);
    const again = JSON.parse(await ok('work', 'plan.jsonl', '--json')) as { written: number; found: number; waiting: string[] };
    expect(again).toMatchObject({ found: before.length, waiting: [] });
    expect(results('parts')).toHaveLength(before.length + again.written);
    expect(before.map(([name]) => [name, statSync(join(cwd, 'parts', name as string)).mtimeMs])).toEqual(before);
    await ok('train', ...DATA, '--set', 'search.steps=0', '--set', 'train.epochs=400', '-o', 'local');
    await ok('merge', 'plan.jsonl', 'parts', '-o', 'merged');
    expect(contents('merged')).toEqual(contents('local'));
  });

  it('refuses data that have changed and results of another config', async () => {
    await ok('plan', 'cv', ...DATA, '--set', 'search.steps=0', '--folds', '2');
    await ok('plan', 'cv', ...DATA, '--set', 'search.steps=0', '--folds', '2', '--seed', '2', '-o', 'other.jsonl');
    await ok('work', 'other.jsonl', '--shard', '1/2');
    expect((await bnnc(['merge', 'plan.jsonl', 'parts'], { cwd })).stderr).toMatch(/results of another plan are here: .* is of another config/);
    writeFileSync(join(cwd, 'data.csv'), readFileSync(join(cwd, 'data.csv'), 'utf8').replace('yes', 'no'));
    expect((await bnnc(['work', 'plan.jsonl', '-o', 'new'], { cwd })).stderr).toMatch(/the data of the plan are not those that it was made for/);
    expect(existsSync(join(cwd, 'new'))).toBe(false);
  });
});

describe('other jobs in shards give what they give alone', () => {
  const few = ['model.hidden=[2]', 'search.steps=0', 'train.restarts=1', 'train.epochs=20', 'train.reference=false', 'inclusion.rescues=0'];
  const args = [...DATA, ...few.flatMap((each) => ['--set', each])];
  const both = async (shards: number): Promise<void> => {
    for (let shard = 1; shard <= shards; shard++) await ok('work', 'plan.jsonl', '--shard', `${shard}/${shards}`);
  };

  it('cv', async () => {
    await ok('plan', 'cv', ...args, '--folds', '2');
    await both(2);
    expect(await ok('merge', 'plan.jsonl', 'parts', '--json')).toBe(await ok('cv', ...args, '--folds', '2', '--json'));
  });

  it('calibrate', async () => {
    await ok('plan', 'calibrate', ...args, '--sets', '2');
    await both(2);
    expect(await ok('merge', 'plan.jsonl', 'parts')).toBe(await ok('calibrate', ...args, '--sets', '2'));
  });

  it('sweep, whose later rounds need what the first found', async () => {
    writeFileSync(join(cwd, 'sweep.yaml'), `config:
  data: {path: data.csv, target: y}
  model: {hidden: [2]}
  search: {steps: 0}
  train: {epochs: 20, restarts: 1, reference: false}
  inclusion: {draws: 8, rescues: 0}
method: halving
trials: 3
eta: 2
folds: 2
keys:
  prior.slabScale: [1, 2, 0.5]
`);
    await ok('plan', 'sweep', '-c', 'sweep.yaml');
    await ok('work', 'plan.jsonl', '--shard', '2/2');
    const early = await bnnc(['merge', 'plan.jsonl', 'parts', '-o', 'merged'], { cwd });
    expect(early).toMatchObject({ code: 6 });
    expect(early.stderr).toContain('fold: setting 1, 1.1');
    expect(existsSync(join(cwd, 'merged'))).toBe(false);
    await both(2);
    await both(2);
    await ok('merge', 'plan.jsonl', 'parts', '-o', 'merged');
    await ok('sweep', '-c', 'sweep.yaml', '-o', 'alone');
    const filesOf = (folder: string): Record<string, string> => Object.fromEntries(readdirSync(join(cwd, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => statSync(join(cwd, folder, name)).isFile())
      .map((name) => [name, readFileSync(join(cwd, folder, name), 'utf8').replace(`"path": "${folder}"`, '')]));
    expect(Object.keys(filesOf('merged'))).toContain('folds/1-1-1.json');
    expect(filesOf('merged')).toEqual(filesOf('alone'));
  });

  it('select-features --knockoffs', async () => {
    await ok('train', ...args, '-o', 'run');
    await ok('plan', 'knockoffs', 'run', '--fdr', '0.5');
    await both(1);
    expect(await ok('merge', 'plan.jsonl', 'parts', '--json')).toBe(await ok('select-features', 'run', '--knockoffs', '--fdr', '0.5', '--json'));
  });
});
