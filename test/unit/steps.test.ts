import { describe, expect, it } from 'vitest';
import { finish, finishUnlessAborted } from '../../src/steps.js';

describe('work in steps', () => {
  const log: string[] = [];
  function* work(): Generator<void, string> {
    try {
      for (let step = 0; step < 3; step++) {
        log.push(`step ${step}`);
        yield;
      }
      return 'done';
    } finally {
      log.push('freed');
    }
  }

  it('gives its result', async () => {
    expect(finish(work())).toBe('done');
    expect(await finishUnlessAborted(work())).toBe('done');
  });

  it('is left between two steps when the signal comes, and frees what it holds', async () => {
    log.length = 0;
    const abort = new AbortController();
    const result = finishUnlessAborted(work(), abort.signal);
    // Queued behind the turn that runs the first step.
    setImmediate(() => abort.abort());
    expect(await result).toBe(undefined);
    expect(log).toEqual(['step 0', 'freed']);
  });
});
