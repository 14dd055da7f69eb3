import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isWide } from '../../../../src/export/onnx/encode.js';
import { writeOnnx } from '../../../../src/export/onnx/onnx.js';
import { Stream } from '../../../../src/random.js';
import { predictMean } from '../../../../src/inference/predictive/compressed.js';
import type { CompressedModel, Encoder, Feature } from '../../../../src/types.js';
import { runOnnx, runOnnxColumns } from '../../../helpers/onnxruntime.js';
import { penguinCells, penguinModels, penguinPredictions, tolerance } from '../../../helpers/penguins.js';
import { everyReader, modelOf, programPredictions } from '../../../helpers/export-agreement.js';
import { randomCompressed } from '../../../helpers/random-compressed.js';
import { randomRows } from '../../../helpers/random-posterior.js';

/** Columns of the table as the graph takes them. */
const columnsFor = ({ features }: Encoder, rows: Record<string, string>[]): Record<string, number[] | string[]> =>
  Object.fromEntries(features.map(({ name, kind }) => [name, kind === 'categorical'
    ? rows.map((row) => row[name])
    : rows.map((row) => (row[name] === '' ? NaN : Number(row[name])))]));

const numeric = (name: string, mean: number, scale: number): Feature =>
  ({ name, kind: 'numeric', missing: false, columns: [{ name, type: 'number', mean, scale, range: [mean - scale, mean + scale] }] });

/** The linear model of features, with the given weights. */
function linear(features: Feature[], weight: number[]): CompressedModel {
  const encoder = { ...randomCompressed({ seed: 1, task: 'regression' }).encoder, features };
  const model = randomCompressed({ seed: 1, task: 'regression', hidden: [], encoder });
  model.layers[0].weight = Float32Array.from(weight);
  model.layers[0].bias[0] = 0;
  model.encoder.target = { name: 'y', task: 'regression', mean: 0, scale: 1 };
  return model;
}

