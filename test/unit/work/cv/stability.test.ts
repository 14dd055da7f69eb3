import { expect, it } from 'vitest';
import { stability } from '../../../../src/work/cv/stability.js';

it('counts folds and restarts, and takes an input that a fold is without as not selected', () => {
  const folds = [
    { inputs: ['a', 'b'], pips: [[1, 0.5], [0.75, 0.25]], best: 1 },
    { inputs: ['b'], pips: [[0.625], [0.125]], best: 0 },
  ];
  expect(stability(['a', 'b', 'c'], folds, 0.5)).toEqual([
    { input: 'b', folds: 0.5, restarts: 0.5, pip: 0.4375, pipMin: 0.125, pipMax: 0.625 },
    { input: 'a', folds: 0.5, restarts: 0.5, pip: 0.375, pipMin: 0, pipMax: 1 },
    { input: 'c', folds: 0, restarts: 0, pip: 0, pipMin: 0, pipMax: 0 },
  ]);
});
