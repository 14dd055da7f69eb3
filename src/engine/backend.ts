/**
 * Starts the tensor engine: TensorFlow through tfjs-node where its native part is there, else WebAssembly. Everything
 * else uses `@tensorflow/tfjs-core`, which both register themselves with, and never asks which one runs.
 */

import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { env } from 'node:process';
import type * as Tf from '@tensorflow/tfjs-core';
import { BnncError, fail } from '../errors.js';
import { checkNativeFiles } from './native-files.js';
import type { EnginePreference } from './preference.js';

/** The engine that runs. */
export interface Engine {
  name: 'tensorflow' | 'wasm';
  /** Version of TensorFlow.js. */
  version: string;
  /** Version of the native TensorFlow library; only when `name` is `tensorflow`. */
  tensorflow?: string;
  /** One line: why this engine runs and not the other. */
  why: string;
  /** Threads that one operation may be spread over. */
  threads: number;
}

// CommonJS, so that tfjs-node and our own imports meet in one instance of tfjs-core.
const load = createRequire(import.meta.url);

let started: Promise<Engine> | undefined;

/** Loaded when an engine starts: who only waits for workers does without. */
const core = (): typeof Tf => load('@tensorflow/tfjs-core') as typeof Tf;

/**
 * Starts the engine once; every later call gives the one that runs, whatever it prefers. Only kernels may be relied on:
 * the chained methods and the autodiff gradients of tfjs come with the native engine alone.
 * @throws usage.no-native-engine when `native` is preferred and cannot be loaded; usage.engine-changed
 */
export function startEngine({ prefer = 'auto' }: { prefer?: EnginePreference | undefined } = {}): Promise<Engine> {
  started ??= chooseEngine(prefer).catch((error: unknown) => {
    started = undefined;
    throw error;
  });
  return started;
}

async function chooseEngine(prefer: EnginePreference): Promise<Engine> {
  if (prefer === 'wasm') return startWasm('WebAssembly was requested');
  try {
    return await startNative();
  } catch (error) {
    if (error instanceof BnncError) throw error;
    const reason = nativeFault(error);
    if (prefer === 'native') {
      throw fail('usage.no-native-engine', `the native engine was requested, but ${reason}`, {
        hint: '`bnnc doctor` shows how to get it.',
      });
    }
    return startWasm(reason);
  }
}

/** Whether this process has loaded the native library: from then on its settings stand. */
let nativeLoaded = false;
/** The number of threads that this module has put into the environment. */
let threadsSet: string | undefined;

/**
 * Settles how the native library divides its work. It does so once for the whole process, when it is loaded;
 * later calls change nothing, and what the environment says already is left as it is. Sums depend on the number of
 * threads, so that it follows from the fits of a run and the cores, never from how many fits are made at once.
 * @param fits how many fits there are to share the cores
 */
export function shareThreads(fits: number): void {
  if (nativeLoaded) return;
  quietNative();
  if (env.TF_NUM_INTRAOP_THREADS !== undefined && env.TF_NUM_INTRAOP_THREADS !== threadsSet) return;
  threadsSet = String(Math.max(1, Math.floor(availableParallelism() / fits)));
  env.TF_NUM_INTRAOP_THREADS = threadsSet;
}

/**
 * Settles the threads of an operation for work that is shared with other machines, whatever cores this one has.
 * @returns takes it back for what this process does later
 */
export function pinThreads(threads: number): () => void {
  const before = env.TF_NUM_INTRAOP_THREADS;
  if (nativeLoaded || (before !== undefined && before !== threadsSet)) return () => {};
  env.TF_NUM_INTRAOP_THREADS = String(threads);
  threadsSet = undefined;
  return () => {
    threadsSet = before;
    if (before === undefined) delete env.TF_NUM_INTRAOP_THREADS;
    else env.TF_NUM_INTRAOP_THREADS = before;
  };
}

function quietNative(): void {
  // The log level: 2 keeps errors and drops the banner on CPU features.
  env.TF_CPP_MIN_LOG_LEVEL ??= '2';
  // Graphs run in the thread that calls them: to hand the small operations of a training step to others costs more than
  // it gains, and fits in several threads would wait for one another's.
  env.TF_NUM_INTEROP_THREADS ??= '-1';
  // Whatever the environment says: with oneDNN on, the library prints two lines on stderr that no log level keeps back, and
  // digits depend on which of its kernels the processor has (docs/decisions/10-no-onednn.md).
  env.TF_ENABLE_ONEDNN_OPTS = '0';
}

async function startNative(): Promise<Engine> {
  const tf = core();
  quietNative();
  // tfjs-node 4.22 calls both: Node 22 and later warn of them on stderr, and Node 23 removed isNullOrUndefined.
  const util = load('node:util') as Record<'isArray' | 'isNullOrUndefined', (value: unknown) => boolean>;
  util.isArray = Array.isArray;
  util.isNullOrUndefined = (value) => value === null || value === undefined;

  await checkNativeFiles(path.dirname(load.resolve('@tensorflow/tfjs-node/package.json')));
  load('@tensorflow/tfjs-node');
  nativeLoaded = true;
  if (!(await tf.setBackend('tensorflow'))) throw new Error('TensorFlow could not be initialised');
  const { binding } = tf.backend() as unknown as { binding: { TF_Version: string } };
  return {
    name: 'tensorflow',
    version: tf.version_core,
    tensorflow: binding.TF_Version,
    why: 'the native TensorFlow library is installed',
    threads: Number(env.TF_NUM_INTRAOP_THREADS) || availableParallelism(),
  };
}

async function startWasm(why: string): Promise<Engine> {
  const tf = core();
  const { setWasmPaths } = load('@tensorflow/tfjs-backend-wasm') as { setWasmPaths(prefix: string): void };
  setWasmPaths(path.join(path.dirname(load.resolve('@tensorflow/tfjs-backend-wasm')), path.sep));
  if (!(await tf.setBackend('wasm'))) throw new Error('the WebAssembly engine could not be initialised');
  // Its threads need a browser's workers, so under Node it has one.
  return { name: 'wasm', version: tf.version_core, why, threads: 1 };
}

/** The fault of loading tfjs-node as half a sentence. */
function nativeFault(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  const [line] = message.split('\n');
  if (code === 'MODULE_NOT_FOUND' && line.includes("'@tensorflow/tfjs-node'")) return '@tensorflow/tfjs-node is not installed';
  if (line.includes('tfjs_binding.node) can not be found')) return 'the native part of @tensorflow/tfjs-node is not built';
  return `@tensorflow/tfjs-node cannot be loaded: ${line}`;
}
