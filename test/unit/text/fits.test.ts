import { describe, expect, it } from 'vitest';
import { fitsText } from '../../../src/text/fits.js';
import { countFits, fitNames } from '../../../src/train/fits.js';

describe('the fits of a run in words', () => {
  const asked = { gates: 'both' as const, restarts: 4, reference: true, skip: true };

  it('linear fits are no restarts, and the dense reference is neither', () => {
    expect(fitsText(countFits(fitNames(asked)))).toBe('4 restarts and 3 linear fits');
    expect(fitsText(countFits(fitNames(asked)), true)).toBe('4 restarts, 3 linear fits and the dense reference');
    expect(fitsText(countFits(fitNames({ ...asked, gates: 'weight', restarts: 1 })))).toBe('1 restart and 1 linear fit');
    expect(fitsText(countFits(fitNames({ ...asked, gates: 'auto' })))).toBe('8 restarts and 3 linear fits');
  });

  it('of plain networks, and of runs that did not name their fits, all are restarts', () => {
    expect(fitsText(countFits(fitNames({ ...asked, skip: false })))).toBe('4 restarts');
    expect(fitsText(countFits([{}, {}]))).toBe('2 restarts');
  });
});
