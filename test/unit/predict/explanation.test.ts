import { describe, expect, it } from 'vitest';
import { Explainer } from '../../../src/predict/explanation.js';
import { predictionLines } from '../../../src/predict/predictions.js';
import { modelPredictor } from '../../../src/predict/predictor.js';
import { randomCompressed } from '../../helpers/random-compressed.js';
import { randomRows } from '../../helpers/random-posterior.js';

/** f = 2 x1 + 0 x2 + 0.5, certainly. */
function line(scale: number): Explainer {
  const target = { name: 'y', task: 'regression', mean: 3 * scale, scale } as const;
  const model = randomCompressed({ seed: 1, task: 'regression', features: [1, 1], hidden: [], target });
  const [layer] = model.layers;
  const sure = { weightSd: new Float32Array(2), biasSd: new Float32Array(1) };
  const layers = [{ ...layer, ...sure, weight: Float32Array.of(2, 0), bias: Float32Array.of(0.5) }];
  return new Explainer({ ...model, layers }, { draws: 3 });
}

describe('the explanation of a row', () => {
  it('names the baseline and each input with its bounds', () => {
    expect(line(1).header()).toEqual([
      'baseline', 'effect_x1', 'effect_x1_lower', 'effect_x1_upper', 'effect_x2', 'effect_x2_lower', 'effect_x2_upper',
    ]);
  });

  it('of an exported model adds up to what it then predicts', () => {
    const model = randomCompressed({ seed: 2, task: 'regression', features: [1, 1, 1] });
    const x = randomRows(3, 4, 3);
    const predictor = modelPredictor('m', model, { median: true });
    const lines = predictionLines(predictor, x, { explainer: new Explainer(model, {}) }).trim().split('\n');
    for (const [predicted, baseline, ...effects] of lines.map((line) => line.split(',').map(Number))) {
      const sum = effects.filter((_, at) => at % 3 === 0).reduce((total, effect) => total + effect, baseline);
      expect(sum).toBeCloseTo(predicted, 4);
    }
  });

  // A target in farads or mol is that small, and its effects are effects.
  it.each([1, 1e6, 1e-15])('is in the units of the target, whose scale is %d', (scale) => {
    const [values] = line(scale).rows({ rows: 1, cols: 2, data: Float32Array.of(1.5, -1) }, []);
    const expected = [3.5, 3, 3, 3, 0, 0, 0];
    values.forEach((value, at) => expect(value / scale).toBeCloseTo(expected[at], 9));
    expect(values).toHaveLength(expected.length);
  });
});
