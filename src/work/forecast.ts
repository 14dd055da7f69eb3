/** How long a training, or several of them, will still take. */
import type { Config } from '../config/schema.js';
import { likelihoodOf, outputCount } from '../likelihood/index.js';
import type { Forecast, PhaseProgress } from '../progress.js';
import type { Prepared } from './prepare.js';
import { autoSteps, CHAINS, secondsPerStep } from './search.js';

/** What follows on the fits. */
export interface Later {
  /** Epochs of fits that are made one after the other: rescues, held-out rows, and what the caller adds. */
  epochs: number;
  /** Seconds of the search over structures. */
  search: number;
  /** Seconds of what follows on it: the average, metrics, files. */
  end: number;
}

/** Rescues and exchanges, and held-out rows, in times of a fit: what raisin took. What that is worth: docs/benchmarks/eta.md. */
const RESCUED = 2.2;
const HELD_OUT = 0.7;
/** Share of {@link secondsPerStep} that a step of a chain takes as a rule; where the likelihood is normal it is one solution. */
const STEP = 0.72;
const NORMAL_STEP = 0.27;
/** Steps of a chain for each that is counted. */
const STEPS = 1.3;
/** Seconds at the end, and those for each row where structures are averaged. */
const END = 0.5;
const AVERAGE = 2.4e-3;

/**
 * By rough rules, which what is measured replaces as soon as there is something to measure.
 * @param atOnce how many chains run at once
 * @param epochs of fits that the caller makes afterwards
 */
export function laterOf(
  { model, inclusion, search: { steps } }: Pick<Config, 'model' | 'inclusion' | 'search'>,
  { fitData: { x, y }, plan, shape }: Pick<Prepared, 'fitData' | 'plan' | 'shape'>, atOnce: number, epochs = 0,
): Later {
  const { normal = false } = likelihoodOf(shape.task);
  if (steps === 0) {
    const rescued = inclusion.rescues === 0 ? 0 : RESCUED;
    const heldOut = model.skip && model.background && !normal ? HELD_OUT : 0;
    return { epochs: epochs + (rescued + heldOut) * plan.epochs, search: 0, end: END };
  }
  const size = { rows: x.rows, outputs: outputCount(y), x: { length: x.cols } };
  const each = secondsPerStep(size, 10) * (normal ? NORMAL_STEP : STEP);
  const counted = steps === 'auto' ? autoSteps(size) : steps;
  return { epochs, search: (CHAINS * STEPS * counted * each) / Math.min(atOnce, CHAINS), end: END + AVERAGE * x.rows };
}

/** Share of the work below which its pace says nothing yet. */
const TOO_EARLY = 0.01;
/** Share of a search from which on its own pace is all that counts. */
const SURE = 0.15;

/** The forecast of one training, which is told of its progress. Times are in milliseconds. */
export class TrainForecast {
  private readonly began: number;
  private share = 0;
  private last?: PhaseProgress;
  /** Epochs of one fit. */
  private epochs = 1;
  /** Epochs that were seen to be done, and the time that the fits which did them took, one by one. */
  private seen = 0;
  private busy = 0;
  /** When an epoch was last done, when all of them were, and when the phase after that began. */
  private at = 0;
  private fitted = 0;
  private after?: { phase: string; of: number; at: number; done: number };

  constructor(private readonly later: Later, private readonly now: () => number) {
    this.began = now();
  }

  see(progress: PhaseProgress): Forecast {
    const now = this.now();
    if (!isAfterFits(progress)) this.seeFits(progress, now);
    else if (this.after?.phase !== progress.phase || this.after.of !== progress.epochs) {
      this.after = { phase: progress.phase, of: progress.epochs, at: now, done: progress.epoch };
    }
    this.last = progress;
    const left = this.left(now);
    if (left === undefined) return { share: this.share };
    const elapsed = now - this.began;
    this.share = Math.max(this.share, elapsed / Math.max(1, elapsed + left));
    return { share: this.share, secondsLeft: left / 1000 };
  }

  private seeFits(progress: PhaseProgress, now: number): void {
    if (progress.phase !== 'inclusion') this.epochs = progress.epochs;
    const before = this.last?.fits ?? progress.fits;
    const done = sum(progress.fits) - sum(before);
    if (done > 0) this.busy += (now - this.at) * Math.max(1, this.running(before, progress.atOnce));
    if (done > 0 || !this.last) this.at = now;
    this.seen += Math.max(0, done);
    if (this.running(progress.fits, progress.atOnce) === 0) this.fitted ||= now;
    else this.fitted = 0;
  }

  /** How many fits are in progress, given the epochs done of each. */
  private running(fits: readonly number[], atOnce: number): number {
    return Math.min(atOnce, fits.filter((epoch) => epoch < this.epochs).length);
  }

  private left(now: number): number | undefined {
    const { fits, atOnce, phase, epoch, epochs } = this.last!;
    const end = 1000 * this.later.end;
    if (phase === 'search') return this.leftOfSearch(now, epoch, epochs) + end;
    if (phase === 'background') {
      const spent = now - this.after!.at;
      return end + (epoch > 0 ? (spent / epoch) * (epochs - epoch) : HELD_OUT * this.epochs * this.pace);
    }
    if (this.seen < TOO_EARLY * this.epochs * fits.length) return undefined;
    const fitting = latestEnd(fits.map((done) => Math.max(0, this.epochs - done)), atOnce) * this.pace;
    const serial = this.later.epochs * this.pace - (this.fitted ? now - this.fitted : 0);
    return fitting + Math.max(0, serial) + 1000 * this.later.search + end;
  }

  /** Of an epoch. */
  private get pace(): number {
    return this.seen > 0 ? this.busy / this.seen : 0;
  }

  /** Between what was expected and what the steps so far took. */
  private leftOfSearch(now: number, step: number, steps: number): number {
    const { at, done } = this.after!;
    const made = step - done;
    const expected = (1000 * this.later.search * (steps - step)) / steps;
    if (made <= 0) return expected;
    const observed = ((now - at) / made) * (steps - step);
    const weight = Math.min(1, made / (steps - done) / SURE);
    return weight * observed + (1 - weight) * expected;
  }
}

const isAfterFits = ({ phase }: PhaseProgress): boolean => phase === 'background' || phase === 'search';

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** When the last job is done if they are begun in order, so many at once; in the unit of their lengths. */
export function latestEnd(lengths: readonly number[], atOnce: number): number {
  const ends = Array.from({ length: Math.max(1, atOnce) }, () => 0);
  for (const length of lengths) ends[ends.indexOf(Math.min(...ends))] += length;
  return Math.max(...ends);
}
