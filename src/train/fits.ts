/** The fits of a run: the restarts, then the dense reference network. They know nothing of one another. */
import type { NetworkShape } from '../model/shape.js';
import type { FitSettings } from './fit.js';

export interface FitJob {
  /** `restart 1`, ..., `reference`; also the name of its random stream. */
  name: string;
  settings: FitSettings;
}

/** Whether a network of this shape has no reference: its restarts are dense networks themselves. */
export const isDense = ({ gates, spike = 'dirac' }: Pick<NetworkShape, 'gates' | 'spike'>): boolean => gates === 'none' && spike === 'dirac';

/** How many fits {@link fitJobs} makes. */
export const fitCount = (shape: Pick<NetworkShape, 'gates' | 'spike'>, restarts: number, reference: boolean): number =>
  restarts + (reference && !isDense(shape) ? 1 : 0);

/** Jobs of a run; the reference is the mean-field network of the same shape without gates or spike. */
export function fitJobs(settings: FitSettings, restarts: number, reference: boolean): FitJob[] {
  const jobs = Array.from({ length: restarts }, (_, r): FitJob => ({ name: `restart ${r + 1}`, settings }));
  if (fitCount(settings.shape, restarts, reference) > restarts) {
    const shape: NetworkShape = { ...settings.shape, gates: 'none', spike: 'dirac' };
    jobs.push({ name: 'reference', settings: { ...settings, shape } });
  }
  return jobs;
}
