// Where the tables go: docs/benchmarks/truth.md for the study, stdout for anything else.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readResults } from './results.mjs';
import { document } from './document.mjs';

export function writeTables({ file, tag, out, project }) {
  const text = document(readResults(file).filter((record) => record.tag === tag), tag);
  const place = out ?? (tag === 'study' ? path.join(project, 'docs/benchmarks/truth.md') : undefined);
  if (place === undefined) return process.stdout.write(text);
  mkdirSync(path.dirname(place), { recursive: true });
  writeFileSync(place, text);
  process.stderr.write(`tables in ${path.relative(process.cwd(), place)}\n`);
}
