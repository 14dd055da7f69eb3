/** Progress of training on stderr: a bar for a person at a terminal, else a line every few seconds. */

import type { TrainProgress } from '../types.js';
import type { CliContext } from './context.js';
import { isTerminal } from './stream.js';

/** Told about every epoch; knows itself how often to speak. */
export interface ProgressView {
  update(progress: TrainProgress): void;
  /** Writes a line of text without tearing the bar. */
  note(text: string): void;
  /** Clears away the bar. */
  stop(): void;
}

export interface ProgressOptions {
  /** The result is a JSON document for a program: no bar. */
  json?: boolean;
  /** Milliseconds now; a test brings its own. */
  now?: () => number;
}

const SECONDS_BETWEEN_LINES = 5;

/** The view that fits: nothing under `--quiet`, a bar on a terminal, else lines. */
export async function createProgress(context: CliContext, options: ProgressOptions = {}): Promise<ProgressView> {
  const { quiet, terminal, stderr } = context;
  if (quiet) return { update: () => {}, note: () => {}, stop: () => {} };
  const clock = new Clock(options.now ?? Date.now);
  if (isTerminal(stderr) && !options.json) return bar(context, clock);
  let spoken = clock.now();
  return {
    update(progress) {
      clock.see(progress);
      if (clock.now() - spoken < SECONDS_BETWEEN_LINES * 1000) return;
      spoken = clock.now();
      const { epoch, epochs } = progress;
      terminal.note(`${phaseName(progress)}, epoch ${epoch}/${epochs}: ${facts(progress)}, ${clock.left(progress)}`);
    },
    note: (text) => terminal.note(text),
    stop: () => {},
  };
}

async function bar({ stderr, terminal: { colour } }: CliContext, clock: Clock): Promise<ProgressView> {
  const { default: cliProgress } = await import('cli-progress');
  let last: TrainProgress | undefined;
  const view = new cliProgress.SingleBar({
    stream: stderr,
    clearOnComplete: true,
    fps: 8,
    gracefulExit: false,
    barsize: 20,
    linewrap: false,
    format: (options, { progress: share }) => {
      if (last === undefined) return '';
      const full = Math.round(share * (options.barsize ?? 20));
      const drawn = colour.cyan('█'.repeat(full)) + colour.dim('░'.repeat((options.barsize ?? 20) - full));
      return `${phaseName(last)} ${drawn} ${last.epoch}/${last.epochs} · ${facts(last)} · ${clock.left(last)}`;
    },
  });
  let part = '';
  return {
    update(progress) {
      clock.see(progress);
      const now = `${progress.phase} ${progress.restart}`;
      if (now !== part && part !== '') view.stop(); // draws once more, and still as the old part
      last = progress;
      if (now === part) return view.update(progress.epoch);
      view.start(progress.epochs, progress.epoch);
      part = now;
    },
    note(text) {
      if (part !== '') view.stop();
      part = '';
      stderr.write(`${text}\n`);
    },
    stop() {
      if (part !== '') view.stop();
      part = '';
    },
  };
}

/** Estimates the time left of the present phase from its own pace. */
class Clock {
  private phase = '';
  private began = 0;
  private doneAtBegin = 0;

  constructor(readonly now: () => number) {}

  see(progress: TrainProgress): void {
    if (progress.phase === this.phase) return;
    this.phase = progress.phase;
    this.began = this.now();
    this.doneAtBegin = done(progress);
  }

  /** `1 min 20 s left`, or nothing sure at the start. */
  left(progress: TrainProgress): string {
    const share = (done(progress) - this.doneAtBegin) / (1 - this.doneAtBegin || 1);
    if (!(share > 0.01)) return 'estimating time';
    const seconds = Math.round(((this.now() - this.began) / 1000) * (1 / share - 1));
    return `${duration(Math.max(0, seconds))} left`;
  }
}

/** Share of the phase that is done; restarts follow one another. */
function done({ phase, restart, restarts, epoch, epochs }: TrainProgress): number {
  return phase === 'restart' ? (restart - 1 + epoch / epochs) / restarts : epoch / epochs;
}

/** `8 s`, `3 min 20 s`, `2 h 5 min`. */
export function duration(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min ${seconds % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function phaseName({ phase, restart, restarts }: TrainProgress): string {
  if (phase === 'restart') return `restart ${restart}/${restarts}`;
  return phase === 'reference' ? 'dense reference' : 'inclusion';
}

function facts({ elbo, active }: TrainProgress): string {
  const counts = (['weights', 'nodes', 'inputs'] as const).map((name) => `${Math.round(active[name])} ${name}`);
  return `ELBO ${Number.isFinite(elbo) ? elbo.toFixed(1) : '?'}, ${counts.join(', ')}`;
}
