// The network, the pruned one, the dense one and the linear model on a division of rows that is given from elsewhere. Seeds
// that are in --results already are passed over; those of the tag go to stdout.
//
//   node bench/split.mjs --split FILE.json --results FILE [--seeds 1,2] [--set key=value]... [--tag NAME] [--data ../shared/data]
//
// The file of the split: { "table": "NAME.csv", "source": "...", "test": [row numbers from 0] }.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import {
  handlers, learn, localRunner, outcomeOf, prepareTable, resolveConfig, startEngine, Stream,
} from 'bnnc/parts';
import { range } from './truth/columns.mjs';
import { readData, targetOf } from './truth/files.mjs';
import { table as lines } from './truth/format.mjs';
import { facts } from './truth/machine.mjs';
import { recordOf } from './truth/record.mjs';
import { appendResult, readResults } from './truth/results.mjs';

const project = fileURLToPath(new URL('..', import.meta.url));
const { values: { split: file, results, seeds, tag, set, data } } = parseArgs({
  options: {
    split: { type: 'string' }, results: { type: 'string' }, seeds: { type: 'string', default: '1' },
    set: { type: 'string', multiple: true, default: [] }, tag: { type: 'string', default: 'default' },
    data: { type: 'string', default: path.join(project, '../shared/data') },
  },
});
if (!file || !results) throw new Error('--split and --results: name the file of the split and one for the results');
if (set.length > 0 && tag === 'default') throw new Error('--set changes what is measured: name it with --tag');
const split = JSON.parse(readFileSync(file, 'utf8'));

const measured = readResults(results).filter((each) => each.row === split.table && each.tag === tag);
await startEngine();
const runner = localRunner(handlers);
const table = await readData(data, split.table.replace(/\.csv(\.gz)?$/, ''));
for (const seed of seeds.split(',').map(Number)) {
  if (measured.some((each) => each.seed === seed)) continue;
  const record = { status: 'done', tag, row: split.table, variant: 'both', seed, ...(await measure(seed)), ...facts(project) };
  appendResult(results, { ...record, date: new Date().toISOString() });
  measured.push(record);
}
await runner.close();
process.stdout.write(`${document(measured).join('\n').trimEnd()}\n`);

async function measure(seed) {
  const before = process.cpuUsage();
  const { config } = await resolveConfig({ sets: set, flags: { data: '-', target: targetOf(table), seed }, cwd: process.cwd() });
  const test = Int32Array.from(split.test);
  const train = range(0, table.rows).filter((row) => !split.test.includes(row));
  const prepared = prepareTable(table, { train, validation: new Int32Array(0), test }, config);
  const learned = await learn(runner, config, prepared);
  const stream = Stream.fromSeed(seed).split('outcome');
  const outcome = await outcomeOf(learned, prepared, { threshold: 0.5, split: 'test', train: config.train }, stream);
  const { user, system } = process.cpuUsage(before);
  const record = recordOf({ protocol: {}, learned, outcome, curve: [], truth: undefined, prepared, copies: undefined });
  return { sets: set, ...record, cpuSeconds: (user + system) / 1e6 };
}

function document(records) {
  const models = { none: 'no inputs', linear: 'linear', dense: 'dense', full: 'full', pruned: 'pruned', tuned: 'fine-tuned' };
  return records.flatMap(({ seed, kept, metrics, rows }) => [
    `Seed ${seed}: ${rows.train} rows to train on, ${rows.test} to test; kept ${kept.join(', ') || 'nothing'}.`, '',
    ...lines(['model', 'accuracy', 'log-loss'], Object.entries(models).filter(([name]) => metrics[name])
      .map(([name, words]) => [words, metrics[name].accuracy.toFixed(3), metrics[name].nll.toFixed(3)])),
  ]);
}
