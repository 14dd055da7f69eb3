// How often the leakage watch warns: of rows that were drawn independently, of tables of patients, and of real tables.
//
//   node bench/leakage.mjs [--data FOLDER]
//
// FOLDER: CSV files with the target in the last column, in place of those in datasets/.
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { encode, fileSource, fitEncoder, readTable, rowsTable, splitRows, Stream, watchLeakage } from 'bnnc/parts';

const project = fileURLToPath(new URL('..', import.meta.url));
const { values: { data } } = parseArgs({ options: { data: { type: 'string', default: path.join(project, 'datasets') } } });
const READ = { delimiter: 'auto', missing: ['', 'NA', '?'] };
const SPLIT = { validation: 0.1, test: 0.2, stratify: true };
const SETS = 40;

function look(table, target, seed) {
  /** @type {import('bnnc').Config['data']['task']} */
  const task = 'auto';
  const options = { ...READ, target, task, columns: {}, split: SPLIT };
  const { train, test } = splitRows(table, options, Stream.fromSeed(seed).split('split'));
  const encoder = fitEncoder(table, train, options);
  const labelled = (rows) => /** @type {import('../dist/types.js').LabelledDataset} */ (encode(table, encoder, rows));
  const side = (rows) => ({ table, rows, set: labelled(rows) });
  return watchLeakage(encoder, side(train), side(test), seed);
}

/** A line of how many of the looks found what. */
function tell(name, looks) {
  const count = (key) => looks.filter((each) => each[key]).length;
  const named = looks.filter(({ nearRows, alike }) => (nearRows ?? alike)?.column === 'patient').length;
  console.log(`| ${name} | ${looks.length} | ${count('nearRows')} | ${count('alike')} | ${named} | ${count('determining')} |`);
}

function patients({ count = 20, rows = 10, inputs = 6, within = 0.02, name = (p) => `p${p}` }, seed) {
  const stream = Stream.fromSeed(seed).split('patients');
  return rowsTable(Array.from({ length: count }, (_, p) => {
    const [own, y] = [stream.normals(inputs), stream.uniform() < 0.5 || p === 0 ? 'a' : 'b'];
    return Array.from({ length: rows }, () => {
      const noise = stream.normals(inputs);
      const x = Array.from(own, (value, i) => [`x${i}`, value + within * noise[i]]);
      return { ...(name && { patient: name(p) }), ...Object.fromEntries(x), y };
    });
  }).flat(), READ);
}

const KINDS = {
  'normal': (z) => Array.from(z),
  'exponentials of normals': (z) => Array.from(z, (value) => Math.exp(1.5 * value)),
  'Cauchy': (z) => Array.from(z, (value, i) => value / z[(i + 1) % z.length]),
  'rounded to a tenth': (z) => Array.from(z, (value) => Math.round(value * 10) / 10),
  'half of them zeros': (z) => Array.from(z, (value) => Math.max(0, value)),
  'on a line': (z) => Array.from(z, (value) => z[0] + 0.05 * value),
  'five clumps': (z, stream) => { const clump = 6 * stream.integer(5); return Array.from(z, (value) => value + clump); },
  'scales that vary by row': (z, stream) => { const scale = Math.exp(2 * stream.normals(1)[0]); return Array.from(z, (value) => value * scale); },
};

function independent(kind, inputs, rows, seed) {
  const stream = Stream.fromSeed(seed).split(kind, inputs, rows);
  return rowsTable(Array.from({ length: rows }, () => {
    const z = stream.normals(inputs);
    const x = KINDS[kind](z, stream).map((value, i) => [`x${i}`, value]);
    const names = { colour: `c${stream.integer(8)}`, zip: `z${stream.integer(Math.max(4, Math.floor(rows / 10)))}`, age: 20 + stream.integer(60) };
    return { ...Object.fromEntries(x), ...names, y: z[0] + stream.normals(1)[0] > 0 ? 'a' : 'b' };
  }), READ);
}

const seeds = Array.from({ length: SETS }, (_, at) => at + 1);
console.log('| tables | looks | nearly equal | alike | `patient` named | determined |\n|---|---:|---:|---:|---:|---:|');
for (const [name, options] of Object.entries({
  '20 patients × 10 rows, 6 inputs, within a patient sd .02': {},
  'the same, sd .1': { within: 0.1 },
  'the same, sd .3': { within: 0.3 },
  'sd .02, patients are numbers': { name: (p) => 1000 + p },
  'sd .02, no column of patients': { name: null },
  'sd .02, 3 inputs': { inputs: 3 },
  'sd .02, 50 inputs': { inputs: 50 },
  '72 × 15 rows, 20 inputs, sd .5': { count: 72, rows: 15, inputs: 20, within: 0.5 },
  'the same, sd 1': { count: 72, rows: 15, inputs: 20, within: 1 },
})) tell(name, seeds.map((seed) => look(patients(options, seed), 'y', seed)));
for (const kind of Object.keys(KINDS)) {
  const sizes = [2, 3, 5, 10, 30].flatMap((inputs) => [100, 200, 1000].map((rows) => [inputs, rows]));
  tell(`independent: ${kind}`, sizes.flatMap(([inputs, rows]) => seeds.slice(0, 6).map((seed) => look(independent(kind, inputs, rows, seed), 'y', seed))));
}
for (const file of readdirSync(data).filter((name) => /\.csv(\.gz)?$/.test(name) && !name.includes('splits'))) {
  const table = await readTable(fileSource(path.join(data, file)), READ);
  tell(file, seeds.slice(0, 10).map((seed) => look(table, table.names.at(-1), seed)));
}
