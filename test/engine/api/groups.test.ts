/** Groups of columns from the config to what is selected and exported. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { evaluate } from '../../../src/api/evaluate.js';
import { predict } from '../../../src/api/predict.js';
import { prune } from '../../../src/api/prune.js';
import { report } from '../../../src/api/report.js';
import { selectFeatures } from '../../../src/api/select-features.js';
import { train, type TrainedRun } from '../../../src/api/train.js';
import { Stream } from '../../../src/random.js';

/** y = (a + b) / 2 + standard normal noise: of either the rows tell something, of both a lot; c, d and the text say nothing. */
const NAMES = ['a', 'c', 'b', 'd'];
const stream = Stream.fromSeed('groups of columns');
const columns = NAMES.map((name) => stream.split(name).normals(250));
const noise = stream.split('noise').normals(250);
const rows = Array.from({ length: 250 }, (_, n) => ({
  ...Object.fromEntries(NAMES.map((name, c) => [name, columns[c][n]])), text: ['u', 'v', 'w'][n % 3],
  y: (columns[0][n] + columns[2][n]) / 2 + noise[n],
}));

const SETTINGS = {
  rows, target: 'y', jobs: 1, model: { hidden: [4] }, train: { epochs: 800, restarts: 1, reference: false }, inclusion: { rescues: 0 },
};
const data = { groups: { pair: ['a', 'b'], rest: ['d', 'text'] } };

let folder: string;
beforeAll(() => { folder = mkdtempSync(path.join(tmpdir(), 'bnnc-groups-')); });
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each([0, 400])('groups of columns, with a search of %i steps', (steps) => {
  let run: TrainedRun;
  beforeAll(async () => {
    run = await train({ ...SETTINGS, data, search: { steps }, out: path.join(folder, `run ${steps}`) });
  });

  it('are inputs with one PIP each', async () => {
    expect(run.inputs.map(({ input }) => input).sort()).toEqual(['c', 'pair', 'rest']);
    const pips = Object.fromEntries(run.inputs.map(({ input, pip }) => [input, pip]));
    expect(pips.pair).toBeGreaterThan(0.95);
    expect(Math.max(pips.c, pips.rest)).toBeLessThan(0.5);
    expect((await selectFeatures(run)).selected.map(({ input }) => input)).toEqual(['pair']);
  });

  it('are columns in what is exported, with the PIP of their group, and predict as the run does', async () => {
    const out = path.join(folder, `model ${steps}`);
    const { model, report: document } = await prune(run, { out, formats: ['json', 'js', 'onnx'], onnxInput: 'raw' });
    expect(model.encoder.features.map(({ name, kind }) => [name, kind])).toEqual([['a', 'numeric'], ['b', 'numeric']]);
    expect(model.inputPips[0]).toBe(model.inputPips[1]);
    expect(document.inputs.map(({ input }) => input)).toEqual(['pair']);
    const card = JSON.parse(readFileSync(path.join(out, 'model-card.json'), 'utf8')) as { inputs: { name: string }[]; leftOut: string[] };
    expect(card.inputs.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(card.leftOut.sort()).toEqual(['c', 'd', 'text']);
    const [full, small] = [await predict(run, rows), await predict(out, rows, { explain: true })];
    const apart = full.map(({ value }, n) => Math.abs((value as number) - (small[n].value as number)));
    expect(Math.max(...apart)).toBeLessThan(0.6);
    expect((small[0] as { explanation?: { effects: { input: string }[] } }).explanation!.effects.map(({ input }) => input)).toEqual(['a', 'b']);
    expect((await evaluate(out, rows)).metrics.rmse).toBeLessThan(1.2);
  });

  it('have a report', async () => {
    const html = await report(run);
    expect(html).toContain('pair');
  });
});

describe('what cannot be', () => {
  it.each([
    [{ groups: { one: ['a', 'b'], two: ['b', 'c'] } }, /data\.groups\.two\[0\]: 'b' is in group 'one' as well/],
    [{ groups: { one: ['a', 'a'] } }, /'a' is in this group twice/],
    [{ groups: { one: ['a', 'y'] } }, /data\.groups\.one\[1\]: the target is no input/],
    [{ groups: { one: ['a', 'b'] }, columns: { a: { kind: 'ignore' as const } } }, /'a' is ignored, and no input/],
    [{ groups: { one: ['a', 'b'] }, columns: { a: { keep: true } } }, /the columns of a group have one prior/],
    [{ groups: { one: ['a', 'bb'] } }, /there is no column 'bb'/],
  ])('%j', async (groups, message) => {
    await expect(train({ ...SETTINGS, data: groups })).rejects.toThrow(message);
  });
});
