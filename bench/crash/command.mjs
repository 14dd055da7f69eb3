// Commands that are run, ended on the way, and gone on with as their messages say.
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { openRun, predict } from 'bnnc';

const BIN = fileURLToPath(new URL('../../bin/bnnc.js', import.meta.url));
const STUCK_AFTER = 120_000;

export const TRAIN = ['train', '--data', 'data.csv', '--target', 'y', '--set', 'model.hidden=[3]', '--set', 'train.epochs=600', '--set', 'search.steps=200', '-q'];

/** Starts a command in a group of its own. `text()` is what it has said; `done` resolves to its code. */
export function start(args, cwd, { program = BIN, env = process.env } = {}) {
  const child = spawn(process.execPath, [program, ...args], { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece) => { text += piece; });
  // A kill ends the workers, too; what a person sends from a terminal also goes to all.
  const end = (signal) => { try { process.kill(-child.pid, signal); } catch { /* It has ended. */ } };
  const late = setTimeout(() => { text += '\nstuck'; end('SIGKILL'); }, STUCK_AFTER);
  const done = new Promise((resolve) => child.on('close', (code) => { clearTimeout(late); resolve(code); }));
  return { child, done, end, text: () => text };
}

/** Runs a command to its end, or ends it after so many milliseconds. */
export async function ended(args, cwd, signal, after = Infinity, options = {}) {
  const command = start(args, cwd, options);
  const timer = after === Infinity ? undefined : setTimeout(() => command.end(signal), after);
  const code = await command.done;
  clearTimeout(timer);
  return { code, text: command.text() };
}

/** Milliseconds of the whole command, the longer of two. @throws what the command says where it fails */
export async function lengthOf(args, cwd, clean, options) {
  let most = 0;
  for (let round = 0; round < 2; round++) {
    const begun = performance.now();
    const { code, text } = await ended(args, cwd, undefined, Infinity, options);
    if (code !== 0) throw new Error(text);
    most = Math.max(most, performance.now() - begun);
    clean();
  }
  return most;
}

/** @throws where the run is not whole */
export async function useRun(folder, cwd) {
  await openRun(path.join(cwd, folder), cwd);
  await predict(path.join(cwd, folder), [{ a: 0, b: 1 }]);
}

/** What is there of a run. */
export function leftOf(folder) {
  let names;
  try { names = readdirSync(folder); } catch { return 'nothing'; }
  return names.includes('manifest.json') ? 'complete' : names.includes('checkpoint') ? 'resumable' : 'begun';
}

/** A person's way on: what the message says, until the command works. Undefined, or what stood in the way. */
export async function onward(args, folder, cwd) {
  let next = args;
  for (let turn = 0; turn < 3; turn++) {
    const { code, text } = await ended(next, cwd);
    if (code === 0) return undefined;
    if (/--resume/.test(text)) next = ['train', '--resume', folder, '-q'];
    else if (/--force/.test(text)) next = [...args, '--force'];
    else return text;
  }
  return 'three turns were not enough';
}

/** Counts outcomes and gathers faults. */
export class Tally {
  outcomes = {};
  faults = [];

  count(outcome) { this.outcomes[outcome] = (this.outcomes[outcome] ?? 0) + 1; }
  fault(text) { this.faults.push(text.trim().slice(-500)); }
  get times() { return Object.values(this.outcomes).reduce((sum, count) => sum + count, 0); }
}
