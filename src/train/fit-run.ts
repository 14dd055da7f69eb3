/** The tensors of a fit in progress, and how its steps are cut into stretches that run without stopping. */
import * as tf from '@tensorflow/tfjs-core';
import { makeScan, type Scan, type Tensors } from '../engine/scan.js';
import { fail } from '../errors.js';
import { makeConstants, priorTensors, type Constants } from '../model/constants.js';
import { posteriorKl } from '../model/divergence.js';
import type { Prior } from '../model/prior.js';
import { posteriorOf } from '../model/posterior.js';
import type { Stream } from '../random.js';
import type { Posterior } from '../types.js';
import { biasCorrection } from './adam.js';
import { empiricalBayes } from './empirical-bayes.js';
import type { FitData, FitSettings, FitState } from './fit.js';
import { activeCounts, type HistoryRow } from './history.js';
import { stepsPerEpoch } from './plan.js';
import { parameterRates } from './rates.js';
import { phaseAt, phaseKey } from './schedule.js';
import { trainingScan } from './step.js';

const EMPIRICAL_BAYES_EVERY = 100;
/** Where an epoch is shorter than this, several share a row of the history. */
const STEPS_PER_ROW = 50;
/** A stretch is short enough that Ctrl-C is heard soon. */
const LONGEST_STRETCH = 100;

export class FitRun {
  private step: number;
  private carry: Tensors;
  private readonly data: { x: tf.Tensor2D; y: tf.Tensor2D };
  private readonly constants: Constants;
  private readonly scan: Scan;
  private prior: Prior;
  private priorTensors: Tensors;
  private readonly history: HistoryRow[];
  private readonly rows: number;
  private readonly batch: number;
  private readonly perEpoch: number;
  private readonly steps: number;
  /** Steps between two rows of the history: whole epochs. */
  private readonly perRow: number;

  constructor(data: FitData, private readonly settings: FitSettings, private readonly stream: Stream, from: FitState) {
    this.rows = data.x.rows;
    this.batch = Math.min(settings.batch, this.rows);
    this.perEpoch = stepsPerEpoch(this.rows, this.batch);
    this.steps = settings.epochs * this.perEpoch;
    this.perRow = this.perEpoch * Math.ceil(STEPS_PER_ROW / this.perEpoch);
    this.step = from.step;
    this.prior = from.prior;
    this.history = [...from.history];
    this.data = {
      x: tf.tensor2d(data.x.data, [data.x.rows, data.x.cols]),
      y: tf.tensor2d(data.y.data, [data.y.rows, data.y.cols]),
    };
    this.carry = {
      theta: tf.tensor1d(from.theta), m: tf.tensor1d(from.m), v: tf.tensor1d(from.v),
      logLikelihood: tf.scalar(from.logLikelihood),
    };
    this.priorTensors = priorTensors(from.prior);
    this.constants = makeConstants(settings.shape);
    this.scan = this.makeScan();
  }

  get done(): boolean {
    return this.step >= this.steps;
  }

  private makeScan(): Scan {
    const spec = trainingScan(this.settings.shape, this.constants, this.batch, this.batch < this.rows);
    const fixed = this.fixed();
    const stacks = this.stacks(1);
    const slices = tf.tidy(() => Object.fromEntries(
      Object.entries(stacks).map(([name, stack]) => [name, tf.keep(tf.reshape(stack, stack.shape.slice(1)))])));
    const scan = makeScan(spec, { ...this.carry, ...fixed, ...slices });
    tf.dispose([stacks, slices]);
    disposeOwn(fixed);
    return scan;
  }

  /** Runs the next stretch of steps; returns a row for the history when one is due. */
  advance(): HistoryRow | undefined {
    const phase = phaseAt(this.step, this.steps);
    if (phase.empiricalBayes && this.step % EMPIRICAL_BAYES_EVERY === 0) this.updatePrior();
    const count = this.stretch();
    const stacks = this.stacks(count);
    const fixed = this.fixed();
    const next = this.scan.run(count, this.carry, fixed, stacks);
    tf.dispose([this.carry, stacks]);
    disposeOwn(fixed);
    this.carry = next;
    this.step += count;
    return this.step % this.perRow === 0 || this.done ? this.record() : undefined;
  }

