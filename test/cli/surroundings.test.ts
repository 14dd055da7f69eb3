import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bash, temporaryFolder } from './program.js';

const BIRDS = join(import.meta.dirname, '../fixtures/format-1/birds.csv');
const TRAIN = `bnnc train --data ${BIRDS} --target body_mass_g --hidden 2 --quiet --set train.epochs=4 --set train.restarts=1 --set search.steps=0
  --set inclusion.rescues=0 --set train.reference=false -o run`.replace(/\s+/g, ' ');

/** A line of bash, without what a person may still see of a stack. */
async function told(line: string): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const found = await bash(line, { cwd: temporaryFolder() });
  expect(found.stderr).not.toMatch(/internal fault|^\s+at /m);
  return found;
}

describe.skipIf(process.platform === 'win32')('surroundings that lack something', () => {
  it('without the folder for temporary files', async () => {
    const { code, stderr } = await told(`export TMPDIR=/nonexistent/x BNNC_ENGINE=auto; ${TRAIN}; code=$?; ls; exit $code`);
    // Only the native engine needs it.
    if (code === 0) return;
    expect(code).toBe(2);
    expect(stderr).toMatch(/^\/nonexistent\/x: the folder for temporary files .*TMPDIR.*\n$/);
  });

  it('without the folder that it was called in', async () => {
    const away = 'mkdir away; cd away; rmdir ../away; ';
    expect(await told(`${away} bnnc inspect ${BIRDS}`)).toEqual({
      code: 2, stdout: '', stderr: 'bnnc: the current folder no longer exists. Go to one that does: cd ~\n',
    });
    expect(await told(`${away} bnnc --version`)).toMatchObject({ code: 0 });
  });

  it.each([24, 30])('with %i files that may be open', async (files) => {
    // So few that Node opens no more than the first of the program's files.
    const { code, stderr } = await told(`ulimit -n ${files}; bnnc inspect ${BIRDS}`);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^bnnc: too many files are open \(EMFILE\): raise the limit.*\n$/);
  });

  it('without stderr, or stdout, or either', async () => {
    expect(await told('bnnc inspect nothing.csv 2>&-')).toEqual({ code: 4, stdout: '', stderr: '' });
    expect(await told(`bnnc inspect ${BIRDS} >&-`)).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(await told(`bnnc inspect ${BIRDS} >&- 2>&- <&-`)).toEqual({ code: 0, stdout: '', stderr: '' });
  });
});
