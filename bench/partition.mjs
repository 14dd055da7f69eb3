// npm run bench:partition: row E1 (10,000 rows, 2,000 inputs, five of them true) by one process, and with its rows divided among
// four units, from the same seeds. Writes docs/benchmarks/partition.md unless --row says otherwise. Cells are kept in a file, and
// those that are there are not measured again; --ways says which others are.
//
//   node bench/partition.mjs [--seeds 1] [--row E1] [--ways alone,default] [--keep .cache/partition.jsonl]
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { handlers, learn, localRunner, outcomeOf, prepareTable, resolveConfig, startEngine, Stream } from 'bnnc/parts';
import { number, table } from './truth/format.mjs';
import { facts } from './truth/machine.mjs';
import { protocolOf } from './truth/protocols.mjs';
import { targetOf } from './truth/files.mjs';

const UNITS = 4;
const project = fileURLToPath(new URL('..', import.meta.url));
const { values: { seeds, row, ways, keep } } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1' }, row: { type: 'string', default: 'E1' }, ways: { type: 'string', default: 'alone,default' },
    keep: { type: 'string', default: path.join(project, '.cache/partition.jsonl') },
  },
});

const ALONE = ['search.steps=0', 'model.skip=false', 'train.restarts=1', 'inclusion.rescues=0'];
const WAYS = { alone: ALONE, default: [] };
const NAMES = { alone: 'one network', default: 'as it comes' };
const DIVISIONS = { 'all rows': [], [`${UNITS} units`]: [`train.partitions=${UNITS}`] };

await startEngine();
const protocol = protocolOf(row);
const kept = existsSync(keep) ? readFileSync(keep, 'utf8').trim().split('\n') : [];
const records = kept.map((line) => JSON.parse(line));
for (const seed of seeds.split(',').map(Number)) {
  const data = await protocol.data(seed, '');
  for (const way of ways.split(',')) {
    for (const [division, more] of Object.entries(DIVISIONS)) {
      const isThis = (each) => each.row === row && each.seed === seed && each.way === way && each.division === division;
      if (records.some(isThis)) continue;
      const sets = [...protocol.sets, 'train.reference=false', ...WAYS[way], ...more];
      const measured = await measure(data, seed, sets);
      records.push({ row, seed, way, division, ...measured });
      appendFileSync(keep, `${JSON.stringify(records.at(-1))}\n`);
    }
  }
}
const page = document();
process.stdout.write(page);
if (row === 'E1') writeFileSync(path.join(project, 'docs/benchmarks/partition.md'), page);
process.exit(0);

function quoted(sets) {
  return sets.map((each) => `\`${each}\``).join(', ');
}

async function measure(data, seed, sets) {
  const { config } = await resolveConfig({ sets, flags: { data: '-', target: targetOf(data.table), seed }, cwd: process.cwd() });
  const prepared = prepareTable(data.table, data.splits, config);
  const runner = localRunner(handlers);
  const began = performance.now();
  const learned = await learn(runner, config, prepared);
  const seconds = (performance.now() - began) / 1000;
  await runner.close();
  /** @type {Parameters<typeof outcomeOf>[2]} */
  const asked = { threshold: 0.5, split: 'test', train: config.train };
  const { kept, full, pruned } = await outcomeOf(learned, prepared, asked, Stream.fromSeed(seed).split('outcome'));
  const others = learned.inputs.filter(({ input }) => !data.truth.includes(input)).map(({ pip }) => pip);
  return {
    kept, full: full.metrics.rmse ** 2, pruned: pruned.metrics.rmse ** 2, highest: Math.max(...others), seconds,
    expected: others.reduce((sum, pip) => sum + pip, 0), searched: learned.search !== undefined,
  };
}

function document() {
  const { commit, machine } = facts(project);
  const own = records.filter((record) => record.row === row);
  const cells = own.map(({ seed, way, division, kept, full, pruned, highest, expected, seconds }) =>
    [seed, NAMES[way], division, kept.join(', '), number(full), number(pruned), highest.toFixed(3), expected.toFixed(2), Math.round(seconds)]);
  const pairs = Object.keys(WAYS).flatMap((way) => [...new Set(own.map(({ seed }) => seed))].flatMap((seed) => {
    const of = (name) => own.find((record) => record.way === way && record.seed === seed && record.division === name);
    const [whole, divided] = Object.keys(DIVISIONS).map(of);
    if (!whole || !divided) return [];
    const ratio = (key) => `${divided[key] > whole[key] ? '+' : '−'}${Math.abs(100 * (divided[key] / whole[key] - 1)).toFixed(1)} %`;
    return [[seed, NAMES[way], whole.kept.join() === divided.kept.join() ? 'yes' : 'no', ratio('full'), ratio('pruned')]];
  }));
  return `# Rows in partitions

Row ${row} of [truth.md](truth.md) (${protocol.title}; x1 to x5 are true), by one process with all rows, and with the rows divided among
${UNITS} units (\`train.partitions=${UNITS}\`). [method.md](../method.md#partitions) says what is joined and how. Test MSE is that of 1,000 rows; the
noise has a variance of 1. All settings are defaults but for \`train.reference=false\`. \`one network\` is one fit, without
direct edges, further starts, rescues or a search over structures (${quoted(ALONE)}), of which the latter see all rows in
any case; so it shows the partitioned inference itself.

By \`npm run bench:partition\`, ${new Date().toISOString().slice(0, 10)}, commit ${commit}; ${machine.cores} cores, ${machine.cpu}, ${machine.gigabytes} GB, Node ${machine.node}.
Seconds are of one process that does the work of all units, beside other work on the machine.

${table(['seed', 'what', 'rows', 'inputs kept', 'MSE, whole', 'MSE, pruned', 'highest false PIP', 'sum of false PIPs', 's'], cells).join('\n')}
Of the units against all rows (wanted: the same inputs, and a test MSE within 5 %):

${table(['seed', 'what', 'same inputs', 'MSE, whole', 'MSE, pruned'], pairs).join('\n')}`;
}
