import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Stream } from '../../src/random.js';
import { bnnc } from './in-process.js';
import { BIN, withoutWarnings } from './program.js';

/** y = 2 x1 - x2, and 3 where the group is b; x3 is noise. */
function makeCsv(rows: number): string {
  const draw = Stream.fromSeed('gaussian spike').normals(rows * 4);
  const lines = Array.from({ length: rows }, (_, n) => {
    const [a, b, c, e] = draw.subarray(4 * n, 4 * n + 4);
    const group = ['a', 'b', 'c'][n % 3];
    return [a, b, c, group, 2 * a - b + (group === 'b' ? 3 : 0) + 0.1 * e].join(',');
  });
  return `x1,x2,x3,group,y\n${lines.join('\n')}\n`;
}

const ARGS = ['train', '--data', 'data.csv', '--target', 'y', '--set', 'prior.spike=gaussian', '--set', 'model.hidden=[4]',
  '--set', 'search.steps=0', '--set', 'train.epochs=1500', '--set', 'train.restarts=2', '--quiet'];

interface Run { files: Record<string, { sha256: string }> }

describe('train with a gaussian spike', () => {
  let cwd: string;
  const read = (path: string): string => readFileSync(join(cwd, path), 'utf8');
  const files = (run: string): Run['files'] => (JSON.parse(read(`${run}/manifest.json`)) as Run).files;
  beforeAll(async () => {
    cwd = mkdtempSync(join(tmpdir(), 'bnnc-spike-'));
    writeFileSync(join(cwd, 'data.csv'), makeCsv(200));
    const { stderr, ...rest } = await bnnc([...ARGS, '-o', 'run'], { cwd });
    expect({ ...rest, stderr: withoutWarnings(stderr) }).toEqual({ code: 0, stdout: 'run\n', stderr: '' });
  });
  afterAll(() => rmSync(cwd, { recursive: true, force: true }));

  it('selects the inputs that count, a group as one of them, and trains the dense reference too', async () => {
    const { code, stdout } = await bnnc(['select-features', 'run'], { cwd });
    expect(code).toBe(0);
    expect(stdout.trim().split('\n').sort()).toEqual(['group', 'x1', 'x2']);
    expect(Object.keys(files('run'))).toContain('dense.safetensors');
    expect(read('run/config.yaml')).toMatch(/gates: none/);
    // Weights that are off have a spread of their own.
    const weights = parse<{ pip: string; sd: string }>(read('run/inclusion/weights.csv'), { columns: true });
    expect(weights.some(({ pip, sd }) => Number(pip) < 0.1 && Number(sd) > 0)).toBe(true);
  });

  it('prunes, evaluates and predicts', async () => {
    const pruned = await bnnc(['prune', 'run', '--json'], { cwd });
    expect(pruned.code).toBe(0);
    const { metrics, after, before } = JSON.parse(pruned.stdout) as {
      metrics: Record<'dense' | 'full' | 'pruned', { rmse: number }>; after: { nonZero: number }; before: { nonZero: number };
    };
    expect(after.nonZero).toBeLessThan(before.nonZero);
    // The noise has a standard deviation of 0.1, the target one of more than 2.
    for (const { rmse } of [metrics.dense, metrics.full, metrics.pruned]) expect(rmse).toBeLessThan(0.6);
    for (const model of ['run', 'run/pruned']) {
      const { code, stdout } = await bnnc(['predict', model, 'data.csv'], { cwd });
      expect(code).toBe(0);
      expect(stdout.trim().split('\n')).toHaveLength(201);
    }
    expect((await bnnc(['evaluate', 'run', 'data.csv'], { cwd })).code).toBe(0);
    expect((await bnnc(['inspect', 'run'], { cwd })).stdout).toMatch(/x3 +0\.\d/);
  });

  it('interrupted, goes on to the same bytes', async () => {
    const child = spawn(process.execPath, [BIN, ...ARGS, '-o', 'cut'], { cwd, stdio: 'ignore' });
    const watch = setInterval(() => { if (existsSync(join(cwd, 'cut/config.yaml'))) { clearInterval(watch); child.kill('SIGINT'); } }, 20);
    const code = await new Promise((resolve) => child.on('close', resolve));
    clearInterval(watch);
    expect(code).toBe(130);
    expect((await bnnc(['train', '--resume', 'cut', '--jobs', '2', '--quiet'], { cwd })).code).toBe(0);
    expect(files('cut')).toEqual(files('run'));
  });

  it('runs on WebAssembly, and for classes', async () => {
    const few = ['--set', 'search.steps=0', '--set', 'train.epochs=200', '--set', 'train.restarts=1', '--engine', 'wasm'];
    for (const [target, out] of [['y', 'number'], ['group', 'classes']]) {
      const args = ARGS.map((word) => (word === 'y' ? target : word));
      const { stderr, ...rest } = await bnnc([...args, ...few, '-o', out], { cwd });
      expect({ ...rest, stderr: withoutWarnings(stderr) }).toEqual({ code: 0, stdout: `${out}\n`, stderr: '' });
    }
  });

  it('refuses gates beside it', async () => {
    const { code, stderr } = await bnnc([...ARGS, '--set', 'model.gates=both', '-o', 'never'], { cwd });
    expect(code).toBe(3);
    expect(stderr).toMatch(/a gaussian spike allows no gates, but model\.gates is both\. Set model\.gates: none/);
  });
});
