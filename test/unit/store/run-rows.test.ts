import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Manifest } from '../../../src/store/manifest.js';
import type { RunFolder } from '../../../src/store/open.js';
import { RunRows, type SplitTable } from '../../../src/store/run-rows.js';
import { splitsTable } from '../../../src/store/splits.js';
import { heldOf, heldRows, type Held } from '../../../src/work/large.js';
import { healthyState } from '../../helpers/run-state.js';

const folder = mkdtempSync(join(tmpdir(), 'bnnc-run-rows-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const rows = (from: number, to: number): Int32Array => Int32Array.from({ length: to - from }, (_, at) => from + at);
const SPLITS = { train: rows(0, 30), validation: rows(30, 40), test: rows(40, 50) };
const SEED = 3;

/** A run on 50 rows, of which it was measured on so many as `held` says. */
function runOf(held?: Held): RunFolder {
  const file = join(folder, 'd.csv');
  const text = `x,y\n${Array.from(rows(0, 50), (row) => `${row},${row * 2}\n`).join('')}`;
  writeFileSync(file, text);
  const files: Record<string, Buffer> = Object.fromEntries(Object.entries({
    'config.yaml': `data:\n  path: ${JSON.stringify(file)}\n  target: y\n`, 'splits.csv': splitsTable(SPLITS),
    'metrics.json': JSON.stringify({ ...healthyState().metrics, ...(held && { held }) }),
  }).map(([name, content]) => [name, Buffer.from(content)]));
  const sha256 = (content: string | Buffer): string => createHash('sha256').update(content).digest('hex');
  const entries = Object.entries(files).map(([name, content]) => [name, { bytes: content.length, sha256: sha256(content) }]);
  const manifest = {
    seed: SEED, data: { path: file, sha256: sha256(text), rows: 50 }, files: Object.fromEntries(entries) as Manifest['files'],
  } as Manifest;
  const read = (name: string): Promise<Buffer> => Promise.resolve(files[name]);
  return { path: 'runs/a', manifest, read, readText: async (name) => (await read(name)).toString() };
}

describe('the rows of a run', () => {
  it('are those of the split', async () => {
    const found = await new RunRows(runOf()).find('train') as SplitTable;
    expect([found.rows, found.table.rows]).toEqual([SPLITS.train, 50]);
  });

  it('are the sample that a run on a large table was measured on', async () => {
    const held = heldRows(SPLITS, 1, { rows: 8, cells: 8 }, SEED);
    const source = new RunRows(runOf(heldOf(held, SPLITS)));
    for (const split of ['train', 'validation', 'test'] as const) {
      expect(((await source.find(split)) as SplitTable).rows).toEqual(held[split]);
      expect(held[split]).toHaveLength(8);
    }
  });
});
