import { describe, expect, it } from 'vitest';
import { BnncError } from '../../../src/errors.js';
import type { OutputDraws } from '../../../src/likelihood/index.js';
import { columnsOf, predictionLines } from '../../../src/predict/predictions.js';
import type { Predictor } from '../../../src/predict/predictor.js';
import type { Encoder, Matrix, Target } from '../../../src/types.js';

const encoder: Encoder = {
  schemaVersion: 1,
  features: ['a', 'b'].map((name) => ({ name, kind: 'numeric', columns: [{ name, type: 'number', mean: 0, scale: 1 }] })),
  target: { name: 'y', task: 'regression', mean: 0, scale: 1e10 }, missing: [], dropped: [],
};

/** Predicts x_a + x_b. */
function sums(x: Matrix): OutputDraws {
  const values = Float32Array.from({ length: x.rows }, (_, n) => x.data[2 * n] + x.data[2 * n + 1]);
  return { task: 'regression', draws: 1, rows: x.rows, outputs: 1, values, noiseVariance: 1 };
}

const predictor: Predictor = { kind: 'model', path: 'm', encoder, delimiter: 'auto', outputs: sums, draws: sums, dispose: () => {} };
const matrix = (...data: number[]): Matrix => ({ rows: data.length / 2, cols: 2, data: Float32Array.from(data) });
const table = { file: 'new.csv', lines: Int32Array.of(2, 3, 7) };

function problem(x: Matrix): string {
  try {
    return predictionLines(predictor, x, undefined, table);
  } catch (error) {
    if (!(error instanceof BnncError)) throw error;
    return `${error.exitCode} ${error.message}`;
  }
}

describe('the class that is predicted', () => {
  const target: Target = { name: 'y', task: 'binary', levels: ['no', 'yes'] };
  const odds = [0.2, 0.3, 0.6].map((p) => Math.log(p / (1 - p)));
  const outputs = (): OutputDraws =>
    ({ task: 'binary', draws: 1, rows: 3, outputs: 1, values: Float32Array.from(odds), noiseVariance: 1 });
  const binary: Predictor = { ...predictor, encoder: { ...encoder, target }, outputs, draws: outputs };
  const labels = (decisionThreshold?: number): string[] =>
    predictionLines(binary, matrix(0, 0, 0, 0, 0, 0), { decisionThreshold }).trim().split('\n').map((line) => line.split(',')[0]);

  it('is the likelier one, or the second from the threshold on', () => {
    expect(labels()).toEqual(['no', 'no', 'yes']);
    // 0.3 is a number of four bytes here.
    expect(labels(0.3)).toEqual(['no', 'yes', 'yes']);
    expect(labels(0.9)).toEqual(['no', 'no', 'no']);
    expect(labels(0)).toEqual(['yes', 'yes', 'yes']);
  });

  it('has a threshold only where there are two classes', async () => {
    await expect(columnsOf(predictor, { decisionThreshold: 0.3 })).rejects.toMatchObject({ problems: [{ code: 'usage.decision' }] });
    await expect(columnsOf(binary, { decisionThreshold: 1.5 })).rejects.toMatchObject({ problems: [{ code: 'usage.threshold' }] });
    expect(await columnsOf(binary, { decisionThreshold: 0.3 })).toMatchObject({ decisionThreshold: 0.3 });
  });

  it('has the threshold of the training rows, where the model knows it', async () => {
    expect(await columnsOf({ ...binary, decisionThreshold: 0.25 }, { decisionThreshold: 'auto' })).toMatchObject({ decisionThreshold: 0.25 });
    await expect(columnsOf(predictor, { decisionThreshold: 'auto' })).rejects.toMatchObject({ problems: [{ code: 'usage.decision' }] });
    await expect(columnsOf(binary, { decisionThreshold: 'auto' })).rejects.toMatchObject({
      problems: [{ code: 'run.no-threshold', where: { file: 'm' } }],
    });
  });
});

describe('prediction lines', () => {
  it('are one a row', () => {
    expect(problem(matrix(1, 2, 0, 0))).toBe('30000000000\n0\n');
  });

  it('name line and column of a cell that the network overflows on', () => {
    expect(problem(matrix(0, 0, 3e38, 3e38 * 1.1, 0, 0)))
      .toMatch(/^4 new\.csv:3: column 'b': the prediction for this row is not a finite number\. .*3\.3e\+38 standard deviations/);
    // Finite before, but not in the units of the target.
    expect(problem(matrix(0, 0, 0, 0, 3e35, 0))).toMatch("4 new.csv:7: column 'a'");
  });
});
