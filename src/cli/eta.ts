/** How far a training run as a whole has come, how it stands, how long it will take. */

import type { TrainProgress } from '../types.js';
import { plural } from '../wording.js';

/** Share of the work below which its pace says nothing yet. */
const TOO_EARLY = 0.01;

export class Eta {
  private last?: TrainProgress;
  /** The latest word of every restart on its fit, and on its inclusion. */
  private readonly restarts = new Map<number, TrainProgress>();
  private readonly inclusions: TrainProgress[] = [];
  /** Epochs of one fit. */
  private epochs = 1;
  /** Epochs that were seen to be done, and the milliseconds that the fits which did them took, one by one. */
  private seen = 0;
  private busy = 0;
  /** When an epoch was last done, when all of them were, and when what follows on the fits began. */
  private at = 0;
  private fitted = 0;
  private folded = 0;

  /** @param now milliseconds */
  constructor(readonly now: () => number) {}

  see(progress: TrainProgress): void {
    const now = this.now();
    if (progress.phase === 'inclusion') this.inclusions.push(progress);
    else if (!isAfterFits(progress)) this.epochs = progress.epochs;
    if (progress.phase === 'restart') this.restarts.set(progress.restart, progress);
    const before = this.last?.fits ?? progress.fits;
    const done = sum(progress.fits) - sum(before);
    if (done > 0) this.busy += (now - this.at) * this.running(before);
    if (done > 0 || !this.last) this.at = now;
    this.seen += done;
    this.last = progress;
    if (!this.fitting) this.fitted ||= now;
    if (isAfterFits(progress)) this.folded ||= now;
  }

  /** How many fits are in progress, given the epochs done of each. */
  private running(fits: readonly number[]): number {
    return Math.min(this.last?.atOnce ?? 1, fits.filter((epoch) => epoch < this.epochs).length);
  }

  private get fitting(): boolean {
    return this.last === undefined || this.running(this.last.fits) > 0;
  }

  private get assessed(): number {
    return this.inclusions.length;
  }

  /**
   * `5 fits, 2 at once`; when they are done, `inclusion 1/4`; then `held-out rows 2/5`, or `search 400/3,000 steps`.
   */
  get share(): number {
    if (!this.last) return 0;
    const { fits, restarts, epoch, epochs } = this.last;
    if (isAfterFits(this.last)) return epoch / epochs;
    return this.fitting ? sum(fits) / (this.epochs * fits.length) : this.assessed / restarts;
  }

  /** Rounded down: only what is done is 100. */
  get percent(): number {
    return Math.floor(this.share * 100);
  }

  /** `5 fits, 2 at once`; when they are done, `inclusion 1/4`; then `held-out rows 2/5`, or `search 400/3,000 steps`. */
  get name(): string {
    if (!this.last) return '';
    const { fits, restarts, phase, epoch, epochs } = this.last;
    if (phase === 'background') return `held-out rows ${epoch}/${epochs}`;
    if (phase === 'search') return `search ${epoch.toLocaleString('en')}/${epochs.toLocaleString('en')} steps`;
    if (!this.fitting) return `inclusion ${this.assessed}/${restarts}`;
    const running = this.running(fits);
    return `${plural(fits.length, 'fit')}${running > 1 ? `, ${running} at once` : ''}`;
  }

  /** How the best restart stands; before there is one, what was told last. */
  get facts(): string {
    if (!this.last) return '';
    const standing = this.fitting ? [...this.restarts.values()] : this.inclusions;
    const { elbo, active } = standing.reduce((best, other) => (other.elbo > best.elbo ? other : best), standing[0] ?? this.last);
    const counts = (['weight', 'node', 'input'] as const).map((noun) => plural(Math.round(active[`${noun}s`]), noun));
    const which = standing.length > 1 ? 'best ELBO' : 'ELBO';
    return `${which} ${Number.isFinite(elbo) ? elbo.toFixed(1) : '?'}, ${counts.join(', ')}`;
  }

  /** `1 min 20 s left`, or nothing sure at the start. */
  get left(): string {
    if (!this.last) return '';
    const { fits, atOnce, restarts, epoch, epochs } = this.last;
    if (isAfterFits(this.last)) return this.leftOf(epoch, epochs);
    const early = this.fitting ? this.seen < TOO_EARLY * this.epochs * fits.length : this.assessed === 0;
    if (early) return 'estimating time';
    const milliseconds = this.fitting
      ? latestEnd(fits.map((epoch) => this.epochs - epoch), atOnce) * (this.busy / this.seen)
      : ((this.now() - this.fitted) / this.assessed) * (restarts - this.assessed);
    return `${duration(Math.round(milliseconds / 1000))} left`;
  }

  /** Of the folds, or of the steps of the search; the first tells how long one takes. */
  private leftOf(done: number, of: number): string {
    if (done === 0) return 'estimating time';
    return `${duration(Math.round((((this.now() - this.folded) / done) * (of - done)) / 1000))} left`;
  }
}

const isAfterFits = ({ phase }: TrainProgress): boolean => phase === 'background' || phase === 'search';

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** When the last job is done if they are begun in order, so many at once; in the unit of their lengths. */
function latestEnd(lengths: readonly number[], atOnce: number): number {
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
