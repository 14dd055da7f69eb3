import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { calibrate } from '../../../src/api/calibrate.js';
import { crossValidate } from '../../../src/api/cross-validate.js';
import { planTraining } from '../../../src/api/plan-training.js';
import { train } from '../../../src/api/train.js';
import { roughSize } from '../../../src/data/table-size.js';
import { fileSource } from '../../../src/data/index.js';
import { memoryNeeded, planMemory, scarcity, type MemoryShape } from '../../../src/work/memory.js';

const folder = mkdtempSync(join(tmpdir(), 'bnnc-memory-'));
afterAll(() => rmSync(folder, { recursive: true }));

const SHAPE: MemoryShape = { rows: 1e6, columns: 21, trainRows: 7e5, encoded: 20, outputs: 1, parameters: 3000 };

/** A table of rows of equal length, so that its size can be told from a part of it. */
function table(rows: number, columns: number): string {
  const path = join(folder, `${rows}-${columns}.csv`);
  const cell = (n: number, c: number): string => String(1000 + (n * 7919 + c * 104729) % 9000);
  const cells = (n: number): string => Array.from({ length: columns }, (_, c) => cell(n, c)).join();
  const names = Array.from({ length: columns }, (_, c) => (c === 0 ? 'y' : `x${c}`)).join();
  writeFileSync(path, `${names}\n${Array.from({ length: rows }, (_, n) => cells(n)).join('\n')}\n`);
  return path;
}

const codes = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(() => 'no error', (error: { problems: { code: string }[] }) => error.problems.map(({ code }) => code));

describe('the memory that is needed', () => {
  it('grows with rows, columns, parameters and jobs', () => {
    const needed = memoryNeeded(SHAPE, 1);
    const larger = [{ rows: 2e6 }, { columns: 40 }, { trainRows: 9e5 }, { encoded: 200 }, { outputs: 9 }, { parameters: 1e6 }];
    for (const more of larger) {
      expect(memoryNeeded({ ...SHAPE, ...more }, 1)).toBeGreaterThan(needed);
    }
    expect(memoryNeeded(SHAPE, 3)).toBeGreaterThan(memoryNeeded(SHAPE, 2));
    expect(memoryNeeded(SHAPE, 2, { whole: true })).toBeGreaterThan(memoryNeeded(SHAPE, 2));
  });

  it('is little for cells of a large table, which stay on the disk, unless a cross-validation holds them', () => {
    const large = { ...SHAPE, rows: 1e7, trainRows: 1e5, large: true };
    expect(memoryNeeded(large, 1)).toBeLessThan(1.4e9);
    expect(memoryNeeded({ ...large, columns: 40 }, 1)).toBe(memoryNeeded(large, 1));
    expect(memoryNeeded({ ...large, rows: 2e7 }, 1)).toBeGreaterThan(memoryNeeded(large, 1));
    expect(memoryNeeded(large, 1, { whole: true })).toBeGreaterThan(2.5e9);
  });

  it('takes away jobs that were not asked for, and none that were', () => {
    const limit = memoryNeeded(SHAPE, 2);
    expect(planMemory(SHAPE, { limit }, { asked: 'auto', most: 4 })).toMatchObject({ jobs: 2, needed: limit });
    expect(planMemory(SHAPE, { limit }, { asked: 4, most: 4 }).jobs).toBe(4);
    expect(planMemory(SHAPE, { limit: 1 }, { asked: 'auto', most: 4 }).jobs).toBe(1);
  });

  it('is told where others hold it', () => {
    expect(scarcity({ needed: 3e9, limit: 8e9, free: 2e9, jobs: 1 })).toContain('2.0 GB are free');
    expect(scarcity({ needed: 3e9, limit: 8e9, free: 4e9, jobs: 1 })).toBeUndefined();
  });
});

describe('where memory will not do', () => {
  const options = { data: table(400, 5), target: 'y', memory: 0.1 };

  it('nothing is begun', async () => {
    expect(await codes(train({ ...options, out: join(folder, 'run') }))).toEqual(['training.memory']);
    expect(await codes(crossValidate(options))).toEqual(['training.memory']);
    expect(await codes(calibrate(undefined, options))).toEqual(['training.memory']);
    expect(await codes(train({ rows: [1, 2, 3, 4, 5, 6, 7].map((n) => ({ x: n, y: n * n })), target: 'y', memory: 0.1 })))
      .toEqual(['training.memory']);
  });

  it('the message has both figures and the way out', async () => {
    await expect(train(options)).rejects.toThrow(/400 rows and 5 columns need some 0\.\d GB of memory, and there are 0\.1 GB/);
    await expect(train(options)).rejects.toThrow(/memory: 'any'/);
  });

  it('a large file is refused before it is read', async () => {
    const path = table(20_000, 40);
    writeFileSync(path, 'an,odd,line\n', { flag: 'a' });
    expect(await codes(train({ data: path, target: 'y', memory: 0.05 }))).toEqual(['training.memory']);
    // Whoever reads to the end finds the line.
    expect(await codes(train({ data: path, target: 'y', memory: 'any' }))).toEqual(['data.ragged-row']);
  });

  it('a plan tells what is needed and what there is', async () => {
    expect((await planTraining(options)).memory).toMatchObject({ jobs: 1, limit: 1e8 });
    expect((await planTraining({ ...options, memory: 'any' })).memory).not.toHaveProperty('limit');
  });
});

describe('the size of a file', () => {
  it('is told from its first rows', async () => {
    const size = await roughSize(fileSource(table(20_000, 40)), { delimiter: 'auto', missing: [] }, 0);
    expect(size).toMatchObject({ columns: 40, encoded: 39 });
    expect(Math.abs(size!.rows / 20_000 - 1)).toBeLessThan(0.01);
    expect(await roughSize(fileSource(table(20_000, 40)), { delimiter: 'auto', missing: [] }, 1e9)).toBeUndefined();
  });
});
