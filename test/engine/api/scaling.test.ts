/** The units of a table are no information: PIPs do not depend on them. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { train } from '../../../src/api/train.js';

const [names, ...lines] = readFileSync('datasets/diabetes.csv', 'utf8').trim().split('\n').map((line) => line.split(','));

/** The first 200 rows in other units. */
const rows = (unit: number) => lines.slice(0, 200).map((cells) =>
  Object.fromEntries(cells.map((cell, c) => [names[c], Number(cell) * unit])));

const SHORT = {
  model: { hidden: [8] }, train: { epochs: 300, restarts: 1, reference: false }, inclusion: { rescues: 0 },
  search: { steps: 300 },
};

const pipsIn = async (unit: number): Promise<number[]> =>
  (await train({ rows: rows(unit), target: 'progression', jobs: 1, ...SHORT })).inputs
    .sort((a, b) => a.input.localeCompare(b.input)).map(({ pip }) => pip);

describe('all columns in other units', () => {
  it('move no PIP by more than 0.02', async () => {
    const own = await pipsIn(1);
    expect(own.filter((pip) => pip > 0.02 && pip < 0.98).length).toBeGreaterThan(3);
    for (const unit of [0.01, 1e6]) {
      (await pipsIn(unit)).forEach((pip, i) => expect(Math.abs(pip - own[i])).toBeLessThanOrEqual(0.02));
    }
  });
});
