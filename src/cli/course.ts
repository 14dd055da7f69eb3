/** The course of a training run as a whole: how much of it is done, how it stands, how long it will take. */

import type { TrainProgress } from '../types.js';

/** Share of the work below which its pace says nothing yet. */
const TOO_EARLY = 0.01;

export class Course {
  private last?: TrainProgress;
  /** Where every restart stands that has told of itself, the fits' own ELBO. */
  private readonly standing = new Map<number, TrainProgress>();
  private assessed = 0;
  /** Epochs of one fit. */
  private epochs = 1;
  /** Epochs seen to be done, and the time that the fits which did them took together. */
  private seen = 0;
  private busy = 0;
  private at = 0;
  private startedAssessing = 0;

  /** @param now milliseconds */
  constructor(readonly now: () => number) {}

  see(progress: TrainProgress): void {
    const { phase, restart, fits, atOnce } = progress;
    const now = this.now();
    if (phase === 'inclusion') {
      this.assessed = progress.epoch;
    } else {
      this.epochs = progress.epochs;
      if (phase === 'restart') this.standing.set(restart, progress);
    }
    if (this.last) {
      const before = this.last.fits;
      const done = sum(fits) - sum(before);
      const unfinished = before.filter((epoch) => epoch < this.epochs).length;
      this.seen += done;
      if (done > 0) this.busy += (now - this.at) * Math.min(atOnce, unfinished);
    }
    if (!this.fitting(fits) && this.startedAssessing === 0) this.startedAssessing = now;
    if (!this.last || sum(fits) > sum(this.last.fits)) this.at = now;
    this.last = progress;
  }

  private fitting(fits: readonly number[]): boolean {
    return fits.some((epoch) => epoch < this.epochs);
  }

  /** Share of all fits that is done; afterwards that of the assessments. */
  get share(): number {
    if (!this.last) return 0;
    const { fits, restarts } = this.last;
    return this.fitting(fits) ? sum(fits) / (this.epochs * fits.length) : this.assessed / restarts;
  }

  /** Rounded down: 100 is what is done. */
  get percent(): number {
    return Math.floor(this.share * 100);
  }

  /** `5 fits, 2 at once`; when they are done, `inclusion 1/4`. */
  get name(): string {
    if (!this.last) return '';
    const { fits, atOnce, restarts } = this.last;
    if (!this.fitting(fits)) return `inclusion ${this.assessed}/${restarts}`;
    const unfinished = fits.filter((epoch) => epoch < this.epochs).length;
    const running = Math.min(atOnce, unfinished);
    return `${fits.length} ${fits.length === 1 ? 'fit' : 'fits'}${running > 1 ? `, ${running} at once` : ''}`;
  }

  /** How the best restart stands so far; before there is one, the fit that told of itself last. */
  get facts(): string {
    const best = [...this.standing.values()].reduce((one, other) => (other.elbo > one.elbo ? other : one), this.last!);
    const { elbo, active } = this.standing.size > 0 && best.phase !== 'restart' ? [...this.standing.values()][0] : best;
    const counts = (['weights', 'nodes', 'inputs'] as const).map((name) => `${Math.round(active[name])} ${name}`);
    return `best ELBO ${Number.isFinite(elbo) ? elbo.toFixed(1) : '?'}, ${counts.join(', ')}`;
  }

  /** `1 min 20 s left`, or nothing sure at the start. */
  get left(): string {
    if (!this.last) return '';
    const { fits, atOnce } = this.last;
    if (!this.fitting(fits)) return this.assessingLeft();
    if (this.seen < TOO_EARLY * this.epochs * fits.length) return 'estimating time';
    const each = this.busy / this.seen;
    return `${duration(Math.round((longest(fits.map((epoch) => this.epochs - epoch), atOnce) * each) / 1000))} left`;
  }

  private assessingLeft(): string {
    const toDo = this.last!.restarts - this.assessed;
    if (this.assessed === 0) return 'estimating time';
    return `${duration(Math.round(((this.now() - this.startedAssessing) / this.assessed) * toDo / 1000))} left`;
  }
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** How long jobs take that are begun in order, so many at once: the end of the last one, in the unit of their lengths. */
function longest(lengths: readonly number[], atOnce: number): number {
  const ends = Array.from({ length: atOnce }, () => 0);
  for (const length of lengths) ends[ends.indexOf(Math.min(...ends))] += length;
  return Math.max(...ends);
}

/** `8 s`, `3 min 20 s`, `2 h 5 min`. */
export function duration(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min ${seconds % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
