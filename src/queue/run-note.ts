/** A run, as a worker takes it from the server: the plan, its files, and whether it stays where the worker may read. */
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { fail } from '../errors.js';
import { Interrupted } from '../jobs/abort.js';
import { readConfig } from '../store/parts.js';
import { openRun } from '../store/open.js';
import { fileOf } from '../table-path.js';
import { temporaryFolder, writingTemporarily } from '../temporary-folder.js';
import { planHash, type Plan } from '../shards/plan.js';
import { parsePlan } from '../shards/plan-file.js';
import type { Server } from './client.js';
import { keys, MAX_RUN, readRun, type Role, type RunNote, type Shipped } from './messages.js';
import { leavesFolder } from './paths.js';

export interface RunPlace {
  server: Server;
  run: string;
  /** Hash of the plan that the run must have. */
  plan: string;
  /** Folder, absolute, that the paths of the plan begin at; nothing outside of it is read. */
  folder: string;
}

/** A run that a worker may do. */
export interface TakenRun {
  plan: Plan;
  /** Folder of the files that came with it. */
  temporary: string | undefined;
}

/** What a worker does not do. */
export const refused = (what: string): Error =>
  fail('run.queue-refused', `a worker refuses the task: ${what}`, { hint: 'Start the command again; if it is refused again, see the page of the queue.' });

/**
 * Reads a run and its files.
 * @throws run.queue-refused for one that is none, that is not its plan's, or that leads elsewhere; run.not-a-plan,
 *   run.plan-version; interrupted.stopped for one that is gone
 */
export async function takeRun({ server, run, plan: hash, folder }: RunPlace): Promise<TakenRun> {
  const { redis } = server;
  if (await redis.strlen(keys.run(run)) > MAX_RUN) throw refused('its plan is too large');
  const said = await redis.get(keys.run(run));
  // Whoever wanted it has gone.
  if (said === null) throw new Interrupted();
  const note = readRun(said);
  if (!note) throw refused('its plan is not as bnnc writes it');
  const plan = parsePlan(note.plan, join(folder, 'plan.jsonl'), 'the plan of the queue');
  if (plan.job.what === 'sweep') throw refused('it is a sweep, which has no part in a queue');
  if (planHash(plan) !== hash) throw refused('its plan is not the one that it names');
  await refuseElsewhere(plan, note, folder);
  const shipped = (['data', 'test'] as const).flatMap((role) => (note[role] ? [[role, note[role]] as [Role, Shipped]] : []));
  return shipped.length === 0 ? { plan, temporary: undefined } : withFiles(plan, shipped, server, run);
}

/** The plan with files that came with it in the place of its own. */
async function withFiles(plan: Plan, shipped: readonly [Role, Shipped][], { redis }: Server, run: string): Promise<TakenRun> {
  const temporary = temporaryFolder('bnnc-queue-');
  const { config, config: { data, data: { split } } } = plan;
  const paths: Record<Role, string | null> = { data: data.path, test: split.testFile };
  for (const [role, { name, bytes, sha256 }] of shipped) {
    if (await redis.strlen(keys.file(run, role)) !== bytes) throw refused('a file that came with it has another size');
    const content = await redis.getBuffer(keys.file(run, role));
    if (content === null) throw new Interrupted();
    if (createHash('sha256').update(content).digest('hex') !== sha256) throw refused('a file that came with it has another checksum');
    paths[role] = join(temporary, role, name);
    writingTemporarily(() => {
      mkdirSync(join(temporary, role));
      writeFileSync(join(temporary, role, name), content);
    });
  }
  const placed = { ...data, path: paths.data!, split: { ...split, testFile: paths.test } };
  return { plan: { ...plan, config: { ...config, data: placed } }, temporary };
}

/** @throws run.queue-refused where something outside of the folder, or a database, would be read */
async function refuseElsewhere({ job, config }: Plan, note: RunNote, folder: string): Promise<void> {
  const { data: { path, split: { testFile } }, train: { warm } } = config;
  const tables = [note.data || path === '-' ? null : path, note.test ? null : testFile];
  const files = [...tables.map((table) => (table === null ? null : fileOf(table) === table ? table : undefined)), warm];
  if (job.what === 'knockoffs') {
    await refuseOutside(job.run, folder);
    const own = await readConfig(await openRun(job.run, '.'));
    const test = own.data.split.testFile;
    files.splice(0, 2, resolve(job.run, own.data.path), test === null ? null : resolve(job.run, test));
  }
  for (const file of files) {
    if (file === undefined) throw refused('it reads a database');
    if (file !== null) await refuseOutside(file, folder);
  }
}

async function refuseOutside(path: string, folder: string): Promise<void> {
  const whole = await realpath(path).catch(() => undefined);
  if (whole === undefined) throw refused(`there is no '${relative(folder, path)}' in the folder of the worker`);
  if (leavesFolder(relative(await realpath(folder), whole))) throw refused(`'${relative(folder, path)}' lies outside of the folder of the worker`);
}
