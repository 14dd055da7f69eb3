/** The fits of a finished run, as starts of another one's. */
import { fail } from '../errors.js';
import { layoutOf, type NetworkShape } from '../model/shape.js';
import { Stream } from '../random.js';
import { linearShape } from '../train/candidates.js';
import { isLinear, type FitJob } from '../train/fits.js';
import { hasSameUnits, warmed, warmState, type InputNames } from '../train/warm.js';
import type { Encoder } from '../types.js';
import type { Words } from '../voice.js';
import { listed, plural } from '../wording.js';
import type { Work } from '../work/begin.js';
import type { FitStates } from '../work/fitting.js';
import { networkShape } from '../work/prepare.js';
import { openRun } from './open.js';
import { readConfig, readEncoder, readFits } from './parts.js';

/** What there is to begin with. */
export interface Warmed {
  /** Those with a start are shorter. */
  jobs: FitJob[];
  /** By job; null: it begins from scratch. */
  fits: FitStates;
}

const LEAVE_OUT = 'Leave train.warm out to begin from scratch.';

/**
 * Starts where the fits of the run `train.warm` have ended; without that key all begin from scratch.
 * @throws run.warm where nothing of it fits this training; errors of an opened run
 */
export async function warmStart(
  { jobs, prepared: { encoder, shape } }: Pick<Work, 'jobs' | 'prepared'>,
  { warm: path, seed }: { warm: string | null; seed: number }, onNote?: (text: Words) => void,
): Promise<Warmed> {
  if (path === null) return { jobs, fits: [] };
  const run = await openRun(path, '.');
  const [config, old, kept] = [await readConfig(run), await readEncoder(run), await readFits(run)];
  const refuse = (message: string, hint = LEAVE_OUT): Error => fail('run.warm', message, { where: { file: path }, hint });
  if (!kept) throw refuse('this run has not kept its fits: they are too large, its temperature was chosen for it, or an earlier version made it');
  const oldShape = networkShape(config, old);
  if (old.target.name !== encoder.target.name) throw refuse(`this run predicts '${old.target.name}', not '${encoder.target.name}'`);
  if (!hasSameUnits(shape, oldShape) || levelsOf(encoder) !== levelsOf(old)) {
    throw refuse(`the network of this run is another one: ${described(oldShape)} there, ${described(shape)} here`,
      'Set model and data.task as that run has them, or leave train.warm out.');
  }
  const stream = Stream.fromSeed(seed).split('warm');
  const states = jobs.map(({ name, settings }) => {
    const state = kept.get(name);
    const { gates, spike } = settings.shape;
    const own = { ...(isLinear({ name }) ? linearShape(oldShape) : oldShape), gates, spike };
    if (state?.theta.length !== layoutOf(own).size) return null;
    return warmState(settings, namesOf(encoder), { shape: own, names: namesOf(old), state }, stream.split(name));
  });
  const begun = states.filter(Boolean).length;
  if (begun === 0) throw refuse(`this run has none of the fits of this training (${listed(jobs.map(({ name }) => name))})`);
  onNote?.(`${plural(begun, 'fit')} ${begun === 1 ? 'begins' : 'begin'} where the run ${path} has ended. ${newColumns(encoder, old)}`
    + 'Its training rows may be among the test rows here, which then are not quite unseen');
  return { jobs: jobs.map((job, j) => (states[j] ? warmed(job) : job)), fits: states };
}

const levelsOf = ({ target }: Encoder): string => ('levels' in target ? JSON.stringify(target.levels) : '');

const described = ({ task, widths, gates, activation }: NetworkShape): string =>
  [task, `${widths.slice(1, -1).join('-') || 'no'} hidden units`, plural(widths[widths.length - 1], 'output'), `gates ${gates}`, activation].join(', ');

const namesOf = ({ features }: Encoder): InputNames =>
  ({ features: features.map(({ name }) => name), columns: features.flatMap(({ columns }) => columns.map(({ name }) => name)) });

function newColumns(encoder: Encoder, old: Encoder): string {
  const [now, then] = [namesOf(encoder).columns, new Set(namesOf(old).columns)];
  const added = now.filter((name) => !then.has(name));
  return added.length === 0 ? '' : `New to it: ${listed(added.map((name) => `'${name}'`))}. `;
}
