import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { resolveConfig } from '../../../src/config/resolve.js';
import { BnncError, type Problem } from '../../../src/errors.js';
import { rowsTable, type Column, type Table } from '../../../src/data/index.js';
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

describe('the signal', () => {
  const NAMES = ['a', 'b', 'c'];
  /** How often each input was looked at. */
  let looks: Record<string, number>;

  /** A table that tells whoever looks at the cells of an input. */
  function watched(onLook: (name: string) => void): Table {
    looks = { a: 0, b: 0, c: 0 };
    const rows = Array.from({ length: 20 }, (_, i) => ({ a: i % 7, b: i % 5, c: i % 3, y: (i * 7) % 11 + 0.5 }));
    const table = rowsTable(rows, { missing: [] });
    return { ...table, sha256: 'known', columns: table.columns.map((column, c) => (NAMES[c] ? { ...column, get values() {
      looks[NAMES[c]]++;
      onLook(NAMES[c]);
      return (column as Extract<Column, { type: 'number' }>).values;
    } } : column)) };
  }

  /** Prepares; the signal comes in the turn after an input was looked at for the first time, or after it was encoded. */
  async function leftAfter(input: string, when: (look: number) => boolean): Promise<unknown> {
    const abort = new AbortController();
    const given = watched((name) => {
      if (name === input && when(looks[name])) setImmediate(() => abort.abort());
    });
    const resolved = await resolveConfig({ cwd, flags: { data: '-', target: 'y' } });
    return prepare(resolved, given, { signal: abort.signal }).then(() => undefined, (error: unknown) => error);
  }

  it('is heard between two columns that are fitted', async () => {
    expect(await leftAfter('a', (look) => look === 1)).toMatchObject({ problems: [{ code: 'interrupted.stopped' }] });
    expect(looks.c).toBe(0);
  });

  it('is heard between the parts that are encoded and between the columns that are remarked on', async () => {
    await leftAfter('c', () => false);
    const whole = { ...looks };
    for (let look = 1; look < whole.a - 1; look++) {
      expect(await leftAfter('a', (each) => each === look)).toMatchObject({ problems: [{ code: 'interrupted.stopped' }] });
      expect(looks.c).toBeLessThan(whole.c);
    }
  });
});
