/** Networks whose layers read any units before them, inputs included, in every form that they are exported in. */
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { encode, recordTable } from '../../../src/data/index.js';
import type { BnncError } from '../../../src/errors.js';
import { EXPORT_FORMATS, exportModel, readJsonModel, writeJsonModel, writeOnnx, writeSafetensorsModel } from '../../../src/export/index.js';
import { readModel } from '../../../src/export/read-model.js';
import { checkRange } from '../../../src/export/range.js';
import { compressedGraph } from '../../../src/inference/predictive/compressed.js';
import type { Pips } from '../../../src/inference/prune/masks.js';
import { prune, type Pruned } from '../../../src/inference/prune/prune.js';
import type { NetworkShape } from '../../../src/model/shape.js';
import type { CompressedModel, Matrix, Task } from '../../../src/types.js';
import { runOnnxColumns } from '../../helpers/onnxruntime.js';
import { ownPredictions } from '../../helpers/own-predictions.js';
import { penguinCells, penguinModels, penguinPredictions, penguins, penguinSkipModels, tolerance } from '../../helpers/penguins.js';
import { randomCompressed } from '../../helpers/random-compressed.js';
import { encoderFor } from '../../helpers/random-posterior.js';
import { everyForm, removeFiles } from '../../helpers/runtimes.js';
import { SKIP_FEATURES, skipPosterior, skipShape, tangledShape } from '../../helpers/skip-network.js';

afterAll(removeFiles);

const encoded = ({ encoder }: CompressedModel): Matrix => encode(penguins, encoder, undefined, { target: 'none' }).x;
const worst = (found: ArrayLike<number>, expected: ArrayLike<number>): number => {
  expect(found).toHaveLength(expected.length);
  return Array.from(expected).reduce((most, value, at) => Math.max(most, Math.abs(found[at] - value)), 0);
};
const documentOf = (model: CompressedModel): { schemaVersion: number; layers: { sources?: number[]; inputs: number }[] } =>
  JSON.parse(new TextDecoder().decode(writeJsonModel(model, '0.0.0'))) as ReturnType<typeof documentOf>;

