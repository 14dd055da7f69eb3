/** One fit of one network: schedule -> batch -> step -> empirical Bayes -> report, until all steps are done. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import * as tf from '@tensorflow/tfjs-core';
import { fail } from '../errors.js';
import { makeConstants, priorTensors, type Constants, type PriorTensors } from '../model/constants.js';
import { posteriorKl } from '../model/divergence.js';
import { initialTheta } from '../model/initial.js';
import type { Prior } from '../model/prior.js';
import { posteriorOf } from '../model/posterior.js';
import type { BlockName, Layout, NetworkShape } from '../model/shape.js';
import type { Stream } from '../random.js';
import type { Matrix, Posterior } from '../types.js';
import { biasCorrection, type AdamState } from './adam.js';
import { empiricalBayes, initialPrior, type PriorChoice } from './empirical-bayes.js';
import { activeCounts, type HistoryRow } from './history.js';
import { phaseAt, type Phase } from './schedule.js';
import { trainStep } from './step.js';

export interface FitSettings {
  shape: NetworkShape;
  epochs: number;
  /** Rows of a minibatch; at most the number of training rows. */
  batch: number;
  learningRate: number;
  /** The gates' learning rate as a multiple of the others'. */
  gateLearningRate: number;
  prior: PriorChoice;
}

/** Training rows: x [n, d], y [n, K] as the likelihood wants it. */
export interface FitData {
  x: Matrix;
  y: Matrix;
}

/** All that a fit needs to go on, bit for bit, after `epoch` epochs. */
export interface FitState {
  epoch: number;
  theta: Float32Array;
  m: Float32Array;
  v: Float32Array;
  prior: Prior;
  history: HistoryRow[];
}

export interface FitHooks {
  onEpoch?: (row: HistoryRow) => void;
  signal?: AbortSignal;
}

/** sigma^2 on the standardised target while it is held: a fifth of Var(y). */
const INITIAL_NOISE = 0.2;
const EMPIRICAL_BAYES_EVERY = 100;
/** Where an epoch is shorter than this, several share a row of the history. */
const STEPS_PER_ROW = 25;

export const stepsPerEpoch = (rows: number, batch: number): number => Math.max(1, Math.floor(rows / batch));

export function startFit({ shape, prior }: FitSettings, layout: Layout, stream: Stream): FitState {
  const theta = initialTheta(layout, INITIAL_NOISE, stream.split('initial'));
  return {
    epoch: 0, theta, m: new Float32Array(layout.size), v: new Float32Array(layout.size),
    prior: initialPrior(shape, prior), history: [],
  };
}

/**
 * Trains until all epochs are done or `signal` aborts; then `state.epoch` is less than `settings.epochs` and a later call
 * with that state goes on as if nothing had happened.
 * @throws training.non-finite when the log-likelihood or a parameter is no longer a finite number.
 */
export async function fit(
  data: FitData, settings: FitSettings, stream: Stream, from?: FitState, hooks: FitHooks = {},
): Promise<{ state: FitState; posterior: Posterior }> {
  const constants = makeConstants(settings.shape);
  const run = new Run(data, settings, stream, constants, from ?? startFit(settings, constants.layout, stream));
  try {
    while (run.epoch < settings.epochs && !hooks.signal?.aborted) {
      const row = run.runEpoch();
      if (row) {
        hooks.onEpoch?.(row);
        await nextTurn();
      }
    }
    const state = run.save();
    return { state, posterior: posteriorOf(state.theta, settings.shape, constants.layout, state.prior) };
  } finally {
    run.dispose();
    constants.dispose();
  }
}

/** The tensors of a fit in progress. */
class Run {
  epoch: number;
  private readonly x: tf.Tensor2D;
  private readonly y: tf.Tensor2D;
  private state: AdamState;
  private prior: Prior;
  private priorTensors: PriorTensors;
  private readonly history: HistoryRow[];
  private readonly perEpoch: number;
  private readonly steps: number;

  constructor(
    data: FitData, private readonly settings: FitSettings, private readonly stream: Stream,
    private readonly constants: Constants, from: FitState,
  ) {
    this.x = tf.tensor2d(data.x.data, [data.x.rows, data.x.cols]);
    this.y = tf.tensor2d(data.y.data, [data.y.rows, data.y.cols]);
    this.state = { theta: tf.tensor1d(from.theta), m: tf.tensor1d(from.m), v: tf.tensor1d(from.v) };
    this.prior = from.prior;
    this.priorTensors = priorTensors(from.prior);
    this.history = [...from.history];
    this.epoch = from.epoch;
    this.perEpoch = stepsPerEpoch(data.x.rows, settings.batch);
    this.steps = settings.epochs * this.perEpoch;
  }

