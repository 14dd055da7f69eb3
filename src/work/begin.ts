/** The start of a training: the data are read, the workers started, and what is worth knowing beforehand is told. */

import { rmSync } from 'node:fs';
import type { Resolved } from '../config/resolve.js';
import { shareThreads } from '../engine/backend.js';
import type { EnginePreference } from '../engine/preference.js';
import { unlessAborted } from '../jobs/abort.js';
import type { FitJob } from '../train/fits.js';
import { FEW_STEPS } from '../train/plan.js';
import type { Words } from '../voice.js';
import { ownedFolder, sweepTemporary } from '../temporary-folder.js';
import { isExpected, type TableCache } from '../data/index.js';
import { codedClasses } from './coded-classes.js';
import { jobsOf, tasksOf } from './learn.js';
import { prepare, type Given, type Prepared } from './prepare.js';
import { checkMemory, memoryShape, planMemory, scarcity, type MemoryLimit } from './memory.js';
import { checkMemoryBefore } from './memory-before.js';
import { handedThrough, jobCount, openWorkers, type Jobs, type Through, type Workers } from './workers.js';

export interface WorkOptions {
  resolved: Resolved;
  /** What a `data.path` of `-` stands for. */
  given?: Given | undefined;
  engine?: EnginePreference;
  /** How many fits to make at once, each in a process of its own but for 1; results do not depend on it. Default: `auto`. */
  jobs?: Jobs | undefined;
  /** What there is; absent: it is not looked at. */
  memory?: MemoryLimit | undefined;
  /** Where tables are kept that were read; absent: nowhere. */
  cache?: TableCache | undefined;
  /** What the tasks are handed through. */
  through?: Through | undefined;
  signal?: AbortSignal | undefined;
  onNote?: ((text: Words) => void) | undefined;
}

/** What there is when the fits can begin. */
export interface Work {
  workers: Workers;
  prepared: Prepared;
  jobs: FitJob[];
  started: Date;
  prepareSeconds: number;
}

/** Reads the data, starts the engine and does the work; ends the workers whatever comes of it. @throws training.memory */
export async function withWork<T>(options: WorkOptions, work: (begun: Work) => Promise<T>): Promise<T> {
  const started = new Date();
  const { signal, memory = {}, jobs: asked = 'auto', resolved: { config } } = options;
  shareThreads(tasksOf(config));
  await unlessAborted(checkMemoryBefore(options.resolved, memory, asked), signal);
  const scratch = new Scratch();
  try {
    return await workOn(options, scratch, started, work);
  } finally {
    scratch.remove();
  }
}

const ROWS = 'bnnc-rows-';

/** A folder for what a large table leaves on the disk, if there is one. What killed trainings have left is removed. */
export class Scratch {
  private path: string | undefined;

  constructor() {
    sweepTemporary(ROWS);
  }

  readonly folder = (): string => (this.path ??= ownedFolder(ROWS));

  remove(): void {
    if (this.path !== undefined) rmSync(this.path, { recursive: true, force: true });
  }
}

async function workOn<T>(
  options: WorkOptions, { folder }: Scratch, started: Date, work: (begun: Work) => Promise<T>,
): Promise<T> {
  const { signal, onNote, memory = {}, jobs: asked = 'auto', resolved: { config, dataName }, cache } = options;
  const ways = { columnar: { cache }, large: { folder }, signal };
  const prepared = await unlessAborted(prepare(options.resolved, options.given, ways), signal);
  for (const { name, reason } of prepared.encoder.dropped) {
    if (!isExpected(reason)) onNote?.(`input '${name}' is left out: ${reason}`);
  }
  for (const remark of prepared.remarks ?? []) onNote?.(remark);
  const classes = codedClasses(prepared.encoder, config.data);
  if (classes !== undefined) onNote?.(classes);
  const { plan: { steps } } = prepared;
  if (steps < FEW_STEPS) onNote?.(`${steps} steps are probably too few for the gates to converge; train.epochs=auto uses about 4000`);
  const jobs = jobsOf(options.resolved.config, prepared);
  const counted = memoryShape(prepared);
  const planned = planMemory(counted, memory, { asked, most: jobCount(asked, tasksOf(config), prepared) });
  checkMemory(planned, counted, { file: dataName });
  const scarce = scarcity(planned);
  if (scarce !== undefined) onNote?.(scarce);
  const opened = await openWorkers(planned.jobs, options.engine, signal, options.through?.apart);
  const workers = await handedThrough(options.through, opened, { data: prepared.table.sha256, test: prepared.tests?.sha256 });
  if (workers.engine.name === 'wasm' && (options.engine ?? 'auto') === 'auto') {
    onNote?.('training runs on WebAssembly, several times slower than the native engine; bnnc doctor shows how to get that one');
  }
  try {
    return await work({ workers, prepared, jobs, started, prepareSeconds: secondsSince(started) });
  } finally {
    await workers.close();
  }
}

export const secondsSince = (begin: Date, end = new Date()): number => (end.getTime() - begin.getTime()) / 1000;