describe('ONNX with the encoder inside', () => {
  it('predicts the cells of a real table as the program does, missing ones and unseen levels included', async () => {
    let columns = 0;
    await fc.assert(fc.asyncProperty(penguinModels, async (model) => {
      const { features } = model.encoder;
      fc.pre(features.length > 0);
      columns += features.filter(({ kind }) => kind === 'categorical').length;
      const expected = penguinPredictions(model);
      const { data, dims } = await runOnnxColumns(writeOnnx(model, '0.0.0', 'raw'), columnsFor(model.encoder, penguinCells));
      expect(dims).toEqual([penguinCells.length, expected.length / penguinCells.length]);
      const worst = expected.reduce((most, value, at) => Math.max(most, Math.abs(value - data[at])), 0);
      expect(worst).toBeLessThanOrEqual(tolerance(model));
    }), { numRuns: 60, seed: 14 });
    expect(columns).toBeGreaterThan(30);
  });

  it('tells missing cells, unseen levels and levels apart', async () => {
    const indicator = { mean: 0, scale: 1 };
    const level = (text: string) => ({ name: `c=${text}`, type: 'level' as const, level: text, ...indicator });
    const absent = { name: 'c=missing', type: 'missing' as const, ...indicator };
    const run = async (feature: Feature, weight: number[]): Promise<number[]> => {
      const { data } = await runOnnxColumns(writeOnnx(linear([feature], weight), '0.0.0', 'raw'), { c: ['a', 'b', 'd', '', 'NA', ' a'] });
      return [...data];
    };
    const three: Feature = { name: 'c', kind: 'categorical', levels: ['a', 'b', 'd'], missing: true, columns: [level('a'), level('b'), absent] };
    expect(await run(three, [1, 2, 4])).toEqual([1, 2, 0, 4, 4, 0]);
    expect(await run({ ...three, columns: [absent] }, [4])).toEqual([0, 0, 0, 4, 4, 0]);
    const average = { ...level('b'), mean: 0.5, scale: 0.5 };
    const two: Feature = { name: 'c', kind: 'categorical', levels: ['a', 'b'], missing: false, columns: [average] };
    expect(await run(two, [1])).toEqual([-1, 1, 0, 0, 0, 0]);
    expect(await run({ ...two, missing: true }, [1])).toEqual([-1, 1, 0, -1, -1, 0]);
  });

  it('keeps the digits of numbers far from zero', async () => {
    const mean = 16_000_000.3;
    const model = linear([numeric('year', mean, 2)], [1]);
    const { data } = await runOnnxColumns(writeOnnx(model, '0.0.0', 'raw'), { year: Float64Array.of(16_000_001, 15_999_999, NaN) });
    [0.35, -0.65, 0].forEach((value, at) => expect(data[at]).toBeCloseTo(value, 6));
  });

  it('takes doubles of a column that floats would round, beside others', async () => {
    const draws = Stream.fromSeed('wide').normals(40);
    const cells = [...draws].map((value, i) => ({ far: String(1e6 + value), near: String(2000 + i), gap: i % 5 === 0 ? '' : String(-1e7 + value) }));
    const model = await modelOf(`far,near,gap,y\n${cells.map((row, i) => `${Object.values(row).join(',')},${i}`).join('\n')}\n`);
    const { program, onnx, js } = await everyReader(model, cells);
    const worst = (found: number[]): number => Math.max(...found.map((value, i) => Math.abs(value - program[i])));
    expect(worst(onnx)).toBeLessThan(1e-4);
    expect(worst(js)).toBeLessThan(1e-4);
    expect(model.encoder.features.map(isWide)).toEqual([true, false, true]);
    // What a float of the same cells would have cost.
    const rounded = cells.map(({ far, ...row }) => ({ ...row, far: String(Math.fround(Number(far))) }));
    expect(worst(programPredictions(model, rounded))).toBeGreaterThan(1e-3);
  });

  it('has other names for columns that are called like its values', async () => {
    const names = ['x', 'prediction', 'column x', '1/a', 'km/h', 'a b'];
    const model = linear(names.map((name) => numeric(name, 0, 1)), [1, 2, 4, 8, 16, 32]);
    const bytes = writeOnnx(model, '0.0.0', 'raw');
    const inputs = ['column column x', 'column prediction', 'column x', 'column 1/a', 'km/h', 'a b'];
    expect(Buffer.from(bytes).toString('latin1')).toContain(JSON.stringify(
      inputs.map((name, i) => ({ name, column: names[i], kind: 'numeric' })),
    ));
    const { data } = await runOnnxColumns(bytes, Object.fromEntries(inputs.map((name, i) => [name, [2 ** (6 * i % 5)]])));
    expect(data[0]).toBe(inputs.reduce((sum, _, i) => sum + 2 ** i * 2 ** (6 * i % 5), 0));
  });

  it('takes rows without columns when the model has no inputs', async () => {
    const model = randomCompressed({ seed: 3, task: 'binary', features: [], hidden: [] });
    const x = randomRows(1, 4, 0);
    const own = predictMean(model, x);
    const { data } = await runOnnx(writeOnnx(model, '0.0.0', 'raw'), x);
    data.forEach((value, at) => expect(value).toBeCloseTo(('mean' in own ? own.mean : own.probabilities.data)[at], 6));
  });

  it('is the same bytes for the same model, and declares operators for tables only with levels', () => {
    const model = randomCompressed({ seed: 6, task: 'binary' });
    const bytes = writeOnnx(model, '1.2.3', 'raw');
    expect(writeOnnx(structuredClone(model), '1.2.3', 'raw')).toEqual(bytes);
    const text = (each: CompressedModel): string => Buffer.from(writeOnnx(each, '1.2.3', 'raw')).toString('latin1');
    expect(text(model)).toContain('ai.onnx.ml');
    expect(text(linear([numeric('x1', 0, 1)], [1]))).not.toContain('ai.onnx.ml');
  });
});
