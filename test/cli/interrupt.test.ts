import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Stream } from '../../src/random.js';
import { bnnc } from './in-process.js';
import { BIN, temporaryFolder, type Outcome } from './program.js';

function makeCsv(): string {
  const draw = Stream.fromSeed('interrupt').normals(300);
  const rows = Array.from({ length: 100 }, (_, n) => [draw[3 * n], draw[3 * n + 1], draw[3 * n] + 0.1 * draw[3 * n + 2]].join(','));
  return `a,b,y\n${rows.join('\n')}\n`;
}

const ARGS = ['train', '--data', 'data.csv', '--target', 'y', '--set', 'model.hidden=[4]', '--set', 'search.steps=0', '--set', 'train.epochs=1200',
  '--set', 'train.restarts=2', '--set', 'inclusion.draws=8', '--set', 'train.reference=false'];

/** Starts training and sends a signal once the run folder says that it has begun. */
function interrupted(args: string[], cwd: string, begun: () => boolean, signal: NodeJS.Signals): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [BIN, ...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    const outcome: Outcome = { code: null, stdout: '', stderr: '' };
    child.stdout.on('data', (text: Buffer) => (outcome.stdout += text.toString()));
    child.stderr.on('data', (text: Buffer) => (outcome.stderr += text.toString()));
    const watch = setInterval(() => {
      if (!begun()) return;
      clearInterval(watch);
      child.kill(signal);
    }, 20);
    child.on('error', reject);
    child.on('close', (code) => {
      clearInterval(watch);
      resolve({ ...outcome, code });
    });
  });
}

describe('Ctrl-C', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('%s saves a checkpoint, from which the run ends as if nothing had been', async (signal) => {
    const cwd = temporaryFolder();
    writeFileSync(join(cwd, 'data.csv'), makeCsv());
    const begun = (): boolean => existsSync(join(cwd, 'cut/config.yaml'));
    const { code, stdout, stderr } = await interrupted([...ARGS, '-o', 'cut'], cwd, begun, signal);
    expect({ code, stdout }).toEqual({ code: 130, stdout: '' });
    expect(stderr).toMatch(/interrupted; a checkpoint is saved\. Continue with: bnnc train --resume cut\n$/);
    expect(readdirSync(join(cwd, 'cut')).sort()).toEqual(['checkpoint', 'config.yaml']);

    const early = await bnnc(['select-features', 'cut'], { cwd });
    expect(early.code).toBe(6);
    expect(early.stderr).toMatch(/bnnc train --resume cut/);
    const twice = await bnnc([...ARGS, '-o', 'cut'], { cwd });
    expect(twice.code).toBe(6);
    expect(twice.stderr).toMatch(/^cut: an interrupted run exists here\. Continue it: bnnc train --resume cut/);

    expect(await bnnc(['train', '--resume', 'cut', '--quiet'], { cwd })).toEqual({ code: 0, stdout: 'cut\n', stderr: '' });
    await bnnc([...ARGS, '-o', 'whole', '--quiet'], { cwd });
    const files = Object.keys((JSON.parse(readFileSync(join(cwd, 'whole/manifest.json'), 'utf8')) as { files: object }).files);
    expect(files.length).toBeGreaterThan(8);
    for (const name of files) expect(readFileSync(join(cwd, 'cut', name)).equals(readFileSync(join(cwd, 'whole', name))), name).toBe(true);
  });

  it('keeps an old run until the new one is worth its place', async () => {
    const cwd = temporaryFolder();
    writeFileSync(join(cwd, 'data.csv'), makeCsv());
    await bnnc([...ARGS, '-o', 'run', '--quiet', '--set', 'train.epochs=5'], { cwd });
    const old = readFileSync(join(cwd, 'run/manifest.json'), 'utf8');
    const begun = (): boolean => readdirSync(cwd).some((name) => name.startsWith('.run.partial') && existsSync(join(cwd, name, 'config.yaml')));
    const child = await interrupted([...ARGS, '-o', 'run', '--force'], cwd, begun, 'SIGKILL');
    expect(child.code).toBe(null);
    expect(readFileSync(join(cwd, 'run/manifest.json'), 'utf8')).toBe(old);
    expect((await bnnc(['select-features', 'run'], { cwd })).code).toBe(0);
  });
});
