/** `bnnc calibrate`: whether inclusion probabilities mean what they say, on simulated tables of the shape of the user's. */

import { calibrateOn, simulation } from '../../../api/calibrate.js';
import { CALIBRATE, type CalibrateFlags } from '../../../api/options/calibrate.js';
import { forLibrary } from '../../../api/options/table.js';
import { documentText, refuseLoss } from '../../../api/output.js';
import type { CliContext } from '../../context.js';
import { counting } from '../../counting.js';
import { withOutputOrStdout } from '../../output.js';
import { heard } from '../../voice.js';
import { calibrationText } from './text.js';

export async function run([path]: string[], flags: CalibrateFlags, context: CliContext): Promise<void> {
  const { cwd, stdin, signal, terminal } = context;
  const options = {
    ...forLibrary(CALIBRATE, flags), cwd, stdin, signal, onNote: heard(terminal.note), onWarning: heard(terminal.warn),
  };
  const tell = counting('tables', context);
  const found = await simulation(path, options);
  await refuseLoss([...found.reads, flags.config], flags.out, cwd);
  await withOutputOrStdout(flags.out, context, async (output) => {
    const calibration = await calibrateOn(found, { ...options, onTable: (done) => tell(done, flags.tables) });
    await output.write(flags.json ? documentText({ ...found.like, ...calibration }) : calibrationText(calibration, found.name));
  });
}
