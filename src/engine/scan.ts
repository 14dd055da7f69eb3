/**
 * Runs a pure step function many times: `carry <- step(carry, slice_i, fixed)`. On the native backend the step is recorded
 * once and the whole loop runs inside TensorFlow; elsewhere it runs eagerly, one step after the other. Both give the same
 * numbers to float32 rounding when the noise is given; drawn noise differs between the two.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { Stream } from '../random.js';
import { encodeSavedModel } from './graph-schema.js';
import { loopGraph, stackName, type LoopGraph } from './loop.js';
import { normalsFrom, uniformsFor } from './normals.js';
import type { Program } from './program.js';
import { record } from './record.js';
import { simplify } from './simplify.js';

export type Tensors = Record<string, tf.Tensor>;

export interface ScanSpec {
  /** Pure: reads nothing but its argument, which holds carry, fixed tensors, slices and noise; returns the new carry. */
  step: (tensors: Tensors) => Tensors;
  carry: string[];
  fixed: string[];
  slices: string[];
  /** Names and lengths of vectors of standard normals, drawn anew in every step from the slice `seed` (int32 pair). */
  normals: Record<string, number>;
  /** Whether a compiler may fuse the step's operations: slow to start, fast on large tensors. */
  fuse?: boolean;
}

export interface Scan {
  /** Operations in one step; undefined when the step runs eagerly. */
  readonly nodes?: number;
  /**
   * Runs `count` steps. `stacks` holds one row per step for every slice. Returns the new carry; the caller disposes both.
   */
  run(count: number, carry: Tensors, fixed: Tensors, stacks: Tensors): Tensors;
  dispose(): void;
}

/** Compiles where it can. `example` holds tensors of every carry, fixed and slice (one row) with their true shapes. */
export const makeScan = (spec: ScanSpec, example: Tensors): Scan =>
  tf.getBackend() === 'tensorflow' ? new CompiledScan(spec, example) : new EagerScan(spec);

/** The same scan, step by step on any backend. */
export class EagerScan implements Scan {
  constructor(private readonly spec: ScanSpec) {}

  run(count: number, carry: Tensors, fixed: Tensors, stacks: Tensors): Tensors {
    let current = carry;
    for (let i = 0; i < count; i++) {
      const next = tf.tidy(() => {
        const slices = Object.fromEntries(this.spec.slices.map((name) => [name, tf.gather(stacks[name], tf.scalar(i, 'int32'))]));
        return this.spec.step({ ...current, ...fixed, ...slices, ...this.draw(slices.seed) });
      });
      if (current !== carry) tf.dispose(current);
      current = next;
    }
    return current;
  }

  private draw(seed?: tf.Tensor): Tensors {
    return Object.fromEntries(Object.entries(this.spec.normals).map(([name, length]) => {
      const stream = Stream.fromSeed(Array.from(seed!.dataSync()).join()).split(name);
      return [name, tf.tensor1d(stream.normals(length))];
    }));
  }

  dispose(): void {}
}

/** The part of tfjs-node's backend that runs saved graphs. */
interface GraphBackend {
  loadSavedModelMetaGraph(directory: string, tags: string): number;
  runSavedModel(id: number, inputs: tf.Tensor[], infos: { name: string }[], outputs: string[]): tf.Tensor[];
  deleteSavedModel(id: number): void;
}

/** The scan as a TensorFlow graph with the loop inside. */
export class CompiledScan implements Scan {
  readonly nodes: number;
  private readonly backend = tf.backend() as unknown as GraphBackend;
  private readonly program: Program;
  private session: number;
  private loop: LoopGraph;
  /** Set until a fused step has run once: TensorFlow can be built without the compiler. */
  private onTrial: boolean;

  constructor(private readonly spec: ScanSpec, example: Tensors) {
    const uniforms = Object.fromEntries(Object.entries(spec.normals).map(([name, length]) =>
      [name, tf.zeros([uniformsFor(length)])]));
    this.program = simplify(record({ ...example, ...uniforms }, (t) => spec.step({ ...t, ...normalsOf(spec, t) })));
    tf.dispose(uniforms);
    this.nodes = this.program.operations.length;
    this.onTrial = spec.fuse ?? false;
    this.loop = this.graph(this.onTrial);
    this.session = load(this.backend, encodeSavedModel(this.loop.graph));
  }

  private graph(fuse: boolean): LoopGraph {
    const { carry, fixed, slices, normals } = this.spec;
    return loopGraph(this.program, { carry, fixed, slices, uniforms: Object.keys(normals), fuse });
  }

  run(count: number, carry: Tensors, fixed: Tensors, stacks: Tensors): Tensors {
    const counter = tf.scalar(count, 'int32');
    const feeds: Tensors = { count: counter, ...carry, ...fixed };
    for (const name of this.spec.slices) feeds[stackName(name)] = stacks[name];
    try {
      const results = this.execute(feeds);
      return Object.fromEntries(this.spec.carry.map((name, at) => [name, results[at]]));
    } finally {
      counter.dispose();
    }
  }

  private execute(feeds: Tensors): tf.Tensor[] {
    const { inputs, outputs } = this.loop;
    try {
      const results = this.backend.runSavedModel(
        this.session, inputs.map((name) => feeds[name]), inputs.map((name) => ({ name })), outputs,
      );
      this.onTrial = false;
      return results;
    } catch (error) {
      if (!this.onTrial) throw error;
      this.onTrial = false;
      this.dispose();
      this.loop = this.graph(false);
      this.session = load(this.backend, encodeSavedModel(this.loop.graph));
      return this.execute(feeds);
    }
  }

  dispose(): void {
    this.backend.deleteSavedModel(this.session);
  }
}

const normalsOf = ({ normals }: ScanSpec, tensors: Tensors): Tensors =>
  Object.fromEntries(Object.entries(normals).map(([name, length]) =>
    [name, normalsFrom(tensors[name] as tf.Tensor1D, length)]));

/** TensorFlow loads graphs from a folder only; the folder is gone again when this returns. */
function load(backend: GraphBackend, bytes: Uint8Array): number {
  const directory = mkdtempSync(path.join(tmpdir(), 'bnnc-graph-'));
  try {
    writeFileSync(path.join(directory, 'saved_model.pb'), bytes);
    return backend.loadSavedModelMetaGraph(directory + path.sep, 'serve');
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
