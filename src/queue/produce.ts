/** A job whose tasks the workers of a queue do: the same code as without one. */
import { createHash, randomBytes } from 'node:crypto';
import { basename, join, relative } from 'node:path';
import { fail } from '../errors.js';
import { unlessAborted } from '../jobs/abort.js';
import { readPlainFile } from '../special-file.js';
import { reading } from '../store/refusals.js';
import type { Config } from '../config/schema.js';
import { databaseOf } from '../table-path.js';
import { option, words, type Words } from '../voice.js';
import type { AllTasks } from '../work/handlers.js';
import { identityOf } from '../work/units.js';
import type { Workers } from '../work/workers.js';
import { makerOf, differences } from '../shards/makers.js';
import { perform, type Performed, type PerformOptions } from '../shards/perform.js';
import type { Plan } from '../shards/plan.js';
import { planHash } from '../shards/plan.js';
import { planText } from '../shards/plan-file.js';
import { openServer, type Server } from './client.js';
import { handingRunner, type Placing } from './handing-runner.js';
import { KEEP, keys, MAX_FILE, MAX_RUN, runText, type Role, type Shipped } from './messages.js';
import { QueueParts } from './parts.js';
import { leavesFolder } from './paths.js';
import type { Place } from './place.js';
import { QueueTaker } from './taker.js';

export type ProduceOptions = Omit<PerformOptions, 'through' | 'path' | 'shown' | 'jobs'> & {
  place: Place;
  /** Folder, absolute, that the paths of the run begin at, here and at the workers. */
  folder: string;
  /** Whether the tables go to the workers through the server. */
  ship: boolean;
  /** Told in what the results were made differently. */
  onWarning?: ((text: string) => void) | undefined;
};

/** Bytes of a random name. */
const NAME = 16;

/**
 * Does a job by the workers of a queue, and what is too small for them here.
 * @throws usage.queue, run.no-bullmq, run.queue-unreachable, run.queue-data, run.queue-refused, run.queue-lost,
 *   run.queue-damaged, run.queue-too-large; what the job throws
 */
export async function produce({ place, folder, ship, onWarning, ...options }: ProduceOptions): Promise<Performed> {
  const { plan, signal, onNote = () => {} } = options;
  refuseUnreachable(plan.config, folder, ship);
  const server = await unlessAborted(openServer(place, onNote), signal);
  const run = randomBytes(NAME).toString('hex');
  const path = join(folder, 'plan.jsonl');
  let taker: QueueTaker | undefined;
  try {
    await unlessAborted(putRun(server, run, plan, path, ship), signal);
    const parts = new QueueParts(server, plan);
    taker = await unlessAborted(QueueTaker.open({ server, run, plan: planHash(plan), parts, onNote }), signal);
    const performed = await perform({ ...options, path, shown: plan.dataName, jobs: 1, through: handed(parts, taker, signal) });
    for (const line of differences(plan, parts.usedMakers)) onWarning?.(line);
    await parts.clear();
    return performed;
  } catch (error) {
    if (taker && signal?.aborted) onNote(`finished results stay at ${place.shown} for a week; the same command goes on from them`);
    throw error;
  } finally {
    await taker?.close();
    server.close();
  }
}

const handed = (parts: QueueParts, taker: QueueTaker, signal: AbortSignal | undefined) => (workers: Workers): Workers => {
  parts.maker = makerOf(workers);
  const place = <N extends keyof AllTasks>(kind: N, task: AllTasks[N]['task']): Placing => {
    const { key, unit, last } = identityOf(kind, task);
    return last ? {} : { key, unit };
  };
  const runner = handingRunner<AllTasks>(workers, { results: parts, taker, place, signal });
  return Object.defineProperty({ ...runner, engine: workers.engine }, 'size', { get: () => taker.size });
};

/** The files of a run: what each is for, and where it lies. */
function filesOf({ data: { path, split } }: Config): [Role, string][] {
  return [...(path === '-' ? [] : [['data', path] as [Role, string]]), ...(split.testFile === null ? [] : [['test', split.testFile] as [Role, string]])];
}

/** @throws run.queue-data for what workers could not read, or should not */
function refuseUnreachable(config: Config, folder: string, ship: boolean): void {
  const files = filesOf(config);
  const refuse = (file: string, what: string, hint: Words): Error => fail('run.queue-data', what, { where: { file }, hint });
  for (const [, path] of files) {
    if (databaseOf(path) !== undefined) throw refuse(path, 'workers of a queue do not read databases', 'Write its rows to a file.');
  }
  const shared = [...(ship ? [] : files.map(([, path]) => path)), ...(config.train.warm === null ? [] : [config.train.warm])];
  const outside = shared.find((path) => leavesFolder(relative(folder, path)));
  if (outside === undefined) return;
  throw refuse(outside, `it lies outside of ${folder}, where workers read`, words`Start where it lies below, or use ${option('shipData', true)}.`);
}

async function putRun(server: Server, run: string, plan: Plan, path: string, ship: boolean): Promise<void> {
  const shipped: Partial<Record<Role, Shipped>> = {};
  for (const [role, file] of ship ? filesOf(plan.config) : []) {
    const bytes = await reading(file, () => readPlainFile(file));
    if (bytes.length > MAX_FILE) throw tooLarge(file, bytes.length, MAX_FILE);
    await server.redis.set(keys.file(run, role), bytes, 'EX', KEEP);
    // Its end tells how it is to be read.
    const name = basename(file).replace(/[^\w.-]/g, '_').replace(/^[^A-Za-z0-9]+/, '').slice(-100);
    shipped[role] = { name: name === '' ? role : name, sha256: createHash('sha256').update(bytes).digest('hex'), bytes: bytes.length };
  }
  const text = runText({ plan: planText(plan, path), ...shipped });
  if (text.length > MAX_RUN) throw tooLarge(plan.dataName, text.length, MAX_RUN);
  await server.redis.set(keys.run(run), text, 'EX', KEEP);
}

const tooLarge = (file: string, bytes: number, most: number): Error =>
  fail('run.queue-too-large', `${bytes} bytes are to go through the queue, which carries at most ${most}`, {
    where: { file }, hint: 'Put the file where workers can read it too, or share the work by a folder: plan, work, merge.',
  });
