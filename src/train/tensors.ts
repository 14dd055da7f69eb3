/** All that a fit has in tensors: its parameters with Adam's moments, its data, its prior, and the step that moves them. */
import * as tf from '@tensorflow/tfjs-core';
import { makeScan, type Scan, type Tensors } from '../engine/scan.js';
import { drawUniforms } from '../engine/uniforms.js';
import { uniformsFor } from '../model/kernels.js';
import { makePacking } from '../model/packing/packing.js';
import type { Packing, PackingKind, Part } from '../model/packing/types.js';
import type { Prior } from '../model/prior.js';
import { layoutOf } from '../model/shape.js';
import type { Stream } from '../random.js';
import { biasCorrection } from './adam.js';
import { RowReader } from './all-rows.js';
import { packingKind } from './plan.js';
import { parameterRates, phaseAt, type FitPlan, type Phase } from './schedule.js';
import { firstMoment, rateOf, secondMoment, trainingScan } from './step.js';
import type { FitData, FitSettings, FitState } from './types.js';

export class FitTensors {
  /** The most steps of one stretch. */
  readonly longest: number;
  private carry: Tensors;
  /** All rows; none where minibatches are read from a file. */
  private readonly data: Tensors;
  private readonly weighted: boolean;
  private readonly packing: Packing;
  private readonly slices: Slices;
  private readonly scan: Compiled;
  private prior: Tensors;

  constructor(data: FitData, private readonly settings: FitSettings, plan: FitPlan, stream: Stream, from: FitState) {
    const { shape, wholeEpochs = settings.epochs } = settings;
    const compiledFor = wholeEpochs * plan.perEpoch;
    this.weighted = (data.all ?? data).y.weights !== undefined;
    this.data = data.all ? {} : {
      x: tf.tensor2d(data.x.data, [data.x.rows, data.x.cols]),
      y: tf.tensor2d(data.y.data, [data.y.rows, data.y.cols]),
      ...(data.y.weights && { weights: tf.tensor2d(data.y.weights, [data.y.rows, 1]) }),
    };
    // A step that runs operation by operation is best off with few of them.
    const kind = tf.getBackend() === 'tensorflow' ? packingKind(layoutOf(shape), compiledFor) : 'flat';
    this.packing = makePacking(shape, kind);
    const noise = plan.batch * this.packing.layout.units;
    this.longest = longestStretch(noise);
    this.slices = new Slices(stream, plan, noise, data.all && new RowReader(data.all));
    this.carry = {
      ...toParts(from.theta, this.packing, SAME), ...toParts(from.m, this.packing, firstMoment),
      ...toParts(from.v, this.packing, secondMoment), logLikelihood: tf.scalar(from.logLikelihood),
    };
    this.prior = this.packing.priorTensors(from.prior);
    this.scan = this.compiled(plan, kind, from.step);
  }

  /** Operations of one step; undefined when it runs eagerly. */
  get nodes(): number | undefined {
    return this.scan.scan.nodes;
  }

  /** Runs `count` steps from `step` on, all in a phase of the same key. */
  run(step: number, count: number, phase: Phase): void {
    const stacks = this.slices.stacks(step, count);
    const controls = this.controls(phase);
    const next = this.scan.scan.run(count, this.carry, this.fixed(controls), stacks);
    tf.dispose([this.carry, stacks, controls]);
    this.carry = next;
  }

  setPrior(prior: Prior): void {
    tf.dispose(this.prior);
    this.prior = this.packing.priorTensors(prior);
  }

  /** The parameters [P]. */
  theta(): Float32Array {
    return fromParts(this.carry, this.packing, SAME);
  }

  /** The sum of the steps' mean log-likelihoods since this was last asked. */
  takeLogLikelihood(): number {
    const [sum] = this.carry.logLikelihood.dataSync();
    this.carry.logLikelihood.dispose();
    this.carry.logLikelihood = tf.scalar(0);
    return sum;
  }

  state(): Pick<FitState, 'theta' | 'm' | 'v' | 'logLikelihood'> {
    const read = (nameOf: (part: string) => string): Float32Array => fromParts(this.carry, this.packing, nameOf);
    return {
      theta: this.theta(), m: read(firstMoment), v: read(secondMoment), logLikelihood: this.carry.logLikelihood.dataSync()[0],
    };
  }

  dispose(): void {
    release(this.scan);
    this.slices.close();
    this.packing.dispose();
    tf.dispose([this.carry, this.data, this.prior]);
  }

  /** What the steps of a stretch read, and none changes. */
  private fixed(controls: Tensors): Tensors {
    return { ...this.data, ...this.prior, ...controls };
  }

  /** Of these, those that differ by phase; the caller disposes them. */
  private controls(phase: Phase): Tensors {
    return {
      ...rateParts(parameterRates(this.packing.layout, this.settings, phase), this.packing, rateOf),
      gatesOpen: tf.scalar(phase.gates === 'open' ? 1 : 0),
    };
  }

  private compiled({ rows, batch, steps, course }: FitPlan, kind: PackingKind, step: number): Compiled {
    const { inputGroup, ...shape } = this.settings.shape;
    const { weighted, slices: { streamed } } = this;
    return compiledOnce(JSON.stringify([shape, [...inputGroup], rows, batch, kind, weighted, streamed]), () => {
      const spec = trainingScan(this.settings.shape, this.packing, { minibatches: batch < rows, weighted, streamed });
      const controls = this.controls(phaseAt(step, steps, course));
      const stacks = this.slices.stacks(step, 1);
      const slices = tf.tidy(() => Object.fromEntries(
        Object.entries(stacks).map(([name, stack]) => [name, tf.keep(tf.reshape(stack, stack.shape.slice(1)))])));
      const fuse = kind === 'matrices' ? this.longest : undefined;
      const scan = makeScan({ ...spec, fuse }, { ...this.carry, ...this.fixed(controls), ...slices });
      tf.dispose([stacks, slices, controls]);
      return scan;
    });
  }
}

