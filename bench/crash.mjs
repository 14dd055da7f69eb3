// What is left when commands are ended at any moment: complete, resumable, or nothing. Never broken, and never stuck.
//
//   npm run bench:crash [-- --times 200] [--parts train,force,...]      writes docs/benchmarks/crash.md when all parts ran
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Stream } from 'bnnc/parts';
import { facts } from './truth/machine.mjs';
import { PARTS } from './crash/parts.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const { values } = parseArgs({ options: { times: { type: 'string', default: '200' }, parts: { type: 'string', default: Object.keys(PARTS).join() } } });
const names = values.parts.split(',');
const folder = mkdtempSync(path.join(tmpdir(), 'bnnc-crash-'));
const rows = [];
try {
  const draw = Stream.fromSeed('crash').normals(300);
  const lines = Array.from({ length: 100 }, (_, n) => [draw[3 * n], draw[3 * n + 1], draw[3 * n] + 0.1 * draw[3 * n + 2]].join());
  writeFileSync(path.join(folder, 'data.csv'), `a,b,y\n${lines.join('\n')}\n`);
  for (const name of names) {
    const { run, share } = PARTS[name];
    const parts = await run({ cwd: folder, times: Math.ceil(share * Number(values.times)), stream: Stream.fromSeed(`crash ${name}`) });
    if (parts.length === 0) rows.push(`| ${name}: this system does not let us try it | 0 | | |`);
    for (const { what, tally } of parts) {
      const told = Object.entries(tally.outcomes).sort().map(([outcome, count]) => `${count} ${outcome}`).join(', ');
      rows.push(`| ${what} | ${tally.times} | ${told} | ${tally.faults.length} |`);
      console.error(rows.at(-1));
      for (const fault of tally.faults.slice(0, 5)) console.error(`  ${fault}`);
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
const { commit, machine } = facts(ROOT);
const page = [
  '# Commands that are ended', '',
  'Each command was ended at a moment drawn evenly over its time, from its start to past its end, or over one of its phases. Then what was left was looked',
  'at, and a person\'s next step taken as the messages say it: the same command once more, `--resume` or `--force` where it asks for them. A fault is a run',
  'or a model that opens and is not whole, a message whose advice does not help, a command that does not end, or an old run that is lost.', '',
  'The set-up was killed again and again, each one finding what the one before left. A worker gets no more memory by a limit of its address space that is',
  'set while it runs.', '',
  `By \`npm run bench:crash\`, ${new Date().toISOString().slice(0, 10)}, commit ${commit}; ${machine.cores} cores, ${machine.cpu}, Node ${machine.node}.`, '',
  '| what was ended, and how | times | what was left | faults |', '|---|---:|---|---:|', ...rows, '',
].join('\n');
if (Object.keys(PARTS).every((name) => names.includes(name))) writeFileSync(path.join(ROOT, 'docs/benchmarks/crash.md'), page);
else console.log(page);
