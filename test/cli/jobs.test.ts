import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { Stream } from '../../src/random.js';
import { BIN, bnnc, temporaryFolder, withoutWarnings } from './program.js';

const DATA = ['--data', 'data.csv', '--target', 'y', '--set', 'model.hidden=[4]', '--set', 'train.restarts=2', '--set', 'inclusion.draws=8'];

let cwd: string;
beforeEach(() => {
  cwd = temporaryFolder();
  const draw = Stream.fromSeed('jobs').normals(400);
  const rows = Array.from({ length: 100 }, (_, n) => {
    const [a, b, c, e] = draw.subarray(4 * n, 4 * n + 4);
    return [a, b, c, 2 * a - b + 0.1 * e > 0 ? 'yes' : c > 1 ? 'maybe' : 'no'].join(',');
  });
  writeFileSync(join(cwd, 'data.csv'), `a,b,c,y\n${rows.join('\n')}\n`);
});

interface Manifest { files: Record<string, { sha256: string }>; engine: object }
const manifest = (run: string): Manifest => JSON.parse(readFileSync(join(cwd, run, 'manifest.json'), 'utf8')) as Manifest;

/** What does not depend on the clock or on how the run was called. */
const contents = (run: string): Pick<Manifest, 'files' | 'engine'> => {
  const { files, engine } = manifest(run);
  return { files, engine };
};

describe('train --jobs', () => {
  it.each([['native', ['2', '5']], ['wasm', ['3']]])('changes no byte of any file (%s)', async (engine, others) => {
    for (const jobs of ['1', ...others]) {
      const { code, stderr } = await bnnc(
        ['train', ...DATA, '--set', 'search.steps=0', '--set', 'train.epochs=40', '--engine', engine, '--jobs', jobs, '-o', jobs, '--quiet'], { cwd });
      expect({ code, stderr: withoutWarnings(stderr) }).toEqual({ code: 0, stderr: '' });
    }
    expect(Object.keys(manifest('1').files).length).toBeGreaterThan(8);
    for (const jobs of others) expect(contents(jobs), jobs).toEqual(contents('1'));
  });

  it('2, interrupted, goes on with 3 to the same bytes as with 1', async () => {
    const [before, after] = ['2', '3'];
    const args = ['train', ...DATA, '--set', 'search.steps=0', '--set', 'train.epochs=800'];
    const child = spawn(process.execPath, [BIN, ...args, '--jobs', before, '-o', 'cut', '--quiet'], { cwd, stdio: 'ignore' });
    const watch = setInterval(() => { if (existsSync(join(cwd, 'cut/config.yaml'))) { clearInterval(watch); child.kill('SIGINT'); } }, 20);
    const code = await new Promise((resolve) => child.on('close', resolve));
    clearInterval(watch);
    expect(code).toBe(130);
    expect((await bnnc(['train', '--resume', 'cut', '--jobs', after, '--quiet'], { cwd })).code).toBe(0);
    await bnnc([...args, '--jobs', '1', '-o', 'whole', '--quiet'], { cwd });
    expect(contents('cut')).toEqual(contents('whole'));
  });

  it('fails with the same message and exit code', async () => {
    const wild = ['train.learningRate=10', 'train.gateLearningRate=1000', 'model.activation=relu', 'model.hidden=[16,16,16]', 'search.steps=0', 'train.epochs=300', 'model.skip=false'];
    const [alone, together] = [[], []] as Awaited<ReturnType<typeof bnnc>>[][];
    for (const [jobs, outcomes] of [['1', alone], ['3', together]] as const) {
      outcomes.push(await bnnc(
        ['train', ...DATA, ...wild.flatMap((each) => ['--set', each]), '--jobs', jobs, '-o', 'run', '--quiet'], { cwd }));
    }
    expect(alone[0]).toMatchObject({ code: 5, stdout: '' });
    expect(together).toEqual(alone);
  });

  it.each(['0', '1.5', 'many', '1e9'])('%s is no number of jobs', async (jobs) => {
    const { code, stdout, stderr } = await bnnc(['train', ...DATA, '--jobs', jobs], { cwd });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/It must be auto or a whole number from 1/);
  });
});
