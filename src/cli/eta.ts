/** How far a training run as a whole has come, how it stands, how long it will take. */

import type { TrainProgress } from '../types.js';
import { plural } from '../wording.js';

export class Eta {
  private last?: TrainProgress;
  /** When it was told. */
  private at = 0;
  /** The latest word of every restart on its fit, and on its inclusion. */
  private readonly restarts = new Map<number, TrainProgress>();
  private readonly inclusions: TrainProgress[] = [];
  /** Epochs of one fit. */
  private epochs = 1;

  /** @param now milliseconds */
  constructor(readonly now: () => number) {}

  see(progress: TrainProgress): void {
    if (progress.phase === 'inclusion') this.inclusions.push(progress);
    else if (!isAfterFits(progress)) this.epochs = progress.epochs;
    if (progress.phase === 'restart') this.restarts.set(progress.restart, progress);
    this.last = progress;
    this.at = this.now();
  }

  private get running(): number {
    const { fits, atOnce } = this.last!;
    return Math.min(atOnce, fits.filter((epoch) => epoch < this.epochs).length);
  }

  /** Of the whole, from 0 to 1. */
  get share(): number {
    return this.last?.share ?? 0;
  }

  /** Rounded down: only what is done is 100. */
  get percent(): number {
    return Math.floor(this.share * 100);
  }

  /**
   * `5 fits, 2 at once`; when they are done, `inclusion 1/4`; then `held-out rows 2/5`, or `search 400/3,000 steps`. Of a
   * cross-validation `10 folds, 3 done`.
   */
  get name(): string {
    if (!this.last) return '';
    const { fits, restarts, phase, epoch, epochs, folds } = this.last;
    if (folds) return `${plural(folds.of, 'fold')}, ${folds.done} done`;
    if (phase === 'background') return `held-out rows ${epoch}/${epochs}`;
    if (phase === 'search') return `search ${epoch.toLocaleString('en')}/${epochs.toLocaleString('en')} steps`;
    const { running } = this;
    if (running === 0) return `inclusion ${this.inclusions.length}/${restarts}`;
    return `${plural(fits.length, 'fit')}${running > 1 ? `, ${running} at once` : ''}`;
  }

  /** How the best restart stands; before there is one, what was told last. */
  get facts(): string {
    if (!this.last) return '';
    const fitting = !isAfterFits(this.last) && this.running > 0;
    const standing = fitting ? [...this.restarts.values()] : this.inclusions;
    const { elbo, active } = standing.reduce((best, other) => (other.elbo > best.elbo ? other : best), standing[0] ?? this.last);
    const counts = (['weight', 'node', 'input'] as const).map((noun) => plural(Math.round(active[`${noun}s`]), noun));
    const which = standing.length > 1 ? 'best ELBO' : 'ELBO';
    return `${which} ${Number.isFinite(elbo) ? elbo.toFixed(1) : '?'}, ${counts.join(', ')}`;
  }

  /** `1 min 20 s left`, counted down from what was told last, or nothing sure at the start. */
  get left(): string {
    if (!this.last) return '';
    const { secondsLeft } = this.last;
    if (secondsLeft === undefined) return 'estimating time';
    return `${duration(Math.max(0, Math.round(secondsLeft - (this.now() - this.at) / 1000)))} left`;
  }
}

const isAfterFits = ({ phase }: TrainProgress): boolean => phase === 'background' || phase === 'search';

/** `8 s`, `3 min 20 s`, `2 h 5 min`. */
export function duration(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min ${seconds % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
