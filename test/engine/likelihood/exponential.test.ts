import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encode, fitEncoder, recordTable } from '../../../src/data/index.js';
import { evaluate, predict, prune, train, type PruneOutcome, type TrainedRun } from '../../../src/index.js';
import { likelihoodOf, registerLikelihood } from '../../../src/likelihood/index.js';
import { Stream } from '../../../src/random.js';
import { runVerdict } from '../../../src/text/verdict.js';
import '../../helpers/exponential.js';
import { runOnnx } from '../../helpers/onnxruntime.js';

const ROWS = 400;

/** Waiting times in minutes whose log rate is 1 - 1.5 a; b and c do not matter. */
function waits(seed: string): Record<string, number>[] {
  const stream = Stream.fromSeed(seed);
  const x = stream.normals(3 * ROWS);
  return Array.from({ length: ROWS }, (_, n) => {
    const [a, b, c] = x.subarray(3 * n, 3 * n + 3);
    return { a, b, c, wait: (-60 * Math.log1p(-stream.uniform())) / Math.exp(1 - 1.5 * a) };
  });
}

const meanOf = (row: Record<string, number>): number => 60 / Math.exp(1 - 1.5 * row.a);
const rows = waits('train');
const fresh = waits('fresh');
let run: TrainedRun;
let small: PruneOutcome;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bnnc-exponential-'));
  run = await train({
    rows, target: 'wait', jobs: 1, sets: ['data.task=exponential'], model: { hidden: [4] },
    train: { epochs: 800, restarts: 1, reference: true }, inclusion: { rescues: 1 },
  });
  small = await prune(run, { formats: ['json', 'onnx', 'js'] });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const bytesOf = (name: string): Uint8Array => small.files.find(({ file }) => file === name)!.bytes;

