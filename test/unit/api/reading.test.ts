import { describe, expect, it } from 'vitest';
import { limitsSet } from '../../../src/api/reading.js';

describe('limits of a table to predict', () => {
  it('are those that are set, and no others', async () => {
    expect(await limitsSet(['data.limits.line=1000', 'data.limits.unpacked=auto'], '/')).toEqual({ line: 1000, unpacked: 'auto' });
    expect(await limitsSet(undefined, '/')).toEqual({});
  });

  it('are all that can be set', async () => {
    await expect(limitsSet(['train.seed=3'], '/')).rejects.toThrow('does not apply to a model');
    await expect(limitsSet(['data.limits.line=x'], '/')).rejects.toThrow(/data\.limits\.line/);
  });
});
