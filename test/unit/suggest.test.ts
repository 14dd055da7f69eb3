import { describe, expect, it } from 'vitest';
import { closest, editDistance } from '../../src/suggest.js';

describe('editDistance', () => {
  it.each([
    ['', '', 0],
    ['', 'abc', 3],
    ['kitten', 'sitting', 3],
    ['epohcs', 'epochs', 1],
    ['ab', 'ba', 1],
    // Optimal string alignment: the swapped pair may not be edited again.
    ['ca', 'abc', 3],
  ])('%j to %j is %i', (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance);
    expect(editDistance(b, a)).toBe(distance);
  });
});

describe('closest', () => {
  const keys = ['hidden', 'activation', 'gates', 'epochs', 'learningRate', 'gateLearningRate'];

  it.each([
    ['activaton', 'activation'],
    ['epoch', 'epochs'],
    ['epcohs', 'epochs'],
    ['learning_rate', 'learningRate'],
    ['LEARNING-RATE', 'learningRate'],
    ['gate', 'gates'],
  ])('%s means %s', (word, meant) => {
    expect(closest(word, keys)).toBe(meant);
  });

  it('is silent when nothing is near', () => {
    expect(closest('dropout', keys)).toBeUndefined();
    expect(closest('a', ['b', 'c'])).toBeUndefined();
    expect(closest('anything', [])).toBeUndefined();
  });

  it('tells one-letter names apart by case only', () => {
    expect(closest('Y', ['x', 'y'])).toBe('y');
  });

  it('takes the nearest, and the first of equals', () => {
    expect(closest('colour', ['color', 'colours'])).toBe('color');
    expect(closest('x1', ['x2', 'x3'])).toBe('x2');
  });
});
