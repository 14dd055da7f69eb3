// npm run bench:compression: what pruning saves of real networks in parameters, bytes and latency, and what it costs.
// Writes docs/benchmarks/compression.md when all sets ran.
//
//   node bench/compression.mjs [--data ../shared/data] [--sets yacht,raisin,mnist] [--runs FOLDER] [--rounds 9]
//                             [--python PATH]
//
// Run folders that are there are not trained again. Without --python the cache gets an environment with onnxruntime, once.
import { mkdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { findFile } from './truth/files.mjs';
import { facts } from './truth/machine.mjs';
import { latency } from './compression/latency.mjs';
import { pythonWithOnnxruntime, versionOf } from './compression/runtime.mjs';
import { exportsOf } from './compression/exports.mjs';
import { SETS } from './compression/sets.mjs';
import { compare } from './compression/compare.mjs';
import { document, lineOf } from './compression/document.mjs';
import { trained } from './compression/train.mjs';

const project = fileURLToPath(new URL('..', import.meta.url));
/** @returns {{ type: 'string', default: string }} */
const text = (value) => ({ type: 'string', default: value });
const { values } = parseArgs({
  options: {
    data: text(path.join(project, '../shared/data')), sets: text(Object.keys(SETS).join()),
    runs: text(path.join(project, 'bench/compression/.runs')), rounds: text('9'), python: { type: 'string' },
  },
});
const names = values.sets.split(',');
const unknown = names.filter((name) => !Object.hasOwn(SETS, name));
if (unknown.length > 0) throw new Error(`no such set: ${unknown}; there are ${Object.keys(SETS)}`);

const python = values.python ?? pythonWithOnnxruntime(path.join(project, '.cache'));
const rows = [];
for (const name of names) {
  const set = SETS[name];
  const missing = [set.data, set.test].filter((file) => file && !findFile(values.data, file));
  if (missing.length > 0) {
    process.stderr.write(`${name}: skipped, for ${values.data} does not have ${missing.join(' and ')}\n`);
    continue;
  }
  const run = await trained(name, set, values);
  const models = await exportsOf(run, set, values.data);
  const row = {
    name, ...models.facts, compared: await compare(models), latency: latency(python, models, Number(values.rounds)),
  };
  rows.push(row);
  process.stderr.write(`${lineOf(row)}\n`);
}

const date = new Date().toISOString().slice(0, 10);
const about = { ...facts(project), onnxruntime: versionOf(python), date, load: os.loadavg()[0] };
const page = document(rows, about);
process.stdout.write(page);
if (rows.length === Object.keys(SETS).length) {
  mkdirSync(path.join(project, 'docs/benchmarks'), { recursive: true });
  writeFileSync(path.join(project, 'docs/benchmarks/compression.md'), page);
}
