// The whole command `bnnc train` on raisin against a Python script that does the same with PyTorch, imports included.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { table, verdict } from './table.mjs';

const TARGET = 0.5;
/** Steps a fit of the short runs that choose PyTorch's number of threads. */
const SCOUT_STEPS = 200;
const file = (name) => fileURLToPath(new URL(name, import.meta.url));
const DATA = file('../../datasets/raisin.csv');

export async function commandPart({ python, commandRounds, folder }) {
  const out = { ours: path.join(folder, 'raisin'), theirs: path.join(folder, 'raisin-lbbnn') };
  const ours = () => seconds(process.execPath,
    [file('../../bin/bnnc.js'), 'train', '--data', DATA, '--target', 'Class', '-q', '--force', '-o', out.ours]);
  const script = [file('raisin_lbbnn.py'), DATA, out.theirs];
  const chosen = fasterThreads((flags, limit) => seconds(python, [...script, '--steps', SCOUT_STEPS, ...flags], limit));
  const theirs = () => seconds(python, [...script, ...chosen.flags]);
  const best = { ours: Infinity, theirs: Infinity };
  let spent;
  for (let round = 0; round < commandRounds; round++) {
    const took = ours();
    if (took < best.ours) {
      best.ours = took;
      spent = read(out.ours, 'manifest.json').seconds;
    }
    best.theirs = Math.min(best.theirs, theirs());
  }
  const accuracy = { ours: read(out.ours, 'metrics.json'), theirs: read(out.theirs, 'metrics.json') };
  const test = ({ full, dense }) => [full, dense]
    .map((model) => (model.splits ?? model).test.accuracy.toFixed(3)).join(', dense ');
  const stages = Object.entries(spent).map(([stage, s]) => `${stage} ${s.toFixed(1)}`).join(', ');
  const rest = best.ours - Object.values(spent).reduce((sum, s) => sum + s, 0);
  return ['## Whole command', '',
    '`bnnc train` on datasets/raisin.csv with the defaults (7-32-16-1, 4 restarts and the dense reference, 4000 steps each on 630 rows)'
      + ' against [raisin_lbbnn.py](../../bench/speed/raisin_lbbnn.py), which does the same in the manner of research scripts; its head'
      + ` says what is in it. Wall time, imports included, the minimum of ${commandRounds} interleaved runs.`
      + ` PyTorch ran with ${chosen.name} (short runs: ${chosen.why}).`, '',
    ...table(['', 'seconds', 'accuracy on the test rows'], [
      ['bnnc train', best.ours.toFixed(1), test(accuracy.ours)],
      ['Python script', best.theirs.toFixed(1), test(accuracy.theirs)],
      ['bnnc ÷ Python', verdict(best.ours / best.theirs, TARGET), ''],
    ]), '',
    `Where bnnc's time goes, in seconds: ${stages}, starting and ending ${rest.toFixed(1)}. The test rows of the two are different`
      + ' draws of 180 of the 900 rows.'];
}

const read = (folder, name) => JSON.parse(readFileSync(path.join(folder, name), 'utf8'));

/** Short runs with one thread and with PyTorch's default number; the second is cut off when it can no longer win. */
function fasterThreads(run) {
  const [one, all] = [{ name: 'one thread', flags: ['--threads', '1'] }, { name: 'its default threads', flags: [] }];
  const alone = run(one.flags);
  const limit = 2 * alone;
  const together = run(all.flags, limit);
  const shown = Number.isFinite(together) ? `${together.toFixed(1)} s` : `more than ${limit.toFixed(1)} s`;
  return { ...(together < alone ? all : one), why: `one thread ${alone.toFixed(1)} s, default ${shown}` };
}

/** Wall time of a program; infinite when it was stopped at `limit` seconds. */
function seconds(program, args, limit) {
  const begun = performance.now();
  try {
    execFileSync(program, args.map(String), { stdio: ['ignore', 'ignore', 'inherit'], timeout: limit && Math.round(1000 * limit) });
  } catch (error) {
    if (error.code === 'ETIMEDOUT') return Infinity;
    throw error;
  }
  return (performance.now() - begun) / 1000;
}
