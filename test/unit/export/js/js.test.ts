import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { ACTIVATION_NAMES } from '../../../../src/activations.js';
import { cellText } from '../../../../src/data/index.js';
import { writeJsModule } from '../../../../src/export/js/js.js';
import { classesOf } from '../../../../src/likelihood/index.js';
import { predictMean } from '../../../../src/inference/predictive/compressed.js';
import type { CompressedModel, TableStyle, Task } from '../../../../src/types.js';
import { penguinCells, penguinModels, penguinPredictions, penguins, tolerance } from '../../../helpers/penguins.js';
import { randomCompressed } from '../../../helpers/random-compressed.js';
import { randomRows } from '../../../helpers/random-posterior.js';

interface Module {
  predict(row: object): { prediction: number; probabilities: Record<string, number>; class: string };
  inputs: { name: string; kind: string; levels?: string[]; range?: number[]; pip: number }[];
  target: object;
  missing: string[];
}

const folder = mkdtempSync(join(tmpdir(), 'bnnc-js-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
/** The module as a program imports it. */
function load(model: CompressedModel): Promise<Module> {
  const file = join(folder, `model-${files++}.mjs`);
  writeFileSync(file, writeJsModule(model, '0.0.0'));
  return import(/* @vite-ignore */ pathToFileURL(file).href) as Promise<Module>;
}

const numbers = ({ prediction, probabilities }: ReturnType<Module['predict']>, { encoder: { target } }: CompressedModel): number[] =>
  target.task === 'regression' ? [prediction] : classesOf(target)!.map((level) => probabilities[level]);

describe('model.mjs', () => {
  it('predicts the rows of a real table as the program does, whether cells are text or numbers', async () => {
    const typed = penguinCells.map((cells, row) => Object.fromEntries(Object.keys(cells).map((name, c) => {
      const column = penguins.columns[c];
      return [name, column.type === 'number' ? column.values[row] : cellText(column, row)];
    })));
    await fc.assert(fc.asyncProperty(penguinModels, async (model) => {
      const { predict } = await load(model);
      const expected = penguinPredictions(model);
      for (const rows of [penguinCells, typed]) {
        const found = rows.flatMap((row) => numbers(predict(row), model));
        expect(found).toHaveLength(expected.length);
        expect(Math.max(...found.map((value, at) => Math.abs(value - expected[at])))).toBeLessThanOrEqual(tolerance(model));
      }
    }), { numRuns: 60, seed: 11 });
  });

  it.each(ACTIVATION_NAMES)('computes %s', async (activation) => {
    const model = randomCompressed({ seed: 4, task: 'regression', activation, features: [1, 1] });
    const { predict } = await load(model);
    const x = randomRows(9, 5, 2);
    const { mean } = predictMean(model, x) as { mean: Float32Array };
    const cells = (n: number): object => Object.fromEntries(model.encoder.features.map(({ name, columns: [column] }, f) =>
      [name, x.data[2 * n + f] * column.scale + column.mean]));
    mean.forEach((value, n) => expect(predict(cells(n)).prediction).toBeCloseTo(value, 4));
  });

  it('names the class of the largest probability', async () => {
    for (const task of ['binary', 'multiclass'] as const) {
      const model = randomCompressed({ seed: 3, task, features: [1], hidden: [] });
      const { predict, inputs } = await load(model);
      expect(inputs.map(({ name }) => name)).toEqual(['x1']);
      const found = new Set([-50, 0, 50].map((x1) => {
        const { probabilities, class: best } = predict({ x1 });
        expect(probabilities[best]).toBe(Math.max(...Object.values(probabilities)));
        return best;
      }));
      expect(found.size).toBeGreaterThan(1);
    }
  });

  it('keeps the digits of small probabilities', async () => {
    const model = randomCompressed({ seed: 5, task: 'binary', features: [], hidden: [] });
    model.layers[0].bias[0] = 30;
    const { probabilities } = (await load(model)).predict({});
    expect(probabilities.no / Math.exp(-30)).toBeCloseTo(1, 6);
  });

  it.each<Task>(['regression', 'binary', 'multiclass'])('answers without inputs (%s)', async (task) => {
    const model = randomCompressed({ seed: 4, task, features: [], hidden: [] });
    const own = predictMean(model, randomRows(1, 1, 0));
    const found = numbers((await load(model)).predict({ other: 1 }), model);
    found.forEach((value, k) => expect(value).toBeCloseTo(('mean' in own ? own.mean : own.probabilities.data)[k], 5));
  });

  it('reads cells as a CSV file has them', async () => {
    const model = randomCompressed({ seed: 6, task: 'regression', features: [1, 2] });
    model.encoder.missing.push('-999');
    const { predict, missing } = await load(model);
    expect(missing).toEqual(['', 'NA', '-999']);
    const same = (...cells: unknown[]): void => {
      expect(new Set(cells.map((x1) => predict({ x1, x2: 'l0' }).prediction)).size).toBe(1);
    };
    same(1, '1', ' 1.0 ', '1e0', '+1');
    same(undefined, null, NaN, '', '  ', 'NA', '-999', -999);
    model.encoder.features[1].levels = ['1', 'l0', 'l1'];
    model.encoder.features[1].columns[0].level = '1';
    const again = await load(model);
    expect(again.predict({ x1: 0, x2: '1.0' })).toEqual(again.predict({ x1: 0, x2: 1 }));
    expect(again.predict({ x1: 0, x2: 1 })).not.toEqual(again.predict({ x1: 0, x2: 'l2' }));
  });

  it('reads texts as numbers the way the table wrote them', async () => {
    const model = randomCompressed({ seed: 6, task: 'regression', features: [1, 2] });
    const of = async (style: TableStyle, ...cells: unknown[]): Promise<void> => {
      const { predict } = await load({ ...model, encoder: { ...model.encoder, style } });
      const [plain, ...others] = [1163.5, ...cells].map((x1) => predict({ x1, x2: 'l0' }).prediction);
      expect(new Set(others)).toEqual(new Set([plain]));
      expect(() => predict({ x1: '1.5.0', x2: 'l0' })).toThrow('is not a number');
    };
    await of({ decimal: ',', thousands: '.' }, '1.163,5', '1163,5', 1163.5);
    await of({ decimal: ',', thousands: ' ' }, '1 163,5', '1\u202f163,50');
    await of({ thousands: "'" }, "1'163.5", '1163.5');
  });

  it('refuses what is no row of the table', async () => {
    const { predict } = await load(randomCompressed({ seed: 7, task: 'binary', features: [1, 2] }));
    expect(() => predict({ x1: 1 })).toThrow('the row has no column "x2"');
    expect(() => predict({})).toThrow('the row has no column "x1"');
    for (const x1 of ['abc', '0x10', '1,5', Infinity, 'nan']) {
      expect(() => predict({ x1, x2: 'l0' })).toThrow(`column "x1": "${x1}" is not a number`);
    }
    expect(() => predict({ x1: 1e300, x2: 'l0' })).toThrow('the row is too far from the training data');
  });

  it('tells what a form needs', async () => {
    const { inputs, target } = await load(randomCompressed({ seed: 8, task: 'binary', features: [1, 2] }));
    expect(inputs).toMatchObject([
      { name: 'x1', kind: 'numeric', range: [-1 / 3, 0], pip: 1, missing: false },
      { name: 'x2', kind: 'categorical', levels: ['l0', 'l1', 'l2'], pip: 0.8571, missing: false },
    ]);
    expect(target).toEqual({ name: 'y', task: 'binary', levels: ['no', 'yes'] });
  });

  it('survives any names', async () => {
    const odd = ['</script><!--', '\u2028\n"\'`${x}', '*/ //', '__proto__', 'constructor'];
    const model = randomCompressed({ seed: 9, task: 'multiclass', features: [1, 1, 1, 1, 1] });
    model.encoder.features.forEach((feature, f) => (feature.name = odd[f]));
    model.encoder.target = { name: odd[0], task: 'multiclass', levels: [odd[1], odd[3], odd[4]] };
    const text = new TextDecoder().decode(writeJsModule(model, '0.0.0'));
    expect(text).not.toContain('</script');
    expect(text).not.toContain('\u2028');
    const { predict, inputs } = await load(model);
    expect(inputs.map(({ name }) => name)).toEqual(odd);
    const { probabilities } = predict(Object.fromEntries(odd.map((name) => [name, 1])));
    expect(Object.keys(probabilities)).toEqual([odd[1], odd[3], odd[4]]);
    expect(() => predict({})).toThrow('the row has no column');
  });

  it('is small, the same for the same model, and stores sparse layers sparse', () => {
    const dense = randomCompressed({ seed: 10, task: 'regression', features: [1, 1, 1], hidden: [4], zero: 0 });
    const bytes = writeJsModule(dense, '1.2.3');
    expect(bytes.length).toBeLessThan(5000);
    expect(writeJsModule(structuredClone(dense), '1.2.3')).toEqual(bytes);
    const text = (model: CompressedModel): string => new TextDecoder().decode(writeJsModule(model, '1.2.3'));
    expect(text(dense)).toMatch(/^\/\/ A network pruned by bnnc 1\.2\.3: /);
    expect(text(dense)).not.toContain('gap: [');
    const sparse = randomCompressed({ seed: 10, task: 'regression', features: Array<number>(30).fill(1), hidden: [30], zero: 0.95 });
    expect(text(sparse)).toContain('gap: [');
    for (const line of text(dense).split('\n')) expect(line).not.toMatch(/\s$/);
  });

  it('is not written with numbers that are none', () => {
    const model = randomCompressed({ seed: 1, task: 'regression' });
    model.layers[0].weight[0] = NaN;
    expect(() => writeJsModule(model, '0.0.0')).toThrow(/not finite/);
  });
});
