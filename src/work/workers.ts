/** Who does the tasks of a training run. */

import { availableParallelism } from 'node:os';
import { startEngine, type Engine } from '../engine/backend.js';
import type { EnginePreference } from '../engine/preference.js';
import { unlessAborted } from '../jobs/abort.js';
import type { Prepared } from './prepare.js';
import { openPool } from '../jobs/pool.js';
import { localRunner, type Runner } from '../jobs/runner.js';
import type { AllTasks } from './handlers.js';

/** How many fits are made at once: a number, or as many as are worth it. */
export type Jobs = number | 'auto';

export interface Workers extends Runner<AllTasks> {
  engine: Engine;
}

/** SHA-256 of what is learned from: the table and the test file, where there are such. */
export interface DataHashes {
  data?: string | undefined;
  test?: string | undefined;
}

/** Puts something between a job and the workers that do its tasks. @throws where the data are not those that it is for */
export interface Through {
  (workers: Workers, hashes: DataHashes): Workers;
  /** The tasks are done in processes of their own even if there is only one, so that this one can hear others meanwhile. */
  apart?: boolean | undefined;
}

/** The workers as the job shall see them; they are ended where that fails. */
export async function handedThrough(through: Through | undefined, workers: Workers, hashes: DataHashes): Promise<Workers> {
  if (!through) return workers;
  try {
    return through(workers, hashes);
  } catch (error) {
    await workers.close();
    throw error;
  }
}

/**
 * Starts this process's engine (one job), or worker processes with engines of their own.
 * @param apart processes of their own for one job, too
 * @throws usage.no-native-engine; interrupted.stopped
 */
export async function openWorkers(
  jobs: number, prefer: EnginePreference = 'auto', signal?: AbortSignal, apart = false,
): Promise<Workers> {
  if (jobs === 1 && !apart) {
    const engine = await startEngine({ prefer });
    const { handlers } = await import('./handlers.js');
    return { engine, ...localRunner(handlers, signal) };
  }
  const pool = openPool<AllTasks, EnginePreference, Engine>({
    entry: new URL('./worker-entry.js', import.meta.url), settings: prefer, size: jobs, signal,
  });
  try {
    return { ...pool, engine: await unlessAborted(pool.ready, signal) };
  } catch (error) {
    await pool.close();
    throw error;
  }
}

/**
 * How many of the fits of a run to make at once: as was asked for, at most all of them; `auto`, as many as there are cores
 * when the work is worth the start of worker processes.
 */
export function jobCount(jobs: Jobs, fits: number, { shape: { widths }, plan: { steps, batch } }: Pick<Prepared, 'shape' | 'plan'>): number {
  if (jobs !== 'auto') return Math.min(jobs, fits);
  const weights = widths.slice(1).reduce((sum, width, l) => sum + (widths[l] + 1) * width, 0);
  const worthIt = fits * steps * (STEP_OVERHEAD + batch * weights) >= MIN_WORK;
  return worthIt ? Math.min(availableParallelism(), fits) : 1;
}

/** What a step costs besides its products of row and weight, in such products; they take some 2 ns. */
const STEP_OVERHEAD = 80_000;
/** About a second. A worker takes nearly as much of a core before it begins. */
const MIN_WORK = 4e8;
