// How far the time that a command says is left is from the time that it then takes.
//
//   npm run bench:eta
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { facts } from './truth/machine.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** @type {[string, string[]][]} */
const COMMANDS = [
  ['raisin', ['train', '--data', 'datasets/raisin.csv', '--target', 'Class']],
  ['breast_cancer', ['train', '--data', 'datasets/breast_cancer.csv', '--target', 'diagnosis']],
  ['diabetes', ['train', '--data', 'datasets/diabetes.csv', '--target', 'progression']],
  ['penguins', ['train', '--data', 'datasets/penguins.csv', '--target', 'species']],
  ['raisin, no search', ['train', '--data', 'datasets/raisin.csv', '--target', 'Class', '--set', 'search.steps=0']],
  ['diabetes, no search', ['train', '--data', 'datasets/diabetes.csv', '--target', 'progression', '--set', 'search.steps=0']],
  ['raisin, 5 folds', ['cv', '--data', 'datasets/raisin.csv', '--target', 'Class', '--folds', '5']],
];
/** Shares of the time of the command at which it is asked. */
const AT = [0.2, 0.4, 0.6, 0.8, 0.9];

const folder = mkdtempSync(join(tmpdir(), 'bnnc-eta-'));
const rows = [];
for (const [name, args] of COMMANDS.filter(([each]) => !process.argv[2] || each.startsWith(process.argv[2]))) {
  const began = performance.now();
  const out = args[0] === 'train' ? ['-o', join(folder, name)] : [];
  const child = spawn(process.execPath, ['bin/bnnc.js', ...args, ...out, '--progress', 'json', '-q'], { cwd: ROOT, stdio: ['ignore', 'ignore', 'pipe'] });
  const told = [];
  createInterface({ input: child.stderr }).on('line', (line) => {
    if (!line.startsWith('{"progress"')) return;
    const { secondsLeft, share } = JSON.parse(line).progress;
    if (secondsLeft !== undefined) told.push({ at: (performance.now() - began) / 1000, left: secondsLeft, share });
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${name}: exit code ${code}`);
  const whole = (performance.now() - began) / 1000;
  // What a person sees: what was told last, counted down.
  const saidAt = (time) => {
    const last = told.filter(({ at }) => at <= time).at(-1);
    return last && Math.max(0, last.left - (time - last.at));
  };
  const errors = AT.map((share) => {
    const said = saidAt(share * whole);
    return said === undefined ? undefined : share * whole + said - whole;
  });
  rows.push({ name, whole, errors });
  console.error(name, whole.toFixed(1), errors.map((error) => error?.toFixed(1) ?? '-').join(' '));
}
rmSync(folder, { recursive: true, force: true });

const cell = (error, whole, share) => (error === undefined ? '-' : `${error > 0 ? '+' : ''}${Math.round((100 * error) / ((1 - share) * whole))} %`);
const total = (error, whole) => (error === undefined ? '-' : `${error > 0 ? '+' : ''}${Math.round((100 * error) / whole)} %`);
const { commit, machine } = facts(ROOT);
const lines = [
  '# The time that is left', '',
  'What `bnnc train` and `bnnc cv` say of the time left, against the time that was then left, where so much of the time of the whole command',
  '(start and results included) has passed: the error as a share of the whole time, and in brackets as a share of what was left. By',
  '`npm run bench:eta`, one run each, all after one another on an otherwise idle machine. The rules of thumb for the phases that have not begun',
  '(src/work/forecast.ts) were chosen on raisin, breast_cancer and diabetes.', '',
  `${new Date().toISOString().slice(0, 10)}, commit ${commit}; ${machine.cores} cores, ${machine.cpu}, Node ${machine.node}.`, '',
  `| command | seconds | ${AT.map((share) => `at ${100 * share} %`).join(' | ')} |`, `|---|---:|${AT.map(() => '---:|').join('')}`,
  ...rows.map(({ name, whole, errors }) =>
    `| ${name} | ${whole.toFixed(1)} | ${errors.map((error, at) => `${total(error, whole)} (${cell(error, whole, AT[at])})`).join(' | ')} |`),
];
const page = `${lines.join('\n')}\n`;
if (process.argv[2]) console.log(page);
else writeFileSync(join(ROOT, 'docs/benchmarks/eta.md'), page);
