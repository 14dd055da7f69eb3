import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bash, BIN, bnnc, temporaryFolder } from './program.js';

describe('what the program refuses to do', () => {
  it('overwrite its input', async () => {
    const cwd = temporaryFolder();
    writeFileSync(join(cwd, 'same.csv'), 'a\n1\n');
    const { code, stderr } = await bnnc(['predict', 'live', 'same.csv', '-o', './same.csv'], { cwd });
    expect(code).toBe(2);
    expect(stderr).toBe('bnnc: --out ./same.csv would replace the input. Name another file.\n');
    expect(readFileSync(join(cwd, 'same.csv'), 'utf8')).toBe('a\n1\n');
  });

  it('write to a place without a name', async () => {
    for (const command of ['train', 'cv', 'predict', 'prune']) {
      expect(await bnnc([command, '-o', ''])).toEqual({ code: 2, stdout: '', stderr: 'bnnc: --out is empty. Name a file or folder after it.\n' });
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
