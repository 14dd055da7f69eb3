/** Merging: the results of a plan's units become what the job alone would have made. */

import { join, resolve } from 'node:path';
import type { Calibration } from '../work/calibrate/calibrate.js';
import type { Performed } from '../shards/perform.js';
import type { CvDocument } from '../work/cv/document.js';
import type { FoldOutcome } from '../work/sweep/standing.js';
import type { OutcomeStore } from '../work/sweep/sweep.js';
import { telling } from '../voice.js';
import { engineOf, folderOf, heed, NODE_VERSION } from './environment.js';
import { checked } from './options/check.js';
import { MERGE, type MergeUnitsOptions } from './options/shards.js';
import { checkedSelection, type CheckedSelection } from './select-features.js';
import type { SweepDocument } from './sweep.js';
import { sweepInto } from './sweep-folder.js';
import { finishedRun, type TrainedRun } from './train.js';

/** What comes of a plan. */
export type MergedUnits =
  | { job: 'train'; run: TrainedRun }
  | { job: 'cv'; document: CvDocument }
  | { job: 'sweep'; document: SweepDocument }
  /** `like` and `name` say what was simulated. */
  | { job: 'calibrate'; calibration: Calibration; name: string; like: object }
  | { job: 'knockoffs'; selection: CheckedSelection };

/**
 * Puts the results of a plan together. The files of a run, and every document, are those of the job done in one process, but for
 * what is said of time and arguments.
 * @param plan path of the file
 * @param parts folder of the results
 * @throws {BnncError} `usage.option`; `run.parts-missing`, with the call that makes what is missing; `run.part-foreign`,
 *   `run.part-damaged`, `run.plan-data`, `run.plan-version`; what the job throws; `interrupted.stopped`
 * @example
 * ```ts
 * const merged = await mergeUnits('plan.jsonl', 'parts', { out: 'runs/a' });
 * ```
 * @category Many machines
 */
export async function mergeUnits(plan: string, parts: string, options: MergeUnitsOptions = {}): Promise<MergedUnits> {
  const { out = true, force, jobs = 1, argv = [], signal, onNote, onWarning } = checked('mergeUnits', options, MERGE);
  heed(options);
  const cwd = folderOf(options);
  const path = resolve(cwd, plan);
  const [{ readPlan, trialsOf }, { mergeParts }] = await Promise.all([import('../shards/plan-file.js'), import('../shards/share.js')]);
  const read = await readPlan(path, plan);
  const merging = {
    plan: read, path, shown: plan, folder: resolve(cwd, parts), shownFolder: parts,
    engine: engineOf(options), jobs, signal, onNote: telling(onNote), onWarning: telling(onWarning),
  };
  if (read.job.what === 'sweep') {
    const { job } = read;
    const outcomes: [trial: number, outcome: FoldOutcome][] = [];
    const onTable = async (): Promise<OutcomeStore> =>
      ({ read: async () => undefined, write: async (trial, outcome) => void outcomes.push([trial, outcome]) });
    // The folder is opened when all is there: what is missing leaves nothing behind.
    const { result } = await mergeParts({ ...merging, onTable }) as Extract<Performed, { what: 'sweep' }>;
    const place = { path: typeof out === 'string' ? out : join('sweeps', job.name), cwd, force: force ?? false };
    const document = await sweepInto({ ...place, plan: job, trials: trialsOf(job, read, path), onNote }, async (begin) => {
      const store = await begin(result.data);
      for (const [trial, outcome] of outcomes) await store.write(trial, outcome);
      return result;
    });
    return { job: 'sweep', document };
  }
  const done = await mergeParts({ ...merging, write: { out, force, argv, nodeVersion: NODE_VERSION, cwd } }) as Exclude<Performed, { what: 'sweep' }>;
  switch (done.what) {
    case 'train': return { job: 'train', run: await finishedRun(done.trained!, onWarning) };
    case 'cv': return { job: 'cv', document: done.document };
    case 'calibrate': return { job: 'calibrate', calibration: done.calibration, name: done.name, like: done.like };
    case 'knockoffs': return { job: 'knockoffs', selection: checkedSelection(done.run, done.check, { fdr: done.fdr, threshold: 0.5 }) };
  }
}
