/** Two runs side by side, and the list of runs. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compareRuns, type ComparedRows } from '../../../src/api/compare-runs.js';
import { listRuns } from '../../../src/api/list-runs.js';
import type { TrainOptions } from '../../../src/api/options/train.js';
import { train } from '../../../src/api/train.js';
import { Stream } from '../../../src/random.js';

/** y = a - b + noise; z is another target. */
const stream = Stream.fromSeed('compare');
const [a, b, noise] = ['a', 'b', 'noise'].map((name) => stream.split(name).normals(160));
const lines = Array.from(a, (_, n) => [a[n], b[n], a[n] - b[n] + 0.5 * noise[n], n % 2].join());
/** Counts in 10 to 160 days, and times of which each fifth is censored. */
const facts = Array.from(a, (_, n) => {
  const days = 10 + n % 150;
  const count = Math.round(days * Math.exp(0.3 * a[n] + 0.3 * noise[n]));
  return [a[n], days, count, Math.exp(a[n] + 0.5 * noise[n]), n % 5 ? 1 : 0].join();
});
let cwd: string;

const run = (out: string, more: TrainOptions = {}) => train({
  cwd, data: 'data.csv', target: 'y', out, jobs: 1, search: { steps: 0 }, inclusion: { rescues: 0 }, model: { hidden: [] },
  ...more, train: { epochs: 400, restarts: 1, reference: false, ...more.train },
});

beforeAll(async () => {
  cwd = mkdtempSync(path.join(tmpdir(), 'bnnc-compare-'));
  writeFileSync(path.join(cwd, 'data.csv'), ['a,b,y,z', ...lines].join('\n'));
  await run('runs/both');
  writeFileSync(path.join(cwd, 'facts.csv'), ['a,days,count,time,event', ...facts].join('\n'));
  // The same rows held out, by the same seed; an input less.
  await run('runs/one', { config: { data: { columns: { b: { kind: 'ignore' } } } } });
  await run('runs/other', { target: 'z' });
}, 60_000);
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

