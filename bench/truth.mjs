// npm run bench:truth: inference against known truths and real data. Cells that are done already are passed over, so that a
// stopped study goes on; when all are done, docs/benchmarks/truth.md and truth.csv are composed.
//
//   node bench/truth.mjs [--rows E1,E8,CLASS-wine] [--variants both,weight,gaussian] [--seeds 1-5,8] [--data ../shared/data]
//                        [--jobs 2] [--results FILE] [--quick] [--restarts N] [--set key=value]... [--tag NAME] [--list]
//                        [--table] [--out FILE]
//
// --set and --restarts change what is measured, so that their results want a --tag of their own. --table composes the tables
// from what is there; the table of a tag other than `study` goes to stdout, or to --out.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { keyOf, listCells, QUICK } from './truth/cells.mjs';
import { facts } from './truth/machine.mjs';
import { runCells } from './truth/pool.mjs';
import { duration, Progress } from './truth/progress.mjs';
import { appendResult, readResults } from './truth/results.mjs';
import { writeTables } from './truth/write.mjs';
import { PEERS } from './truth/variants.mjs';

const project = fileURLToPath(new URL('..', import.meta.url));
/** @returns {{ type: 'string', default: string }} */
const text = (value) => ({ type: 'string', default: value });
const { values } = parseArgs({
  options: {
    rows: { type: 'string' }, variants: { type: 'string' }, seeds: { type: 'string' }, data: text(path.join(project, '../shared/data')),
    jobs: text('2'), results: text(path.join(project, 'bench/truth/.results/results.jsonl')), quick: { type: 'boolean' },
    restarts: { type: 'string' }, set: { type: 'string', multiple: true, default: [] }, tag: { type: 'string' },
    list: { type: 'boolean' }, table: { type: 'boolean' }, out: { type: 'string' },
  },
});
const jobs = Number(values.jobs);
if (!Number.isInteger(jobs) || jobs < 1) throw new Error(`--jobs ${values.jobs}: expected a whole number of at least 1`);
const own = [...values.set, ...(values.restarts ? [`train.restarts=${values.restarts}`] : [])];
if (own.length > 0 && !values.tag) throw new Error('--set and --restarts change what is measured: name the results with --tag');
const tag = values.tag ?? (values.quick ? 'quick' : 'study');
const sets = [...(values.quick ? QUICK.sets : []), ...own];
const say = (line) => process.stderr.write(`${line}\n`);

const { cells, missing } = listCells({
  rows: values.rows, variants: values.variants?.split(',') ?? (values.quick ? QUICK.variants : PEERS), seeds: values.seeds, quick: values.quick, folder: values.data,
});
for (const { id, needs } of missing) say(`${id}: skipped, for ${values.data} does not have ${needs.map((name) => `${name}.csv`).join(' and ')}`);
const known = readResults(values.results).filter((record) => record.tag === tag);
const done = new Set(known.filter(({ status }) => status === 'done').map(keyOf));
const open = cells.filter((cell) => !done.has(keyOf({ ...cell, tag })));

if (values.list) {
  for (const cell of cells) console.log(`${cell.row} ${cell.variant} ${cell.seed}${open.includes(cell) ? '' : ' (done)'}`);
} else {
  if (!values.table) await study();
  await writeTables({ file: values.results, tag, out: values.out, project });
}

async function study() {
  say(`${cells.length} cells, ${cells.length - open.length} of them done; results in ${path.relative(process.cwd(), values.results)}`);
  const progress = new Progress(open, known, jobs);
  const stop = new globalThis.AbortController();
  process.once('SIGINT', () => stop.abort());
  process.once('SIGTERM', () => stop.abort());
  const common = { tag, ...facts(project), sets };
  const began = performance.now();
  await runCells(open.map((cell) => ({ cell, folder: values.data, sets })), jobs, (record) => {
    appendResult(values.results, { ...record, ...common, date: new Date().toISOString() });
    progress.finished(record);
  }, stop.signal);
  if (stop.signal.aborted) {
    say(`stopped with ${progress.left.length} cells to do; the same command goes on`);
    process.exit(130);
  }
  say(`done in ${duration((performance.now() - began) / 1000)}`);
}
