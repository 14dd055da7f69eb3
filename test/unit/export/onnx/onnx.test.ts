import protobuf from 'protobufjs/light.js';
import { describe, expect, it } from 'vitest';
import { ACTIVATION_NAMES } from '../../../../src/activations.js';
import { writeOnnx } from '../../../../src/export/onnx/onnx.js';
import { predictMean } from '../../../../src/inference/predictive/compressed.js';
import type { CompressedModel, Task } from '../../../../src/types.js';
import { runOnnx } from '../../../helpers/onnxruntime.js';
import { randomCompressed } from '../../../helpers/random-compressed.js';
import { randomRows } from '../../../helpers/random-posterior.js';

const TASKS: Task[] = ['regression', 'binary', 'multiclass'];

/** Largest absolute difference between onnxruntime and our own forward pass. */
async function difference(model: CompressedModel, rows = 40): Promise<number> {
  const x = randomRows(9, rows, model.layers[0].inputs);
  const own = predictMean(model, x);
  const expected = 'mean' in own ? own.mean : own.probabilities.data;
  const { name, dims, data } = await runOnnx(writeOnnx(model, '0.0.0'), x);
  expect(name).toBe(model.task === 'regression' ? 'prediction' : 'probabilities');
  expect(dims).toEqual([rows, expected.length / rows]);
  return expected.reduce((worst, value, at) => Math.max(worst, Math.abs(value - data[at])), 0);
}

describe('writeOnnx in onnxruntime', () => {
  for (const task of TASKS) {
    for (const activation of ACTIVATION_NAMES) {
      it(`gives the same ${task} output with ${activation}`, async () => {
        expect(await difference(randomCompressed({ seed: 1, task, activation }))).toBeLessThanOrEqual(1e-5);
      });
    }

    it(`runs a ${task} model without hidden layers, and one row`, async () => {
      expect(await difference(randomCompressed({ seed: 2, task, hidden: [] }), 1)).toBeLessThanOrEqual(1e-5);
    });

    it(`answers each row of a ${task} model without inputs`, async () => {
      const model = randomCompressed({ seed: 3, task, features: [], hidden: [] });
      expect(model.layers[0].inputs).toBe(0);
      expect(await difference(model, 5)).toBeLessThanOrEqual(1e-5);
    });
  }

  it('gives predictions in the target\'s own units', async () => {
    const target = { name: 'price', task: 'regression', mean: 180000, scale: 79000 } as const;
    const own = await difference(randomCompressed({ seed: 4, task: 'regression', target }));
    // Six digits of a number of this size are what float32 holds.
    expect(own / target.scale).toBeLessThanOrEqual(1e-5);
  });

  it('keeps the digits of small probabilities', async () => {
    const model = randomCompressed({ seed: 5, task: 'binary', features: [], hidden: [] });
    model.layers[0].bias[0] = 30;
    const { data } = await runOnnx(writeOnnx(model, '0.0.0'), randomRows(1, 1, 0));
    expect(data[0] / Math.exp(-30)).toBeCloseTo(1, 4);
  });
});

/** Reads the file's head with field numbers written down here again. */
function readHead(bytes: Uint8Array): protobuf.Message & Record<string, unknown> {
  const field = (type: string, id: number, rule?: string) => ({ type, id, ...(rule && { rule }) });
  const root = protobuf.Root.fromJSON({ nested: {
    Model: { fields: {
      ir: field('int64', 1), producer: field('string', 2), version: field('string', 3),
      opset: field('Opset', 8, 'repeated'), metadata: field('Entry', 14, 'repeated'),
    } },
    Opset: { fields: { version: field('int64', 2) } },
    Entry: { fields: { key: field('string', 1), value: field('string', 2) } },
  } });
  const type = root.lookupType('Model');
  return type.toObject(type.decode(bytes), { longs: Number }) as protobuf.Message & Record<string, unknown>;
}

describe('the ONNX file', () => {
  const model = randomCompressed({ seed: 6, task: 'binary' });

  it('names its versions, its producer and what the rows mean', () => {
    const head = readHead(writeOnnx(model, '1.2.3'));
    expect(head).toMatchObject({ ir: 8, producer: 'bnnc', version: '1.2.3', opset: [{ version: 17 }] });
    const entries = head.metadata as { key: string; value: string }[];
    const metadata = Object.fromEntries(entries.map(({ key, value }) => [key, value]));
    const rows = model.encoder.features.flatMap(({ name, columns }) => columns.map(({ level, mean, scale }) => ({
      column: name, ...(level !== undefined && { level }), mean: expect.closeTo(mean, 7), scale: expect.closeTo(scale, 7),
    })));
    expect(rows).toHaveLength(4);
    expect(JSON.parse(metadata.inputs)).toEqual(rows);
    expect(JSON.parse(metadata.missing)).toEqual(model.encoder.missing);
    expect(JSON.parse(metadata.classes)).toEqual(['no', 'yes']);
    expect(metadata).toMatchObject({ task: 'binary', target: 'y', threshold: '0.5' });
  });

  it('says the noise of a number in its own units, and nothing of it for classes', () => {
    const target = { name: 'price', task: 'regression', mean: 180000, scale: 79000 } as const;
    const number = randomCompressed({ seed: 4, task: 'regression', target });
    const noise = (of: CompressedModel): string | undefined =>
      (readHead(writeOnnx(of, '1.2.3')).metadata as { key: string; value: string }[]).find(({ key }) => key === 'noise')?.value;
    const sd = 79000 * Math.sqrt(number.noiseVariance);
    expect(JSON.parse(noise(number)!)).toEqual({ distribution: 'normal', prediction: 'mean', sd: Number(sd.toPrecision(9)) });
    expect(noise(model)).toBeUndefined();
  });

  it('is not written of a model that is not finite', () => {
    const broken = structuredClone(model);
    broken.layers[0].weight[0] = NaN;
    expect(() => writeOnnx(broken, '1.2.3')).toThrow(/not finite/);
  });

  it('is the same bytes for the same model', () => {
    expect(writeOnnx(model, '1.2.3')).toEqual(writeOnnx(structuredClone(model), '1.2.3'));
  });
});
