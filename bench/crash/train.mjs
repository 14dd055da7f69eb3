// `train` that is ended in each of its phases, and `train --force`.
import { cpSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { ended, leftOf, lengthOf, onward, start, Tally, TRAIN, useRun } from './command.mjs';

/** When a phase begins: what `--progress json` says, or a file that appears in the run's folder. */
const PHASES = {
  preparing: () => true,
  fitting: ({ text }) => text.includes('"phase":"restart"'),
  flips: ({ text }) => text.includes('"phase":"inclusion"'),
  search: ({ text }) => text.includes('"phase":"search"'),
  writing: ({ folder }) => namesIn(folder).some((name) => !['config.yaml', '.bnnc.lock', 'checkpoint'].includes(name)),
};

/** Ends `train` by the signal at moments drawn evenly within each of its phases, the same number in each. */
export const trainPart = (signal) => async ({ cwd, times, stream }) => {
  const out = `run-${signal}`;
  const folder = path.join(cwd, out);
  const clean = () => rmSync(folder, { recursive: true, force: true });
  const args = [...TRAIN, '--progress', 'json', '-o', out];
  const lengths = await phaseLengths(args, cwd, folder);
  clean();
  const all = [];
  for (const phase of Object.keys(PHASES)) {
    const tally = new Tally();
    for (let time = 0; time < Math.ceil(times / Object.keys(PHASES).length); time++) {
      const after = lengths[phase] * stream.uniform();
      const { code, text } = await endedIn(phase, after, signal, args, cwd, folder);
      const at = `${phase}, after ${Math.round(after)} ms, code ${code}`;
      const left = leftOf(folder);
      tally.count(left);
      // Before the program listens, a signal ends it without a code.
      if (signal !== 'SIGKILL' && ![0, 130, 143, 129, null].includes(code)) tally.fault(`${at}: ${text}`);
      const fault = left === 'complete' ? undefined : await onward(args, out, cwd);
      if (fault !== undefined) tally.fault(`${at}: ${left}, then: ${fault}`);
      else await useRun(out, cwd).catch((error) => tally.fault(`${at}: ${left}: ${error.message}`));
      clean();
    }
    all.push({ what: `\`train\`, ${signal} while ${phase === 'search' || phase === 'flips' ? `in ${phase}` : phase}`, tally });
  }
  return all;
};

/** The old run or the new one, whenever it is asked for. */
export async function forcePart({ cwd, times, stream }) {
  const [old, out, tally] = [path.join(cwd, 'kept'), 'old', new Tally()];
  const args = [...TRAIN, '-o', out, '--force', '--seed', '3'];
  const seedOf = () => JSON.parse(readFileSync(path.join(cwd, out, 'manifest.json'), 'utf8')).seed;
  const { text } = await ended([...TRAIN, '-o', 'kept', '--seed', '2'], cwd);
  if (leftOf(old) !== 'complete') throw new Error(text);
  const whole = await lengthOf(args, cwd, () => {});
  for (let time = 0; time < times; time++) {
    rmSync(path.join(cwd, out), { recursive: true, force: true });
    cpSync(old, path.join(cwd, out), { recursive: true });
    // A third of the kills fall into the last tenth, where the folders are exchanged.
    const share = time % 3 === 0 ? 0.9 + 0.15 * stream.uniform() : 1.05 * stream.uniform();
    const after = whole * share;
    await ended(args, cwd, 'SIGKILL', after);
    // Any command mends what lies between the two renames.
    await ended(['runs', '.'], cwd);
    const left = await useRun(out, cwd).then(() => (seedOf() === 2 ? 'the old run' : 'the new run'), (error) => `broken: ${error.message}`);
    tally.count(left.split(':')[0]);
    if (left.startsWith('broken')) tally.fault(`after ${Math.round(after)} ms: ${left}`);
    const fault = left === 'the new run' ? undefined : await onward(args, out, cwd);
    if (fault !== undefined) tally.fault(`after ${Math.round(after)} ms, then: ${fault}`);
    const hidden = readdirSync(cwd).filter((name) => name.startsWith(`.${out}.`));
    if (hidden.length > 0) tally.fault(`after ${Math.round(after)} ms: ${hidden} stays`);
  }
  return [{ what: '`train --force`, SIGKILL', tally }];
}

/** Runs `train` and ends it so many milliseconds after a phase began. */
async function endedIn(phase, after, signal, args, cwd, folder) {
  const command = start(args, cwd);
  const begun = await begins(phase, command, folder);
  const timer = begun ? setTimeout(() => command.end(signal), after) : undefined;
  const code = await command.done;
  clearTimeout(timer);
  return { code, text: command.text().split('\n').filter((line) => !line.startsWith('{"progress"')).join('\n') };
}

/** Milliseconds of each phase, of a run that nothing ends. */
async function phaseLengths(args, cwd, folder) {
  const command = start(args, cwd);
  const moments = [];
  for (const phase of Object.keys(PHASES)) {
    if (!await begins(phase, command, folder)) throw new Error(`${phase} was not seen: ${command.text()}`);
    moments.push(performance.now());
  }
  await command.done;
  moments.push(performance.now());
  return Object.fromEntries(Object.keys(PHASES).map((phase, n) => [phase, moments[n + 1] - moments[n]]));
}

/** Waits for a phase; false where the command ends before. */
async function begins(phase, command, folder) {
  let over = false;
  void command.done.then(() => { over = true; });
  while (!over) {
    if (PHASES[phase]({ text: command.text(), folder })) return true;
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  return false;
}

function namesIn(folder) {
  try { return readdirSync(folder); } catch { return []; }
}
