// What weights, groups, the leakage watch and the linear part add to the time of `bnnc train`.
//
//   npm run bench:additions [-- ROUNDS]      writes docs/benchmarks/additions.md
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { encode, fileSource, fitEncoder, readTable, splitRows, Stream, watchLeakage } from 'bnnc/parts';
import { facts } from './truth/machine.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const READ = { delimiter: 'auto', missing: [''] };

/** The watch as a training makes it, in a process of its own: nothing is warm. Milliseconds. */
async function watched(file, target) {
  const options = {
    ...READ, target, columns: {}, split: { validation: 0.1, test: 0.2, stratify: true },
    /** @type {import('bnnc').Config['data']['task']} */
    task: 'auto',
  };
  const table = await readTable(fileSource(file), READ);
  const { train, test } = splitRows(table, options, Stream.fromSeed(1).split('split'));
  const encoder = fitEncoder(table, train, options);
  const labelled = (rows) => /** @type {import('../dist/types.js').LabelledDataset} */ (encode(table, encoder, rows));
  const side = (rows) => ({ table, rows, set: labelled(rows) });
  const sides = [side(train), side(test)];
  const begun = performance.now();
  watchLeakage(encoder, sides[0], sides[1], 1);
  return performance.now() - begun;
}

/** A table of numbers with a linear and a curved input, a column of ones, and one of groups of a row each. */
function made(file, rows, inputs) {
  const stream = Stream.fromSeed(1).split('additions');
  const lines = [`${Array.from({ length: inputs }, (_, i) => `x${i + 1}`).join()},one,own,y`];
  for (let row = 0; row < rows; row++) {
    const x = Array.from(stream.normals(inputs));
    const y = x[0] + Math.abs(x[1]) + stream.normals(1)[0];
    lines.push([...x.map((value) => value.toFixed(4)), 1, `g${row}`, y.toFixed(4)].join());
  }
  writeFileSync(file, lines.join('\n'));
}

/** A file with the two columns beside its own. */
function beside(from, file) {
  const [head, ...rows] = readFileSync(from, 'utf8').trim().split(/\r?\n/);
  writeFileSync(file, [`one,own,${head}`, ...rows.map((row, at) => `1,g${at},${row}`)].join('\n'));
}

/** Seconds of the whole command, and those of its linear part. */
function trained(file, target, args, folder) {
  const out = path.join(folder, 'run');
  const begun = performance.now();
  const { status, stderr } = spawnSync(process.execPath, ['bin/bnnc.js', 'train', '--data', file, '--target', target, '-o', out, '--force', '-q', ...args],
    { cwd: ROOT, encoding: 'utf8' });
  const whole = (performance.now() - begun) / 1000;
  if (status !== 0) throw new Error(stderr);
  return { whole, linear: JSON.parse(readFileSync(path.join(out, 'manifest.json'), 'utf8')).seconds.linear };
}

const [first = '3', watchedFile, watchedTarget] = process.argv.slice(2);
if (first === 'watch') {
  console.log(await watched(watchedFile, watchedTarget));
} else {
  const rounds = Number(first);
  const folder = mkdtempSync(path.join(tmpdir(), 'bnnc-additions-'));
  try {
    const raisin = path.join(folder, 'raisin.csv');
    const large = path.join(folder, 'large.csv');
    beside(path.join(ROOT, 'datasets/raisin.csv'), raisin);
    made(large, 10_000, 50);
    const rows = [];
    for (const [name, file, target] of [['raisin', raisin, 'Class'], ['10,000 × 50', large, 'y']]) {
      // `one` and `own` are in every run, so that all learn from the same columns.
      const kinds = {
        plain: ['--ignore', 'one', '--ignore', 'own'],
        weights: ['--set', 'data.weights=one', '--ignore', 'own'],
        groups: ['--set', 'data.split.group=own', '--ignore', 'one'],
      };
      const best = Object.fromEntries(Object.keys(kinds).map((kind) => [kind, { whole: Infinity, linear: Infinity }]));
      let watch = Infinity;
      for (let round = 0; round < rounds; round++) {
        for (const [kind, args] of Object.entries(kinds)) {
          const { whole, linear } = trained(file, target, args, folder);
          best[kind] = { whole: Math.min(best[kind].whole, whole), linear: Math.min(best[kind].linear, linear) };
        }
        watch = Math.min(watch, Number(execFileSync(process.execPath, [fileURLToPath(import.meta.url), 'watch', file, target])) / 1000);
      }
      const { plain, weights, groups } = best;
      const share = (seconds) => `${(100 * seconds / plain.whole).toFixed(1)} %`;
      // Fits to other folds take another time: of groups only what they add to the linear part is theirs.
      const parts = [weights.whole - plain.whole, groups.linear - plain.linear, watch, plain.linear];
      rows.push(`| ${name} | ${plain.whole.toFixed(2)} | ${weights.whole.toFixed(2)} (${share(parts[0])}) | ${parts[1].toFixed(2)} (${share(parts[1])}) `
        + `| ${watch.toFixed(3)} (${share(watch)}) | ${plain.linear.toFixed(2)} (${share(plain.linear)}) | ${share(parts.reduce((sum, part) => sum + part, 0))} |`);
      console.error(rows.at(-1));
    }
    const { commit, machine } = facts(ROOT);
    writeFileSync(path.join(ROOT, 'docs/benchmarks/additions.md'), `${[
      '# What is added to the time of a training', '',
      `Seconds of \`bnnc train\`, the least of ${rounds} that took turns: plain, with weights of 1, with groups of one row each. Groups`,
      'divide the rows otherwise, so that fits take another time; what they add is that to the linear part, where their dependence is judged. The',
      'leakage watch was timed in a process of its own, with nothing warm. The linear part tells its time itself, in',
      `\`manifest.json\`. In brackets the share of the plain training. By \`npm run bench:additions\`, ${new Date().toISOString().slice(0, 10)}, commit ${commit};`,
      `${machine.cores} cores, ${machine.cpu}, Node ${machine.node}.`, '',
      '| table | plain | weights | groups | leakage watch | linear part | all four |', '|---|---:|---:|---:|---:|---:|---:|', ...rows, '',
    ].join('\n')}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
