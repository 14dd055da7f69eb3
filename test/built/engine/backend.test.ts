import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { startEngine } from '../../../src/engine/backend.js';
import { enginePreference } from '../../../src/engine/preference.js';

const BACKEND = fileURLToPath(new URL('../../../dist/engine/backend.js', import.meta.url));

/** Rows x inner times inner x columns, with entries that are no exact binary fractions. */
const SHAPE = { rows: 7, inner: 33, columns: 5 };
const LEFT = Array.from({ length: SHAPE.rows * SHAPE.inner }, (_, i) => Math.sin(1 + i));
const RIGHT = Array.from({ length: SHAPE.inner * SHAPE.columns }, (_, i) => Math.cos(2 + 3 * i));

/** An engine can only be chosen once in a process, so each other choice has a process of its own. */
async function inOwnProcess(body: string): Promise<{ stdout: string; stderr: string }> {
  const script = `
    import Module from 'node:module';
    const { startEngine } = await import(${JSON.stringify(BACKEND)});
    const print = (value) => process.stdout.write(JSON.stringify(value));
    const failToLoad = (message, code) => {
      const load = Module._load;
      Module._load = function (request, ...rest) {
        if (request === '@tensorflow/tfjs-node') throw Object.assign(new Error(message), { code });
        return load.call(this, request, ...rest);
      };
    };
    ${body}`;
  return promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], { cwd: fileURLToPath(new URL('.', import.meta.url)) });
}

describe('the native engine', () => {
  it('is what runs here, and tells its versions', async () => {
    const engine = await startEngine();
    expect(engine.name).toBe('tensorflow');
    expect(engine.tensorflow).toMatch(/^2\.\d+\.\d+/);
    expect(engine.version).toBe(tf.version_core);
    expect(engine.threads).toBeGreaterThanOrEqual(1);
    expect(tf.getBackend()).toBe('tensorflow');
  });

  it('is started once, whatever a later call prefers', async () => {
    expect(await startEngine({ prefer: 'wasm' })).toBe(await startEngine());
    expect(tf.getBackend()).toBe('tensorflow');
  });

  it('multiplies, and WebAssembly agrees to float32 rounding', async () => {
    await startEngine();
    const product = tf.tidy(() =>
      tf.matMul(tf.tensor2d(LEFT, [SHAPE.rows, SHAPE.inner]), tf.tensor2d(RIGHT, [SHAPE.inner, SHAPE.columns])).dataSync(),
    );
    const { stdout, stderr } = await inOwnProcess(`
      const tf = await import('@tensorflow/tfjs-core');
      const engine = await startEngine({ prefer: 'wasm' });
      const left = tf.tensor2d(${JSON.stringify(LEFT)}, [${SHAPE.rows}, ${SHAPE.inner}]);
      const right = tf.tensor2d(${JSON.stringify(RIGHT)}, [${SHAPE.inner}, ${SHAPE.columns}]);
      print({ engine, backend: tf.getBackend(), product: [...tf.matMul(left, right).dataSync()] });`);
    expect(stderr).toBe('');
    const other = JSON.parse(stdout) as { engine: object; backend: string; product: number[] };
    expect(other.engine).toEqual({ name: 'wasm', version: tf.version_core, why: 'WebAssembly was requested', threads: 1 });
    expect(other.backend).toBe('wasm');
    for (let row = 0; row < SHAPE.rows; row++) {
      for (let column = 0; column < SHAPE.columns; column++) {
        let exact = 0;
        for (let k = 0; k < SHAPE.inner; k++) exact += LEFT[row * SHAPE.inner + k] * RIGHT[k * SHAPE.columns + column];
        const place = row * SHAPE.columns + column;
        // 33 products below 1, each rounded to 2^-24: far below 1e-5, far above what a wrong product would give.
        expect(Math.abs(product[place] - exact)).toBeLessThan(1e-5);
        expect(Math.abs(other.product[place] - exact)).toBeLessThan(1e-5);
      }
    }
  });

  it('says nothing on stdout or stderr, nor does Node of what tfjs-node calls', async () => {
    const { stdout, stderr } = await inOwnProcess(`
      const tf = await import('@tensorflow/tfjs-core');
      await startEngine({ prefer: 'native' });
      const { values } = tf.topk(tf.concat([tf.add([1, 2], [3, 4]), tf.tensor1d([9])]), 2);
      print([...values.dataSync()]);`);
    expect(stdout).toBe('[9,6]');
    expect(stderr).toBe('');
  });
});

describe('when the native engine cannot be loaded', () => {
  it.each([
    ["Cannot find module '@tensorflow/tfjs-node'\\nRequire stack: x", 'MODULE_NOT_FOUND', '@tensorflow/tfjs-node is not installed'],
    [
      'The Node.js native addon module (tfjs_binding.node) can not be found at path: x',
      undefined,
      'the native part of @tensorflow/tfjs-node is not built',
    ],
    ['libtensorflow.so.2: no such file\\nmore', 'ERR_DLOPEN_FAILED', '@tensorflow/tfjs-node cannot be loaded: libtensorflow.so.2: no such file'],
  ])('WebAssembly runs and says why: %s', async (message, code, why) => {
    const { stdout } = await inOwnProcess(`
      failToLoad('${message.replaceAll("'", "\\'")}', ${JSON.stringify(code)});
      print(await startEngine());`);
    expect(JSON.parse(stdout)).toMatchObject({ name: 'wasm', why });
  });

  it('whoever insists on it gets an error, and may then take the other', async () => {
    const { stdout } = await inOwnProcess(`
      failToLoad('no luck');
      const refused = await startEngine({ prefer: 'native' }).catch((error) => error);
      const { name } = await startEngine({ prefer: 'wasm' });
      print({ code: refused.problems[0].code, message: refused.problems[0].message, exit: refused.exitCode, name });`);
    expect(JSON.parse(stdout)).toEqual({
      code: 'usage.no-native-engine',
      message: 'the native engine was requested, but @tensorflow/tfjs-node cannot be loaded: no luck',
      exit: 2,
      name: 'wasm',
    });
  });
});

describe('BNNC_ENGINE', () => {
  it('is auto when unset or empty', () => {
    expect(enginePreference(undefined)).toBe('auto');
    expect(enginePreference('')).toBe('auto');
    expect(enginePreference('wasm')).toBe('wasm');
  });

  it('is refused when it names no engine', () => {
    expect(() => enginePreference('gpu')).toThrow(/BNNC_ENGINE: unknown engine 'gpu'.*auto, native, wasm/);
  });
});
