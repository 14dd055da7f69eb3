// Workers that are killed or get no more memory, and two commands into one folder.
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { leftOf, lengthOf, onward, start, Tally, TRAIN, useRun } from './command.mjs';

const JOBS = ['--jobs', '2', '--set', 'train.restarts=3'];

/** Process numbers of the children of a process. */
function childrenOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

/** One worker of `train --jobs 2` is ended by `strike`, at a moment drawn evenly over the command's time. */
export const workerPart = (what, strike) => async ({ cwd, times, stream }) => {
  const [out, tally] = [`workers-${what.length}`, new Tally()];
  const folder = path.join(cwd, out);
  const clean = () => rmSync(folder, { recursive: true, force: true });
  const args = [...TRAIN, ...JOBS, '-o', out];
  const whole = await lengthOf(args, cwd, clean);
  for (let time = 0; time < times; time++) {
    const after = whole * (0.2 + 0.7 * stream.uniform());
    const command = start(args, cwd);
    const timer = setTimeout(() => {
      const workers = childrenOf(command.child.pid);
      if (workers.length > 0) strike(workers[Math.floor(workers.length * stream.uniform())]);
    }, after);
    const code = await command.done;
    clearTimeout(timer);
    const left = leftOf(folder);
    tally.count(code === 0 ? 'complete' : left);
    const at = `after ${Math.round(after)} ms, code ${code}`;
    if (code !== 0 && !/worker/.test(command.text())) tally.fault(`${at}: ${command.text()}`);
    if (code !== 0 && left === 'complete') tally.fault(`${at}: complete although the command failed`);
    const fault = code === 0 ? undefined : await onward(args, out, cwd);
    if (fault !== undefined) tally.fault(`${at}, then: ${fault}`);
    else await useRun(out, cwd).catch((error) => tally.fault(`${at}: ${error.message}`));
    clean();
  }
  return [{ what, tally }];
};

export const kill = (pid) => { try { process.kill(pid, 'SIGKILL'); } catch { /* It has ended. */ } };

/** From now on the process gets no more memory: what it asks for is refused. */
export const starve = (pid) => { try { execFileSync('prlimit', ['--pid', String(pid), '--as=1000000'], { stdio: 'ignore' }); } catch { /* It has ended. */ } };

/** Two commands into one folder, the second a little later: one has it, the other says so. */
export async function twoPart({ cwd, times, stream }) {
  const [out, tally] = ['both', new Tally()];
  const folder = path.join(cwd, out);
  const clean = () => rmSync(folder, { recursive: true, force: true });
  const args = (seed) => [...TRAIN, '-o', out, '--seed', String(seed)];
  const whole = await lengthOf(args(1), cwd, clean);
  for (let time = 0; time < times; time++) {
    const after = time % 2 === 0 ? 100 * stream.uniform() : whole * stream.uniform();
    const force = time % 3 === 2 ? ['--force'] : [];
    const first = start([...args(1), ...force], cwd);
    await new Promise((resolve) => setTimeout(resolve, after));
    const second = start([...args(2), ...force], cwd);
    const codes = [await first.done, await second.done];
    const at = `after ${Math.round(after)} ms${force.join('')}, codes ${codes}`;
    tally.count(codes.every((code) => code === 0) ? 'one after the other' : codes.includes(0) ? 'one, the other refused' : 'none');
    if (!codes.includes(0)) tally.fault(`${at}: ${first.text()} | ${second.text()}`);
    if (force.length === 0 && codes.every((code) => code === 0)) tally.fault(`${at}: the second replaced the first without being told to`);
    for (const [n, command] of [first, second].entries()) {
      if (codes[n] !== 0 && !/exists|another|writ/.test(command.text())) tally.fault(`${at}: ${command.text()}`);
    }
    if (codes.includes(0)) {
      await useRun(out, cwd).catch((error) => tally.fault(`${at}: ${error.message}`));
      const seed = JSON.parse(readFileSync(path.join(folder, 'manifest.json'), 'utf8')).seed;
      const owners = codes.flatMap((code, n) => (code === 0 ? [n + 1] : []));
      if (!owners.includes(seed)) tally.fault(`${at}: the folder has the run of the command that failed`);
    }
    if (leftOf(folder) !== 'complete') tally.fault(`${at}: ${leftOf(folder)}`);
    clean();
  }
  return [{ what: 'two `train` into one folder, a third of them with `--force`', tally }];
}