  /** One pass over the rows; returns a row for the history when one is due. */
  runEpoch(): HistoryRow | undefined {
    const rows = this.x.shape[0];
    const whole = this.settings.batch >= rows;
    const order = whole ? undefined : tf.tensor1d(this.stream.split('order', this.epoch).permutation(rows), 'int32');
    const logLikelihoods = Array.from({ length: this.perEpoch }, (_, i) => this.step(this.epoch * this.perEpoch + i, i, order));
    order?.dispose();
    this.epoch++;
    const everyEpochs = Math.ceil(STEPS_PER_ROW / this.perEpoch);
    const due = this.epoch % everyEpochs === 0 || this.epoch === this.settings.epochs;
    const mean = due ? tf.tidy(() => tf.mean(tf.stack(logLikelihoods)).dataSync()[0]) : undefined;
    tf.dispose(logLikelihoods);
    return mean === undefined ? undefined : this.record(mean);
  }

  private step(step: number, position: number, order?: tf.Tensor1D): tf.Scalar {
    const phase = phaseAt(step, this.steps);
    if (phase.empiricalBayes && step % EMPIRICAL_BAYES_EVERY === 0) this.updatePrior();
    const { shape, batch } = this.settings;
    const size = Math.min(batch, this.x.shape[0]);
    const noise = this.stream.split('noise', step).normals(size * this.constants.layout.units);
    const { state, logLikelihood } = tf.tidy(() => {
      const chosen = order && tf.slice(order, position * size, size);
      return trainStep(shape, this.constants, this.state, {
        x: chosen ? tf.gather(this.x, chosen) : this.x,
        y: chosen ? tf.gather(this.y, chosen) : this.y,
        noise: tf.tensor1d(noise),
      }, {
        klScale: tf.scalar(phase.beta / this.x.shape[0]),
        pinned: tf.scalar(phase.pinned ? 1 : 0),
        prior: this.priorTensors,
        rates: this.ratesFor(phase),
        correction: tf.scalar(biasCorrection(step + 1)),
      });
    });
    tf.dispose(this.state);
    this.state = state;
    return logLikelihood;
  }

  private rates?: { key: string; tensor: tf.Tensor1D };

  /** Learning rates [P] of a phase; made anew only when the phase changes. */
  private ratesFor(phase: Phase): tf.Tensor1D {
    const key = `${phase.pinned} ${phase.noiseFree} ${phase.rate}`;
    if (this.rates?.key !== key) {
      this.rates?.tensor.dispose();
      const values = parameterRates(this.constants.layout, this.settings, phase);
      this.rates = { key, tensor: tf.keep(tf.tensor1d(values)) };
    }
    return this.rates.tensor;
  }

  private posterior(): Posterior {
    return posteriorOf(this.state.theta.dataSync() as Float32Array, this.settings.shape, this.constants.layout, this.prior);
  }

  private updatePrior(): void {
    this.prior = empiricalBayes(this.posterior(), this.prior, this.settings.prior);
    tf.dispose(this.priorTensors);
    this.priorTensors = priorTensors(this.prior);
  }

  private record(meanLogLikelihood: number): HistoryRow {
    const posterior = this.posterior();
    const kl = posteriorKl(posterior);
    const logLikelihood = meanLogLikelihood * this.x.shape[0];
    const last = this.epoch * this.perEpoch - 1;
    if (!Number.isFinite(logLikelihood) || !Number.isFinite(kl)) {
      throw fail('training.non-finite', `the evidence lower bound is no longer finite at epoch ${this.epoch} (step ${last + 1})`, {
        hint: `Try a smaller train.learningRate (now ${this.settings.learningRate}), and look for extreme values in the data.`,
      });
    }
    const row: HistoryRow = {
      epoch: this.epoch, step: last + 1, elbo: logLikelihood - kl, logLikelihood, kl,
      beta: phaseAt(last, this.steps).beta, noiseVariance: posterior.noiseVariance, active: activeCounts(posterior),
    };
    this.history.push(row);
    return row;
  }

  save(): FitState {
    const read = (tensor: tf.Tensor1D): Float32Array => tensor.dataSync().slice() as Float32Array;
    const { theta, m, v } = this.state;
    return { epoch: this.epoch, theta: read(theta), m: read(m), v: read(v), prior: this.prior, history: this.history };
  }

  dispose(): void {
    tf.dispose([this.x, this.y, this.state, this.priorTensors]);
    this.rates?.tensor.dispose();
  }
}

/** Every parameter's learning rate in a phase: gates move faster, and what is held does not move. */
function parameterRates(layout: Layout, { learningRate, gateLearningRate }: FitSettings, phase: Phase): Float32Array {
  const rates = new Float32Array(layout.size).fill(learningRate * phase.rate);
  const set = (name: BlockName, factor: number): void => {
    const place = layout.blocks.get(name);
    if (place) rates.fill(learningRate * phase.rate * factor, place.offset, place.offset + place.length);
  };
  set('alphaLogit', phase.pinned ? 0 : gateLearningRate);
  set('zLogit', phase.pinned ? 0 : gateLearningRate);
  set('logNoise', phase.noiseFree ? 1 : 0);
  return rates;
}
