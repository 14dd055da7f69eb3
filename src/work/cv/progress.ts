/** The progress of all folds of a cross-validation as that of one training with many fits. */
import type { TrainProgress } from '../../types.js';

/** What is known of a fold before it begins. */
export interface FoldWork {
  fits: number;
  /** Of one fit. */
  epochs: number;
}

/**
 * @param restarts of one fold
 * @param atOnce how many folds are worked on at once
 * @returns a function that is told of a fold, counted from 0, and how it goes
 */
export function joinedProgress(
  folds: readonly FoldWork[], restarts: number, atOnce: number, onProgress: (progress: TrainProgress) => void,
): (fold: number, progress: TrainProgress) => void {
  // Folds of different sizes may differ in their epochs: all are told in those of the longest.
  const epochs = Math.max(...folds.map((fold) => fold.epochs));
  const done = folds.map(({ fits }) => Array.from({ length: fits }, () => 0));
  let assessed = 0;
  return (fold, progress) => {
    // A fold's own folds are no part of the count.
    if (progress.phase === 'background') return;
    const scaled = (epoch: number): number => (epoch * epochs) / folds[fold].epochs;
    done[fold] = progress.fits.map(scaled);
    const common = {
      ...progress, restart: fold * restarts + progress.restart, restarts: folds.length * restarts, fits: done.flat(), atOnce,
    };
    if (progress.phase === 'inclusion') onProgress({ ...common, epoch: ++assessed, epochs: common.restarts });
    else onProgress({ ...common, epoch: scaled(progress.epoch), epochs });
  };
}
