/** After training: flips, hard-gate ELBO and inclusion probabilities of every restart. */
import * as tf from '@tensorflow/tfjs-core';
import { hardGateElbo, type ElboEstimate } from '../../model/elbo.js';
import { takeResponses, totalWeight } from '../../likelihood/index.js';
import type { Stream } from '../../random.js';
import type { FitData } from '../../train/types.js';
import type { Posterior } from '../../types.js';
import { flipSteps, type Flip } from './flip.js';
import { relabelling } from './relabelling.js';
import { inclusion, type Inclusion } from '../inclusion/inclusion.js';
import { standsFor } from '../../train/all-rows.js';
import { takeRows } from '../../maths/vector.js';
import { finish } from '../../steps.js';

export interface AssessOptions {
  flips: number;
  draws: number;
  samples: number;
  /** Default: 1. */
  temperature?: number;
}

/** A restart after its gate flips. */
export interface Assessment {
  posterior: Posterior;
  elbo: ElboEstimate;
  /** The ELBO with what relabelling of hidden units adds, by which networks are compared; in nats. */
  bound: number;
  inclusion: Inclusion;
  flips: Flip[];
}

/** Beyond this many rows the flips see a random subsample, scaled up (docs/method.md). */
const FLIP_ROWS = 5000;

/** Flips the gates of one restart and computes its ELBO and inclusion probabilities. */
export function assess(posterior: Posterior, data: FitData, options: AssessOptions, stream: Stream): Assessment {
  return finish(assessSteps(posterior, data, options, stream));
}

/** {@link assess} in steps, short enough that Ctrl-C between them is heard soon. */
export function* assessSteps(
  posterior: Posterior, data: FitData, options: AssessOptions, stream: Stream,
): Generator<void, Assessment> {
  const [standing, { temperature = 1 }] = [standsFor(data), options];
  const sample = subsample(data, stream.split('rows'));
  const flipped = yield* withRows(sample, (x, y, weights) => {
    const scale = standing * totalWeight(data.y) / totalWeight(sample.y) / temperature;
    const settings = { sweeps: options.flips, draws: options.draws, scale, weights };
    return flipSteps(posterior, x, y, settings, stream.split('flip'));
  });
  const elbo = yield* withRows(data, function* (x, y, weights) {
    yield;
    const ofRows = hardGateElbo(flipped.posterior, x, y, options.draws, stream.split('elbo'), temperature / standing, weights);
    return { ...ofRows, logLikelihood: standing * ofRows.logLikelihood };
  });
  yield;
  const pips = inclusion(flipped.posterior, { samples: options.samples, stream: stream.split('inclusion') });
  const bound = elbo.elbo + relabelling(flipped.posterior, pips.nodes);
  return { ...flipped, elbo, bound, inclusion: pips };
}

function* withRows<T>(
  { x, y, y: { weights } }: FitData, use: (x: tf.Tensor2D, y: tf.Tensor2D, weights?: tf.Tensor2D) => Generator<void, T>,
): Generator<void, T> {
  const tensors = [x, y].map(({ data, rows, cols }) => tf.tensor2d(data, [rows, cols]));
  if (weights) tensors.push(tf.tensor2d(weights, [weights.length, 1]));
  try {
    return yield* use(tensors[0], tensors[1], tensors[2]);
  } finally {
    tf.dispose(tensors);
  }
}

function subsample(data: FitData, stream: Stream): FitData {
  if (data.x.rows <= FLIP_ROWS) return data;
  const rows = stream.permutation(data.x.rows).subarray(0, FLIP_ROWS).sort();
  return { x: takeRows(data.x, rows), y: takeResponses(data.y, rows) };
}
