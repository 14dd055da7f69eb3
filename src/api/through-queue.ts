/** Jobs whose tasks go to the workers of a queue. */

import type { Resolved } from '../config/resolve.js';
import { fail } from '../errors.js';
import type { Performed, PerformOptions } from '../shards/perform.js';
import type { Job } from '../shards/plan.js';
import type { TrainProgress } from '../types.js';
import { joined, option, telling, words, type Tell } from '../voice.js';
import { engineOf, folderOf, NODE_VERSION, queuePassword } from './environment.js';
import type { EngineOptions } from './options/shared.js';

type Written = Pick<NonNullable<PerformOptions['write']>, 'out' | 'force' | 'argv'>;

interface ThroughOptions extends EngineOptions {
  queue?: string | undefined;
  shipData?: boolean | undefined;
  cwd?: string | undefined;
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: TrainProgress) => void) | undefined;
  onTable?: ((done: number) => void) | undefined;
  onNote?: Tell | undefined;
  onWarning?: Tell | undefined;
}

/**
 * Does a job through a queue.
 * @param write how to write the run of a training
 */
export async function throughQueue<J extends Job>(
  { job, resolved }: { job: J; resolved: Resolved }, options: ThroughOptions, write?: Written,
): Promise<Extract<Performed, Pick<J, 'what'>>> {
  const { queue, shipData = false, signal, onProgress, onTable, onNote, onWarning } = options;
  const cwd = folderOf(options);
  const engine = engineOf(options);
  const [{ placeOf }, { makePlan }, { produce }] =
    await Promise.all([import('../queue/place.js'), import('../shards/make-plan.js'), import('../queue/produce.js')]);
  const place = placeOf(queue!, queuePassword());
  const plan = await makePlan({ job, resolved, engine, signal });
  const tells: Partial<PerformOptions> = { onProgress, onSimulated: onTable, onNote: telling(onNote) };
  const performed = await produce({
    ...tells, plan, place, folder: cwd, ship: shipData, engine, signal, onWarning: telling(onWarning),
    ...(write && { write: { ...write, nodeVersion: NODE_VERSION, cwd } }),
  });
  return performed as Extract<Performed, Pick<J, 'what'>>;
}

/**
 * @param options those that were given, of which some do not go with a queue
 * @throws usage.queue
 */
export function refuseBesideQueue<O extends { queue?: string | undefined; shipData?: boolean | undefined }>(
  options: O, rivals: readonly (keyof O & string)[],
): void {
  if (options.queue === undefined) {
    if (!options.shipData) return;
    throw fail('usage.queue', words`${option('shipData', true)} needs ${option('queue')}`, { hint: 'Name the server.' });
  }
  const given = rivals.filter((name) => options[name] !== undefined && options[name] !== false);
  if (given.length === 0) return;
  throw fail('usage.queue', words`${joined(given.map((name) => [option(name)]), ', ')} cannot be given with ${option('queue')}`, {
    hint: given.includes('jobs' as never) ? 'Workers say how many tasks they do at once.' : 'Leave one of them out.',
  });
}
