import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { startEngine } from '../../../src/engine/backend.js';
import { outputOf } from '../../../src/engine/compiled/emit.js';
import type { Program } from '../../../src/engine/compiled/program.js';
import { record } from '../../../src/engine/compiled/record.js';
import { CompiledScan, type Tensors } from '../../../src/engine/scan.js';
import { simplify } from '../../../src/engine/compiled/simplify.js';

beforeAll(() => startEngine());

const A = [[0.3, -1.2, 2], [1, 0.5, -0.7]];
const inputs = (): { a: tf.Tensor2D; b: tf.Tensor2D } => ({ a: tf.tensor2d(A), b: tf.tensor2d([[1, 2], [-0.5, 0.1], [0.3, 3]]) });
const counts = ({ operations }: Program): Record<string, number> =>
  operations.reduce<Record<string, number>>((sum, { op }) => ({ ...sum, [op]: (sum[op] ?? 0) + 1 }), {});

type Step = (inputs: Tensors) => Record<string, tf.Tensor>;

/** What `step` gives directly, and after recording, simplifying, emitting and running inside TensorFlow. */
function bothWays(step: Step): { direct: Record<string, number[]>; compiled: Record<string, number[]> } {
  const given = inputs();
  const direct = tf.tidy(() => step(given));
  const names = Object.keys(direct);
  const carry: Tensors = Object.fromEntries(names.map((name) => [name, tf.zerosLike(direct[name])]));
  const scan = new CompiledScan({ step, carry: names, fixed: ['a', 'b'], slices: [] }, { ...given, ...carry });
  const compiled = scan.run(1, carry, given, {});
  scan.dispose();
  const read = (tensors: Record<string, tf.Tensor>) =>
    Object.fromEntries(names.map((name) => [name, [...tensors[name].dataSync()]]));
  const results = { direct: read(direct), compiled: read(compiled) };
  for (const name of names) expect(compiled[name].shape).toEqual(direct[name].shape);
  tf.dispose([direct, compiled, carry, given]);
  return results;
}

function expectSame(step: Step): void {
  const { direct, compiled } = bothWays(step);
  for (const [name, values] of Object.entries(direct)) {
    values.forEach((value, k) => {
      expect(Math.abs(compiled[name][k] - value), name).toBeLessThan(1e-6 * Math.max(1, Math.abs(value)));
    });
  }
}

