import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GraphBuilder } from '../../../../src/export/onnx/graph.js';
import { encodeOnnx } from '../../../../src/export/onnx/schema.js';
import { storeWeights } from '../../../../src/export/onnx/weights.js';
import { Stream } from '../../../../src/random.js';
import { runOnnx } from '../../../helpers/onnxruntime.js';

interface Stored {
  bytes: number;
  operators: string[];
  weight: Float32Array;
}

/** The matrix as onnxruntime has it after loading the file: x W for the rows of the identity. */
async function stored(weight: Float32Array, inputs: number): Promise<Stored> {
  const outputs = weight.length / inputs;
  const graph = new GraphBuilder();
  const w = storeWeights(graph, '1/w', { inputs, outputs, weight });
  graph.node('MatMul', 'y', ['x', w]);
  const bytes = encodeOnnx({
    irVersion: 8, producerName: 't', producerVersion: '1', docString: '', opsetImport: [{ domain: '', version: 17 }], metadataProps: [],
    graph: {
      name: 't', node: graph.nodes, initializer: graph.constants,
      input: [{ name: 'x', shape: ['N', inputs] }], output: [{ name: 'y', shape: ['N', outputs] }],
    },
  });
  const identity = Float32Array.from({ length: inputs ** 2 }, (_, at) => Number(at % (inputs + 1) === 0));
  const { data } = await runOnnx(bytes, { rows: inputs, cols: inputs, data: identity });
  return { bytes: bytes.length, operators: graph.nodes.map(({ opType }) => opType), weight: data };
}

/** Weights of which a share is kept, with so many distinct values (0: any). */
function matrix(size: number, kept: number, values: number, seed = 1): Float32Array {
  const stream = Stream.fromSeed(seed);
  const normals = stream.split('values').normals(size);
  const on = stream.split('kept').uniforms(size);
  const list = stream.split('list').normals(Math.max(1, values));
  const drawn = (value: number): number => (values === 0 ? value : list[Math.floor(Math.abs(value) * 1e4) % values]);
  return normals.map((value, at) => (on[at] < kept ? drawn(value) : 0));
}

describe('weights in an ONNX file', () => {
  it.each<[string, number, number, string[], number]>([
    ['plain when they are many and all differ', 1, 0, [], 4],
    ['the kept ones alone when they are few', 0.1, 0, ['CumSum', 'ScatterElements'], 0.6],
    ['a byte each when few values occur', 1, 200, ['Gather'], 1.4],
    ['half a byte each when fewer do', 1, 12, ['Mod', 'Gather'], 0.7],
    ['both when both hold', 0.1, 100, ['ScatterElements', 'Gather'], 0.3],
    ['both, and half a byte, when all hold', 0.2, 10, ['ScatterElements', 'Gather', 'Mod'], 0.4],
  ])('are %s', async (_, kept, values, expected, bytesPerWeight) => {
    const weight = matrix(150 * 60, kept, values);
    const { bytes, operators, weight: found } = await stored(weight, 150);
    expect(found).toEqual(weight);
    if (expected.length === 0) expect(operators).toEqual(['MatMul']);
    else expect(operators).toEqual(expect.arrayContaining(expected));
    expect(bytes).toBeLessThan(bytesPerWeight * weight.length + 200);
  });

  it('come back bit for bit, whatever they are, in no more bytes than the matrix', async () => {
    const shapes = fc.record({
      inputs: fc.integer({ min: 1, max: 40 }), outputs: fc.integer({ min: 1, max: 40 }),
      kept: fc.double({ min: 0, max: 1, noNaN: true }),
      values: fc.constantFrom(0, 1, 2, 15, 16, 17, 255, 256), seed: fc.integer({ min: 1, max: 1e6 }),
    });
    await fc.assert(fc.asyncProperty(shapes, async ({ inputs, outputs, kept, values, seed }) => {
      const weight = matrix(inputs * outputs, kept, values, seed);
      const found = await stored(weight, inputs);
      expect(found.weight).toEqual(weight);
      expect(found.bytes).toBeLessThanOrEqual(4 * weight.length + 120);
    }), { numRuns: 60, seed: 5 });
  });

  it('find places far apart', async () => {
    const weight = new Float32Array(300 * 400);
    weight[7] = 1.5;
    weight[70_000] = -2;
    weight[119_999] = 0.25;
    const { weight: found, bytes } = await stored(weight, 300);
    expect(found).toEqual(weight);
    expect(bytes).toBeLessThan(600);
  });
});
