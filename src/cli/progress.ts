/** Progress of training on stderr: a bar for a person at a terminal, else a line every few seconds. */

import type { TrainProgress } from '../types.js';
import type { CliContext } from './context.js';
import { Eta } from './eta.js';
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
  json?: boolean | undefined;
  /** Milliseconds now; a test brings its own. */
  now?: () => number;
}

const SECONDS_BETWEEN_LINES = 5;

/** The view that fits: nothing under `--quiet`, a bar on a terminal, else lines. */
export async function createProgress(context: CliContext, options: ProgressOptions = {}): Promise<ProgressView> {
  const { quiet, terminal, stderr } = context;
  if (quiet) return { update: () => {}, note: () => {}, stop: () => {} };
  const eta = new Eta(options.now ?? Date.now);
  if (isTerminal(stderr) && !options.json) return bar(context, eta);
  let spoken = eta.now();
  return {
    update(progress) {
      eta.see(progress);
      if (eta.now() - spoken < SECONDS_BETWEEN_LINES * 1000) return;
      spoken = eta.now();
      terminal.note(`${eta.name}, ${eta.percent} %: ${eta.facts}, ${eta.left}`);
    },
    note: (text) => terminal.note(text),
    stop: () => {},
  };
}

async function bar({ stderr, terminal: { colour } }: CliContext, eta: Eta): Promise<ProgressView> {
  const { default: cliProgress } = await import('cli-progress');
  const view = new cliProgress.SingleBar({
    stream: stderr,
    clearOnComplete: true,
    fps: 8,
    gracefulExit: false,
    barsize: 20,
    linewrap: false,
    format: (options) => {
      const full = Math.floor(eta.share * (options.barsize ?? 20));
      const drawn = colour.cyan('█'.repeat(full)) + colour.dim('░'.repeat((options.barsize ?? 20) - full));
      return `${eta.name} ${drawn} ${eta.percent} % · ${eta.facts} · ${eta.left}`;
    },
  });
  let shown = false;
  const hide = (): void => {
    if (shown) view.stop();
    shown = false;
  };
  return {
    update(progress) {
      eta.see(progress);
      // The bar draws what `eta` says; its own count only makes it draw. It must not end by itself.
      if (shown) return view.increment();
      view.start(Infinity, 0);
      shown = true;
    },
    note(text) {
      hide();
      stderr.write(`${text}\n`);
    },
    stop: hide,
  };
}
