/** The tensors of a fit in progress, and how its steps are cut into stretches that run without stopping. */
import * as tf from '@tensorflow/tfjs-core';
import { makeScan, type Scan, type ScanSpec, type Tensors } from '../engine/scan.js';
import { fail } from '../errors.js';
import { posteriorKl } from '../model/kl.js';
import { makePacking } from '../model/packing/packing.js';
import type { Packing } from '../model/packing/types.js';
import type { Prior } from '../model/prior.js';
import { posteriorOf } from '../model/posterior.js';
import { layoutOf } from '../model/shape.js';
import type { Stream } from '../random.js';
import type { Posterior } from '../types.js';
import { hasFallen, isWorse, type Best } from './best.js';
import { compiledOnce } from './compiled.js';
import { empiricalBayes } from './empirical-bayes.js';
import type { FitData, FitSettings, FitState } from './types.js';
import { activeCounts, type HistoryRow } from './history.js';
import { fromParts, rateParts, toParts } from './parts.js';
import { packingKind, stepsPerEpoch } from './plan.js';
import { parameterRates } from './rates.js';
import { phaseAt, phaseKey, type Phase } from './schedule.js';
import { Slices } from './slices.js';
import { firstMoment, rateOf, secondMoment, trainingScan } from './step.js';

const EMPIRICAL_BAYES_EVERY = 100;
/** Where an epoch is shorter than this, several share a row of the history. */
const STEPS_PER_ROW = 50;

export class FitRun {
  private step: number;
  private carry: Tensors;
  private readonly data: { x: tf.Tensor2D; y: tf.Tensor2D };
  private readonly packing: Packing;
  private readonly slices: Slices;
  private readonly scan: Scan;
  private prior: Prior;
  private priorTensors: Tensors;
  private readonly history: HistoryRow[];
  private best: Best | undefined;
  private readonly rows: number;
  private readonly perEpoch: number;
  private readonly steps: number;
  private readonly temperature: number;
  /** Steps between two rows of the history: whole epochs. */
  private readonly perRow: number;

  constructor(data: FitData, private readonly settings: FitSettings, stream: Stream, from: FitState) {
    this.rows = data.x.rows;
    const batch = Math.min(settings.batch, this.rows);
    this.perEpoch = stepsPerEpoch(this.rows, batch);
    this.steps = settings.epochs * this.perEpoch;
    this.perRow = this.perEpoch * Math.ceil(STEPS_PER_ROW / this.perEpoch);
    this.step = from.step;
    this.prior = from.prior;
    this.history = [...from.history];
    this.best = from.best;
    this.data = {
      x: tf.tensor2d(data.x.data, [data.x.rows, data.x.cols]),
      y: tf.tensor2d(data.y.data, [data.y.rows, data.y.cols]),
    };
    // A step that runs operation by operation is best off with few of them.
    const kind = tf.getBackend() === 'tensorflow' ? packingKind(layoutOf(settings.shape), settings.compiledFor ?? this.steps) : 'flat';
    this.packing = makePacking(settings.shape, kind);
    const noise = batch * this.packing.layout.units;
    const { course = 'whole', temperature = 1 } = settings;
    this.temperature = temperature;
    const { rows, perEpoch, steps } = this;
    this.slices = new Slices(stream, { rows, batch, perEpoch, steps, noise, course, temperature });
    this.carry = {
      ...toParts(from.theta, this.packing, SAME), ...toParts(from.m, this.packing, firstMoment),
      ...toParts(from.v, this.packing, secondMoment), logLikelihood: tf.scalar(from.logLikelihood),
    };
    this.priorTensors = this.packing.priorTensors(from.prior);
    const { inputGroup, ...shape } = settings.shape;
    this.scan = compiledOnce(JSON.stringify([shape, [...inputGroup], this.rows, batch, kind]), () =>
      this.makeScan(trainingScan(settings.shape, this.packing, batch < this.rows), kind === 'matrices'));
  }

  /** Operations of one step; undefined when it runs eagerly. */
  get nodes(): number | undefined {
    return this.scan.nodes;
  }

  get done(): boolean {
    return this.step >= this.steps || (this.best !== undefined && hasFallen(this.finalRows(), this.best));
  }

  private phaseAt(step: number): Phase {
    return phaseAt(step, this.steps, this.settings.course);
  }