describe('networks with skips', () => {
  it('predict the rows of a real table as the program does, in every form', async () => {
    let skips = 0;
    await fc.assert(fc.asyncProperty(penguinSkipModels, async (model) => {
      if (!compressedGraph(model).plain) skips++;
      const expected = penguinPredictions(model);
      const files = exportModel(model, EXPORT_FORMATS, '0.0.0');
      for (const [format, found] of Object.entries(await everyForm(files, penguinCells, encoded(model)))) {
        expect([format, worst(found, expected) <= tolerance(model)]).toEqual([format, true]);
      }
    }), { numRuns: 60, seed: 31 });
    expect(skips).toBeGreaterThan(30);
  });

  it('with xtanh and direct edges predict the same in every form', async () => {
    for (const task of ['regression', 'binary', 'multiclass'] as const) {
      const model = randomCompressed({ seed: 6, task, activation: 'xtanh', features: [1, 1], hidden: [4], zero: 0 });
      Object.assign(model.layers[1], { inputs: 6, sources: Int32Array.of(0, 1, 2, 3, 4, 5) });
      for (const part of ['weight', 'weightSd'] as const) {
        const { [part]: values, outputs } = model.layers[1];
        model.layers[1][part] = Float32Array.of(...values.subarray(0, 2 * outputs), ...values);
      }
      const [first, second] = model.encoder.features.map(({ name }) => name);
      const cells = Array.from({ length: 9 }, (_, n) => ({ [first]: String(n / 2 - 2), [second]: String((n * 5) % 7 - 3) }));
      const { x } = encode(recordTable(cells, { columns: [first, second], missing: [] }), model.encoder, undefined, { target: 'none' });
      const expected = ownPredictions(model, x);
      for (const [format, found] of Object.entries(await everyForm(exportModel(model, EXPORT_FORMATS, '0.0.0'), cells, x))) {
        expect([task, format, worst(found, expected) <= tolerance(model)]).toEqual([task, format, true]);
      }
    }
  });

  it('predict as the formula says', () => {
    const model = randomCompressed({ seed: 4, task: 'regression', activation: 'relu', features: [1, 1], hidden: [1], zero: 0 });
    // h = relu(x2 - 1), f = 3 x1 + 5 h + 7: columns are 0 and 1, the unit is 2.
    const layer = (l: number, sources: number[], weight: number[], bias: number): unknown => Object.assign(model.layers[l], {
      inputs: sources.length, sources: Int32Array.from(sources), weight: Float32Array.from(weight), bias: Float32Array.of(bias),
    });
    layer(0, [1], [1], -1);
    layer(1, [0, 2], [3, 5], 7);
    model.encoder.target = { name: 'y', task: 'regression', mean: 0, scale: 1 };
    expect([...ownPredictions(model, { rows: 2, cols: 2, data: Float32Array.of(1, 3, 2, 0) })]).toEqual([20, 13]);
  });

  it('take the cells of the table in ONNX with the encoder inside', async () => {
    await fc.assert(fc.asyncProperty(penguinSkipModels, async (model) => {
      const { features } = model.encoder;
      fc.pre(features.length > 0);
      const columns = Object.fromEntries(features.map(({ name, kind }) => [name, kind === 'categorical'
        ? penguinCells.map((row) => row[name])
        : penguinCells.map((row) => (row[name] === '' ? NaN : Number(row[name])))]));
      const { data } = await runOnnxColumns(writeOnnx(model, '0.0.0', 'raw'), columns);
      expect(worst(data, penguinPredictions(model))).toBeLessThanOrEqual(tolerance(model));
    }), { numRuns: 30, seed: 32 });
  });

  it('come back from JSON and safetensors as they were, and give the same bytes again', () => {
    fc.assert(fc.property(penguinSkipModels, (model) => {
      for (const write of [writeJsonModel, writeSafetensorsModel]) {
        const bytes = write(model, '0.0.0');
        const back = readModel(bytes, 'model');
        expect(back).toEqual(model);
        expect(write(back, '0.0.0')).toEqual(bytes);
      }
    }), { numRuns: 60, seed: 33 });
  });

  it.each<Task>(['regression', 'binary', 'multiclass'])('without a hidden layer are %s networks like any other', async (task) => {
    const model = randomCompressed({ seed: 3, task, features: [1, 2, 1], hidden: [], skips: false });
    // All columns, named one by one.
    Object.assign(model.layers[0], { sources: Int32Array.of(0, 1, 2, 3) });
    expect(documentOf(model)).toMatchObject({ schemaVersion: 1 });
    expect(documentOf(model).layers[0]).not.toHaveProperty('sources');
    expect(checkRange(model, EXPORT_FORMATS)).toBeUndefined();
  });

  it('are documents of version 2, and all others of version 1 without a word of sources', () => {
    const skips = randomCompressed({ seed: 1, task: 'binary', skips: true });
    const { schemaVersion, layers } = documentOf(skips);
    expect(schemaVersion).toBe(2);
    for (const { sources, inputs } of layers) expect(sources?.length ?? inputs).toBe(inputs);
    expect(layers.some(({ sources }) => sources)).toBe(true);
    fc.assert(fc.property(penguinModels, (model) => {
      const [onnx, json, js, tensors, tfjs] = exportModel(model, EXPORT_FORMATS, '0.0.0')
        .map(({ bytes }) => Buffer.from(bytes).toString('latin1'));
      expect(json).toContain('"schemaVersion": 1');
      expect(tensors).toContain('"schemaVersion":"1"');
      const rewired = model.activation === 'xtanh' && model.layers.length > 1;
      expect(tfjs).toContain(`"class_name":"${rewired ? 'Model' : 'Sequential'}"`);
      expect(js).not.toContain('from:');
      for (const text of [onnx, json, tensors, tfjs]) expect(text).not.toContain('sources');
    }), { numRuns: 20, seed: 34 });
  });
});

