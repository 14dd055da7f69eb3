/** Progress of training on stderr: a bar for a person at a terminal, else a line every few seconds. */

import { visible } from '../errors.js';
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
  /** How it is told: to a person, or as JSON Lines. */
  progress?: 'text' | 'json' | undefined;
  /** Milliseconds now; a test brings its own. */
  now?: () => number;
}

const SECONDS_BETWEEN_LINES = 5;

/** The view that fits: nothing under `--quiet`, a bar on a terminal, else lines. */
export async function createProgress(context: CliContext, options: ProgressOptions = {}): Promise<ProgressView> {
  const { quiet, terminal: { log }, stderr } = context;
  const eta = new Eta(options.now ?? Date.now);
  const view = options.progress === 'json' ? documents(context, eta)
    : !quiet && isTerminal(stderr) && !options.json ? await bar(context, eta) : lines(context, eta);
  if (!log) return view;
  const said = everyFewSeconds(eta, (text) => log.write('progress', text));
  return {
    ...view,
    update(progress) {
      view.update(progress);
      said();
    },
  };
}

/** Tells where things stand, but for not again too soon. */
function everyFewSeconds(eta: Eta, tell: (text: string) => void): () => void {
  let spoken = eta.now();
  return () => {
    if (eta.now() - spoken < SECONDS_BETWEEN_LINES * 1000) return;
    spoken = eta.now();
    tell(`${eta.name}, ${eta.percent} %: ${eta.facts}, ${eta.left}`);
  };
}

/** A document on every phase, and every second. */
function documents({ terminal, stderr }: CliContext, eta: Eta): ProgressView {
  let [spoken, phase] = [-Infinity, ''];
  return {
    update(progress) {
      eta.see(progress);
      if (progress.phase === phase && eta.now() - spoken < 1000) return;
      [spoken, phase] = [eta.now(), progress.phase];
      stderr.write(`${JSON.stringify({ progress })}\n`);
    },
    note: (text) => terminal.note(text),
    stop: () => {},
  };
}

function lines({ quiet, terminal, stderr }: CliContext, eta: Eta): ProgressView {
  const say = everyFewSeconds(eta, (text) => void stderr.write(`${visible(text)}\n`));
  return {
    update(progress) {
      eta.see(progress);
      if (!quiet) say();
    },
    note: (text) => terminal.note(text),
    stop: () => {},
  };
}

async function bar({ stderr, terminal: { colour, log } }: CliContext, eta: Eta): Promise<ProgressView> {
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
      log?.write('note', text);
      stderr.write(`${text}\n`);
    },
    stop: hide,
  };
}
