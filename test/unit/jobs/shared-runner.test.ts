import { describe, expect, it } from 'vitest';
import { Interrupted } from '../../../src/jobs/abort.js';
import { localRunner, type Runner } from '../../../src/jobs/runner.js';
import { OthersFirst, sharedRunner, type Results } from '../../../src/jobs/shared-runner.js';

type Sums = { sum: { task: { of: number; mine: boolean }; result: number | { done: boolean } | undefined; notice: never } };

function memory(): Results & { kept: Map<string, unknown> } {
  const kept = new Map<string, unknown>();
  return {
    kept, save: async (key, value) => void kept.set(key, value),
    find: async (key) => (kept.has(key) ? { value: kept.get(key) } : undefined),
  };
}

function shared(
  results: Results,
  { patience = 0, made = [], give = (of) => 10 * of, signal }:
  { patience?: number; made?: number[]; signal?: AbortSignal; give?: (of: number) => Sums['sum']['result'] } = {},
): Runner<Sums> {
  const inner = localRunner<Sums>({ sum: async ({ of }) => { made.push(of); return give(of); } });
  return sharedRunner<Sums>(inner, {
    results, patience, signal, place: (_, { of, mine }) => ({ key: `sum ${of}`, name: `sum ${of}`, here: mine }),
  });
}

describe('sharedRunner', () => {
  it('does what is its own, keeps it, and does not do it again', async () => {
    const [results, made] = [memory(), [] as number[]];
    expect(await shared(results, { made }).run('sum', { of: 1, mine: true })).toBe(10);
    expect(await shared(results, { made }).run('sum', { of: 1, mine: true })).toBe(10);
    expect([made, results.kept]).toEqual([[1], new Map([['sum 1', 10]])]);
  });

  it.each([[undefined], [{ done: false }]])('does not keep what was stopped: %j', async (stopped) => {
    const results = memory();
    expect(await shared(results, { give: () => stopped }).run('sum', { of: 1, mine: true })).toEqual(stopped);
    expect(results.kept.size).toBe(0);
  });

  it('finishes its own tasks before it gives up those of others, and names these', async () => {
    const results = memory();
    const runner = shared(results);
    const [own, others, more] = await Promise.allSettled(
      [{ of: 1, mine: true }, { of: 2, mine: false }, { of: 3, mine: false }].map((task) => runner.run('sum', task)));
    expect(own).toEqual({ status: 'fulfilled', value: 10 });
    expect(others).toMatchObject({ status: 'rejected', reason: { names: ['sum 2', 'sum 3'] } });
    expect((more as PromiseRejectedResult).reason).toBeInstanceOf(OthersFirst);
  });

  it('tells what went wrong here before what is missing', async () => {
    const runner = shared(memory(), { patience: 60_000, give: () => { throw new Error('not finite'); } });
    const settled = await Promise.allSettled([{ of: 2, mine: false }, { of: 1, mine: true }].map((task) => runner.run('sum', task)));
    expect(settled.map((each) => (each as PromiseRejectedResult).reason as Error)).toEqual([new Error('not finite'), new Error('not finite')]);
  });

  it('stops waiting when the signal comes', async () => {
    const stop = new AbortController();
    const waiting = shared(memory(), { patience: 60_000, signal: stop.signal }).run('sum', { of: 2, mine: false });
    setTimeout(() => stop.abort(), 10);
    await expect(waiting).rejects.toBeInstanceOf(Interrupted);
  });

  it('with patience takes a result that comes later', async () => {
    const results = memory();
    const waiting = shared(results, { patience: 60_000 }).run('sum', { of: 2, mine: false });
    results.kept.set('sum 2', 20);
    expect(await waiting).toBe(20);
  });
});
