// npm run bench:simplify: what a training with the search over structures needs of the variational inference before it. Every
// part is left out in turn. Tables that are done already are passed over, so that a stopped study goes on; then
// docs/benchmarks/simplify.md is composed.
//
//   node bench/simplify.mjs [--rows E5,CLASS-wine] [--seeds 1] [--variants full,rescue] [--data ../shared/data] [--jobs 1]
//                           [--results FILE] [--tag NAME] [--table] [--out FILE]
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { numbers, protocolsOf } from './truth/cells.mjs';
import { facts } from './truth/machine.mjs';
import { runCells } from './truth/pool.mjs';
import { appendResult, readResults } from './truth/results.mjs';
import { documentOf } from './simplify/document.mjs';
import { USUAL } from './simplify/variants.mjs';

/** In this order. Beyond the reach of the search are digits, dna_splice, isolet and lymphoma. */
const ROWS = [
  'E5', 'E6-yacht', 'CLASS-wine', 'E6-boston_housing', 'CLASS-titanic', 'CLASS-pima_diabetes', 'E6-concrete', 'CLASS-breast_cancer',
  'SEEDS-auto_mpg', 'CLASS-sonar', 'E8-300-100', 'CLASS-penguins', 'CLASS-german_credit', 'CLASS-house_votes_84',
  'CLASS-pima_diabetes_missing', 'E6-energy_heating', 'CLASS-lung_small', 'E9-colon', 'E6-wine_quality_red', 'CLASS-musk', 'E9-leukemia',
];
const project = fileURLToPath(new URL('..', import.meta.url));
/** @returns {{ type: 'string', default: string }} */
const text = (value) => ({ type: 'string', default: value });
const { values } = parseArgs({
  options: {
    rows: text(ROWS.join()), seeds: text('1'), variants: text(USUAL.join()), data: text(path.join(project, '../shared/data')),
    jobs: text('1'), results: text(path.join(project, 'bench/simplify/.results/results.jsonl')), tag: text('study'),
    table: { type: 'boolean' }, out: text(path.join(project, 'docs/benchmarks/simplify.md')),
  },
});
const names = values.variants.split(',');
const wanted = numbers(values.seeds);
const cells = protocolsOf(values.rows)
  .flatMap(({ id, seeds }) => Array.from({ length: seeds }, (_, at) => ({ row: id, variant: names.join(), seed: at + 1 })))
  .filter(({ seed }) => wanted(seed)).sort((a, b) => a.seed - b.seed);
const isDone = (cell) => recordsOf(cell).length > 0;
const recordsOf = ({ row, variant, seed }) => readResults(values.results).filter((record) =>
  record.tag === values.tag && record.status === 'done' && record.row === row && record.variant === variant && record.seed === seed);

if (!values.table) {
  const stop = new globalThis.AbortController();
  process.once('SIGINT', () => stop.abort());
  process.once('SIGTERM', () => stop.abort());
  const common = { tag: values.tag, ...facts(project) };
  const orders = cells.filter((cell) => !isDone(cell)).map((cell) => ({ cell, folder: values.data, names, sets: [] }));
  await runCells(orders, Number(values.jobs), (record) => {
    appendResult(values.results, { ...record, ...common, date: new Date().toISOString() });
    process.stderr.write(`${record.row} ${record.seed}: ${record.status}\n`);
  }, stop.signal, fileURLToPath(new URL('simplify/worker.mjs', import.meta.url)));
  if (stop.signal.aborted) process.exit(130);
}
writeFileSync(values.out, documentOf(readResults(values.results).filter(({ tag, status }) => tag === values.tag && status === 'done')));
