import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { resolveConfig } from '../../../src/config/resolve.js';
import { BnncError, type Problem } from '../../../src/errors.js';
import { prepare } from '../../../src/work/prepare.js';

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'bnnc-prepare-'));
  const rows = Array.from({ length: 20 }, (_, i) => `${i},${(i * 7) % 11 + 0.5}`);
  writeFileSync(join(cwd, 'd.csv'), `x,y\n${rows.join('\n')}\n`);
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

async function problem(testFile?: string): Promise<Problem> {
  if (testFile !== undefined) writeFileSync(join(cwd, 't.csv'), testFile);
  const resolved = await resolveConfig({ cwd, flags: { data: 'd.csv', target: 'y' }, sets: ['data.split.testFile=t.csv'] });
  const error = await prepare(resolved).then(() => undefined, (reason: unknown) => reason);
  if (!(error instanceof BnncError)) throw new Error(`expected a failure, got ${String(error)}`);
  return error.problems[0];
}

describe('a test file', () => {
  it('that is not there is told by its key', async () => {
    expect(await problem()).toMatchObject({ code: 'data.missing-file', message: 'data.split.testFile: no such file' });
  });

  it('needs the target, and a value in it', async () => {
    expect(await problem('x\n1\n')).toMatchObject({ code: 'data.missing-target', message: "the test file has no column 'y'" });
    expect(await problem('x,y\n1,\n2,NA\n'))
      .toMatchObject({ code: 'data.missing-target', message: "the test file has no value in column 'y'", where: { line: 1 } });
  });
});
