/** A search over structures as users meet it: from the config to the run's folder, its predictions and its pruned network. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inspect } from '../../../src/api/inspect.js';
import { predict } from '../../../src/api/predict.js';
import { prune } from '../../../src/api/prune.js';
import { selectFeatures } from '../../../src/api/select-features.js';
import { train, type TrainedRun } from '../../../src/api/train.js';
import { Stream } from '../../../src/random.js';

/** y = 1.5 a + (b^2 - 1) + noise of standard deviation .5; c to f say nothing. */
const NAMES = ['a', 'b', 'c', 'd', 'e', 'f'];
const stream = Stream.fromSeed('a search');
const columns = NAMES.map((name) => stream.split(name).normals(300));
const noise = stream.split('noise').normals(300);
const truth = (n: number): number => 1.5 * columns[0][n] + columns[1][n] ** 2 - 1;
const rows = Array.from({ length: 300 }, (_, n) =>
  ({ ...Object.fromEntries(NAMES.map((name, c) => [name, columns[c][n]])), y: truth(n) + 0.5 * noise[n] }));

const OPTIONS = {
  rows, target: 'y', jobs: 1, model: { hidden: [8] }, train: { epochs: 300, restarts: 1, reference: false }, search: { steps: 400 },
  inclusion: { rescues: 0 },
};

let run: TrainedRun;
let folder: string;
let phases: Set<string>;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'bnnc-search-'));
  phases = new Set();
  run = await train({ ...OPTIONS, out: path.join(folder, 'run'), onProgress: ({ phase }) => phases.add(phase) });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a run with a search over structures', () => {
  it('finds the planted inputs, tells linear from nonlinear, and predicts near the noise', () => {
    const found = run.inputs.filter(({ pip }) => pip >= 0.5).map(({ input, verdict }) => [input, verdict]);
    expect(found).toEqual([['a', 'linear'], ['b', 'nonlinear']]);
    expect(run.inputs.every(({ pip, pipNetwork }) => pip === pipNetwork)).toBe(true);
    // The noise has a standard deviation of .5; that of 60 test rows is known to a tenth.
    expect(run.metrics.full.splits.test!.rmse).toBeLessThan(0.65);
    expect(run.metrics.median.splits.test!.rmse).toBeLessThan(0.65);
    expect(phases).toContain('search');
  });

  it('says what it did, and keeps the variational posterior as a peer', () => {
    const { search, variational, full, restarts } = run.metrics;
    expect(search!.steps).toEqual({ climb: 400, burn: 60, counted: 400 });
    expect(search!.chains.map(({ start }) => start)).toContain('variational');
    expect(search!.units).toBeGreaterThanOrEqual(1);
    expect(search!.structures).toBeGreaterThan(10);
    expect(variational!.splits.test!.rmse).not.toBe(full.splits.test!.rmse);
    expect(restarts.filter(({ chosen }) => chosen).length).toBe(1);
  });

  it('prunes to what select-features names, at every threshold', async () => {
    for (const threshold of [0.5, 0.9]) {
      const { report, model } = await prune(run, { threshold, formats: ['json'] });
      const { selected } = await selectFeatures(run, { threshold });
      expect(report.inputs.map(({ input }) => input).sort()).toEqual(selected.map(({ input }) => input).sort());
      expect(model.activation).toBe('xtanh');
    }
  });

  it('predicts by the average when it is opened again, with intervals that cover', async () => {
    const again = await predict(path.join(folder, 'run'), rows.slice(0, 200), { interval: 0.9 });
    expect(again).toEqual(await predict(run, rows.slice(0, 200), { interval: 0.9 }));
    const inside = again.filter(({ interval }, n) => interval!.lower <= rows[n].y && rows[n].y <= interval!.upper);
    // Of 200 rows, most of which were trained on, 180 are expected, give or take 4.
    expect(inside.length).toBeGreaterThan(165);
  });

  it('exports an ensemble', async () => {
    const { report } = await prune(run, { ensemble: 4, formats: ['json'] });
    expect(report.ensemble!.structures).toBeGreaterThan(1);
    expect(report.metrics!.exported.rmse).toBeLessThan(0.65);
  });

  it('is the same again, stopped during the search and taken up again', async () => {
    const stop = new AbortController();
    const out = path.join(folder, 'stopped');
    const stopped = train({
      ...OPTIONS, out, signal: stop.signal, onProgress: ({ phase, epoch }) => { if (phase === 'search' && epoch >= 200) stop.abort(); },
    });
    await expect(stopped).rejects.toMatchObject({ problems: [{ code: 'interrupted.checkpoint' }] });
    const steps: number[] = [];
    const second = await train({
      resume: out, rows, jobs: 1, onProgress: ({ phase, epoch }) => { if (phase === 'search') steps.push(epoch); },
    });
    // Where it was, not anew.
    expect(steps[0]).toBeGreaterThan(200);
    expect(second.inputs).toEqual(run.inputs);
    expect(second.metrics).toEqual(run.metrics);
  });

  it('is inspected', async () => {
    expect((await inspect(path.join(folder, 'run'))).kind).toBe('run');
  });
});

describe('no search', () => {
  it('is made of a network without gates', async () => {
    const common = {
      rows, target: 'y', jobs: 1, train: { epochs: 20, restarts: 1, reference: false },
    };
    const notes: unknown[] = [];
    const ungated = await train({ ...common, onNote: (text) => notes.push(text), model: { hidden: [4], gates: 'none' as const }, search: { steps: 50 } });
    expect(ungated.metrics.search).toBeUndefined();
    expect(notes.join('\n')).toContain('this network has no gates');
  });
});

describe('a search beyond reach', () => {
  it('is as if none had been asked for', async () => {
    const own = Stream.fromSeed('many rows');
    const [x, z] = ['x', 'z'].map((name) => own.split(name).normals(14_000));
    const many = Array.from(x, (value, n) => ({ x: value, y: value + z[n] }));
    const notes: unknown[] = [];
    const options = {
      rows: many, target: 'y', jobs: 1, model: { hidden: [2] }, train: { epochs: 1, reference: false }, inclusion: { flips: 0, draws: 1 },
      onNote: (text: unknown) => notes.push(text),
    };
    const searched = await train({ ...options, search: { steps: 'auto' } });
    expect(notes.join('\n')).toContain('there is no search over structures: 9,800 rows of 1 input');
    const alone = await train({ ...options, search: { steps: 0 } });
    expect(searched.inputs).toEqual(alone.inputs);
    expect(searched.metrics).toEqual(alone.metrics);
  });
});
