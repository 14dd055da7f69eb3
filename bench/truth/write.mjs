// Where the tables go: the verdicts of the study to docs/benchmarks/truth.md and all its figures to truth.csv beside it; whole
// tables of anything else to stdout.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readResults } from './results.mjs';
import { document } from './document.mjs';
import { splitPage } from './figures.mjs';

export function writeTables({ file, tag, out, project }) {
  const records = readResults(file).filter((record) => record.tag === tag);
  if (records.length === 0) throw new Error(`${file} has no results of '${tag}'; the tables that are there stay`);
  const text = document(records, tag);
  const place = out ?? (tag === 'study' ? path.join(project, 'docs/benchmarks/truth.md') : undefined);
  if (place === undefined) return process.stdout.write(text);
  const table = `${place.replace(/\.md$/, '')}.csv`;
  const { page, csv } = splitPage(text, path.basename(table));
  mkdirSync(path.dirname(place), { recursive: true });
  writeFileSync(place, page);
  writeFileSync(table, csv);
  process.stderr.write(`verdicts in ${path.relative(process.cwd(), place)}, figures in ${path.relative(process.cwd(), table)}\n`);
}
