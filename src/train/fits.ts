/** The fits of a run: the restarts, then the dense reference network. They know nothing of one another. */
import type { NetworkShape } from '../model/shape.js';
import type { FitSettings } from './fit.js';

export interface FitJob {
  /** `restart 1`, ..., `reference`; also the name of its random stream. */
  name: string;
  settings: FitSettings;
}

/** How many fits {@link fitJobs} makes. Without gates every restart is a dense network already. */
export const fitCount = (gates: NetworkShape['gates'], restarts: number, reference: boolean): number =>
  restarts + (reference && gates !== 'none' ? 1 : 0);

/** Jobs of a run; the reference is the mean-field network of the same shape without gates. */
export function fitJobs(settings: FitSettings, restarts: number, reference: boolean): FitJob[] {
  const jobs = Array.from({ length: restarts }, (_, r): FitJob => ({ name: `restart ${r + 1}`, settings }));
  if (fitCount(settings.shape.gates, restarts, reference) > restarts) {
    const shape: NetworkShape = { ...settings.shape, gates: 'none' };
    jobs.push({ name: 'reference', settings: { ...settings, shape } });
  }
  return jobs;
}