  /** Rows of the history whose ELBOs can be compared with the last one's. */
  private finalRows(): HistoryRow[] {
    return this.history.filter(({ step }) => this.phaseAt(step - 1).final);
  }

  private makeScan(spec: ScanSpec, fuse: boolean): Scan {
    const fixed = this.fixed();
    const stacks = this.slices.stacks(this.step, 1);
    const slices = tf.tidy(() => Object.fromEntries(
      Object.entries(stacks).map(([name, stack]) => [name, tf.keep(tf.reshape(stack, stack.shape.slice(1)))])));
    const scan = makeScan({ ...spec, fuse: fuse ? this.slices.longest : undefined }, { ...this.carry, ...fixed, ...slices });
    tf.dispose([stacks, slices]);
    this.disposeOwn(fixed);
    return scan;
  }

  /** Runs the next stretch of steps; returns a row for the history when one is due. */
  advance(): HistoryRow | undefined {
    const phase = this.phaseAt(this.step);
    if (phase.empiricalBayes && this.step % EMPIRICAL_BAYES_EVERY === 0) this.updatePrior();
    const count = this.stretch();
    const stacks = this.slices.stacks(this.step, count);
    const fixed = this.fixed();
    const next = this.scan.run(count, this.carry, fixed, stacks);
    tf.dispose([this.carry, stacks]);
    this.disposeOwn(fixed);
    this.carry = next;
    this.step += count;
    return this.step % this.perRow === 0 || this.done ? this.record() : undefined;
  }

  /** How many steps can run under the same controls before a report or an update is due. */
  private stretch(): number {
    const key = phaseKey(this.phaseAt(this.step));
    let count = 1;
    for (; count < this.slices.longest; count++) {
      const at = this.step + count;
      if (at >= this.steps || at % this.perRow === 0) break;
      const phase = this.phaseAt(at);
      if (phaseKey(phase) !== key || (phase.empiricalBayes && at % EMPIRICAL_BAYES_EVERY === 0)) break;
    }
    return count;
  }

  private fixed(): Tensors {
    const phase = this.phaseAt(this.step);
    return {
      ...this.data, ...this.priorTensors,
      ...rateParts(parameterRates(this.packing.layout, this.settings, phase), this.packing, rateOf),
      gatesOpen: tf.scalar(phase.gates === 'open' ? 1 : 0),
    };
  }

  private posterior(): Posterior {
    const theta = fromParts(this.carry, this.packing, SAME);
    return posteriorOf(theta, this.settings.shape, this.packing.layout, this.prior);
  }

  private updatePrior(): void {
    this.prior = empiricalBayes(this.posterior(), this.prior, this.settings.prior);
    tf.dispose(this.priorTensors);
    this.priorTensors = this.packing.priorTensors(this.prior);
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
      epoch, step: this.step, elbo: logLikelihood / this.temperature - kl, logLikelihood, kl,
      beta: this.phaseAt(this.step - 1).beta, noiseVariance: posterior.noiseVariance, active: activeCounts(posterior),
    };
    this.history.push(row);
    const { final } = this.phaseAt(this.step - 1);
    if (final && row.elbo > (this.best?.elbo ?? -Infinity)) {
      this.best = { step: this.step, elbo: row.elbo, theta: fromParts(this.carry, this.packing, SAME), prior: this.prior };
    }
    return row;
  }

  /** The state as it is; when the fit is done, with the best parameters. */
  save(): FitState {
    const { done, best } = this;
    const kept = done && best && isWorse(this.finalRows(), best) ? best : undefined;
    const read = (nameOf: (part: string) => string): Float32Array => fromParts(this.carry, this.packing, nameOf);
    return {
      step: done ? this.steps : this.step, theta: kept?.theta ?? read(SAME), m: read(firstMoment), v: read(secondMoment),
      logLikelihood: this.carry.logLikelihood.dataSync()[0],
      prior: kept?.prior ?? this.prior, history: this.history, best: done ? undefined : best,
    };
  }

  dispose(): void {
    this.packing.dispose();
    tf.dispose([this.carry, this.data, this.priorTensors]);
  }

  /** Of the fixed tensors, those made for one stretch. */
  private disposeOwn(fixed: Tensors): void {
    tf.dispose([fixed.gatesOpen, ...this.packing.parts.map(({ name }) => fixed[rateOf(name)])]);
  }
}

const SAME = (part: string): string => part;
