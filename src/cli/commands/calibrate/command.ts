/** `bnnc calibrate`: whether inclusion probabilities mean what they say, on simulated tables of the shape of the user's. */

import { calibrateOn, simulation } from '../../../api/calibrate.js';
import { CALIBRATE, type CalibrateFlags } from '../../../api/options/calibrate.js';
import { forLibrary } from '../../../api/options/table.js';
import { documentText, refuseLoss } from '../../../api/output.js';
import type { CliContext } from '../../context.js';
import { duration } from '../../eta.js';
import { withOutputOrStdout } from '../../output.js';
import { heard } from '../../voice.js';
import { calibrationText } from './text.js';

const SECONDS_BETWEEN_LINES = 5;

export async function run([path]: string[], flags: CalibrateFlags, context: CliContext): Promise<void> {
  const { cwd, stdin, signal, terminal } = context;
  const options = {
    ...forLibrary(CALIBRATE, flags), cwd, stdin, signal, onNote: heard(terminal.note), onWarning: heard(terminal.warn),
  };
  const found = await simulation(path, options);
  await refuseLoss([...found.reads, flags.config], flags.out, cwd);
  await withOutputOrStdout(flags.out, context, async (output) => {
    const calibration = await calibrateOn(found, { ...options, onTable: teller(flags.tables, context) });
    await output.write(flags.json ? documentText({ ...found.like, ...calibration }) : calibrationText(calibration, found.name));
  });
}

/** Says now and then how many tables are done, and how long the rest will take. */
function teller(tables: number, { terminal }: CliContext): (done: number) => void {
  const begun = Date.now();
  let spoken = begun;
  return (done) => {
    const now = Date.now();
    if (now - spoken < SECONDS_BETWEEN_LINES * 1000 || done === tables) return;
    spoken = now;
    terminal.note(`${done} of ${tables} tables, ${duration(Math.round(((now - begun) / done / 1000) * (tables - done)))} left`);
  };
}
