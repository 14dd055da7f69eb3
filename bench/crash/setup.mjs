// The set-up of a checkout, killed again and again: what it left is what the next one finds.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ended, Tally } from './command.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Milliseconds that each step takes here, and how much of the kills fall into it. */
const STEPS = [
  { name: 'dependencies', undo: (checkout) => rmSync(path.join(checkout, 'node_modules'), { recursive: true, force: true }), share: 0.1 },
  { name: 'engine', undo: (checkout) => unlinkEngine(checkout), share: 0.45 },
  { name: 'build', undo: (checkout) => rmSync(path.join(checkout, 'dist'), { recursive: true, force: true }), share: 0.45 },
];

function unlinkEngine(checkout) {
  const folder = path.join(checkout, 'node_modules/@tensorflow/tfjs-node');
  for (const name of ['deps', 'lib/napi-v8', 'lib/napi-v9']) rmSync(path.join(folder, name), { recursive: true, force: true });
}

export async function setupPart({ cwd, times, stream }) {
  const checkout = path.join(cwd, 'checkout');
  execFileSync('git', ['clone', '--quiet', ROOT, checkout]);
  if (existsSync(path.join(ROOT, 'node_modules'))) cpSync(path.join(ROOT, 'node_modules'), path.join(checkout, 'node_modules'), { recursive: true, verbatimSymlinks: true });
  const program = path.join(checkout, 'scripts/setup.mjs');
  const set = (args, after) => ended(args, checkout, 'SIGKILL', after, { program });
  const whole = await set([]);
  if (whole.code !== 0) throw new Error(whole.text);
  const all = [];
  for (const { name, undo, share } of STEPS) {
    const tally = new Tally();
    undo(checkout);
    const begun = performance.now();
    const { code, text } = await set([name]);
    if (code !== 0) throw new Error(text);
    const length = performance.now() - begun;
    undo(checkout);
    for (let time = 0; time < Math.round(share * times); time++) {
      const after = length * 1.2 * stream.uniform();
      const { code: last } = await set([name], after);
      tally.count(last === 0 ? 'complete' : 'begun');
      // It may be whole, or say what to do; what it may not do is to wait for the dead, which `ended` calls stuck.
      const use = last === 0 ? await set([name], undefined) : { code: 0 };
      if (use.code !== 0) tally.fault(`after ${Math.round(after)} ms: ${use.text}`);
      if (last === 0) undo(checkout);
    }
    const rest = await set([]);
    if (rest.code !== 0) tally.fault(`the last: ${rest.text}`);
    const works = await ended(['doctor'], checkout, undefined, Infinity, { program: path.join(checkout, 'bin/bnnc.js') });
    if (works.code !== 0 || !works.text.includes('(native)')) tally.fault(`the last: ${works.text}`);
    all.push({ what: `set-up, ${name}, SIGKILL`, tally });
  }
  return all;
}
