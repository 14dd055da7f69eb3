import { describe, expect, it } from 'vitest';
import { prune } from '../../../src/inference/prune/prune.js';
import { weightPips } from '../../../src/inference/inclusion/inclusion.js';
import { medianModel, savings } from '../../../src/prune/parts.js';
import { encoderFor, randomPosterior, type RandomShape } from '../../helpers/random-posterior.js';

const shape: RandomShape = { seed: 1, task: 'binary', activation: 'tanh', gates: 'none', features: [1, 2, 1], hidden: [] };
const encoder = encoderFor('binary', shape.features);
const posterior = randomPosterior(shape);
const pips = { weights: weightPips(posterior), nodes: [], inputs: Float64Array.of(1, 0, 1) };

describe('what a cut saves', () => {
  const { model, report } = prune(posterior, pips, encoder, { threshold: 0.5, level: 'all' });

  it('is told beside the network that was asked for where a linear fit was chosen', () => {
    const asked = randomPosterior({ ...shape, hidden: [5, 3] });
    const saved = savings({ posterior, encoder, asked }, model, report);
    expect(saved).toMatchObject({ linearChosen: true, before: { parameters: 4 * 5 + 5 * 3 + 3 + 9 }, after: { parameters: 3 } });
    expect(saved.units).toEqual([
      { name: 'inputs', before: 3, after: 2 }, { name: 'columns', before: 4, after: 2 },
      { name: 'h1', before: 5, after: 0 }, { name: 'h2', before: 3, after: 0 }, { name: 'outputs', before: 1, after: 1 },
    ]);
    const own = savings({ posterior, encoder }, model, report);
    expect(saved.onnxBytes.before).toBeGreaterThan(own.onnxBytes.before + 100);
    expect(saved.onnxBytes.after).toBe(own.onnxBytes.after);
    expect(medianModel({ posterior, pips, encoder, asked }).sizes).toMatchObject({ before: saved.before, linearChosen: true });
  });

  it('is told beside the chosen network where that is the one asked for', () => {
    const saved = savings({ posterior, encoder }, model, report);
    expect(saved).toMatchObject(report);
    expect(saved).not.toHaveProperty('linearChosen');
    expect(medianModel({ posterior, pips, encoder }).sizes).not.toHaveProperty('linearChosen');
  });
});
