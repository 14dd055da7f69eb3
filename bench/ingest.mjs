// How fast tables are read, beside csv-parse alone and, with a Python that has them, pandas, Polars and DuckDB, all on one core.
//
//   npm run bench:ingest [-- --python PATH] [--rounds 5]      writes docs/benchmarks/ingest.md
import { execFileSync } from 'node:child_process';
import { createReadStream, createWriteStream, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { parse } from 'csv-parse';
import { fileSource, readTable, Stream } from 'bnnc/parts';
import { facts } from './truth/machine.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const { values } = parseArgs({ options: { python: { type: 'string' }, rounds: { type: 'string', default: '5' } } });
const rounds = Number(values.rounds);
const ROWS = 300_000;
const COLORS = ['red', 'green', 'blue', 'dark violet'];

/** A cell of each kind of table by its column, of so many normal and uniform draws. */
const TABLES = {
  'numbers, 6 decimals': (z) => z.map((value) => value.toFixed(6)),
  'numbers, all digits': (z) => z.map(String),
  'numbers and texts': (z, u) => z.map((value, i) => (i < 10 ? (Math.abs(value) < 2.5 ? value.toFixed(4) : 'NA') : label(u, i))),
  'the same, texts in quotes': (z, u) => z.map((value, i) => (i < 10 ? (Math.abs(value) < 2.5 ? value.toFixed(4) : 'NA') : `"${label(u, i)}"`)),
};
const label = (u, i) => (i < 14 ? COLORS[Math.floor(4 * u[i])] : i < 17 ? `city${Math.floor(200 * u[i])}` : String(Math.floor(1000 * u[i])));

async function write(file, kind) {
  const out = createWriteStream(file);
  out.write(`${Array.from({ length: 20 }, (_, i) => `x${i + 1}`).join()}\n`);
  const stream = Stream.fromSeed(1).split('ingest');
  for (let row = 0; row < ROWS; row++) {
    const u = Array.from({ length: 20 }, () => stream.uniform());
    if (!out.write(`${TABLES[kind](Array.from(stream.normals(20)), u).join()}\n`)) await once(out, 'drain');
  }
  out.end();
  await once(out, 'close');
}

async function least(work) {
  let best = Infinity;
  for (let round = 0; round < rounds; round++) {
    const begun = performance.now();
    await work();
    best = Math.min(best, (performance.now() - begun) / 1000);
  }
  return best;
}

/** Rows of cells, kept nowhere. */
async function parsed(file) {
  let cells = 0;
  for await (const record of createReadStream(file).pipe(parse())) cells += record.length;
  return cells;
}

const folder = mkdtempSync(path.join(tmpdir(), 'bnnc-ingest-'));
const rows = [];
let others = [];
try {
  for (const kind of Object.keys(TABLES)) {
    const file = path.join(folder, 'table.csv');
    await write(file, kind);
    const megabytes = statSync(file).size / 1e6;
    const own = await least(() => readTable(fileSource(file), { delimiter: 'auto', missing: ['', 'NA'] }));
    const alone = await least(() => parsed(file));
    const python = values.python ? JSON.parse(execFileSync(values.python, [path.join(ROOT, 'bench/ingest.py'), file, String(rounds)]).toString()) : {};
    others = Object.keys(python);
    const speeds = [own, alone, ...Object.values(python)].map((seconds) => (megabytes / seconds).toFixed(0));
    rows.push(`| ${kind} | ${megabytes.toFixed(0)} | ${speeds.join(' | ')} |`);
    console.error(rows.at(-1));
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
const { commit, machine } = facts(ROOT);
const names = ['bnnc', 'csv-parse alone', ...others];
writeFileSync(path.join(ROOT, 'docs/benchmarks/ingest.md'), `${[
  '# Reading tables', '',
  `Megabytes a second, of CSV with ${ROWS.toLocaleString('en')} rows and 20 columns, into memory on one core; the best of ${rounds}. bnnc and its peers`,
  'come to columns of numbers and of texts, csv-parse alone to rows of texts that nobody keeps. bnnc also takes the SHA-256 of the file, and knows',
  `the line of each row. By \`npm run bench:ingest\`, ${new Date().toISOString().slice(0, 10)}, commit ${commit}; ${machine.cores} cores, ${machine.cpu}, Node ${machine.node}.`, '',
  `| table | MB | ${names.join(' | ')} |`, `|---|---:|${names.map(() => '---:|').join('')}`, ...rows, '',
].join('\n')}`);