describe('compareRuns', () => {
  it('tells configs, PIPs and paired differences', async () => {
    const found = await compareRuns('runs/both', 'runs/one', { cwd });
    expect(found.config).toEqual([{ key: 'data.columns', a: {}, b: { b: { kind: 'ignore' } } }]);
    const own = found.inputs.find(({ input }) => input === 'b')!;
    expect(own).toMatchObject({ b: null, differs: true });
    expect(own.a).toBeGreaterThan(0.9);
    const { rows, split, full, median } = found.heldOut as ComparedRows;
    expect([rows, split]).toEqual([32, 'test']);
    for (const { a: one, b: other, differences } of [full, median]) {
      // Without b the noise has a variance of about 1.25 in the place of .25: half of log 5 more.
      expect(differences.nll.mean).toBeCloseTo(other.nll - one.nll, 10);
      expect(differences.mae.mean).toBeCloseTo(other.mae! - one.mae!, 10);
      expect(differences.nll.mean).toBeGreaterThan(0.4);
      expect(differences.nll.mean).toBeGreaterThan(2 * differences.nll.standardError);
    }
  });

  it.each([
    ['exposures', { data: { task: 'counts', exposure: 'days' } }, 'count', ['nll', 'deviance']],
    ['events', { data: { task: 'weibull', event: 'event' } }, 'time', ['nll', 'concordance']],
  ] as const)('measures with the %s of the rows, as each run does', async (name, config, target, figures) => {
    const first = await run(`first ${name}`, { data: 'facts.csv', target, config });
    const second = await run(`second ${name}`, {
      data: 'facts.csv', target, config: { data: { ...config.data, exposure: null, columns: { event: { kind: 'ignore' } } } },
    });
    const { full } = (await compareRuns(first, second, { cwd })).heldOut as ComparedRows;
    // The run's own figures are of other draws.
    const near = (found: number, own: number): void => expect(Math.abs(found / own - 1)).toBeLessThan(0.1);
    for (const figure of figures) {
      near(full.a[figure]!, first.metrics.full.splits.test![figure]!);
      near(full.b[figure]!, second.metrics.full.splits.test![figure]!);
    }
  });

  it('compares two likelihoods of one target, where they are measured alike', async () => {
    const of = (task: 'weibull' | 'log-normal' | 'regression') => run(`by ${task}`, {
      data: 'facts.csv', target: 'time', config: { data: { task, ...(task !== 'regression' && { event: 'event' }), columns: { count: { kind: 'ignore' } } } },
    });
    const [weibull, normal, number] = [await of('weibull'), await of('log-normal'), await of('regression')];
    const found = await compareRuns(weibull, normal, { cwd });
    expect(found).toMatchObject({ task: 'weibull', otherTask: 'log-normal' });
    const { a: one, b: other, differences: { nll } } = (found.heldOut as ComparedRows).full;
    expect(nll.mean).toBeCloseTo(other.nll - one.nll, 10);
    expect(one.concordance).toBeGreaterThan(0.7);
    await expect(compareRuns(weibull, number, { cwd })).rejects.toThrow(/'time' \(weibull\) and 'time' \(regression\)/);
  });

  it('claims no PIP for an input that a run keeps', async () => {
    await run('kept', { config: { data: { columns: { b: { keep: true } } } } });
    const { inputs } = await compareRuns('runs/one', 'kept', { cwd });
    expect(inputs.find(({ input }) => input === 'b')).toMatchObject({ a: null, keptIn: ['b'], differs: false });
  });

  it('finds no difference between a run and itself', async () => {
    const { config, inputs, heldOut } = await compareRuns('runs/one', 'runs/one', { cwd });
    expect(config).toEqual([]);
    expect(inputs.some(({ differs }) => differs)).toBe(false);
    expect((heldOut as ComparedRows).full.differences.nll).toEqual({ mean: 0, standardError: 0 });
  });

  it('refuses runs of different targets, and says why predictions are not compared', async () => {
    await expect(compareRuns('runs/both', 'runs/other', { cwd })).rejects.toThrow(/predict different targets, 'y' \(regression\) and 'z'/);
    const rows = Array.from({ length: 40 }, (_, n) => ({ a: a[n], b: b[n], y: a[n] + noise[n] }));
    const memory = await train({
      rows, target: 'y', jobs: 1, search: { steps: 0 }, model: { hidden: [] }, train: { epochs: 100, restarts: 1, reference: false },
    });
    expect((await compareRuns('runs/both', memory, { cwd })).heldOut).toEqual({ reason: 'the runs read different data' });
  });
});

describe('listRuns', () => {
  it('has complete runs by their time, and those that are not complete after them', async () => {
    mkdirSync(path.join(cwd, 'runs/begun'));
    writeFileSync(path.join(cwd, 'runs/begun/config.yaml'), 'data: {path: data.csv, target: y}\n');
    mkdirSync(path.join(cwd, 'runs/something else'));
    writeFileSync(path.join(cwd, 'runs/something else/notes.txt'), '');
    writeFileSync(path.join(cwd, 'runs/other/metrics.json'), '{');
    const found = await listRuns('runs', { cwd });
    expect(found.map(({ path: place }) => place).slice(0, 2)).toEqual([path.join('runs', 'both'), path.join('runs', 'one')]);
    expect(Object.fromEntries(found.map(({ path: place, state }) => [path.basename(place), state])))
      .toEqual({ both: 'complete', one: 'complete', other: 'damaged', begun: 'incomplete' });
    expect(found[0]).toMatchObject({ target: 'y', task: 'regression', rows: 160, seed: 1, selected: 2, inputs: 3, metric: { name: 'rmse', split: 'test' } });
  });

  it('is empty where there is no folder', async () => {
    expect(await listRuns('nowhere', { cwd })).toEqual([]);
  });
});
