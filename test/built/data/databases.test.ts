/**
 * SQLite and Postgres through DuckDB. Its extensions for them are files that DuckDB else loads from the network: the variable
 * BNNC_DUCKDB_EXTENSIONS names a folder with sqlite_scanner.duckdb_extension and postgres_scanner.duckdb_extension.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { train } from '../../../src/api/train.js';
import type { Duckdb } from '../../../src/data/duckdb-cells.js';
import { fileSource, readTable, tableSource } from '../../../src/data/index.js';
import { hasPostgres, startPostgres } from '../../helpers/postgres.js';

const PACKAGE: string = '@duckdb/node-api';
const duckdb = await import(PACKAGE).then((found) => found as Duckdb, () => undefined);
const CSV = fileURLToPath(new URL('../../../datasets/penguins.csv', import.meta.url));
const options = { delimiter: 'auto', missing: [] };

const extension = (kind: string): string =>
  join(process.env.BNNC_DUCKDB_EXTENSIONS ?? '/nowhere', `${kind}_scanner.duckdb_extension`);
const can = (kind: string): boolean => duckdb !== undefined && existsSync(extension(kind));
for (const kind of ['sqlite', 'postgres']) {
  if (can(kind) && (kind === 'sqlite' || hasPostgres)) continue;
  console.log(`${kind} through DuckDB is skipped: DuckDB, its extension or the server is not here`);
}

const folder = mkdtempSync(join(tmpdir(), 'bnnc-databases-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The bytes of the posterior that a short training gives. */
async function posterior(name: string, from: { data: string; query?: string }): Promise<Buffer> {
  const out = join(folder, name);
  await train({
    ...from, target: 'species', out, jobs: 1, seed: 1, model: { hidden: [4] }, search: { steps: 0 }, inclusion: { samples: 100 },
    train: { epochs: 20, restarts: 1, reference: false },
  });
  return readFileSync(join(out, 'posterior.safetensors'));
}

let learned: Promise<Buffer> | undefined;

/** The cells of the table that a database has after it was written from CSV beside those of the file, and what each trains to. */
async function bothWays(kind: string, place: string): Promise<void> {
  const attach = (mode: string): string => `load '${extension(kind)}'; attach '${place}' as store (type ${kind}${mode});`;
  const copy = `create table store.penguins as select * from read_csv('${CSV}', all_varchar = true);`;
  await readTable(tableSource('duckdb:', 'duckdb:', `${attach('')} ${copy} select 1 as a`), options);
  const found = await readTable(tableSource('duckdb:', 'duckdb:', `${attach(', read_only')} select * from store.penguins`), options);
  const expected = await readTable(fileSource(CSV), options);
  expect(found.names).toEqual(expected.names);
  expect(found.rows).toBe(344);
  expect(found.columns).toEqual(expected.columns);
  const query = `${attach(', read_only')} select * from store.penguins`;
  expect(await posterior(kind, { data: 'duckdb:', query })).toEqual(await (learned ??= posterior('csv', { data: CSV })));
}

describe('rows of a database are those of the CSV file that it was written from, and train to the same bytes', () => {
  it.skipIf(!can('sqlite'))('SQLite', () => bothWays('sqlite', join(folder, 'penguins.sqlite')), 120_000);

  it.skipIf(!can('postgres') || !hasPostgres)('Postgres', async () => {
    const { connection, stop } = startPostgres();
    try {
      await bothWays('postgres', connection);
    } finally {
      stop();
    }
  }, 120_000);
});
