// The commands that are ended, and what may be left of them.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { openModel, openRun, predict } from 'bnnc';

const BIN = fileURLToPath(new URL('../../bin/bnnc.js', import.meta.url));
const TRAIN = ['train', '--data', 'data.csv', '--target', 'y', '--set', 'model.hidden=[3]', '--set', 'train.epochs=300', '--set', 'search.steps=60', '-q'];

/** Runs a command in a group of its own; ends the group after so many milliseconds. */
function ended(args, cwd, signal, after = Infinity) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [BIN, ...args], { cwd, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece) => { text += piece; });
    // A kill ends the workers, too; what a person sends from a terminal also goes to all.
    const stop = () => { try { process.kill(-child.pid, signal); } catch { /* It has ended. */ } };
    const timer = after === Infinity ? undefined : setTimeout(stop, after);
    const late = setTimeout(() => { text += '\nstuck'; process.kill(-child.pid, 'SIGKILL'); }, 120_000);
    child.on('close', (code) => { clearTimeout(timer); clearTimeout(late); resolve({ code, text }); });
  });
}

/** Milliseconds of the whole command, the longer of two. */
async function lengthOf(args, cwd, clean) {
  let most = 0;
  for (let round = 0; round < 2; round++) {
    const begun = performance.now();
    const { code, text } = await ended(args, cwd);
    if (code !== 0) throw new Error(text);
    most = Math.max(most, performance.now() - begun);
    clean();
  }
  return most;
}

/** @throws where the run is not whole */
async function useRun(name, cwd) {
  await openRun(path.join(cwd, name), cwd);
  await predict(path.join(cwd, name), [{ a: 0, b: 1 }]);
}

/** A person's way on from what is there: what the message says, until the command works. */
async function onward(args, out, cwd) {
  let next = args;
  for (let turn = 0; turn < 3; turn++) {
    const { code, text } = await ended(next, cwd);
    if (code === 0) return undefined;
    if (/--resume/.test(text)) next = ['train', '--resume', out, '-q'];
    else if (/--force/.test(text)) next = [...args, '--force'];
    else return text;
  }
  return 'three turns were not enough';
}

const trainPart = (signal) => async ({ cwd, times, stream }) => {
  const out = `run-${signal}`;
  const clean = () => rmSync(path.join(cwd, out), { recursive: true, force: true });
  const args = [...TRAIN, '-o', out];
  const whole = await lengthOf(args, cwd, clean);
  const [outcomes, faults] = [{}, []];
  for (let time = 0; time < times; time++) {
    const after = 1.05 * whole * stream.uniform();
    const { code, text } = await ended(args, cwd, signal, after);
    const at = `after ${Math.round(after)} ms, code ${code}`;
    const left = !existsSync(path.join(cwd, out)) ? 'nothing' : existsSync(path.join(cwd, out, 'manifest.json')) ? 'complete'
      : existsSync(path.join(cwd, out, 'checkpoint')) ? 'resumable' : 'begun';
    outcomes[left] = (outcomes[left] ?? 0) + 1;
    // Before the program listens, a signal ends it without a code.
    if (signal !== 'SIGKILL' && ![0, 130, null].includes(code)) faults.push(`${at}: ${text}`);
    const fault = left === 'complete' ? undefined : await onward(args, out, cwd);
    if (fault !== undefined) faults.push(`${at}: ${left}, then: ${fault}`);
    else await useRun(out, cwd).catch((error) => faults.push(`${at}: ${left}: ${error.message}`));
    clean();
  }
  return { what: `\`train\`, ${signal}`, outcomes, faults };
};

/** The old run or the new one, whenever it is asked for. */
async function forcePart({ cwd, times, stream }) {
  const [old, out] = [[...TRAIN, '-o', 'old', '--seed', '2', '--force'], 'old'];
  const args = [...TRAIN, '-o', out, '--force', '--seed', '3'];
  const seedOf = () => JSON.parse(readFileSync(path.join(cwd, out, 'manifest.json'), 'utf8')).seed;
  await ended(old, cwd);
  const whole = await lengthOf(args, cwd, () => {});
  const [outcomes, faults] = [{}, []];
  for (let time = 0; time < times; time++) {
    await ended(old, cwd);
    const after = whole * (0.5 + 0.55 * stream.uniform());
    await ended(args, cwd, 'SIGKILL', after);
    // Any command mends what lies between the two renames.
    await ended(['runs', '.'], cwd);
    const left = await useRun(out, cwd).then(() => (seedOf() === 2 ? 'the old run' : 'the new run'), (error) => `broken: ${error.message}`);
    outcomes[left.split(':')[0]] = (outcomes[left.split(':')[0]] ?? 0) + 1;
    if (left.startsWith('broken')) faults.push(`after ${Math.round(after)} ms: ${left}`);
    const fault = await onward(args, out, cwd);
    if (fault !== undefined) faults.push(`after ${Math.round(after)} ms, then: ${fault}`);
    const hidden = readdirSync(cwd).filter((name) => name.startsWith(`.${out}.`));
    if (hidden.length > 0) faults.push(`after ${Math.round(after)} ms: ${hidden} stays`);
  }
  return { what: '`train --force`, SIGKILL', outcomes, faults };
}

const exportPart = (what, formats) => async ({ cwd, times, stream }) => {
  await ended([...TRAIN, '-o', 'source', '--force'], cwd);
  const clean = () => rmSync(path.join(cwd, 'small'), { recursive: true, force: true });
  const args = ['prune', 'source', '-o', 'small', '-q', '--format', formats.join()];
  const whole = await lengthOf(args, cwd, clean);
  const [outcomes, faults] = [{}, []];
  for (let time = 0; time < times; time++) {
    const after = 1.05 * whole * stream.uniform();
    await ended(args, cwd, 'SIGKILL', after);
    const left = existsSync(path.join(cwd, 'small')) ? 'complete' : 'nothing';
    outcomes[left] = (outcomes[left] ?? 0) + 1;
    if (left === 'complete') await openModel(path.join(cwd, 'small')).catch((error) => faults.push(`after ${Math.round(after)} ms: ${error.message}`));
    clean();
    const { code, text } = await ended(args, cwd);
    if (code !== 0) faults.push(`after ${Math.round(after)} ms, then: ${text}`);
    clean();
  }
  return { what, outcomes, faults };
};

export const PARTS = {
  train: trainPart('SIGKILL'),
  interrupt: trainPart('SIGINT'),
  terminate: trainPart('SIGTERM'),
  hangup: trainPart('SIGHUP'),
  force: forcePart,
  prune: exportPart('`prune`, SIGKILL', ['json']),
  export: exportPart('`prune` into all formats, SIGKILL', ['onnx', 'json', 'js', 'safetensors', 'tfjs', 'savedmodel']),
};
