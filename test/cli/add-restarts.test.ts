import { spawn } from 'node:child_process';
import { appendFileSync, cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Stream } from '../../src/random.js';
import { bnnc } from './in-process.js';
import { BIN } from './program.js';

const draw = Stream.fromSeed('add restarts').normals(240);
const ROWS = Array.from({ length: 80 }, (_, n) => [draw[3 * n], draw[3 * n + 1], draw[3 * n] + 0.1 * draw[3 * n + 2]].join(','));
const CSV = `a,b,y\n${ROWS.join('\n')}\n`;
const train = (out: string, ...sets: string[]): string[] =>
  ['train', '--data', 'data.csv', '--target', 'y', ...['model.hidden=[3]', ...sets].flatMap((set) => ['--set', set]), '-o', out, '--quiet'];
const VI = ['search.steps=0', 'train.epochs=60'];

interface Manifest { files: Record<string, unknown> }
const manifest = (cwd: string, run: string): Manifest => JSON.parse(readFileSync(join(cwd, run, 'manifest.json'), 'utf8')) as Manifest;

function expectSameRun(cwd: string, run: string, whole: string): void {
  const files = Object.keys(manifest(cwd, whole).files);
  expect(Object.keys(manifest(cwd, run).files)).toEqual(files);
  const read = (from: string, name: string): Buffer => readFileSync(join(cwd, from, name));
  for (const name of files) expect(read(run, name).equals(read(whole, name)), name).toBe(true);
}

