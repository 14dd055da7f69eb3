/** The same cells in every format that is read give the same run, byte by byte, and the same predictions. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Duckdb } from '../../../src/data/duckdb-cells.js';
import { evaluate, inspect, predict, prune, train, type Prediction } from '../../../src/index.js';
import { Stream } from '../../../src/random.js';

/** y follows x and the colour; codes have leading zeros, and some cells are missing. */
const stream = Stream.fromSeed('formats');
const [x, z, noise] = ['x', 'z', 'noise'].map((name) => stream.split(name).normals(120));
const rows = Array.from(x, (each, n) => ({
  x: each, z: n % 17 === 3 ? null : Math.round(100 * z[n]) / 100, colour: ['red', 'blue', 'green'][n % 3], on: n % 5 < 2,
  code: ['01', '02'][n % 2], day: `2024-03-${String(1 + (n % 28)).padStart(2, '0')}`, y: each + (n % 3) + 0.3 * noise[n],
}));
const NAMES = Object.keys(rows[0]);

const CSV = [NAMES.join(), ...rows.map((row) => Object.values(row).map((cell) => cell ?? '').join())].join('\n');
const LINES = rows.map((row) => JSON.stringify(row)).join('\n');
const PARQUET = new Uint8Array(parquetWriteBuffer({
  columnData: NAMES.map((name) => ({ name, data: rows.map((row) => row[name as keyof typeof row]) })), rowGroupSize: 50,
}));
const files: Record<string, string | Uint8Array> = {
  'rows.csv': CSV, 'rows.csv.gz': gzipSync(CSV), 'rows.jsonl': LINES, 'rows.ndjson.gz': gzipSync(LINES), 'rows.txt': LINES,
  'rows.parquet': PARQUET, 'rows.parquet.gz': gzipSync(PARQUET),
};

/** An optional peer: where it is not installed, the database is left out. */
const PACKAGE: string = '@duckdb/node-api';
const duckdb = await import(PACKAGE).then((found) => found as Duckdb, () => undefined);
const DATABASE = 'duckdb:rows.db';
const SOURCES = [...Object.keys(files), ...(duckdb ? [DATABASE] : [])];
const query = (name: string) => (name === DATABASE ? { query: 'select * from rows' } : {});

async function makeDatabase(): Promise<void> {
  const instance = await duckdb!.DuckDBInstance.create(path.join(cwd, 'rows.db'));
  const connection = await instance.connect();
  const from = path.join(cwd, 'rows.csv').replaceAll("'", "''");
  const statements = await connection.extractStatements(`create table rows as select * from read_csv('${from}', all_varchar = true)`);
  await (await statements.prepare(0)).run();
  connection.disconnectSync();
  instance.closeSync();
}

let cwd: string;
const predicted = async (file: string): Promise<Prediction[]> => {
  const all: Prediction[] = [];
  for await (const each of predict('runs/rows.csv/pruned', file, { cwd, ...query(file) })) all.push(each);
  return all;
};
const runOf = (file: string): string => `runs/${file.replace(':', '-')}`;
const learn = (file: string) => train({
  cwd, data: file, ...query(file), target: 'y', out: runOf(file), jobs: 1, search: { steps: 0 }, inclusion: { rescues: 0 }, model: { hidden: [3] },
  train: { epochs: 120, restarts: 1, reference: false },
});

beforeAll(async () => {
  cwd = mkdtempSync(path.join(tmpdir(), 'bnnc-formats-'));
  for (const [name, content] of Object.entries(files)) writeFileSync(path.join(cwd, name), content);
  if (duckdb) await makeDatabase();
  for (const name of SOURCES) {
    await learn(name);
    await prune(runOf(name), { cwd, out: `${runOf(name)}/pruned` });
  }
}, 120_000);
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

describe.each(SOURCES.slice(1))('%s', (name) => {
  it.each([
    'encoder.json', 'inclusion/inputs.csv', 'inclusion/weights.csv', 'posterior.safetensors', 'pruned/model.json',
  ])('gives the same %s as CSV', (file) => {
    const [expected, found] = ['rows.csv', name].map((each) => readFileSync(path.join(cwd, runOf(each), file)));
    expect(found.equals(expected)).toBe(true);
  });

  it('gives the same predictions, metrics and columns', async () => {
    expect(await predicted(name)).toEqual(await predicted('rows.csv'));
    const metrics = async (file: string) => (await evaluate('runs/rows.csv/pruned', file, { cwd, ...query(file) })).metrics;
    expect(await metrics(name)).toEqual(await metrics('rows.csv'));
    const columns = async (file: string) => ({ ...(await inspect(file, { cwd, ...query(file) })), path: '', sha256: '' });
    expect(await columns(name)).toEqual(await columns('rows.csv'));
  });
});

it.skipIf(!duckdb)('test rows come from a database, too', async () => {
  const run = await train({
    cwd, data: DATABASE, query: "select * from rows where colour <> 'red'", test: DATABASE, testQuery: "select * from rows where colour = 'red'",
    target: 'y', jobs: 1, search: { steps: 0 }, inclusion: { rescues: 0 }, model: { hidden: [3] }, train: { epochs: 20, restarts: 1, reference: false },
  });
  expect(run.metrics.full.splits.test).toMatchObject({ rows: 40 });
});
