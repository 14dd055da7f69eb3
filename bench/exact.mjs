// npm run bench:exact: probabilities of the search over structures beside gold standards. Level 0: all linear models of up to ten
// inputs. Level 1: all structures of small networks, their marginal likelihoods by sequential Monte Carlo. Writes
// docs/benchmarks/exact.md unless told otherwise. Tables that are in --results already are passed over.
//
//   node bench/exact.mjs [--seed 1] [--steps auto] [--tables 20,20] [--results FILE] [--out FILE]
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { documentOf } from './exact/document.mjs';
import { levelOne, levelZero, sumsToOne } from './exact/levels.mjs';
import { facts } from './truth/machine.mjs';
import { appendResult, readResults } from './truth/results.mjs';

const project = fileURLToPath(new URL('..', import.meta.url));
/** @returns {{ type: 'string', default: string }} */
const text = (value) => ({ type: 'string', default: value });
const { values } = parseArgs({
  options: {
    seed: text('1'), steps: text('auto'), tables: text('20,20'), results: { type: 'string' },
    out: text(path.join(project, 'docs/benchmarks/exact.md')),
  },
});
const settings = { seed: values.seed, steps: values.steps === 'auto' ? 'auto' : Number(values.steps) };
const counts = values.tables.split(',').map(Number);
const known = values.results ? readResults(values.results) : [];
const records = [];

one('sums', () => ({ sums: sumsToOne(settings) }));
[levelZero, levelOne].forEach((measure, level) => {
  for (let at = 0; at < counts[level]; at++) one(`level ${level}, ${at}`, () => measure(at, settings));
});
writeFileSync(values.out, documentOf(records, settings));

/** A table's record: read, or measured and kept. */
function one(row, measure) {
  const tag = `${settings.steps} steps`;
  const found = known.find((each) => each.row === row && each.seed === settings.seed && each.tag === tag);
  const record = found ?? {
    status: 'done', tag, row, variant: 'search', seed: settings.seed, ...measure(), ...facts(project), date: new Date().toISOString(),
  };
  if (!found && values.results) appendResult(values.results, record);
  records.push(record);
  const error = record.gold ? Math.max(...record.pips.map((pip, j) => Math.abs(pip - record.gold[j]))).toFixed(3) : 'done';
  process.stderr.write(`${row}: ${error}\n`);
}
