import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { writeJsModule } from '../../../../src/export/js/js.js';
import { columnsOf, predictRows } from '../../../../src/predict/predictions.js';
import { modelPredictor } from '../../../../src/predict/predictor.js';
import { classesOf, numberLikelihoodOf } from '../../../../src/likelihood/index.js';
import type { CompressedModel, Target } from '../../../../src/types.js';
import '../../../helpers/exponential.js';
import { randomCompressed } from '../../../helpers/random-compressed.js';
import { randomRows } from '../../../helpers/random-posterior.js';

interface Module {
  predict(row: object): { prediction: number; predictions: Record<string, number>; probabilities: Record<string, number> };
  interval(row: object, level?: number): { lower: never; upper: never };
  distribution(row: object): (y: number) => number;
}

const folder = mkdtempSync(join(tmpdir(), 'bnnc-js-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
function load(model: CompressedModel, draws?: number): Promise<Module> {
  const file = join(folder, `model-${files++}.mjs`);
  writeFileSync(file, writeJsModule(model, '0.0.0', { draws }));
  return import(/* @vite-ignore */ pathToFileURL(file).href) as Promise<Module>;
}

const DRAWS = 64;
const ROWS = 4;
const numbers = { mean: 3, scale: 2 };
const levels = ['low', 'middle', 'high'];
const TARGETS = [
  { task: 'regression', ...numbers }, { task: 'student', ...numbers, degrees: 3 }, { task: 'student', ...numbers, degrees: 10 },
  { task: 'varying', ...numbers }, { task: 'log-regression', mean: 1, scale: 0.4 }, { task: 'counts', rate: 3.5 },
  { task: 'poisson', rate: 40 }, { task: 'weibull', scale: 12 }, { task: 'log-normal', scale: 12 },
  { task: 'binary', levels: ['no', 'yes'] }, { task: 'multiclass', levels }, { task: 'ordinal', levels, cuts: [-1, 0.7] },
].map((target) => ({ name: 'y', ...target }) as Target);

function modelOf(target: Target, skips = false): CompressedModel {
  const model = randomCompressed({ seed: 12, task: target.task, target, features: [1, 1, 1], hidden: [4], zero: 0.5, skips });
  for (const layer of model.layers) {
    for (const values of [layer.weight, layer.weightSd, layer.bias, layer.biasSd]) {
      values.forEach((value, at) => { values[at] = 0.4 * value; });
    }
  }
  // A weight may be uncertain and zero on average.
  model.layers[0].weight[0] = 0;
  model.layers[0].weightSd[0] = 0.3;
  return { ...model, noiseVariance: 0.3 };
}

/** What the program predicts for drawn rows, and the rows as cells. */
async function program(model: CompressedModel, level: number, at: number[]): Promise<{ values: number[]; cells: object }[]> {
  const predictor = modelPredictor('model', model, {});
  const x = randomRows(2, ROWS, model.encoder.features.length);
  const isNumber = classesOf(model.encoder.target) === undefined;
  const columns = await columnsOf(predictor, isNumber ? { interval: level, at } : {});
  return predictRows(predictor, x, columns).map(({ values }, n) => ({
    values,
    cells: Object.fromEntries(model.encoder.features.map(({ name, columns: [{ mean, scale }] }, f) =>
      [name, x.data[n * x.cols + f] * scale + mean])),
  }));
}

const close = (found: number, expected: number): void =>
  expect(Math.abs(found - expected), `${found} beside ${expected}`).toBeLessThanOrEqual(1e-4 * Math.max(1, Math.abs(expected)));

describe('a module with intervals', () => {
  it.each(TARGETS.filter((target) => classesOf(target) === undefined).map((target) => [target.task, target] as const))(
    'has those of the program: %s', async (_, target) => {
      const model = modelOf(target);
      const { predict, interval, distribution } = await load(model, DRAWS);
      const at = [2, 9];
      for (const { values: [mean, lower, upper, ...probabilities], cells } of await program(model, 0.8, at)) {
        close(predict(cells).prediction, mean);
        close(interval(cells, 0.8).lower, lower);
        close(interval(cells, 0.8).upper, upper);
        const below = distribution(cells);
        const { timed, whole } = numberLikelihoodOf(target)!;
        at.forEach((y, i) => close(
          timed ? 1 - below(y) : whole ? below(y) - below(y - 1) : below(y), probabilities[i]));
      }
    });

  it.each(TARGETS.filter((target) => classesOf(target) !== undefined).map((target) => [target.task, target] as const))(
    'has intervals of probabilities: %s', async (_, target) => {
      const model = modelOf(target);
      const { predict, interval } = await load(model, DRAWS);
      for (const { values, cells } of await program(model, 0.9, [])) {
        const { probabilities } = predict(cells);
        const { lower, upper } = interval(cells) as unknown as Record<'lower' | 'upper', Record<string, number>>;
        classesOf(target)!.forEach((level, k) => {
          close(probabilities[level], values[k]);
          expect(lower[level]).toBeLessThan(upper[level]);
        });
      }
      // The mean over the draws, by their median, lies inside.
      const averaged = predictRows(modelPredictor('model', model, { draws: DRAWS }), randomRows(2, ROWS, 3))[0].values;
      const [{ cells }] = await program(model, 0.9, []);
      const whole = interval(cells, 0.999) as unknown as Record<'lower' | 'upper', Record<string, number>>;
      classesOf(target)!.forEach((level, k) => {
        expect(averaged[k]).toBeGreaterThan(whole.lower[level]);
        expect(averaged[k]).toBeLessThan(whole.upper[level]);
      });
    });

  it('has those of each of several targets', async () => {
    const targets = [{ name: 'y', mean: 3, scale: 2, noise: 0.5 }, { name: 'z', mean: -1000, scale: 90, noise: 2 }];
    const model = modelOf({ name: 'y, z', task: 'several', targets });
    const { predict, interval } = await load(model, DRAWS);
    const columns = await columnsOf(modelPredictor('model', model, {}), { interval: 0.8 });
    const rows = predictRows(modelPredictor('model', model, {}), randomRows(2, ROWS, 3), columns);
    const cells = (await program(modelOf(TARGETS[0]), 0.8, [])).map((row) => row.cells);
    rows.forEach(({ values }, n) => {
      const { lower, upper } = interval(cells[n], 0.8) as unknown as Record<'lower' | 'upper', Record<string, number>>;
      const { predictions } = predict(cells[n]);
      const found = targets.flatMap(({ name }) => [predictions[name], lower[name], upper[name]]);
      found.forEach((value, at) => close(value, values[at]));
    });
  });

  it('with skips, too', async () => {
    const model = modelOf(TARGETS[0], true);
    const { interval } = await load(model, DRAWS);
    for (const { values: [, lower, upper], cells } of await program(model, 0.9, [])) {
      close(interval(cells).lower, lower);
      close(interval(cells).upper, upper);
    }
  });

  it('is the plain one without draws, and for likelihoods that say nothing of it', async () => {
    const model = modelOf(TARGETS[0]);
    expect(await load(model)).not.toHaveProperty('interval');
    expect(new TextDecoder().decode(writeJsModule(model, '0.0.0'))).not.toContain('deviations');
    const silent = await load(modelOf({ name: 'y', task: 'exponential', scale: 2 }), DRAWS);
    expect(silent).not.toHaveProperty('interval');
    expect(silent.predict({ x1: 0, x2: 0, x3: 0 }).prediction).toBeGreaterThan(0);
  });
});
