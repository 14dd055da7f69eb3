/** What `auto` stands for in the training section of the config, and how the steps of a fit are counted. */
import type { PackingKind } from '../model/packing/types.js';
import type { Layout } from '../model/shape.js';
import type { FitPlan } from './schedule.js';
import type { FitSettings } from './types.js';

/** Steps that settle a small network: the schedule counts steps, not epochs. */
const STEPS = 4000;
/** Up to this many rows every step sees all of them. */
const FULL_BATCH = 1024;
const MINIBATCH = 256;

/** Fewer steps than this leave the schedule no time: the probabilities are then worth little. */
export const FEW_STEPS = 1000;

export interface TrainingPlan {
  batch: number;
  epochs: number;
  /** Steps of one fit in all. */
  steps: number;
}

/** A last batch that is not full is left out: every epoch has another order. */
export const stepsPerEpoch = (rows: number, batch: number): number => Math.max(1, Math.floor(rows / batch));

/** Batch size, epochs and steps for `rows` training rows. */
export function planTraining(rows: number, { batch, epochs }: { batch: 'auto' | number; epochs: 'auto' | number }): TrainingPlan {
  const size = Math.min(rows, batch === 'auto' ? (rows <= FULL_BATCH ? rows : MINIBATCH) : batch);
  const perEpoch = stepsPerEpoch(rows, size);
  const passes = epochs === 'auto' ? Math.ceil(STEPS / perEpoch) : epochs;
  return { batch: size, epochs: passes, steps: passes * perEpoch };
}

/** Where an epoch is shorter than this, several share a row of the history. */
const STEPS_PER_ROW = 50;

/** How a fit of `rows` training rows under these settings is counted. */
export function planFit(rows: number, { batch: most, epochs, course = 'whole', temperature = 1, stretch }: FitSettings): FitPlan {
  const { rows: all = rows, smallest = rows } = stretch ?? {};
  const perEpoch = stepsPerEpoch(all, Math.min(most, all));
  const batch = Math.min(most, smallest);
  const perPass = stretch ? stepsPerEpoch(smallest, batch) : perEpoch;
  const perRow = perEpoch * Math.ceil(STEPS_PER_ROW / perEpoch);
  return { rows, batch, perEpoch, perPass, steps: epochs * perEpoch, perRow, course, temperature: (temperature * rows) / all };
}

/**
 * What fusing saves, in milliseconds a step: the calls of the operations, and passes over memory by number of weights. It
 * costs some seconds of compiling (docs/benchmarks/speed-notes.md).
 */
const SAVED_CALLS = 0.13;
const SAVED_PER_WEIGHT = 4e-5;
const COMPILING = 2500;

/** How a network of this size is trained fastest in so many steps. */
export const packingKind = ({ weights }: Layout, steps: number): PackingKind =>
  (steps * (SAVED_CALLS + weights * SAVED_PER_WEIGHT) >= COMPILING ? 'matrices' : 'flat');
