import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { shardFrom } from '../../../src/api/work-units.js';
import { parseFullConfig } from '../../../src/config/resolve.js';
import { configHash, type Plan } from '../../../src/shards/plan.js';
import { planText, readPlan } from '../../../src/shards/plan-file.js';
import { Parts } from '../../../src/shards/parts.js';
import { programVersion } from '../../../src/version.js';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'bnnc-shards-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function plan(path = join(folder, 'data.csv')): Plan {
  const config = parseFullConfig(JSON.stringify({ data: { path, target: 'y' } }), 'config');
  return {
    job: { what: 'cv', folds: 2, repeats: 1, threshold: 0.5 }, bnnc: programVersion(), configSha256: configHash(config),
    dataSha256: 'ab'.repeat(32), testSha256: undefined, engine: { name: 'wasm', threads: 1 }, config, dataName: 'data.csv',
    units: [{ kind: 'fold', name: 'fold: 1.1', seed: 3 }, { kind: 'fold', name: 'fold: 1.2', seed: 4 }],
  };
}

const code = (work: Promise<unknown>): Promise<unknown> =>
  work.then(() => undefined, (error: { problems: { code: string }[] }) => error.problems[0].code);

describe('a plan file', () => {
  const file = (): string => join(folder, 'plan.jsonl');

  it('is read as it was written', async () => {
    writeFileSync(file(), planText(plan(), file()));
    expect(await readPlan(file(), 'plan.jsonl')).toEqual(plan());
  });

  it('has a line for each unit, with what must be the same', () => {
    const [header, unit] = planText(plan(), file()).split('\n').map((line) => (line ? JSON.parse(line) as Record<string, unknown> : {}));
    expect(header).toMatchObject({ units: 2, config: { data: { path: 'data.csv' } } });
    expect(unit).toEqual({
      unit: 1, kind: 'fold', name: 'fold: 1.1', seed: 3, bnnc: programVersion(), engine: 'wasm', config: plan().configSha256, data: 'ab'.repeat(32),
    });
  });

  it('names data where they lie when it is moved with them', async () => {
    const moved = mkdtempSync(join(folder, 'moved-'));
    writeFileSync(join(moved, 'plan.jsonl'), planText(plan(), file()));
    const read = await readPlan(join(moved, 'plan.jsonl'), 'plan.jsonl');
    expect([read.config.data.path, read.configSha256]).toEqual([join(moved, 'data.csv'), plan().configSha256]);
  });

  it.each([
    ['another version of bnnc', (text: string) => text.replace(/"bnnc":"[^"]+"/, '"bnnc":"99.0.0"'), 'run.plan-version'],
    ['another format', (text: string) => text.replace('"schemaVersion":1', '"schemaVersion":2'), 'run.plan-version'],
    ['another config than it says', (text: string) => text.replace('"target":"y"', '"target":"z"'), 'run.not-a-plan'],
    ['a unit too few', (text: string) => text.replace(/\n[^\n]+\n$/, '\n'), 'run.not-a-plan'],
    ['units in another order', (text: string) => text.replace('"unit":1', '"unit":2'), 'run.not-a-plan'],
    ['an unknown job', (text: string) => text.replace('"what":"cv"', '"what":"rm"'), 'run.not-a-plan'],
    ['a cut line', (text: string) => text.slice(0, 200), 'run.not-a-plan'],
    ['nothing', () => '', 'run.not-a-plan'],
  ])('with %s is refused', async (_, change, expected) => {
    writeFileSync(file(), change(planText(plan(), file())));
    expect(await code(readPlan(file(), 'plan.jsonl'))).toBe(expected);
  });

  it('that is not there is told', async () => {
    expect(await code(readPlan(file(), 'plan.jsonl'))).toBe('run.plan-missing');
  });
});

describe('a folder of results', () => {
  const value = { a: Float32Array.of(1, -0, NaN), b: [undefined, -0], c: new Map([[1, 'x']]) };
  const open = (of: Plan = plan()): Parts => {
    const parts = new Parts(folder, 'parts', of);
    parts.maker = { engine: 'wasm', threads: 1, processor: 'some' };
    return parts;
  };
  const saved = async (): Promise<string> => {
    await open().save('fold 1', value);
    return readdirSync(folder)[0];
  };

  it('gives back what was put into it, bit by bit', async () => {
    await saved();
    expect(await open().find('fold 1')).toEqual({ value });
    expect(await open().find('fold 2')).toBeUndefined();
  });

  it('shows a result that another process writes after the first look', async () => {
    const early = open();
    await early.look();
    await saved();
    expect(await early.find('fold 1')).toEqual({ value });
  });

  it.each([
    ['config', { configSha256: 'cd'.repeat(32) }], ['data', { dataSha256: 'cd'.repeat(32) }], ['bnnc', { bnnc: '99.0.0' }],
    ['job', { job: { what: 'cv', folds: 3, repeats: 1, threshold: 0.5 } as const }],
  ])('refuses results of another %s, by that word', async (word, change) => {
    await saved();
    await expect(open({ ...plan(), ...change }).look()).rejects.toThrow(new RegExp(`is of .*${word}`));
  });

  it.each([
    ['a changed digit', (bytes: Buffer) => { bytes[bytes.length - 1] ^= 1; return bytes; }],
    ['a missing end', (bytes: Buffer) => bytes.subarray(0, bytes.length - 2)],
    ['no header', () => Buffer.from('nothing')],
    ['an endless header', () => Buffer.alloc(10_000, 'x')],
  ])('refuses a result with %s', async (_, change) => {
    const name = join(folder, await saved());
    writeFileSync(name, change(readFileSync(name)));
    expect(await code(open().find('fold 1'))).toBe('run.part-damaged');
  });

  it('refuses a result under the name of another', async () => {
    const name = await saved();
    renameSync(join(folder, name), join(folder, name.replace(/^.{32}/, 'a'.repeat(32))));
    expect(await code(open().find('fold 1'))).toBe('run.part-damaged');
  });
});

describe('the shard', () => {
  it.each([
    ['2/8', {}, { index: 2, count: 8 }],
    [undefined, {}, { index: 1, count: 1 }],
    [undefined, { SLURM_ARRAY_TASK_ID: '7', SLURM_ARRAY_TASK_MIN: '3', SLURM_ARRAY_TASK_STEP: '2', SLURM_ARRAY_TASK_COUNT: '4' }, { index: 3, count: 4 }],
    ['auto/4', { SLURM_ARRAY_TASK_ID: '0', SLURM_ARRAY_TASK_COUNT: '9' }, { index: 1, count: 4 }],
    ['auto/8', { JOB_COMPLETION_INDEX: '7' }, { index: 8, count: 8 }],
  ])('%s with %j is %j', (given, variables, shard) => expect(shardFrom(given, variables)).toEqual(shard));

  it.each([
    ['auto/8', {}], [undefined, { JOB_COMPLETION_INDEX: '0' }], ['auto/8', { JOB_COMPLETION_INDEX: '8' }], ['auto/8', { JOB_COMPLETION_INDEX: 'x' }],
    [undefined, { SLURM_ARRAY_TASK_ID: '4', SLURM_ARRAY_TASK_MIN: '3', SLURM_ARRAY_TASK_STEP: '2', SLURM_ARRAY_TASK_COUNT: '4' }],
  ])('%s with %j is refused', (given, variables) => {
    expect(() => shardFrom(given, variables)).toThrowError(expect.objectContaining({ problems: [expect.objectContaining({ code: 'usage.shard' })] }));
  });
});
