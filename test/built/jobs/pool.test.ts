import { afterEach, describe, expect, it } from 'vitest';
import { BnncError } from '../../../src/errors.js';
import { openPool, type Pool } from '../../../src/jobs/pool.js';

const entry = new URL('../../helpers/pool-worker.mjs', import.meta.url);

interface Kind { task: object; result: unknown; notice: unknown }
type Odd = Record<'double' | 'untilStopped' | 'fail' | 'systemError' | 'die', Kind>;

let pool: Pool<Odd, string>;
const open = (size: number, signal?: AbortSignal, settings = {}): void => { pool = openPool({ entry, settings, size, signal }); };
afterEach(() => pool.close());

const codeOf = (error: unknown): string => (error as BnncError).problems[0].code;
const failure = (work: Promise<unknown>): Promise<unknown> => work.then(() => undefined, (error: unknown) => error);

describe('a pool of worker processes', () => {
  it('gives results by task, whichever worker does them, each once', async () => {
    open(2);
    expect(await pool.ready).toBe('prepared');
    const notices: unknown[] = [];
    const results = await Promise.all([0, 1, 2, 3, 4, 5, 6].map((value) =>
      pool.run('double', { value }, (notice) => notices.push(notice))));
    expect(results).toEqual([0, 2, 4, 6, 8, 10, 12]);
    expect(notices.sort()).toEqual([0, 1, 2, 3, 4, 5, 6].map((value) => `doubling ${value}`));
  });

  it('does no more at once than it has workers, in order', async () => {
    const stop = new AbortController();
    open(1, stop.signal);
    const heard: string[] = [];
    const running = pool.run('untilStopped', {}, () => { heard.push('first'); stop.abort(); });
    const waiting = failure(pool.run('double', { value: 1 }, () => heard.push('second')));
    expect(await running).toBe('stopped');
    expect(codeOf(await waiting)).toBe('interrupted.stopped');
    expect(heard).toEqual(['first']);
    expect(codeOf(await failure(pool.run('double', { value: 1 })))).toBe('interrupted.stopped');
  });

  it('is ended by the first failure, which keeps its kind', async () => {
    open(2);
    const running = pool.run('untilStopped', {});
    const [failed, waiting] = [failure(pool.run('fail', {})), failure(pool.run('double', { value: 1 }))];
    expect(await running).toBe('stopped');
    const error = await failed;
    expect(error).toBeInstanceOf(BnncError);
    expect(error).toMatchObject({
      exitCode: 5, problems: [{ code: 'training.non-finite', message: 'no number', hint: 'Mend it.', where: { file: 'a.csv', line: 3 } }],
    });
    expect(await waiting).toBe(error);
  });

  it('keeps what the system says of an error', async () => {
    open(1);
    const error = await failure(pool.run('systemError', {}));
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ message: 'no space', code: 'ENOSPC', syscall: 'write', path: '/x', stack: expect.stringContaining('pool-worker') as string });
  });

  it('says that a worker has died', async () => {
    open(2);
    const error = await failure(pool.run('die', {}));
    expect(error).toMatchObject({ exitCode: 5, problems: [{ code: 'training.worker', message: expect.stringContaining('exit code 7') as string }] });
    expect(await failure(pool.run('double', { value: 1 }))).toBe(error);
  });

  it('that cannot be prepared says why, to whoever waits for it and to every task', async () => {
    open(2, undefined, { refuse: true });
    const task = failure(pool.run('double', { value: 1 }));
    expect(await failure(pool.ready)).toMatchObject({ problems: [{ code: 'usage.engine', hint: 'Prepare it.' }] });
    expect(codeOf(await task)).toBe('usage.engine');
  });

  it('of an entry that is not there says so', async () => {
    pool = openPool({ entry: new URL('../../unit/jobs/none.mjs', import.meta.url), settings: {}, size: 1 });
    expect(codeOf(await failure(pool.run('double', { value: 1 })))).toBe('training.worker');
  });
});
