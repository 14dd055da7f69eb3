import { execFileSync, spawn } from 'node:child_process';
import { closeSync, constants, openSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bash, BIN, bnnc, temporaryFolder, type Outcome } from './program.js';

const MODEL = join(import.meta.dirname, '../fixtures/format-1/model');
const BIRDS = join(import.meta.dirname, '../fixtures/format-1/birds.csv');

/** The other end of a pipe with a name, as soon as the program has opened its own. */
const joined = (fifo: string, flags: number): number | undefined => {
  try {
    return openSync(fifo, flags | constants.O_NONBLOCK);
  } catch {
    return undefined;
  }
};

/** Sends SIGTERM to a program as soon as it waits on a pipe, into which nobody writes. */
function terminated(args: string[], cwd: string): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [BIN, ...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    const outcome: Outcome = { code: null, stdout: '', stderr: '' };
    child.stderr.on('data', (text: Buffer) => (outcome.stderr += text.toString()));
    let end: number | undefined;
    const watch = setInterval(() => {
      end = joined(join(cwd, 'pipe'), constants.O_WRONLY);
      if (end === undefined) return;
      // Once: a second signal would kill the program whatever it does.
      clearInterval(watch);
      child.kill('SIGTERM');
    }, 20);
    child.on('error', reject);
    child.on('close', (code) => {
      clearInterval(watch);
      if (end !== undefined) closeSync(end);
      resolve({ ...outcome, code });
    });
  });
}

describe.skipIf(process.platform === 'win32')('a pipe with a name', () => {
  it.each([
    ['the config', ['validate', '-c', 'pipe']],
    ['the config of a training', ['train', '-c', 'pipe']],
    ['the table', ['inspect', 'pipe']],
    ['the table of a prediction', ['predict', MODEL, 'pipe']],
  ])('as %s does not outlive a signal', async (_, args) => {
    const cwd = temporaryFolder();
    execFileSync('mkfifo', ['pipe'], { cwd });
    expect(await terminated(args, cwd)).toMatchObject({ code: 130, stderr: expect.stringContaining('interrupted') });
  });

  it('is read and written as a file is, also where a shell makes it', async () => {
    const cwd = temporaryFolder();
    const config = "<(echo 'data: {path: birds.csv, target: weight}')";
    const line = `bnnc inspect <(cat ${BIRDS}) | head -1; bnnc validate -c ${config} 2>&1;
      mkfifo out; (wc -l < out) & bnnc predict ${MODEL} <(cat ${BIRDS}) -o out 2> /dev/null; wait`;
    const { stdout } = await bash(line, { cwd });
    expect(stdout).toMatch(/^\/dev\/fd\/\d+: \d+ rows, \d+ columns\nbirds\.csv: no such file.*\n *\d+\n$/);
  });

  it('in a run or a model is no part of it', async () => {
    const cwd = temporaryFolder();
    execFileSync('mkfifo', ['model.json', 'manifest.json'], { cwd });
    const [model, run] = [await bnnc(['predict', 'model.json', BIRDS], { cwd }), await bnnc(['inspect', '.'], { cwd })];
    expect(run).toMatchObject({ code: 6, stderr: expect.stringContaining('cannot read: it is a pipe or a device, not a file') });
    expect(model.code).toBe(6);
  });
});

describe.skipIf(process.platform !== 'linux')('a device without an end', () => {
  it.each([['validate', '-c'], ['inspect']])('is refused by %s', async (...args) => {
    const { code, stderr } = await bnnc([...args, '/dev/zero']);
    expect([3, 4]).toContain(code);
    expect(stderr).toMatch(/^\/dev\/zero/);
  });
});
