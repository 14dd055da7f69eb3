import { describe, expect, it } from 'vitest';
import { correlationMap } from '../../../src/report/correlations.js';
import { correlations } from '../../../src/report/sections/correlations.js';
import { inputPlot } from '../../../src/report/sections/input-plot.js';
import { interactions } from '../../../src/report/sections/interactions.js';
import { reportData } from '../../helpers/report-data.js';
import { encoderFor, randomRows } from '../../helpers/random-posterior.js';
import { input, setOf } from '../../helpers/run-state.js';

const encoder = encoderFor('binary', Array<number>(30).fill(1));
const x = randomRows(1, 200, 30);
// The last input is nearly the first.
for (let n = 0; n < x.rows; n++) x.data[30 * n + 29] = x.data[30 * n] + 0.1 * x.data[30 * n + 29];
const inclusions = encoder.features.map(({ name }, f) => input(name, f === 0 ? 0.9 : 0.3 - f / 100));

describe('the map of correlations', () => {
  it('has sets together, what is kept, and near twins', () => {
    const { inputs, r, sets } = correlationMap(encoder, x, undefined, inclusions, [setOf(0.9, 'x5', 'x9'), setOf(1, 'x9')]);
    expect(inputs).toEqual(['x5', 'x9', 'x1', 'x30', 'x2', 'x3', 'x4', 'x6']);
    expect(sets).toEqual([{ set: 1, from: 0, to: 2 }]);
    expect(r[2][3]).toBeGreaterThan(0.98);
    expect(r[2][3]).toBe(r[3][2]);
    expect(r.map((row, at) => row[at])).toEqual(Array(8).fill(1));
  });

  it('has no more inputs than can be read, and draws a frame for each set', () => {
    const names = encoder.features.map(({ name }) => name);
    const sets = Array.from({ length: 5 }, (_, at) => setOf(0.6, ...names.slice(6 * at, 6 * at + 6)));
    const map = correlationMap(encoder, x, undefined, inclusions, sets);
    expect(map.inputs).toHaveLength(20);
    expect(map.sets.map(({ from, to }) => to - from)).toEqual([6, 6, 6, 2]);
    const { text } = correlations({ correlations: map });
    expect((text.match(/<rect /g) ?? []).length).toBe(20 * 20 + 4);
    expect(text).not.toMatch(/NaN|undefined/);
  });
});

it('effect sizes stand beside the probabilities, of kept inputs alone', () => {
  const rows = [input('a', 1), input('b', 0.9), input('c', 0)];
  const plain = inputPlot(rows).text;
  expect(plain).not.toContain('effect size');
  const { text } = inputPlot(rows, [
    { input: 'a', size: { mean: 2, lower: 1, upper: 4 } }, { input: 'b', size: { mean: 1, lower: 1, upper: 1 } },
  ]);
  expect(text).toMatch(/>effect size</);
  expect((text.match(/stroke="var\(--green\)"/g) ?? []).length).toBeGreaterThan(0);
  for (const tick of ['0', '1', '2', '3', '4']) expect(text).toContain(`>${tick}</text>`);
  expect(inputPlot(rows, [{ input: 'a', size: { mean: 0, lower: 0, upper: 0 } }]).text).toBe(plain);
});

it('interactions say what was compared', () => {
  const data = reportData({ task: 'binary' });
  const joint = data.joint as Exclude<typeof data.joint, { reason: string }>;
  const text = (more: object): string => interactions({ ...data, joint: { ...joint, ...more } }).text;
  expect(text({})).toMatch(/Compared were the pairs of all \d kept inputs on 40 training rows\. *<\/p>/);
  expect(text({ kept: 50, compared: 10 })).toContain('the pairs of the 10 most probable of 50 kept inputs');
  expect(text({ pairs: Array(12).fill(joint.pairs[0]) })).toContain('The 10 largest of 12 are shown.');
  expect(text({ pairs: [], kept: 1 })).toContain('the pruned network has one input');
  expect(text({ pairs: [], kept: 0 })).toContain('the pruned network has no input');
});
