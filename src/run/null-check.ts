/** Trains a run's config again with a copy of every input that the target knows nothing of; compares each input with its copy. */
import { shareThreads, type EnginePreference } from '../engine/backend.js';
import { fail } from '../errors.js';
import { filterRates, gateEvidence } from '../inference/knockoff-filter.js';
import { Stream } from '../random.js';
import type { TrainProgress } from '../types.js';
import { learn, jobsOf } from './learn.js';
import { withCopies, type NullKind } from './null-inputs.js';
import type { RunFolder } from './open.js';
import { jobCount, openCrew, type Jobs } from './parallel/crew.js';
import { prepareAgain } from './training-rows.js';

export interface NullCheckOptions {
  kind: NullKind;
  /** Knockoffs: target of the false discovery rate. */
  fdr: number;
  /** A copy with a PIP of at least this has entered; so do probes select. */
  threshold: number;
  engine?: EnginePreference;
  jobs?: Jobs;
  signal?: AbortSignal;
  onProgress?: (progress: TrainProgress) => void;
}

export interface CheckedInput {
  input: string;
  /** PIPs beside one another in the network that has both. */
  pip: number;
  copyPip: number;
  /** Evidence for the input minus that for its copy, in nats. */
  w: number;
  /** Knockoffs: the smallest false discovery rate at which the input is selected; 1: none. */
  fdr?: number;
  /** Knockoffs: correlation of the input with its copy. */
  copyCorrelation?: number;
}

export interface NullCheck {
  kind: NullKind;
  /** By descending W. */
  inputs: CheckedInput[];
  selected: CheckedInput[];
  /** How many copies have a PIP of at least the threshold. */
  copiesEntered: number;
  /** Knockoffs: how far the correlations were drawn to 0. */
  shrinkage?: number;
}

/**
 * Reads the run's data again and trains its restarts on twice the inputs, which takes about as long as the run did.
 * @throws usage.knockoffs, usage.fdr; run.no-rows; errors of data and training; interrupted.stopped
 */
export async function checkNull(run: RunFolder, options: NullCheckOptions): Promise<NullCheck> {
  const { kind, engine, signal, onProgress, threshold } = options;
  if (!(options.fdr > 0 && options.fdr < 1)) {
    throw fail('usage.fdr', `the false discovery rate of knockoffs must be above 0 and below 1, not ${options.fdr}`, { hint: 'A usual value is 0.1.' });
  }
  const { config, prepared } = await prepareAgain(run, `a check with ${kind} needs the training rows`);
  if (config.model.gates === 'none' && config.prior.spike === 'dirac') {
    throw fail('usage.knockoffs', 'this run has no gates (model.gates: none): every input is in', { hint: 'Train with gates.' });
  }
  const { features } = prepared.encoder;
  const copies = withCopies(prepared, kind, Stream.fromSeed(config.train.seed).split('null check', kind));
  const train = { ...config.train, reference: false };
  const jobs = jobsOf({ ...config, train }, copies.prepared);
  shareThreads(jobs.length);
  const crew = await openCrew(jobCount(options.jobs ?? 'auto', jobs.length, copies.prepared), engine, signal);
  try {
    const { assessed, best, inputs } = await learn(crew, { ...config, train }, copies.prepared, { jobs, onProgress });
    const evidence = gateEvidence(assessed[best]);
    const w = Float64Array.from(copies.places, ({ input, copy }) => evidence[input] - evidence[copy]);
    const rates = kind === 'knockoffs' ? filterRates(w) : undefined;
    const rows = copies.places.map(({ input, copy }, f): CheckedInput => ({
      input: features[f].name, pip: inputs[input].pip, copyPip: inputs[copy].pip, w: w[f],
      ...(rates && { fdr: rates[f], copyCorrelation: copies.knockoffs!.copyCorrelations[f] }),
    })).sort((a, b) => b.w - a.w || b.pip - a.pip);
    return {
      kind, inputs: rows,
      selected: rows.filter(({ pip, fdr }) => (fdr === undefined ? pip >= threshold : fdr <= options.fdr)),
      copiesEntered: rows.filter(({ copyPip }) => copyPip >= threshold).length,
      shrinkage: copies.knockoffs?.shrinkage,
    };
  } finally {
    await crew.close();
  }
}