describe('recording', () => {
  it('sees operations, inputs and constants', () => {
    const given = inputs();
    const constant = tf.tensor2d([[10, 20, 30]]);
    const program = record(given, ({ a }) => ({ y: tf.exp(tf.add(a, constant)) }));
    expect(program.operations.map(({ op }) => op)).toEqual(['Add', 'Exp']);
    expect(program.inputs.a).toEqual({ dtype: 'float32', shape: [2, 3] });
    expect(program.constants).toEqual([{ dtype: 'float32', shape: [1, 3], values: Float32Array.of(10, 20, 30) }]);
    expect(program.operations[0].inputs).toEqual([{ input: 'a' }, { constant: 0 }]);
    expect(program.operations[1].inputs).toEqual([{ node: 0, output: 0 }]);
    expect(program.operations[1].outputs).toEqual([{ dtype: 'float32', shape: [2, 3] }]);
    expect(program.outputs).toEqual({ y: { node: 1, output: 0 } });
  });

  it('an input handed back is an output', () => {
    expect(record(inputs(), ({ a, b }) => ({ b, a })).outputs).toEqual({ b: { input: 'b' }, a: { input: 'a' } });
  });

  it('leaves the backend and the memory as they were, also when the function fails', () => {
    const given = inputs();
    const backend = tf.backend() as unknown as { executeSingleOutput: unknown; executeMultipleOutputs: unknown };
    const watched = [backend.executeSingleOutput, backend.executeMultipleOutputs];
    const before = tf.memory().numTensors;
    record(given, ({ a }) => ({ y: tf.exp(a) }));
    expect(() => record(given, () => { throw new Error('no'); })).toThrow('no');
    expect([backend.executeSingleOutput, backend.executeMultipleOutputs]).toEqual(watched);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('is refused on any other backend', async () => {
    try {
      await tf.setBackend('cpu');
      expect(() => record({}, () => ({}))).toThrow('only the native backend can be recorded');
    } finally {
      await tf.setBackend('tensorflow');
    }
  });
});

describe('simplifying', () => {
  const both = (step: Step): { before: Record<string, number>; after: Record<string, number> } => {
    const program = record(inputs(), step);
    return { before: counts(program), after: counts(simplify(program)) };
  };

  it('computes equal subexpressions once', () => {
    const { before, after } = both(({ a }) => ({ y: tf.add(tf.exp(tf.neg(a)), tf.exp(tf.neg(a))), z: tf.exp(tf.neg(a)) }));
    expect(before).toEqual({ Neg: 3, Exp: 3, Add: 1 });
    expect(after).toEqual({ Neg: 1, Exp: 1, Add: 1 });
  });

  it('does not take for equal what differs in an attribute, an input or a constant', () => {
    const { after } = both(({ a, b }) => ({
      p: tf.matMul(a, b), q: tf.matMul(b, a), r: tf.matMul(a, a, true, false), s: tf.matMul(a, a, false, true),
      t: tf.add(a, 1), u: tf.add(a, 2),
    }));
    expect((after.MatMul ?? 0) + (after.BatchMatMulV2 ?? 0)).toBe(4);
    expect(after.Add).toBe(2);
  });

  it('removes what no output needs, with its constants', () => {
    const program = simplify(record(inputs(), ({ a }) => {
      tf.mul(tf.exp(a), 77);
      return { y: tf.add(a, 5) };
    }));
    expect(counts(program)).toEqual({ Add: 1 });
    expect(program.constants.map(({ values }) => [...values])).toEqual([[5]]);
  });

  it('removes reshapes that undo one another or change nothing', () => {
    const { before, after } = both(({ a }) => ({
      y: tf.reshape(tf.exp(tf.reshape(tf.reshape(a, [6]), [2, 3])), [2, 3]), z: tf.reshape(tf.reshape(a, [6]), [3, 2]),
    }));
    expect(before.Reshape).toBeGreaterThanOrEqual(4);
    expect(after).toEqual({ Exp: 1, Reshape: 1 });
  });

  it('a reshape that changes nothing of a second output stands for the second output', () => {
    const half = { dtype: 'float32' as const, shape: [2] };
    const program: Program = {
      inputs: { x: { dtype: 'float32', shape: [4] } }, constants: [{ dtype: 'int32', shape: [1], values: Int32Array.of(2) }],
      operations: [
        { op: 'Split', attributes: [], inputs: [{ input: 'x' }], outputs: [half, half] },
        { op: 'Reshape', attributes: [], inputs: [{ node: 0, output: 1 }, { constant: 0 }], outputs: [half] },
      ],
      outputs: { y: { node: 1, output: 0 } },
    };
    expect(simplify(program).outputs.y).toEqual({ node: 0, output: 1 });
  });

  it('makes a batch of one product a plain product', () => {
    const { before, after } = both(({ a, b }) => ({ y: tf.matMul(tf.reshape(a, [1, 2, 3]), tf.reshape(b, [1, 3, 2])) }));
    expect(before.BatchMatMulV2).toBe(1);
    expect(after).toEqual({ MatMul: 1, Reshape: 1 });
  });

  it('leaves the program it was given alone, and does nothing the second time', () => {
    const program = record(inputs(), ({ a, b }) => ({ y: tf.sum(tf.exp(tf.matMul(a, b))), z: tf.exp(tf.matMul(a, b)) }));
    const copy = structuredClone(program);
    const once = simplify(program);
    expect(program).toEqual(copy);
    expect(simplify(once)).toEqual(once);
    expect(once.operations.length).toBeLessThan(program.operations.length);
  });
});

describe('compiled results are the direct ones', () => {
  it.each<[string, Step]>([
    ['repeated subexpressions', ({ a }) => ({ y: tf.mul(tf.exp(tf.neg(a)), tf.add(tf.exp(tf.neg(a)), tf.tanh(a))) })],
    ['reshapes of reshapes', ({ a }) => ({ y: tf.reshape(tf.square(tf.reshape(tf.reshape(a, [6]), [3, 2])), [1, 6]) })],
    ['products of every orientation', ({ a, b }) => ({
      p: tf.matMul(a, b), q: tf.matMul(a, a, true, false), r: tf.matMul(a, a, false, true), s: tf.matMul(b, a, true, true),
    })],
    ['batches of one, of every orientation', ({ a, b }) => {
      const [one, other] = [tf.reshape(a, [1, 2, 3]), tf.reshape(b, [1, 3, 2])];
      return {
        p: tf.matMul(one, other), q: tf.matMul(one, one, true, false), r: tf.matMul(one, one, false, true),
        s: tf.matMul(other, one, true, true),
      };
    }],
    ['constants, among them negative and tiny ones', ({ a }) => ({ y: tf.add(tf.mul(a, -3.5), tf.tensor2d([[1e-8], [2e8]])) })],
    ['slices, gathers and joins', ({ a }) => ({
      y: tf.concat([tf.slice(a, [0, 1], [2, 2]), tf.gather(a, tf.tensor1d([1, 0], 'int32'))], 1),
    })],
    ['sums along axes', ({ a }) => ({ all: tf.sum(a), rows: tf.sum(a, 1), columns: tf.sum(a, 0), top: tf.max(a, 1, true) })],
    ['the functions of the model', ({ a }) => ({
      p: tf.softplus(a), g: tf.sigmoid(a), t: tf.tanh(a), h: tf.relu(a), r: tf.reciprocal(a),
      l: tf.log(tf.square(a)), s: tf.sqrt(tf.abs(a)),
      z: tf.maximum(a, tf.scalar(0.4)),
    })],
  ])('%s', (_, step) => expectSame(step));

  it('an operation whose output names are not known is refused by name', () => {
    expect(() => outputOf('n1', 'NoSuchOperation')).toThrow(/NoSuchOperation.*not known/);
    expect(outputOf('n1', 'MatMul')).toBe('n1:product:0');
  });
});