describe('a likelihood that is registered from elsewhere', () => {
  it('has the derivatives of its log density', () => {
    const { derivatives, logDensity, terms, perDraw } = likelihoodOf('exponential');
    const [f, y, h] = [0.3, 1.7, 1e-4];
    const at = (value: number): number => logDensity([value], [y], 1);
    const { gradient, hessian } = derivatives([f], [y], 1);
    expect(gradient[0]).toBeCloseTo((at(f + h) - at(f - h)) / (2 * h), 6);
    expect(hessian[0]).toBeCloseTo((at(f + h) - 2 * at(f) + at(f - h)) / h ** 2, 4);
    tf.tidy(() => {
      const found = terms(tf, tf.tensor2d([[f]]), tf.tensor2d([[y]]), tf.tensor1d([0]));
      expect(found.logLikelihood.dataSync()[0]).toBeCloseTo(at(f), 5);
      expect(found.outputGradient.dataSync()[0]).toBeCloseTo(gradient[0], 5);
      expect(perDraw(tf, tf.tensor3d([[[f]]]), tf.tensor2d([[y]]), 1).dataSync()[0]).toBeCloseTo(at(f), 5);
    });
  });

  it('trains: what matters is found', () => {
    expect(run.manifest.task).toBe('exponential');
    expect(run.inputs.map(({ input, pip }) => [input, pip > 0.5])).toEqual([['a', true], ['b', false], ['c', false]]);
  });

  it('is measured by its own density, and is better than what knows no input', () => {
    const { full, median, baseline, dense } = run.metrics;
    const [test, nothing] = [full.splits.test!, baseline!.splits.test!];
    expect(test.nll).toBeLessThan(nothing.nll - 0.3);
    for (const metrics of [test, median.splits.test!, dense!.splits.test!]) {
      expect(Object.keys(metrics)).toEqual(['rows', 'nll', 'nllSe', 'rmse', 'rmseSe', 'coverage90', 'r2', 'mae', 'maeSe',
        'pinball05', 'pinball05Se', 'pinball95', 'pinball95Se']);
      expect(metrics.coverage90).toBeGreaterThan(0.75);
    }
  });

  it('is judged by the same density, against no inputs and the linear model', () => {
    const { verdict, full, linear, baseline } = run.metrics;
    if (verdict!.kind === 'no-held-out-rows') throw new Error('there are test rows');
    const [none, ridge, network] = [baseline!, linear!, full].map(({ splits }) => splits.test!.nll);
    expect(verdict!.overNoInputs.mean).toBeCloseTo(none - network, 10);
    expect(verdict!.overLinear!.mean).toBeCloseTo(ridge - network, 10);
    expect(verdict!.linearOverNoInputs!.mean).toBeCloseTo(none - ridge, 10);
    // The log of the rate is linear in a.
    expect(runVerdict(run.metrics)[0]).toMatch(/^A linear model is enough, as far as \d+ test rows show\.$/);
    expect(runVerdict(run.metrics).at(-1)).toMatch(/^Explained variance: network [\d.]+ %, linear [\d.]+ %\.$/);
  });

  it('prunes and predicts: the mean waiting time, with an interval of positive numbers', async () => {
    const predicted = await predict(small, fresh, { interval: 0.8, uncertainty: true });
    const ratios = predicted.map(({ value }, n) => Math.log(Number(value) / meanOf(fresh[n])));
    expect(Math.sqrt(ratios.reduce((sum, v) => sum + v * v, 0) / ROWS)).toBeLessThan(0.35);
    const inside = predicted.filter(({ interval }, n) => fresh[n].wait >= interval!.lower && fresh[n].wait <= interval!.upper);
    expect(Math.abs(inside.length / ROWS - 0.8)).toBeLessThan(0.08);
    for (const { interval, uncertainty, value } of predicted) {
      expect(interval!.lower).toBeGreaterThan(0);
      // The standard deviation of an exponential distribution is its mean.
      expect(uncertainty!.aleatoric / Number(value)).toBeGreaterThan(0.8);
    }
  });

  it('is evaluated on other rows, by the run and by the exported model', async () => {
    writeFileSync(join(folder, 'model.json'), bytesOf('model.json'));
    const [whole, exported] = [await evaluate(run, fresh), await evaluate(join(folder, 'model.json'), fresh)];
    expect([whole.task, exported.task]).toEqual(['exponential', 'exponential']);
    expect(Math.abs(whole.metrics.nll - exported.metrics.nll)).toBeLessThan(0.1);
  });

  it('exports: onnxruntime, the module and the model of bnnc predict the same', async () => {
    const { x } = encode(recordTable(fresh, { columns: ['a', 'b', 'c'], missing: [] }), small.model.encoder, undefined, { target: 'none' });
    const { name, data } = await runOnnx(bytesOf('model.onnx'), x);
    expect(name).toBe('prediction');
    const file = join(folder, 'model.mjs');
    writeFileSync(file, bytesOf('model.mjs'));
    const module = await import(/* @vite-ignore */ pathToFileURL(file).href) as { predict(row: object): { prediction: number } };
    const own = await predict(small, fresh);
    own.forEach(({ value }, n) => {
      expect(data[n] / Number(value)).toBeCloseTo(1, 4);
      expect(module.predict(fresh[n]).prediction / Number(value)).toBeCloseTo(1, 4);
    });
  });

  it('refuses formats that cannot say exp, and numbers that it has no density for', async () => {
    await expect(prune(run, { formats: ['tfjs'] })).rejects.toMatchObject({ problems: [{ code: 'run.export-form' }] });
    const table = recordTable(rows.map((row, n) => ({ ...row, wait: n === 3 ? -1 : row.wait })), { columns: ['a', 'b', 'c', 'wait'], missing: [] });
    const options = { target: 'wait', task: 'exponential' as const, missing: [], columns: {} };
    expect(() => fitEncoder(table, Int32Array.from({ length: ROWS }, (_, n) => n), options)).toThrow('the target -1 is not positive');
    expect(() => registerLikelihood(likelihoodOf('exponential'))).toThrow(RangeError);
  });
});
