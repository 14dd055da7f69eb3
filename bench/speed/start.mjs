// Start-up: wall time of commands that should answer at once, and of a first prediction by `bnnc/model`, beside node alone.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { table, verdict } from './table.mjs';

const ROUNDS = 20;
const file = (name) => fileURLToPath(new URL(`../../${name}`, import.meta.url));
const PROGRAM = file('bin/bnnc.js');
// The peak is printed by both, so that their difference is not printing.
const PEAK = 'process.stdout.write(String(process.resourceUsage().maxRSS / 1024));';
const FIRST = `import { openModel, predict } from 'bnnc/model';
const model = await openModel(${JSON.stringify(file('test/fixtures/format-1/model'))});
const row = Object.fromEntries(model.encoder.features.map(({ name, levels }) => [name, levels ? levels[0] : 1]));
const [{ value }] = await predict(model, [row]);
if (value === undefined) throw new Error('nothing was predicted');
${PEAK}`;
const [ALONE, PREDICTION] = ['node -e 0', 'openModel and predict of bnnc/model'];
const COMMANDS = {
  [ALONE]: ['-e', PEAK], [PREDICTION]: ['--input-type=module', '-e', FIRST],
  'bnnc --help': [PROGRAM, '--help'], 'bnnc --version': [PROGRAM, '--version'],
  'bnnc train --help': [PROGRAM, 'train', '--help'], 'bnnc doctor': [PROGRAM, 'doctor'],
};
const TARGETS = { 'bnnc --help': 0.15, [PREDICTION]: 0.1 };
const PEAK_TARGETS = { [PREDICTION]: 60 };

export async function startPart() {
  const best = Object.fromEntries(Object.keys(COMMANDS).map((name) => [name, Infinity]));
  const peaks = {};
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, args] of Object.entries(COMMANDS)) {
      const begun = performance.now();
      const out = execFileSync(process.execPath, args, { cwd: file('.'), stdio: ['ignore', 'pipe', 'ignore'], encoding: 'utf8' });
      best[name] = Math.min(best[name], (performance.now() - begun) / 1000);
      if (args.at(-1).endsWith(PEAK)) peaks[name] = Math.max(peaks[name] ?? 0, Number(out));
    }
  }
  const row = ([name, seconds]) => [`\`${name}\``, verdict(seconds, TARGETS[name], 3), (seconds - best[ALONE]).toFixed(3),
    peaks[name] === undefined ? '' : verdict(peaks[name], PEAK_TARGETS[name], 1)];
  return ['## Start-up', '', `Wall time of the whole process in seconds, the minimum of ${ROUNDS} interleaved runs; peak of its resident`
    + ' memory in MB, the maximum of them. `doctor` starts TensorFlow.', '',
  ...table(['command', 'seconds', 'above node alone', 'peak MB'], Object.entries(best).map(row))];
}
