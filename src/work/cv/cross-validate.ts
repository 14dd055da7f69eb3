/** k-fold cross-validation: every row is predicted by models that were learnt without it. */
import type { Resolved } from '../../config/resolve.js';
import { allRows, columnRemarks, fitEncoder } from '../../data/index.js';
import { shareThreads } from '../../engine/backend.js';
import type { EnginePreference } from '../../engine/preference.js';
import { BnncError, fail } from '../../errors.js';
import { checkThreshold } from '../../inference/inclusion/select.js';
import type { TrainProgress } from '../../types.js';
import { Interrupted, unlessAborted } from '../../jobs/abort.js';
import { codedClasses } from '../coded-classes.js';
import { checkMemory, planMemory, scarcity, type MemoryLimit } from '../memory.js';
import { checkMemoryBefore } from '../memory-before.js';
import { handedThrough, jobCount, openWorkers, type Jobs, type Through } from '../workers.js';
import { dataTable, type Given } from '../prepare.js';
import { leakageLines } from '../leakage/findings.js';
import { cvDocument, type CvDocument } from './document.js';
import type { FoldResult, FoldTask } from './fold.js';
import { tellFewSteps, tellLeftOut, tellRare, tellUnused } from './notes.js';
import { lookAt, ofFold, planFolds, type PlannedFold } from './plan.js';
import { foldsTeller } from './progress.js';
import type { Words } from '../../voice.js';

export interface CvOptions {
  resolved: Resolved;
  /** Default: 10. */
  folds?: number | undefined;
  /** How many times the rows are divided anew. Default: 1. */
  repeats?: number | undefined;
  /** PIP from which on something is kept and an input counts as selected. Default: 0.5. */
  threshold?: number | undefined;
  /** What a `data.path` of `-` stands for. */
  given?: Given | undefined;
  engine?: EnginePreference;
  /** How many folds to work on at once, each in a process of its own but for 1; results do not depend on it. Default: `auto`. */
  jobs?: Jobs | undefined;
  /** What there is; absent: it is not looked at. */
  memory?: MemoryLimit | undefined;
  /** What the folds are handed through. */
  through?: Through | undefined;
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: TrainProgress) => void) | undefined;
  onNote?: ((text: Words) => void) | undefined;
}

/**
 * Learns from all folds but one and measures on that one, for each of them.
 * Of `data.split` `stratify`, `group` and `time` have a part in it.
 * @throws usage.folds, usage.repeats, usage.threshold; errors of the data stage; training.non-finite, training.worker,
 *   training.memory; interrupted.stopped
 */
export async function crossValidate(options: CvOptions): Promise<CvDocument> {
  const { resolved, folds: k = 10, repeats = 1, threshold = 0.5, signal, memory = {}, jobs: asked = 'auto', onNote = () => {} } = options;
  const { config } = resolved;
  checkThreshold(threshold);
  checkRepeats(repeats, config.data.split.time);
  shareThreads(k * repeats);
  await unlessAborted(checkMemoryBefore(resolved, memory, asked, { whole: true }), signal);
  const table = await unlessAborted(dataTable(resolved, options.given), signal);
  const { divisions, planned } = planFolds(table, config, { folds: k, repeats, threshold });
  // What is wrong with the table as a whole is not told of a fold.
  const whole = fitEncoder(table, allRows(table.rows), config.data);
  const { first, work, encoders, counts, noSearch, leakage } = lookAt(planned, k);
  tellUnused(config, onNote);
  tellRare(divisions[0], k, onNote);
  tellLeftOut(encoders, onNote);
  if (noSearch !== undefined) onNote(noSearch);
  for (const remark of columnRemarks(table, allRows(table.rows), whole, config.data)) onNote(remark);
  for (const line of leakageLines(leakage)) onNote(line);
  const classes = codedClasses(whole, config.data);
  if (classes !== undefined) onNote(classes);
  tellFewSteps(first.plan, onNote);

  const fits = work.reduce((sum, each) => sum + each.fits, 0);
  const most = Math.min(planned.length, jobCount(asked, fits, first));
  const { size } = first;
  const room = planMemory(size, memory, { asked, most, whole: true });
  checkMemory(room, size, { file: resolved.dataName });
  const scarce = scarcity(room);
  if (scarce !== undefined) onNote(scarce);
  const opened = await openWorkers(room.jobs, options.engine, signal, options.through?.apart);
  const workers = await handedThrough(options.through, opened, { data: table.sha256 });
  try {
    const { restarts, linearFits } = counts;
    const teller = foldsTeller(work, restarts + linearFits, workers.size, options.onProgress ?? (() => {}));
    const running = planned.map(async (fold, at) => {
      const result = await workers.run('fold', taskOf(fold), (progress) => teller.heard(at, progress));
      teller.done(at);
      return result;
    });
    const results = finished(await Promise.allSettled(running), planned, k);
    const { task } = first.encoder.target;
    return cvDocument({ resolved, table, planned, results, divisions, engine: workers.engine, task, threshold, counts, leakage });
  } finally {
    await workers.close();
  }
}

/** @throws usage.repeats */
function checkRepeats(repeats: number, time: string | null): void {
  if (time !== null && repeats > 1) {
    const message = `rows are divided by '${time}' (data.split.time), which gives the same folds each time`;
    throw fail('usage.repeats', message, { hint: 'Use one repeat.' });
  }
  if (Number.isSafeInteger(repeats) && repeats >= 1) return;
  throw fail('usage.repeats', `the number of repeats must be a whole number of at least 1, not ${repeats}`, {
    hint: 'Each repeat divides the rows in a new way; 1 is usual.',
  });
}

const taskOf = ({ table, splits, config, threshold, repeat, fold }: PlannedFold): FoldTask =>
  ({ table, splits, config, threshold, repeat, fold });

/** @throws the first failure in the order of the folds; interrupted.stopped when nothing else went wrong */
function finished(
  settled: readonly PromiseSettledResult<FoldResult | undefined>[], planned: readonly PlannedFold[], k: number,
): FoldResult[] {
  const isStop = (reason: unknown): boolean => reason instanceof BnncError && reason.problems[0].code === 'interrupted.stopped';
  settled.forEach((result, at) => {
    if (result.status === 'rejected' && !isStop(result.reason)) throw ofFold(result.reason, planned[at], k);
  });
  return settled.map((result) => {
    if (result.status === 'rejected' || !result.value) throw new Interrupted();
    return result.value;
  });
}
