// `prune` that is killed: the model is whole or not there.
import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import { openModel } from 'bnnc';
import { ended, lengthOf, Tally, TRAIN } from './command.mjs';

export const exportPart = (what, formats) => async ({ cwd, times, stream }) => {
  const [small, tally] = [path.join(cwd, 'small'), new Tally()];
  await ended([...TRAIN, '-o', 'source', '--force'], cwd);
  const clean = () => rmSync(small, { recursive: true, force: true });
  const args = ['prune', 'source', '-o', 'small', '-q', '--format', formats.join()];
  const whole = await lengthOf(args, cwd, clean);
  for (let time = 0; time < times; time++) {
    // Starting takes most of the time; half of the kills fall into the second half of it.
    const after = whole * (time % 2 === 0 ? 1.05 * stream.uniform() : 0.5 + 0.55 * stream.uniform());
    await ended(args, cwd, 'SIGKILL', after);
    const left = existsSync(small) ? 'complete' : 'nothing';
    tally.count(left);
    if (left === 'complete') await openModel(small).catch((error) => tally.fault(`after ${Math.round(after)} ms: ${error.message}`));
    else {
      const { code, text } = await ended(args, cwd);
      if (code !== 0) tally.fault(`after ${Math.round(after)} ms, then: ${text}`);
    }
    clean();
  }
  return [{ what, tally }];
};
