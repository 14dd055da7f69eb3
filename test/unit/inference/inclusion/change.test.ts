/** Whether more restarts still change the answer. */
import { describe, expect, it } from 'vitest';
import { changesAnswer, type Told } from '../../../../src/inference/inclusion/change.js';

const told = (bound: number, ...pips: number[]): Told => ({ bound, visited: [{ elbo: bound, inputs: Float64Array.from(pips) }] });

describe('further restarts', () => {
  const known = [told(-100, 0.9, 0.1), told(-120, 0.2, 0.2)];

  it('change the answer where there is none', () => {
    expect(changesAnswer([], [told(-5, 0.5)])).toBe(true);
  });

  it('change it by a bound that is more than a nat higher', () => {
    expect(changesAnswer(known, [told(-98.9, 0.9, 0.1)])).toBe(true);
    expect(changesAnswer(known, [told(-99.1, 0.9, 0.1)])).toBe(false);
    // The best of those that are known counts, and the best of those added.
    expect(changesAnswer([...known].reverse(), [told(-500, 0, 0), told(-98.9, 0.9, 0.1)])).toBe(true);
    expect(changesAnswer(known, [told(-110, 0.9, 0.1)])).toBe(false);
  });

  it('change it by a PIP that moves by more than a tenth', () => {
    // Of two networks with the same bound the average is the mean of both: 0.1 becomes 0.35.
    expect(changesAnswer(known, [told(-100, 0.9, 0.6)])).toBe(true);
    expect(changesAnswer(known, [told(-100, 0.4, 0.1)])).toBe(true);
    // One that is 3 nats worse moves it by 0.02, one that is 1 nat worse by 0.13.
    expect(changesAnswer(known, [told(-103, 0.9, 0.6)])).toBe(false);
    expect(changesAnswer(known, [told(-101, 0.9, 0.6)])).toBe(true);
    // Of networks that use the same inputs the better one stands for all.
    expect(changesAnswer(known, [told(-100.1, 0.6, 0.4)])).toBe(false);
    expect(changesAnswer(known, [told(-99.9, 0.6, 0.4)])).toBe(true);
    // A network that is far worse has no weight.
    expect(changesAnswer(known, [told(-130, 0, 1)])).toBe(false);
  });
});
