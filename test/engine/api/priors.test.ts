/** Inputs that are kept, and priors of inputs, from the config to what is selected and exported. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { prune } from '../../../src/api/prune.js';
import { selectFeatures } from '../../../src/api/select-features.js';
import { train, type TrainedRun } from '../../../src/api/train.js';
import { Stream } from '../../../src/random.js';
import { readPosterior } from '../../../src/store/parts.js';

/** y = a + b / 10 + standard normal noise; of a row's b hardly anything is to be seen, c and d say nothing. */
const NAMES = ['a', 'b', 'c', 'd'];
const stream = Stream.fromSeed('priors of inputs');
const columns = NAMES.map((name) => stream.split(name).normals(200));
const noise = stream.split('noise').normals(200);
const table = (effect: number) => Array.from({ length: 200 }, (_, n) => ({
  ...Object.fromEntries(NAMES.map((name, c) => [name, columns[c][n]])), y: columns[0][n] + effect * columns[1][n] + noise[n],
}));

const SETTINGS = {
  target: 'y', jobs: 1, model: { hidden: [4] }, train: { epochs: 1500, restarts: 1, reference: false }, inclusion: { rescues: 0 },
};

let folder: string;
beforeAll(() => { folder = mkdtempSync(path.join(tmpdir(), 'bnnc-priors-')); });
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each([0, 400])('an input that is kept, with a search of %i steps', (steps) => {
  let run: TrainedRun;
  beforeAll(async () => {
    const data = { columns: { b: { keep: true }, c: { prior: 0.3 } } };
    run = await train({ ...SETTINGS, rows: table(0.1), data, search: { steps }, out: path.join(folder, `run ${steps}`) });
  });

  it('is in, and nothing is claimed for it', () => {
    const [a, b, ...rest] = NAMES.map((name) => run.inputs.find(({ input }) => input === name)!);
    expect([b.pip, b.kept, b.unstable]).toEqual([1, true, false]);
    expect(a.pip).toBeGreaterThan(0.99);
    for (const other of [a, ...rest]) expect(other.kept).toBeUndefined();
    for (const other of rest) expect(other.pip).toBeLessThan(0.5);
    expect(run.sets.flatMap(({ inputs }) => inputs.map(({ input }) => input))).not.toContain('b');
  });

  it('is selected by any rule, and counts in none', async () => {
    const names = async (rule: object): Promise<string[]> => (await selectFeatures(run, rule)).selected.map(({ input }) => input);
    expect(await names({ threshold: 1 })).toContain('b');
    expect(await names({ top: 1 })).toEqual(['b', 'a']);
    const { selected } = await selectFeatures(run, { top: 3 });
    const others = selected.slice(1);
    expect(selected[0].fdr).toBe(0);
    others.forEach(({ fdr }, at) =>
      expect(fdr).toBeCloseTo(others.slice(0, at + 1).reduce((sum, { pip }) => sum + 1 - pip, 0) / (at + 1), 12));
  });

  it('is in the exported network, with the weight of a linear model', async () => {
    const out = path.join(folder, `model ${steps}`);
    const { model } = await prune(run, { out, formats: ['json'], threshold: 0.999 });
    expect(model.encoder.features.map(({ name }) => name)).toContain('b');
    const at = model.encoder.features.findIndex(({ name }) => name === 'b');
    expect(model.layers).toHaveLength(1);
    // .1 of the inputs' own scale, by about 1.4 of the target's, with a standard error of about .065.
    expect(Math.abs(model.layers[0].weight[at] - 0.07)).toBeLessThan(0.26);
    expect(model.layers[0].weightSd[at]).toBeLessThan(0.15);
  });

  it('is in the run as it was given', async () => {
    const { inputs: { own, z } } = await readPosterior(run);
    expect(own).toEqual([null, 1, 0.3, null]);
    expect(z[1]).toBe(1);
  });
});

describe('a prior of an input', () => {
  // Given all else by log 81 = 4.4, as the tests of flips and chains show; what is trained beside the gate moves as well.
  // At once, as a program may do it.
  it('moves a weak input in variational inference, in trainings that go on side by side', async () => {
    const odds = await Promise.all([0.1, 0.9].map(async (prior) => {
      const data = { columns: { b: { prior } } };
      const { inputs } = await train({ ...SETTINGS, rows: table(0.2), data, search: { steps: 0 } });
      const { pip } = inputs.find(({ input }) => input === 'b')!;
      return Math.log(pip / (1 - pip));
    }));
    expect(odds[1] - odds[0]).toBeGreaterThan(2);
    expect(odds[1] - odds[0]).toBeLessThan(8);
  });
});

describe('what cannot be', () => {
  it.each([
    [{ columns: { y: { keep: true } } }, {}, /data\.columns\.y\.keep: the target is no input/],
    [{ columns: { a: { keep: true, prior: 0.3 } } }, {}, /a\.prior: a column that is kept has no prior probability/],
    [{ columns: { a: { kind: 'ignore' as const, prior: 0.3 } } }, {}, /an ignored column is no input/],
    [{ columns: { a: { prior: 0.3 } } }, { gates: 'weight' as const }, /needs a gate of the input, but model\.gates is weight/],
    [{ columns: { a: { keep: true } } }, { skip: false }, /needs direct edges from inputs to outputs/],
    [{ columns: { nobody: { keep: true } } }, {}, /there is no column 'nobody'/],
  ])('%j %j', async (data, model, message) => {
    const asked = train({ ...SETTINGS, rows: table(0.1), data, model: { ...SETTINGS.model, ...model } });
    await expect(asked).rejects.toThrow(message);
  });
});
