/** The folds of a cross-validation before they begin. */
import type { Config } from '../../config/schema.js';
import { foldRows, type Folds, type Table } from '../../data/index.js';
import { BnncError } from '../../errors.js';
import { Stream } from '../../random.js';
import type { Encoder } from '../../types.js';
import { countFits, fitNames, type FitCounts } from '../../train/fits.js';
import { fitsAskedFor, jobsOf } from '../learn.js';
import type { Leakage } from '../leakage/leakage.js';
import { leakageOf, prepareTable, type Prepared } from '../prepare.js';
import { memoryShape, type MemoryShape } from '../memory.js';
import { whyNoSearch, withinReach } from '../search.js';
import type { FoldTask } from './fold.js';
import type { FoldWork } from './progress.js';
import { words } from '../../voice.js';

export type PlannedFold = FoldTask;

export interface PlannedFolds {
  /** One per repeat. */
  divisions: Folds[];
  /** Repeat by repeat. */
  planned: PlannedFold[];
}

/**
 * Divides the rows. `train.seed` decides how.
 * @throws usage.folds; errors of the data stage
 */
export function planFolds(
  table: Table, config: Config, { folds, repeats, threshold }: { folds: number; repeats: number; threshold: number },
): PlannedFolds {
  const stream = (r: number): Stream => Stream.fromSeed(config.train.seed).split('cv', r + 1);
  const divisions = Array.from({ length: repeats }, (_, r) => foldRows(table, config.data, folds, stream(r)));
  const planned = divisions.flatMap(({ rows, train }, r) => rows.map((test, f): PlannedFold => {
    // A seed of its own, so that no two folds begin with the same weights.
    const seed = stream(r).split('fold', f + 1).bits();
    return {
      table, splits: { train: train[f], validation: new Int32Array(), test }, threshold,
      config: { ...config, train: { ...config.train, seed } }, repeat: r + 1, fold: f + 1,
    };
  }));
  return { divisions, planned };
}

export interface Looks {
  first: Pick<Prepared, 'shape' | 'plan' | 'encoder'> & { size: MemoryShape };
  /** Both in the order of the folds. */
  work: FoldWork[];
  encoders: Encoder[];
  /** Fits of a fold, and why they are not followed by a search where one was asked for; of the first fold. */
  counts: FitCounts;
  noSearch?: string | undefined;
  /** Of the last fold, which has all rows. */
  leakage: Leakage;
}

/**
 * Encodes every fold once, so that what cannot be learnt from is told before anything is trained.
 * @param k folds of a repeat
 */
export function lookAt(planned: readonly PlannedFold[], k: number): Looks {
  const looks = planned.map((fold, at) => {
    try {
      const prepared = prepareTable(fold.table, fold.splits, fold.config);
      const { shape, plan, encoder } = prepared;
      const counts = countFits(fitNames(fitsAskedFor(withinReach(fold.config, prepared))));
      return {
        shape, plan, encoder, counts, size: memoryShape(prepared),
        leakage: at === planned.length - 1 ? leakageOf(prepared, fold.table, fold.config.train.seed) : {},
        noSearch: whyNoSearch(fold.config, prepared),
        work: { fits: jobsOf(fold.config, prepared).length, epochs: plan.epochs },
      };
    } catch (error) {
      throw ofFold(error, fold, k);
    }
  });
  const [first] = looks;
  const { counts, noSearch } = first;
  const { leakage } = looks[looks.length - 1];
  return { first, counts, noSearch, leakage, work: looks.map(({ work }) => work), encoders: looks.map(({ encoder }) => encoder) };
}

/** An expected failure with the fold that it happened in. */
export function ofFold(error: unknown, { repeat, fold }: Pick<PlannedFold, 'repeat' | 'fold'>, k: number): unknown {
  if (!(error instanceof BnncError) || error.problems[0].code === 'training.worker') return error;
  const [first, ...rest] = error.said;
  const which = `fold ${fold} of ${k}${repeat > 1 ? `, repeat ${repeat}` : ''}`;
  return new BnncError([{ ...first, message: words`${which}: ${first.message}` }, ...rest], { cause: error });
}
