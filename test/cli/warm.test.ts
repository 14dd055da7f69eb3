import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Stream } from '../../src/random.js';
import { bnnc } from './in-process.js';
import { BIN } from './program.js';

const INPUTS = 5;
/** Rows of five normal inputs; the target follows one of them. */
function csv(seed: string, rows: number, follows: number, extra = false): string {
  const draw = Stream.fromSeed(seed).normals(rows * (INPUTS + 1));
  const names = Array.from({ length: INPUTS }, (_, i) => `x${i + 1}`);
  const lines = Array.from({ length: rows }, (_, n) => {
    const own = [...draw.subarray(n * (INPUTS + 1), (n + 1) * (INPUTS + 1))];
    return [...own.slice(0, INPUTS), ...(extra ? [n % 2 ? 'a' : 'b'] : []), own[follows] + 0.3 * own[INPUTS]].join(',');
  });
  return `${[...names, ...(extra ? ['kind'] : []), 'y'].join()}\n${lines.join('\n')}\n`;
}

const SETS = ['model.hidden=[3]', 'search.steps=0', 'train.restarts=1', 'train.epochs=800'];
const train = (data: string, out: string, args: readonly string[] = [], sets = SETS): string[] =>
  ['train', '--data', data, '--target', 'y', ...sets.flatMap((set) => ['--set', set]), '-o', out, ...args];

describe('train --warm', () => {
  const cwd = mkdtempSync(join(tmpdir(), 'bnnc-warm-'));
  const read = (...parts: string[]): string => readFileSync(join(cwd, ...parts), 'utf8');
  const pips = (run: string): Record<string, number> => Object.fromEntries(
    read(run, 'inclusion/inputs.csv').trim().split('\n').slice(1).map((line) => [line.split(',')[0], Number(line.split(',')[1])]));
  const epochs = (run: string, fit: string): number =>
    Math.max(...read(run, 'history.csv').split('\n').filter((line) => line.startsWith(`${fit},`)).map((line) => Number(line.split(',')[1])));
  beforeAll(async () => {
    writeFileSync(join(cwd, 'old.csv'), csv('old', 150, 0));
    writeFileSync(join(cwd, 'new.csv'), csv('new', 200, 1, true));
    await bnnc([...train('old.csv', 'old'), '--quiet'], { cwd });
  });
  afterAll(() => rmSync(cwd, { recursive: true, force: true }));

  it('begins where the fits of the run have ended, and finds what the new rows say', async () => {
    const { code, stderr } = await bnnc(train('new.csv', 'warm', ['--warm', 'old']), { cwd });
    expect(code, stderr).toBe(0);
    expect(stderr).toContain("fits begin where the run");
    expect(stderr).toContain("New to it: 'kind=");
    // Of the old rows x1 alone, of the new ones x2 alone.
    expect(pips('old').x1).toBeGreaterThan(0.9);
    const now = pips('warm');
    expect(now.x2).toBeGreaterThan(0.9);
    for (const name of ['x1', 'x3', 'x4', 'x5', 'kind']) expect(now[name], name).toBeLessThan(0.3);
    expect([epochs('old', 'half-open'), epochs('warm', 'half-open')].map((each) => Math.ceil(each / 300))).toEqual([3, 1]);
    expect(read('warm', 'config.yaml')).toContain(`warm: ${join(cwd, 'old')}`);
  });

  it('goes on from an interruption as if there had been none', async () => {
    const long = [...SETS.slice(0, 3), 'train.epochs=2000'];
    const args = ['--warm', 'old', '--quiet'];
    await bnnc(train('new.csv', 'whole', args, long), { cwd });
    const child = spawn(process.execPath, [BIN, ...train('new.csv', 'parts', args, long)], { cwd, stdio: 'ignore' });
    const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
    const watch = setInterval(() => {
      if (!existsSync(join(cwd, 'parts/config.yaml'))) return;
      clearInterval(watch);
      child.kill('SIGINT');
    }, 50);
    const code = await ended;
    clearInterval(watch);
    expect(code).toBe(130);
    expect((await bnnc(['train', '--resume', 'parts', '--quiet'], { cwd })).code).toBe(0);
    for (const name of ['posterior.safetensors', 'inclusion/inputs.csv', 'history.csv']) expect(read('parts', name), name).toBe(read('whole', name));
  });

  it.each([
    [train('new.csv', 'x', ['--warm', 'none']), 6, 'none: no such run'],
    [train('new.csv', 'x', ['--warm', 'old'], ['model.hidden=[4]', ...SETS.slice(1)]), 6, '3 hidden units, 1 output, gates both, silu there'],
    [train('new.csv', 'old', ['--warm', 'old', '--force']), 6, 'old: a run cannot take the place of the one that it begins with'],
    [['train', '--data', 'new.csv', '--target', 'x1', '--warm', 'old', '-o', 'x'], 6, "this run predicts 'y', not 'x1'"],
    [['train', '--resume', 'old', '--warm', 'old'], 2, 'so --warm cannot be given with it'],
  ])('refuses %j', async (args, code, message) => {
    const outcome = await bnnc(args, { cwd });
    expect(outcome).toMatchObject({ code, stdout: '' });
    expect(outcome.stderr.replaceAll(`${cwd}/`, '')).toContain(message);
    expect(existsSync(join(cwd, 'x'))).toBe(false);
  });
});