describe('what pruning leaves of a network with skips', () => {
  const encoder = encoderFor('regression', SKIP_FEATURES);
  const rows = Array.from({ length: 12 }, (_, n) =>
    ({ x1: String(n / 4 - 1), x2: `l${n % 3}`, x3: String(2 - n / 3), x4: String((n * 7) % 5) }));
  const table = recordTable(rows, { columns: encoder.features.map(({ name }) => name), missing: encoder.missing });

  /** Cut with PIPs of 1 but for those that `change` lowers. */
  function cut(shape: NetworkShape, change: (pips: Pips) => void): Pruned {
    const gated = skipPosterior({ ...shape, gates: 'none' }, 5);
    const pips: Pips = {
      weights: gated.layers.map(({ mu }) => new Float32Array(mu.length).fill(1)),
      nodes: gated.units.map(({ z }) => new Float64Array(z.length).fill(1)), inputs: new Float64Array(4).fill(1),
    };
    change(pips);
    return prune(gated, pips, encoder, { threshold: 0.5, level: 'all' });
  }

  async function expectSameInEveryForm({ model }: Pruned): Promise<void> {
    const { x } = encode(table, model.encoder, undefined, { target: 'none' });
    const expected = ownPredictions(model, x);
    expect(new Set(expected).size).toBeGreaterThan(3);
    for (const [format, found] of Object.entries(await everyForm(exportModel(model, EXPORT_FORMATS, '0.0.0'), rows, x))) {
      expect([format, worst(found, expected) <= tolerance(model)]).toEqual([format, true]);
    }
  }

  it('may be the skip alone: hidden layers without units are gone', async () => {
    const found = cut(skipShape({ task: 'regression', gates: 'none' }), ({ nodes }) => nodes[1].fill(0));
    expect(found.layers).toEqual([2]);
    expect(found.model.layers.map(({ inputs, outputs, units }) => [inputs, outputs, units])).toEqual([[2, 1, ['y']]]);
    expect(found.model.encoder.features.map(({ name }) => name)).toEqual(['x1', 'x3']);
    expect(found.report.units.map(({ after }) => after)).toEqual([2, 2, 0, 0, 1]);
    await expectSameInEveryForm(found);
  });

  it('may be without its first hidden layer', async () => {
    const found = cut(tangledShape({ task: 'regression', gates: 'none' }), ({ nodes }) => nodes[0].fill(0));
    expect(found.layers).toEqual([1, 2]);
    expect(found.model.layers.map(({ units }) => units)).toEqual([['h2.1', 'h2.2'], ['y']]);
    await expectSameInEveryForm(found);
  });

  it('has no rows for sources that live through other layers alone', async () => {
    // The first column keeps its way through the hidden layers and loses the direct one.
    const found = cut(skipShape({ task: 'regression', gates: 'none' }), ({ weights }) => { weights[2][0] = 0; });
    expect(found.layers).toEqual([0, 1, 2]);
    expect([...compressedGraph(found.model).sourcesOf(2)]).toEqual([3, 8, 9]);
    await expectSameInEveryForm(found);
  });

  it('is a chain without sources when the skip has gone', () => {
    const found = cut(skipShape({ task: 'regression', gates: 'none' }), ({ weights }) => weights[2].fill(0, 0, 2));
    expect(documentOf(found.model)).toMatchObject({ schemaVersion: 1 });
    expect(compressedGraph(found.model).plain).toBe(true);
  });
});

describe('reading a network with skips that is not right', () => {
  const model = randomCompressed({ seed: 1, task: 'binary', skips: true });
  type Change = (layers: { sources?: unknown; inputs: number }[]) => void;
  const fault = (change: Change): string => {
    const document = documentOf(model);
    change(document.layers);
    try {
      readJsonModel(new TextEncoder().encode(JSON.stringify(document)), 'm.json');
    } catch (error) {
      const [{ code, message }] = (error as BnncError).problems;
      expect(code).toBe('run.model-invalid');
      return message;
    }
    return 'nothing was thrown';
  };

  it.each<[string, Change, string]>([
    ['a source that comes later', (layers) => { layers[0].sources = Array.from({ length: layers[0].inputs }, (_, i) => i + 4); }, 'layers: layer 1 names source'],
    ['a source twice', (layers) => { layers[1].sources = Array.from({ length: layers[1].inputs }, () => 2); }, 'layers: the sources of layer 2 do not ascend'],
    ['a source too few', (layers) => { layers[2].inputs++; }, 'layers.2.weight'],
    ['a source that is no number', (layers) => { layers[1].sources = ['a']; }, 'layers.1.sources.0'],
    ['no sources', (layers) => { layers[1].sources = []; }, 'layers.1.sources'],
    ['sources that were left out', (layers) => { delete layers[1].sources; }, 'layers'],
  ])('names %s', (_, change, place) => {
    expect(fault(change)).toContain(place);
  });
});
