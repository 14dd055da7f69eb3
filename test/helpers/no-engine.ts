/** Set up in every file of the project `unit`: a tensor engine that has been started fails it. */
import { afterAll } from 'vitest';

/** Where TensorFlow.js keeps its backends, once somebody has loaded it. */
interface Kept {
  _tfengine?: { registry: Record<string, unknown> };
}

afterAll(() => {
  const started = Object.keys((globalThis as Kept)._tfengine?.registry ?? {});
  if (started.length > 0) {
    throw new Error(`These tests start the tensor engine (${started.join()}): they belong in test/engine, not in test/unit.`);
  }
});
