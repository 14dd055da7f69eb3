import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bash, BIN, bnnc, temporaryFolder, writeRun } from './program.js';

describe('what the program refuses to do', () => {
  it('overwrite its input', async () => {
    const cwd = temporaryFolder();
    writeFileSync(join(cwd, 'same.csv'), 'a\n1\n');
    const { code, stderr } = await bnnc(['predict', 'live', 'same.csv', '-o', './same.csv'], { cwd });
    expect(code).toBe(2);
    expect(stderr).toBe('bnnc: --out ./same.csv would replace the input. Name another file.\n');
    expect(readFileSync(join(cwd, 'same.csv'), 'utf8')).toBe('a\n1\n');
  });

  it('overwrite the data of a run, or a part of a run or model', async () => {
    const cwd = temporaryFolder();
    const data = join(cwd, 'data.csv');
    writeFileSync(data, 'a,y\n1,2\n');
    writeRun(join(cwd, 'r'), {}, { data: { path: data, sha256: 'aa', rows: 1 } });
    mkdirSync(join(cwd, 'm'));
    writeFileSync(join(cwd, 'm', 'model.json'), '{"bnnc": "0.1.0"}');
    symlinkSync('r', join(cwd, 'link'));
    for (const [args, lost] of [
      ['report r -o data.csv', 'the input'],
      ['report r -o r/manifest.json', 'a part of the run'],
      ['report r -o link/inclusion/inputs.csv', 'a part of the run'],
      ['report r -o r/metrics.json', 'a part of the run'],
      ['predict m data.csv -o m/model.json', 'a part of the model'],
      ['predict r data.csv -o m/savedmodel/assets.extra/bnnc.json', 'a part of the model'],
      ['init data.csv --target y --force -o ./data.csv', 'the input'],
      ['calibrate --rows 20 --inputs 2 -o r/manifest.json', 'a part of the run'],
      ['cv --data data.csv --target y -o r/splits.csv', 'a part of the run'],
    ]) {
      const words = args.split(' ');
      expect(await bnnc(words, { cwd })).toEqual({
        code: 2, stdout: '', stderr: `bnnc: --out ${words.at(-1)} would replace ${lost}. Name another file.\n`,
      });
    }
    expect(readFileSync(data, 'utf8')).toBe('a,y\n1,2\n');
    expect(readFileSync(join(cwd, 'm', 'model.json'), 'utf8')).toBe('{"bnnc": "0.1.0"}');
  });

  it('write to a place without a name', async () => {
    for (const command of ['train', 'cv', 'predict', 'prune']) {
      expect(await bnnc([command, '-o', ''])).toEqual({ code: 2, stdout: '', stderr: 'bnnc: --out is empty. Give the name of a file or folder.\n' });
    }
  });
});

describe.runIf(existsSync('/dev/full'))('a full disk on standard output', () => {
  it.each(['schema', '--help', 'train --help', '--version'])('is told by %s, and not as a fault of bnnc', async (args) => {
    expect(await bash(`bnnc ${args} > /dev/full`))
      .toEqual({ code: 1, stdout: '', stderr: 'bnnc: cannot write to standard output: the disk is full\n' });
  });
});

/** Gives the program more than a pipe holds, so that it must be reading, then the signal; stdin stays open. */
function whileReading(args: string[], cwd: string, signal: NodeJS.Signals): Promise<{ code: number | null; stderr: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [BIN, ...args], { cwd });
    let stderr = '';
    child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
    child.on('close', (code) => resolve({ code, stderr }));
    child.stdin.on('error', () => {});
    child.stdin.write(`a,y\n${'1,2\n'.repeat(100_000)}`, () => child.kill(signal));
  });
}

describe('a signal while standard input is read', () => {
  it.each(['SIGINT', 'SIGHUP'] as const)('%s ends training at once and leaves nothing', async (signal) => {
    const cwd = temporaryFolder();
    expect(await whileReading(['train', '--data', '-', '--target', 'y', '-o', 'run'], cwd, signal))
      .toEqual({ code: 130, stderr: 'bnnc: interrupted\n' });
    expect(existsSync(join(cwd, 'run'))).toBe(false);
  });
});
