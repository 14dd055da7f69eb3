/** The fits of a run: the restarts, then the dense reference network. They know nothing of one another. */
import type { NetworkShape } from '../model/shape.js';
import type { Gates } from '../types.js';
import type { FitSettings } from './types.js';
import type { Course } from './schedule.js';

export interface FitJob {
  /** `restart 1`, ..., `weight gates, restart 1`, ..., `reference`; also the name of its random stream. */
  name: string;
  settings: FitSettings;
}

/** Gates as they are asked for: `auto` tries several, and the ELBO chooses. */
export type GatesChoice = Gates | 'auto';

/** What `auto` tries. Node gates alone are trained poorly by matched moments, and no gates tell nothing. */
const TRIED: Gates[] = ['both', 'weight'];

export interface FitsAskedFor {
  gates: GatesChoice;
  spike?: NetworkShape['spike'];
  /** Restarts with each kind of gates. */
  restarts: number;
  /** Whether the mean-field network of the same shape without gates or spike is fitted too. */
  reference: boolean;
}

interface FitName {
  name: string;
  gates: Gates;
  course: Course;
}

const REFERENCE = 'reference';

/**
 * Starts that differ in more than their random draws find more: of two kinds of gates every second restart learns those of
 * the edges first (docs/decisions/9-starts.md).
 */
const courseOf = (gates: Gates, restart: number): Course => (gates === 'both' && restart % 2 === 1 ? 'edges' : 'whole');

/** Names, gates and courses of the fits. Without gates or spike every restart is a dense network already. */
export function fitNames({ gates, spike = 'dirac', restarts, reference }: FitsAskedFor): FitName[] {
  const [first, ...others] = gates === 'auto' ? TRIED : [gates];
  const each = (kind: Gates, prefix: string): FitName[] =>
    Array.from({ length: restarts }, (_, r) => ({ name: `${prefix}restart ${r + 1}`, gates: kind, course: courseOf(kind, r) }));
  const named = [...each(first, ''), ...others.flatMap((kind) => each(kind, `${kind} gates, `))];
  const dense = gates === 'none' && spike === 'dirac';
  return reference && !dense ? [...named, { name: REFERENCE, gates: 'none', course: 'whole' }] : named;
}

export const isReference = ({ name }: Pick<FitJob, 'name'>): boolean => name === REFERENCE;

/** Jobs of a run; `settings.shape` is that of every network but for gates and spike. */
export function fitJobs(settings: FitSettings, asked: FitsAskedFor): FitJob[] {
  return fitNames(asked).map(({ name, gates, course }) => {
    const spike = isReference({ name }) ? 'dirac' : asked.spike;
    const temperature = isReference({ name }) ? 1 : settings.temperature;
    return { name, settings: { ...settings, temperature, course, shape: { ...settings.shape, gates, spike } } };
  });
}
