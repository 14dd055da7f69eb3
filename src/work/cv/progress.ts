/** The progress of all folds of a cross-validation as that of one work. */
import type { TrainProgress } from '../../types.js';
import { latestEnd } from '../forecast.js';

/** What is known of a fold before it begins. */
export interface FoldWork {
  fits: number;
  /** Of one fit. */
  epochs: number;
}

/** Folds are counted from 0. */
export interface FoldsTeller {
  /** How a fold goes. */
  heard(fold: number, progress: TrainProgress): void;
  /** That a fold is done. */
  done(fold: number): void;
}

/**
 * @param restarts of one fold
 * @param atOnce how many folds are worked on at once
 * @param now milliseconds
 */
export function foldsTeller(
  folds: readonly FoldWork[], restarts: number, atOnce: number, onProgress: (progress: TrainProgress) => void,
  now = (): number => performance.now(),
): FoldsTeller {
  // Folds of different sizes may differ in their epochs: all are told in those of the longest.
  const epochs = Math.max(...folds.map((fold) => fold.epochs));
  const fits = folds.map((each) => Array.from({ length: each.fits }, () => 0));
  const began = now();
  /** Of the folds that were begun: when, how long each takes as a whole as far as that is known, and whether it is done. */
  const times = new Map<number, { began: number; whole?: number; done: boolean }>();
  let share = 0;

  /** Seconds until the last fold is done; undefined where no fold has an idea yet. */
  function secondsLeft(): number | undefined {
    const known = [...times.values()].flatMap(({ whole }) => (whole === undefined ? [] : [whole]));
    if (known.length === 0) return undefined;
    const mean = known.reduce((sum, whole) => sum + whole, 0) / known.length;
    const waiting = folds.flatMap((_, fold) => (times.has(fold) ? [] : [mean]));
    const running = [...times.values()].flatMap((fold) =>
      (fold.done ? [] : [Math.max(0, fold.began + (fold.whole ?? mean) - now())]));
    return latestEnd([...running, ...waiting], atOnce) / 1000;
  }

  return {
    heard(fold, progress) {
      const time = times.get(fold) ?? { began: now(), done: false };
      // A fold says how far it is: what was before its first word counts, too.
      if (progress.secondsLeft !== undefined) time.whole = now() - time.began + 1000 * progress.secondsLeft;
      times.set(fold, time);
      const scaled = (epoch: number): number => (epoch * epochs) / folds[fold].epochs;
      fits[fold] = progress.fits.map(scaled);
      const left = secondsLeft();
      if (left !== undefined) share = Math.max(share, 1 - left / Math.max(left, left + (now() - began) / 1000));
      const isFit = progress.phase === 'restart' || progress.phase === 'reference';
      onProgress({
        ...progress, ...(isFit && { epoch: scaled(progress.epoch), epochs }),
        restart: fold * restarts + progress.restart, restarts: folds.length * restarts, fits: fits.flat(), atOnce,
        share, secondsLeft: left, folds: { done: [...times.values()].filter(({ done }) => done).length, of: folds.length },
      });
    },
    done(fold) {
      const time = times.get(fold);
      if (time) times.set(fold, { ...time, whole: now() - time.began, done: true });
    },
  };
}
