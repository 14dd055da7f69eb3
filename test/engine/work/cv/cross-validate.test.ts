import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resolveConfig } from '../../../../src/config/resolve.js';
import { BnncError } from '../../../../src/errors.js';
import { crossValidate, type CvOptions } from '../../../../src/work/cv/cross-validate.js';
import type { TrainProgress } from '../../../../src/types.js';

let cwd: string;
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'bnnc-cv-'));
  const rows = Array.from({ length: 20 }, (_, i) => `${i},${(i * 7) % 11 + 0.5}`);
  writeFileSync(join(cwd, 'd.csv'), `x,y\n${rows.join('\n')}\n`);
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

async function codeOf(options: Omit<CvOptions, 'resolved' | 'jobs'>): Promise<string> {
  const sets = ['model.hidden=[]', 'train.restarts=2', 'train.epochs=2000'];
  const resolved = await resolveConfig({ cwd, flags: { data: 'd.csv', target: 'y' }, sets });
  const error = await crossValidate({ ...options, resolved, jobs: 1 }).then(() => undefined, (reason: unknown) => reason);
  if (!(error instanceof BnncError)) throw new Error(`expected a failure, got ${String(error)}`);
  return error.problems[0].code;
}

describe('crossValidate', () => {
  it('stops at the signal, and has told of all fits of all folds', async () => {
    const stop = new AbortController();
    const told: TrainProgress[] = [];
    const onProgress = (progress: TrainProgress): void => { told.push(progress); stop.abort(); };
    expect(await codeOf({ folds: 4, signal: stop.signal, onProgress })).toBe('interrupted.stopped');
    // Two restarts and the dense reference in each of four folds.
    expect(told[0].fits).toHaveLength(12);
    expect(told[0]).toMatchObject({ restart: 1, restarts: 8, epochs: 2000, atOnce: 1 });
  });

  it('refuses numbers that make no sense', async () => {
    expect(await codeOf({ folds: 1 })).toBe('usage.folds');
    expect(await codeOf({ repeats: 0 })).toBe('usage.repeats');
    expect(await codeOf({ threshold: 2 })).toBe('usage.threshold');
  });
});
