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
import { loopGraph, stackName, type LoopGraph, type LoopRoles } from './loop.js';
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
  private readonly session: number;
  private readonly loop: LoopGraph;

  constructor(private readonly spec: ScanSpec, example: Tensors) {
    const noise = Object.fromEntries(Object.entries(spec.normals).map(([name, length]) => [name, tf.zeros([length])]));
    const program = simplify(record({ ...example, ...noise }, spec.step));
    tf.dispose(noise);
    this.nodes = program.operations.length;
    const roles: LoopRoles = { carry: spec.carry, fixed: spec.fixed, slices: spec.slices, normals: Object.keys(spec.normals) };
    this.loop = loopGraph(program, roles);
    this.session = load(this.backend, encodeSavedModel(this.loop.graph));
  }

  run(count: number, carry: Tensors, fixed: Tensors, stacks: Tensors): Tensors {
    const counter = tf.scalar(count, 'int32');
    const feeds: Tensors = { count: counter, ...carry, ...fixed };
    for (const name of this.spec.slices) feeds[stackName(name)] = stacks[name];
    const results = this.backend.runSavedModel(
      this.session, this.loop.inputs.map((name) => feeds[name]), this.loop.inputs.map((name) => ({ name })), this.loop.outputs,
    );
    counter.dispose();
    return Object.fromEntries(this.spec.carry.map((name, at) => [name, results[at]]));
  }

  dispose(): void {
    this.backend.deleteSavedModel(this.session);
  }
}

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
