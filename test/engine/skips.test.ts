/** From a table to predictions in every form, by a network whose output also reads two inputs directly. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resolveConfig } from '../../src/config/resolve.js';
import { stringifyConfig } from '../../src/config/stringify.js';
import { encode, fileSource, readTable, type Table } from '../../src/data/index.js';
import { EXPORT_FORMATS } from '../../src/export/formats.js';
import { evaluate, inspect, predict, prune, report } from '../../src/index.js';
import { compressedGraph } from '../../src/inference/predictive/compressed.js';
import { networkSize } from '../../src/inference/prune/size.js';
import { Stream } from '../../src/random.js';
import { createRun } from '../../src/store/create-run.js';
import type { RunFolder } from '../../src/store/open.js';
import { readPosterior } from '../../src/store/parts.js';
import { writeResults } from '../../src/store/results.js';
import { skipsOf } from '../../src/text/skips.js';
import { jobsOf, learn } from '../../src/work/learn.js';
import { measureRun } from '../../src/work/measure.js';
import { prepare } from '../../src/work/prepare.js';
import { openWorkers } from '../../src/work/workers.js';
import { everyForm, removeFiles } from '../helpers/runtimes.js';

const ROWS = 240;
const cwd = mkdtempSync(join(tmpdir(), 'bnnc-skips-'));
afterAll(() => {
  rmSync(cwd, { recursive: true, force: true });
  removeFiles();
});

/** y = 2 a + 3 |b| + noise: a line, for which a skip will do, and a bend, for which it will not. */
function csv(): string {
  const stream = Stream.fromSeed('skips');
  const columns = ['a', 'b', 'c', 'd'].map((name) => stream.split(name).normals(ROWS));
  const noise = stream.split('noise').normals(ROWS);
  const lines = Array.from({ length: ROWS }, (_, n) => {
    const cells = columns.map((column) => column[n].toFixed(4));
    return [...cells, (2 * columns[0][n] + 3 * Math.abs(columns[1][n]) + 0.3 * noise[n]).toFixed(4)].join();
  });
  return ['a,b,c,d,y', ...lines, ''].join('\n');
}

/** The run of a shape that no config can ask for: the outputs of a network with hidden layers of 4 and 3 also read a and c. */
async function trainedRun(): Promise<RunFolder> {
  const resolved = await resolveConfig({
    cwd, object: {
      data: { path: 'rows.csv', target: 'y' }, model: { hidden: [4, 3] },
      train: { epochs: 2500, restarts: 1, seed: 3, reference: false }, search: { steps: 0 },
    },
  });
  const { config } = resolved;
  const plain = await prepare(resolved);
  // Sources: the columns are 0 to 3, the units of the first hidden layer 4 to 7, those of the second one 8 to 10.
  const sources = [undefined, undefined, Int32Array.of(0, 2, 8, 9, 10)];
  const prepared = { ...plain, shape: { ...plain.shape, sources } };
  const jobs = jobsOf(config, prepared);
  const workers = await openWorkers(1, 'auto');
  try {
    const run = await createRun({ cwd, path: 'run' });
    await run.write('config.yaml', stringifyConfig(config));
    const { states, assessed, best, inputs, linear } = await learn(workers, config, prepared, { jobs });
    const names = jobs.map(({ name }) => name);
    const chosen = assessed[best];
    const metrics = await measureRun(workers, prepared, { assessed, chosen, names, best, seed: config.train.seed });
    await writeResults(run, { prepared, chosen: assessed[best], inputs, linear, sets: [], metrics, states, jobs });
    return await run.commit({
      versions: {}, engine: { name: workers.engine.name }, argv: [], seed: config.train.seed,
      data: { path: config.data.path, sha256: prepared.table.sha256, rows: ROWS }, target: 'y', task: 'regression',
      started: new Date().toISOString(), finished: new Date().toISOString(), seconds: {},
    });
  } finally {
    await workers.close();
  }
}

describe('a network whose output also reads two inputs directly', () => {
  let run: RunFolder;
  let table: Table;
  let cells: Record<string, string>[];
  beforeAll(async () => {
    const text = csv();
    writeFileSync(join(cwd, 'rows.csv'), text);
    table = await readTable(fileSource(join(cwd, 'rows.csv')), { delimiter: 'auto', missing: [] });
    const [header, ...lines] = text.trim().split('\n').map((line) => line.split(','));
    cells = lines.map((line) => Object.fromEntries(line.map((cell, at) => [header[at], cell])));
    run = await trainedRun();
  });

  it('is trained, with inputs that matter found and the others not', async () => {
    const { layers } = await readPosterior(run);
    expect(layers.map(({ inputs, outputs }) => [inputs, outputs])).toEqual([[4, 4], [4, 3], [5, 1]]);
    const { report: { inputs } } = await prune(run, { cwd });
    expect(inputs.map(({ input }) => input).sort()).toEqual(['a', 'b']);
  });

  it('is pruned, predicts the same in every form, and is read back', async () => {
    const { model, files, report: { before, after } } = await prune(run, { cwd, formats: EXPORT_FORMATS, out: 'small' });
    // The line needs no hidden unit, the bend does.
    expect(skipsOf(model)).toEqual([{ from: 'columns', to: 'outputs', units: 1 }]);
    expect(before.multiplyAdds).toBe(4 * 4 + 4 * 3 + 5);
    expect(after).toEqual(networkSize(model));
    const { x } = encode(table, model.encoder, undefined, { target: 'none' });
    const { target } = model.encoder;
    const scale = target.task === 'regression' ? target.scale : 1;
    const expected = (await predict('small', cells, { cwd })).map(({ value }) => Number(value));
    for (const [format, found] of Object.entries(await everyForm(files, cells, x))) {
      const worst = expected.reduce((most, value, at) => Math.max(most, Math.abs(found[at] - value)), 0);
      expect([format, found.length, worst < 1e-5 * scale]).toEqual([format, ROWS, true]);
    }
    const { metrics } = await evaluate('small', 'rows.csv', { cwd });
    expect(metrics.rmse).toBeLessThan(0.6);
    expect(await inspect('small', { cwd })).toMatchObject({ kind: 'model', skips: skipsOf(model) });
  });

  it('is predicted with by the whole posterior, and explained', async () => {
    const whole = await predict(run, cells.slice(0, 20), { cwd, interval: 0.9 });
    const parts = await predict(run, cells.slice(0, 20), { cwd, explain: true });
    whole.forEach(({ value, interval }, n) => {
      expect(interval!.lower).toBeLessThan(Number(value));
      expect(Math.abs(Number(value) - Number(cells[n].y))).toBeLessThan(3);
      const { value: median, explanation } = parts[n];
      const sum = explanation!.effects.reduce((total, { effect }) => total + effect, explanation!.baseline);
      expect(sum).toBeCloseTo(Number(median), 3);
    });
  });

  it('is fine-tuned and quantized as any other', async () => {
    const { model } = await prune(run, { cwd, fineTune: 200, quantize: true, formats: ['json'], out: 'tuned' });
    expect(model.fineTuned).toBeGreaterThanOrEqual(200);
    expect(compressedGraph(model).plain).toBe(false);
    const { metrics } = await evaluate('tuned', 'rows.csv', { cwd });
    expect(metrics.rmse).toBeLessThan(0.6);
  });

  it('is drawn with the skip', async () => {
    expect(await report(run, { cwd })).toMatch(/Dashed: weights that skip a layer/);
  });
});
