/**
 * Runs a pure step function many times: `carry <- step(carry, slice_i, fixed)`. On the native backend the step is recorded
 * once and the whole loop runs inside TensorFlow; elsewhere it runs eagerly, one step after the other. Both give the same
 * numbers to float32 rounding.
 */
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { temporaryFolder, writingTemporarily } from '../temporary-folder.js';
import { encodeSavedModel } from './compiled/graph-schema.js';
import { loopGraph, stackName, type LoopGraph } from './compiled/loop.js';
import type { Program } from './compiled/program.js';
import { record } from './compiled/record.js';
import { simplify } from './compiled/simplify.js';

export type Tensors = Record<string, tf.Tensor>;

export interface ScanSpec {
  /** Pure: reads nothing but its argument, which holds carry, fixed tensors and slices; returns the new carry. */
  step: (tensors: Tensors) => Tensors;
  carry: string[];
  fixed: string[];
  slices: string[];
  /** The most steps of one run, when a compiler is to fuse the loop's operations: slow to start, fast on large tensors. */
  fuse?: number | undefined;
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
        return this.spec.step({ ...current, ...fixed, ...slices });
      });
      if (current !== carry) tf.dispose(current);
      current = next;
    }
    return current;
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
  private fusedRows: number | undefined;
  /** Set until a fused loop has run once: TensorFlow can be built without the compiler. */
  private onTrial: boolean;

  constructor(private readonly spec: ScanSpec, example: Tensors) {
    this.program = simplify(record(example, spec.step));
    this.nodes = this.program.operations.length;
    this.fusedRows = spec.fuse;
    this.onTrial = spec.fuse !== undefined;
    this.loop = this.graph();
    this.session = load(this.backend, encodeSavedModel(this.loop.graph));
  }

  private graph(): LoopGraph {
    const { carry, fixed, slices } = this.spec;
    return loopGraph(this.program, { carry, fixed, slices, fusedRows: this.fusedRows });
  }

  run(count: number, carry: Tensors, fixed: Tensors, stacks: Tensors): Tensors {
    return tf.tidy(() => {
      const feeds: Tensors = { count: tf.scalar(count, 'int32'), ...carry, ...fixed };
      for (const name of this.spec.slices) feeds[stackName(name)] = filled(stacks[name], this.fusedRows);
      const results = this.execute(feeds);
      return Object.fromEntries(this.spec.carry.map((name, at) => [name, results[at]]));
    });
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
      this.fusedRows = undefined;
      this.dispose();
      this.loop = this.graph();
      this.session = load(this.backend, encodeSavedModel(this.loop.graph));
      return this.execute(feeds);
    }
  }

  dispose(): void {
    this.backend.deleteSavedModel(this.session);
  }
}

/** A stack with rows of zeros after its own, up to `rows`. */
function filled(stack: tf.Tensor, rows = stack.shape[0]): tf.Tensor {
  const missing = rows - stack.shape[0];
  return missing === 0 ? stack : tf.pad(stack, stack.shape.map((_, axis) => [0, axis === 0 ? missing : 0] as [number, number]));
}

/** TensorFlow loads graphs from a folder only; the folder is gone again when this returns. */
function load(backend: GraphBackend, bytes: Uint8Array): number {
  const directory = temporaryFolder('bnnc-graph-');
  try {
    writingTemporarily(() => writeFileSync(path.join(directory, 'saved_model.pb'), bytes));
    return backend.loadSavedModelMetaGraph(directory + path.sep, 'serve');
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
