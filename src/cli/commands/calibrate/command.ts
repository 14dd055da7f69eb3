/** `bnnc calibrate`: whether inclusion probabilities mean what they say, on simulated tables of the shape of the user's. */

import { json } from '../../../store/files.js';
import { calibrationText } from './text.js';
import type { CliContext } from '../../context.js';
import { duration } from '../../eta.js';
import { engineOf } from '../../model-arguments.js';
import type { CalibrateFlags } from '../../../api/options/calibrate.js';
import { openOutput } from '../../output.js';
import { refuseLoss } from '../../same-file.js';
import { simulation } from './simulation.js';

const SCHEMA_VERSION = 1;
const SECONDS_BETWEEN_LINES = 5;

export async function run([path]: string[], options: CalibrateFlags, context: CliContext): Promise<void> {
  const engine = await engineOf(options, context);
  const { name, like, reads, work } = await simulation(path, options, context);
  await refuseLoss([...reads, options.config], options.out, context.cwd);
  const output = await openOutput(options.out, context);
  try {
    const { calibrate } = await import('../../../work/calibrate/calibrate.js');
    const { tables: sets, threshold, fdr, jobs } = options;
    const { signal } = context;
    const calibration = await calibrate({ ...work, sets, threshold, fdr, jobs, engine, signal, onSet: teller(sets, context) });
    const document = (): string => json({ schemaVersion: SCHEMA_VERSION, ...like, ...calibration });
    await output.write(options.json ? document() : calibrationText(calibration, name));
    await output.commit();
  } catch (error) {
    await output.discard();
    throw error;
  }
}

/** Says now and then how many tables are done, and how long the rest will take. */
function teller(sets: number, { terminal }: CliContext): (done: number) => void {
  const begun = Date.now();
  let spoken = begun;
  return (done) => {
    const now = Date.now();
    if (now - spoken < SECONDS_BETWEEN_LINES * 1000 || done === sets) return;
    spoken = now;
    terminal.note(`${done} of ${sets} tables, ${duration(Math.round(((now - begun) / done / 1000) * (sets - done)))} left`);
  };
}
