/** Merging: the results of a plan's units become what the job alone would have made. */

import { resolve } from 'node:path';
import type { Calibration } from '../work/calibrate/calibrate.js';
import type { CvDocument } from '../work/cv/document.js';
import { telling } from '../voice.js';
import { engineOf, folderOf, heed, NODE_VERSION } from './environment.js';
import { checked } from './options/check.js';
import { MERGE, type MergeUnitsOptions } from './options/shards.js';
import { checkedSelection, type CheckedSelection } from './select-features.js';
import { finishedRun, type TrainedRun } from './train.js';

/** What comes of a plan. */
export type MergedUnits =
  | { job: 'train'; run: TrainedRun }
  | { job: 'cv'; document: CvDocument }
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
  const [{ readPlan }, { mergeParts }] = await Promise.all([import('../shards/plan-file.js'), import('../shards/share.js')]);
  const done = await mergeParts({
    plan: await readPlan(path, plan), path, shown: plan, folder: resolve(cwd, parts), shownFolder: parts,
    engine: engineOf(options), jobs, signal, onNote: telling(onNote), onWarning: telling(onWarning),
    write: { out, force, argv, nodeVersion: NODE_VERSION, cwd },
  });
  switch (done.what) {
    case 'train': return { job: 'train', run: await finishedRun(done.trained!, onWarning) };
    case 'cv': return { job: 'cv', document: done.document };
    case 'calibrate': return { job: 'calibrate', calibration: done.calibration, name: done.name, like: done.like };
    case 'knockoffs': return { job: 'knockoffs', selection: checkedSelection(done.run, done.check, { fdr: done.fdr, threshold: 0.5 }) };
  }
}