describe('train --add-restarts', () => {
  const cwd = mkdtempSync(join(tmpdir(), 'bnnc-add-restarts-'));
  beforeAll(async () => {
    writeFileSync(join(cwd, 'data.csv'), CSV);
    await bnnc(train('two', ...VI, 'train.restarts=2'), { cwd });
    await bnnc(train('three', ...VI, 'train.restarts=3'), { cwd });
  });
  afterAll(() => rmSync(cwd, { recursive: true, force: true }));

  it('gives the run that all of the restarts would have given from the beginning', async () => {
    cpSync(join(cwd, 'two'), join(cwd, 'grown'), { recursive: true });
    expect(await bnnc(['train', '--add-restarts', '1', 'grown', '--quiet'], { cwd })).toEqual({ code: 0, stdout: 'grown\n', stderr: '' });
    expectSameRun(cwd, 'grown', 'three');
  });

  it('keeps the fits that are there', async () => {
    cpSync(join(cwd, 'two'), join(cwd, 'kept'), { recursive: true });
    const file = join(cwd, 'kept/fits.safetensors');
    // A mark in a state that is kept shows in the history of the new run.
    const marked = (_: string, before: string, step: string): string => before + '7'.repeat(step.length);
    const text = readFileSync(file).toString('latin1').replace(/(\\"history\\":\[\{\\"epoch\\":\d+,\\"step\\":)(\d+)/, marked);
    writeFileSync(file, text, 'latin1');
    const path = join(cwd, 'kept/manifest.json');
    const changed = await bnnc(['train', '--add-restarts', '1', 'kept', '--quiet'], { cwd });
    expect(changed.code).toBe(6);
    expect(changed.stderr).toMatch(/^kept\/fits\.safetensors: /);
    const { createHash } = await import('node:crypto');
    const [whole, hash] = [readFileSync(path, 'utf8'), createHash('sha256').update(readFileSync(file)).digest('hex')];
    const { files: { 'fits.safetensors': entry } } = JSON.parse(whole) as { files: { 'fits.safetensors': { sha256: string } } };
    writeFileSync(path, whole.replace(entry.sha256, hash));
    expect((await bnnc(['train', '--add-restarts', '1', 'kept', '--quiet'], { cwd })).code).toBe(0);
    expect(readFileSync(join(cwd, 'kept/history.csv'), 'utf8').split('\n')[1]).toMatch(/^linear,\d+,7+,/);
  });

  it('makes all fits of a run that has not kept them, and says so', async () => {
    cpSync(join(cwd, 'two'), join(cwd, 'bare'), { recursive: true });
    rmSync(join(cwd, 'bare/fits.safetensors'));
    const path = join(cwd, 'bare/manifest.json');
    const { files, ...rest } = JSON.parse(readFileSync(path, 'utf8')) as Manifest;
    delete files['fits.safetensors'];
    writeFileSync(path, JSON.stringify({ ...rest, files }));
    const { code, stderr } = await bnnc(['train', '--add-restarts', '1', 'bare'], { cwd });
    expect(code).toBe(0);
    expect(stderr).toMatch(/bare\/fits\.safetensors is not there, so the fits of the run are made again/);
    expectSameRun(cwd, 'bare', 'three');
  });

  it('counts one restart of auto with a search', async () => {
    const few = ['search.steps=40', 'train.epochs=20'];
    await bnnc(train('auto', ...few), { cwd });
    await bnnc(train('fixed', ...few, 'train.restarts=2'), { cwd });
    expect((await bnnc(['train', '--add-restarts', '1', 'auto', '--quiet'], { cwd })).code).toBe(0);
    expectSameRun(cwd, 'auto', 'fixed');
  });

  it('loses nothing when it is interrupted', async () => {
    const long = ['search.steps=0', 'train.epochs=800', 'train.reference=false', 'inclusion.draws=8'];
    await bnnc(train('long', ...long, 'train.restarts=1'), { cwd });
    await bnnc(train('longer', ...long, 'train.restarts=2'), { cwd });
    const old = readFileSync(join(cwd, 'long/manifest.json'), 'utf8');
    const child = spawn(process.execPath, [BIN, 'train', '--add-restarts', '1', 'long', '--quiet'], { cwd, stdio: 'ignore' });
    const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
    const begun = (): boolean => readdirSync(cwd).some((name) => name.startsWith('.long.partial') && existsSync(join(cwd, name, 'config.yaml')));
    const watch = setInterval(() => {
      if (!begun()) return;
      clearInterval(watch);
      child.kill('SIGINT');
    }, 20);
    const code = await ended;
    clearInterval(watch);
    expect(code).toBe(130);
    expect(readFileSync(join(cwd, 'long/manifest.json'), 'utf8')).toBe(old);
    expect((await bnnc(['train', '--resume', 'long.checkpoint-1', '--quiet'], { cwd })).code).toBe(0);
    expectSameRun(cwd, 'long.checkpoint-1', 'longer');
  });

  it.each([
    [['--add-restarts', '1'], 2, 'bnnc: --add-restarts needs the folder of a finished run. Name the folder beside it.\n'],
    [['--add-restarts', '1', 'two', '--seed', '3'], 2, /uses the run's own config and data, so --seed cannot be given with it\. Leave it out/],
    [['--add-restarts', '1', 'two', '--dry-run'], 2, /so --dry-run cannot be given with it/],
    [['--add-restarts', '1', 'two', '--resume', 'two'], 2, /so --resume cannot be given with it/],
    [['--add-restarts', '0', 'two'], 2, /It must be a whole number of at least 1/],
    [['--add-restarts', '1', 'none'], 6, 'none: no such run. Check the path.\n'],
  ])('refuses %j', async (args, code, stderr) => {
    const outcome = await bnnc(['train', ...args], { cwd });
    expect(outcome).toMatchObject({ code, stdout: '' });
    if (typeof stderr === 'string') expect(outcome.stderr).toBe(stderr);
    else expect(outcome.stderr).toMatch(stderr);
  });

  it('refuses rows that are no longer those of the run, and leaves the run as it is', async () => {
    const old = readFileSync(join(cwd, 'two/manifest.json'), 'utf8');
    appendFileSync(join(cwd, 'data.csv'), '1,2,3\n');
    const { code, stderr } = await bnnc(['train', '--add-restarts', '1', 'two', '--quiet'], { cwd });
    expect(code).toBe(6);
    expect(stderr).toMatch(/^two: --add-restarts needs the rows that the run has learned from, but \S+data\.csv has changed/);
    expect(readFileSync(join(cwd, 'two/manifest.json'), 'utf8')).toBe(old);
  });
});
