import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { hostMark } from '../../src/owner.js';
import { ownedFolder, sweepTemporary } from '../../src/temporary-folder.js';

let place: string;
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'bnnc-temporary-'));
  vi.stubEnv('TMPDIR', place);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(place, { recursive: true, force: true });
});

const deadPid = (): number => spawnSync(process.execPath, ['-e', '']).pid;

/** A folder with a file in it. */
function folder(name: string): string {
  mkdirSync(join(place, name));
  writeFileSync(join(place, name, 'rows'), 'x');
  return name;
}

describe('a temporary folder with an owner', () => {
  it('has a name that tells of this process', () => {
    expect(basename(ownedFolder('rows-'))).toMatch(new RegExp(`^rows-${hostMark()}-${process.pid}-\\w{6}$`));
  });

  it('is removed when its process is dead', () => {
    folder(`rows-${hostMark()}-${deadPid()}-aB3xYz`);
    sweepTemporary('rows-');
    expect(readdirSync(place)).toEqual([]);
  });

  it('stays while its process lives, of another host, of another kind, and under another name', () => {
    const other = hostMark() === '0000' ? '1111' : '0000';
    const dead = deadPid();
    const stay = [
      basename(ownedFolder('rows-')), folder(`rows-${hostMark()}-${process.ppid}-aB3xYz`), folder(`rows-${other}-${dead}-aB3xYz`),
      folder(`other-${hostMark()}-${dead}-aB3xYz`), folder('rows-aB3xYz'), folder(`rows-${hostMark()}-${dead}-aB3xYz.csv`),
    ];
    sweepTemporary('rows-');
    expect(readdirSync(place).sort()).toEqual(stay.sort());
  });

  it('that is a link or a file is left alone', () => {
    const target = join(place, folder('kept'));
    symlinkSync(target, join(place, `rows-${hostMark()}-${deadPid()}-aB3xYz`));
    sweepTemporary('rows-');
    expect(existsSync(join(target, 'rows'))).toBe(true);
    expect(readdirSync(place)).toHaveLength(2);
  });

  it('is looked for in vain where there is no place for such folders', () => {
    vi.stubEnv('TMPDIR', join(place, 'missing'));
    expect(() => sweepTemporary('rows-')).not.toThrow();
  });
});
