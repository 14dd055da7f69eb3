import { describe, expect, it } from 'vitest';
import { inputTable, notableInputs } from '../../../../../src/cli/commands/inspect/inputs.js';
import { stackedBar } from '../../../../../src/cli/table.js';
import { withVerdict } from '../../../../../src/inference/inclusion/verdict.js';
import { input } from '../../../../helpers/run-state.js';

const split = (name: string, linear: number, nonlinear: number, min?: number, max?: number) =>
  withVerdict({ ...input(name, linear + nonlinear, min, max), linear, nonlinear });

describe('the inputs of a run in a terminal', () => {
  it('have the most probable verdict, its probability, and whether fits disagree', () => {
    const rows = [split('MajorAxisLength', 0.03, 0.96, 0.9, 1), split('Area', 0.625, 0.125, 0, 1), split('Extent', 0, 0.001)];
    const text = inputTable(rows, 'fits');
    expect(text).toBe([
      'input              PIP  verdict                     over fits',
      'MajorAxisLength  0.990  nonlinear 0.96  ██████████  0.90 to 1.00',
      'Area             0.750  linear 0.63     █▒▒▒▒▒▒▒░░  0.00 to 1.00, unstable',
      'Extent           0.001  zero 1.00       ░░░░░░░░░░  0.00 to 0.00',
      'bars: █ nonlinear, ▒ linear, ░ zero',
      '',
    ].join('\n'));
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it('say why there are no verdicts', () => {
    expect(inputTable([input('a', 0.5, 0.125, 0.75)], 'fits')).toBe([
      'input    PIP                        over fits',
      'a      0.500  ██████████░░░░░░░░░░  0.13 to 0.75, unstable',
      'linear or nonlinear is not told: model.skip is off',
      '',
    ].join('\n'));
  });
});

describe('a bar in parts', () => {
  it('is as long as its width, whatever is rounded', () => {
    expect(stackedBar([0.05, 0.05], 10)).toBe('█░░░░░░░░░');
    expect(stackedBar([0.25, 0.5], 4)).toBe('█▒▒░');
    expect(stackedBar([0.7, 0.3000001], 3)).toBe('██▒');
    expect(stackedBar([], 2)).toBe('░░');
  });

  it('are those that are in, and those that another seed might find, after a training', () => {
    const all = [split('a', 0, 0.01), split('b', 0.02, 0, 0, 1), split('c', 0, 0.9)];
    const names = (most: number, rows = all): (string | undefined)[] => notableInputs(rows, 'fits', most).join('\n').split('\n').slice(2, -1)
      .map((line) => line.split(' ')[0]);
    expect(names(5)).toEqual(['c', 'b', 'bars:']);
    expect(names(1)).toEqual(['c', 'bars:', '1']);
    expect(names(5, [all[0]])).toEqual([]);
    const untold = [input('a', 0.9), input('b', 0.1)];
    expect(names(5, untold)).toEqual([]);
    expect(names(5, [...untold, input('c', 0.01, 0, 1)])).toEqual(['a', 'c', 'linear']);
  });
});