  /** How many steps can run under the same controls before a report or an update is due. */
  private stretch(): number {
    const key = phaseKey(phaseAt(this.step, this.steps));
    let count = 1;
    for (; count < LONGEST_STRETCH; count++) {
      const at = this.step + count;
      if (at >= this.steps || at % this.perRow === 0) break;
      const phase = phaseAt(at, this.steps);
      if (phaseKey(phase) !== key || (phase.empiricalBayes && at % EMPIRICAL_BAYES_EVERY === 0)) break;
    }
    return count;
  }

  /** Per-step inputs of the next `count` steps, one row per step. */
  private stacks(count: number): Tensors {
    const at = Array.from({ length: count }, (_, i) => this.step + i);
    const seeds = at.flatMap((step) => {
      const stream = this.stream.split('noise', step);
      return [stream.bits() | 0, stream.bits() | 0];
    });
    const stacks: Tensors = {
      klScale: tf.tensor1d(at.map((step) => phaseAt(step, this.steps).beta / this.rows)),
      correction: tf.tensor1d(at.map((step) => biasCorrection(step + 1))),
      seed: tf.tensor2d(seeds, [count, 2], 'int32'),
    };
    if (this.batch < this.rows) stacks.rows = tf.tensor2d(this.minibatches(at), [count, this.batch], 'int32');
    return stacks;
  }

  private order?: { epoch: number; rows: Int32Array };

  /** Row indices of the minibatches of some steps, one after the other; every epoch has its own order. */
  private minibatches(steps: number[]): Int32Array {
    const chosen = new Int32Array(steps.length * this.batch);
    steps.forEach((step, i) => {
      const epoch = Math.floor(step / this.perEpoch);
      if (this.order?.epoch !== epoch) this.order = { epoch, rows: this.stream.split('order', epoch).permutation(this.rows) };
      const from = (step % this.perEpoch) * this.batch;
      chosen.set(this.order.rows.subarray(from, from + this.batch), i * this.batch);
    });
    return chosen;
  }

  private fixed(): Tensors {
    const phase = phaseAt(this.step, this.steps);
    return {
      ...this.data, ...this.priorTensors,
      rates: tf.tensor1d(parameterRates(this.constants.layout, this.settings, phase)),
      pinned: tf.scalar(phase.pinned ? 1 : 0),
    };
  }

  private posterior(): Posterior {
    const theta = this.carry.theta.dataSync() as Float32Array;
    return posteriorOf(theta, this.settings.shape, this.constants.layout, this.prior);
  }

  private updatePrior(): void {
    this.prior = empiricalBayes(this.posterior(), this.prior, this.settings.prior);
    tf.dispose(this.priorTensors);
    this.priorTensors = priorTensors(this.prior);
  }

  private record(): HistoryRow {
    const since = this.step % this.perRow || this.perRow;
    const logLikelihood = (this.carry.logLikelihood.dataSync()[0] / since) * this.rows;
    this.carry.logLikelihood.dispose();
    this.carry.logLikelihood = tf.scalar(0);
    const posterior = this.posterior();
    const kl = posteriorKl(posterior);
    const epoch = Math.round(this.step / this.perEpoch);
    if (!Number.isFinite(logLikelihood) || !Number.isFinite(kl)) {
      throw fail('training.non-finite', `the evidence lower bound is no longer finite at epoch ${epoch} (step ${this.step})`, {
        hint: `Try a smaller train.learningRate (now ${this.settings.learningRate}), and look for extreme values in the data.`,
      });
    }
    const row: HistoryRow = {
      epoch, step: this.step, elbo: logLikelihood - kl, logLikelihood, kl,
      beta: phaseAt(this.step - 1, this.steps).beta, noiseVariance: posterior.noiseVariance, active: activeCounts(posterior),
    };
    this.history.push(row);
    return row;
  }

  save(): FitState {
    const read = (tensor: tf.Tensor): Float32Array => tensor.dataSync().slice() as Float32Array;
    const { theta, m, v, logLikelihood } = this.carry;
    return {
      step: this.step, theta: read(theta), m: read(m), v: read(v), logLikelihood: logLikelihood.dataSync()[0],
      prior: this.prior, history: this.history,
    };
  }

  dispose(): void {
    this.scan.dispose();
    this.constants.dispose();
    tf.dispose([this.carry, this.data, this.priorTensors]);
  }
}

/** Of the fixed tensors, those made for one stretch. */
function disposeOwn(fixed: Tensors): void {
  tf.dispose([fixed.rates, fixed.pinned]);
}