const SAME = (part: string): string => part;

interface Compiled {
  key: string;
  scan: Scan;
  /** Fits that run it. */
  users: number;
}

let last: Compiled | undefined;

/**
 * One compilation for all fits of a kind, since restarts run the same step on other numbers: the scan of the latest call if that
 * had the same key, else what `make` makes. It is freed when the next key has come and no fit runs it any more. A scan that is
 * not compiled reads the tensors of its own fit and is made anew.
 */
function compiledOnce(key: string, make: () => Scan): Compiled {
  if (tf.getBackend() !== 'tensorflow') return { key, scan: make(), users: 1 };
  if (last?.key !== key) {
    const before = last;
    last = undefined;
    if (before?.users === 0) before.scan.dispose();
    last = { key, scan: make(), users: 0 };
  }
  last.users++;
  return last;
}

function release(compiled: Compiled): void {
  compiled.users--;
  if (compiled.users === 0 && compiled !== last && tf.getBackend() === 'tensorflow') compiled.scan.dispose();
}

/** A stretch is so short that its noise stays this small, and at most so long that Ctrl-C is heard soon. */
const NOISE = 2 ** 20;
const MAX_STEPS = 100;

/** The most steps of one stretch, where a step uses `noise` standard normals. */
export const longestStretch = (noise: number): number => Math.max(1, Math.min(MAX_STEPS, Math.floor(NOISE / uniformsFor(noise))));

/** What differs from step to step: the KL's weight, Adam's correction, the noise, the rows of the minibatch. */
class Slices {
  private order?: { pass: number; rows: Int32Array };

  /**
   * @param noise standard normals that a step uses.
   * @param reader of the rows, where these are not in memory
   */
  constructor(
    private readonly stream: Stream, private readonly plan: FitPlan, private readonly noise: number,
    private readonly reader?: RowReader,
  ) {}

  /** Whether slices have rows in the place of their numbers. */
  get streamed(): boolean {
    return this.reader !== undefined;
  }

  close(): void {
    this.reader?.close();
  }

  /** Per-step inputs of `count` steps from `first` on, one row per step; the caller disposes them. */
  stacks(first: number, count: number): Tensors {
    const { rows, batch, steps, course, temperature } = this.plan;
    const at = Array.from({ length: count }, (_, i) => first + i);
    const stacks: Tensors = {
      klScale: tf.tensor1d(at.map((step) => (phaseAt(step, steps, course).beta * temperature) / rows)),
      correction: tf.tensor1d(at.map((step) => biasCorrection(step + 1))),
      uniforms: drawUniforms(this.stream.split('noise', first), count, uniformsFor(this.noise)),
    };
    if (this.reader) return { ...stacks, ...this.read(this.reader, at) };
    if (batch < rows) stacks.rows = tf.tensor2d(this.minibatches(at), [count, batch], 'int32');
    return stacks;
  }

  /** The minibatches of some steps [count, B, ...]. */
  private read(reader: RowReader, steps: number[]): Tensors {
    const { batch } = this.plan;
    const { x, y, weights } = reader.take(this.minibatches(steps));
    const stacked = (values: Float32Array): tf.Tensor =>
      tf.tensor3d(values, [steps.length, batch, values.length / steps.length / batch]);
    return { x: stacked(x), y: stacked(y), ...(weights && { weights: stacked(weights) }) };
  }

  /** Row indices of the minibatches of some steps, one after the other; every pass has its own order. */
  private minibatches(steps: number[]): Int32Array {
    const { rows, batch, perPass } = this.plan;
    const chosen = new Int32Array(steps.length * batch);
    steps.forEach((step, i) => {
      const pass = Math.floor(step / perPass);
      if (this.order?.pass !== pass) this.order = { pass, rows: this.stream.split('order', pass).permutation(rows) };
      const from = (step % perPass) * batch;
      chosen.set(this.order.rows.subarray(from, from + batch), i * batch);
    });
    return chosen;
  }
}

const sizeOf = ({ shape }: Part): number => shape.reduce((product, n) => product * n, 1);

/** Tensors of a vector [P] in the packing's parts, under the names that `nameOf` gives; the caller disposes them. */
export function toParts(flat: Float32Array, { parts }: Packing, nameOf: (part: string) => string): Tensors {
  return Object.fromEntries(parts.map((part) =>
    [nameOf(part.name), tf.tensor(flat.subarray(part.offset, part.offset + sizeOf(part)), part.shape, 'float32')]));
}

/** The vector [P] of such tensors. */
export function fromParts(tensors: Tensors, { parts, layout }: Packing, nameOf: (part: string) => string): Float32Array {
  const flat = new Float32Array(layout.size);
  for (const part of parts) flat.set(tensors[nameOf(part.name)].dataSync(), part.offset);
  return flat;
}

/** Learning rates [P] by part: one number where a part is of one kind, else one per parameter. */
export function rateParts(rates: Float32Array, { parts }: Packing, nameOf: (part: string) => string): Tensors {
  return Object.fromEntries(parts.map((part) => {
    const own = rates.subarray(part.offset, part.offset + sizeOf(part));
    return [nameOf(part.name), part.mixed ? tf.tensor(own, part.shape) : tf.scalar(own[0])];
  }));
}
