import { describe, expect, it } from 'vitest';
import { calibrationText } from '../../../../src/cli/commands/calibrate/text.js';
import { coverage, realise, reliability, type JudgedInput } from '../../../../src/inference/inclusion/reliability.js';
import type { Calibration } from '../../../../src/work/calibrate/calibrate.js';

const judged = (pips: number[], truths: number[]): JudgedInput[] => pips.map((pip, i) => ({
  input: `x${i}`, pip, pipNetwork: pip, pipMin: pip, pipMax: pip, unstable: false, true: truths.includes(i), relatives: [],
}));

const TABLES = [judged([0.9, 0.4, 0.3, 0.01], [0, 1]), judged([0.97, 0.6, 0.2, 0.02], [0])];
const GROUP = { inputs: ['x1', 'x2'], pip: 0.7, true: true };

function calibration(rest: Partial<Calibration> = {}): Calibration {
  const { inputs: count, ...groups } = reliability([GROUP, { pip: 0.8, true: false }]);
  return {
    task: 'regression', seed: 1, rows: { train: 1500 }, inputs: ['x0', 'x1', 'x2', 'x3'], signalRange: [0.3, 0.9],
    reliability: reliability(TABLES.flat()), rules: [realise(TABLES, { threshold: 0.5 }), realise(TABLES, { fdr: 0.1 })],
    groups: { count, ...groups },
    sets: coverage([
      { source: 'linear', inputs: ['x0'], purity: 1, true: true }, { source: 'linear', inputs: ['x1', 'x2'], purity: 0.9, true: true },
      { source: 'linear', inputs: ['x3'], purity: 1, true: false }, { source: 'network', inputs: ['x2'], purity: 1, true: false },
    ]),
    heldOut: {
      split: 'validation', measure: 'rmse', reached: { mean: 0.5, se: 0.01 }, floor: { mean: 0.4, se: 0.01 }, ratio: { mean: 1.25, se: 0.02 },
    },
    tables: [], ...rest,
  };
}

describe('a calibration as text', () => {
  const text = calibrationText(calibration(), 'Gaussian inputs (equal, correlation 0.95)');

  it('fits 80 columns', () => {
    expect(Math.max(...text.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(80);
  });

  it('has groups, and sets by where they come from', () => {
    expect(text).toMatch(/\nPIP of a group +groups +true +mean PIP +share true +95 % interval\n/);
    expect(text).toMatch(/\n0.5 to 0.75 +1 +1 +0.700 +1.000 +0.207 to 1.000\n/);
    expect(text).toMatch(/\ncredible sets +sets +with a true input +share +95 % interval +inputs\n/);
    expect(text).toMatch(/\nof the linear part +3 +2 +0.667 +0.208 to 0.939 +1.3\n/);
    expect(text).toMatch(/\nof the network alone +1 +0 +0.000 +0.000 to 0.793 +1.0\n/);
  });

  it('has a column for each rule', () => {
    expect(text).toMatch(/\nselected by +PIP of at least 0.5 +Bayesian FDR of at most 0.1\n/);
    // Of three true inputs the threshold chooses two, and one false one; by the FDR it is .9 and .97.
    expect(text).toMatch(/\ninputs +3 +2\ntrue +2 +2\nfalse +1 +0\n/);
  });

  it('leaves out what there is none of', () => {
    const { groups: _, ...rest } = calibration();
    const none = calibrationText({ ...rest, sets: coverage([]) }, 'a');
    expect(none).not.toMatch(/group|credible/);
  });
});
