import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encode } from '../../../src/data/index.js';
import { writeJsonModel } from '../../../src/export/index.js';
import { evaluate, predict, type PredictOptions, type Prediction } from '../../../src/index.js';
import { predictTableBy } from '../../../src/api/predicting.js';
import { tableFormat } from '../../../src/data/write-table.js';
import { columnsOf, predictionHeader, predictionLines } from '../../../src/predict/predictions.js';
import { modelPredictor } from '../../../src/predict/predictor.js';
import type { CompressedModel, Task } from '../../../src/types.js';
import { penguinCells, penguinModels, penguins } from '../../helpers/penguins.js';

const TASKS: Task[] = ['regression', 'binary', 'multiclass'];
const sampled = fc.sample(penguinModels, { numRuns: 200, seed: 7 });
const models = TASKS.map((task) => sampled.find((model) => model.task === task && model.encoder.features.length > 2)!);
const [regression, , multiclass] = models;
const CSV = [penguins.names.join(','), ...penguinCells.map((cells) => Object.values(cells).join(','))].join('\n');

let cwd: string;
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'bnnc-predict-'));
  writeFileSync(join(cwd, 'birds.csv'), CSV);
  writeFileSync(join(cwd, 'model.json'), writeJsonModel(regression, '0.0.0'));
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

async function all(predictions: AsyncIterable<Prediction>): Promise<Prediction[]> {
  const list: Prediction[] = [];
  for await (const prediction of predictions) list.push(prediction);
  return list;
}

/** The cells of the command line's table, as they lie in an object. */
async function tabled(model: CompressedModel, options: PredictOptions): Promise<(string | number)[][]> {
  const predictor = modelPredictor('m', model, options);
  const columns = await columnsOf(predictor, options);
  const { x } = encode(penguins, model.encoder, undefined, { target: 'none' });
  const width = predictionHeader(model.encoder.target, columns).split(',').length;
  return predictionLines(predictor, x, columns).trimEnd().split('\n').map((line) => {
    const cells = line.split(',').map((cell) => (cell === '' || Number.isNaN(Number(cell)) ? cell : Number(cell)));
    expect(cells.length).toBe(width);
    return cells;
  });
}

const flat = ({ value, probabilities, interval, uncertainty, explanation }: Prediction): (string | number)[] => [
  value!, ...Object.values(probabilities ?? {}), ...(interval ? [interval.lower, interval.upper] : []),
  ...(uncertainty ? [uncertainty.epistemic, uncertainty.aleatoric] : []),
  ...(explanation ? [explanation.baseline] : []),
  ...(explanation?.effects ?? []).flatMap(({ effect, lower, upper }) => [effect, lower, upper]),
];

describe('predictions', () => {
  const settings: PredictOptions[] = [{}, { draws: 5, uncertainty: true }, { explain: true, draws: 3 }];

  it.each(models.flatMap((model) => settings.map((options) => [model.task, options, model] as const)))(
    'of a %s, %j, are those of the command line', async (task, asked, model) => {
      const options = task === 'regression' ? { ...asked, interval: 0.8 } : asked;
      const rows = await predict(model, penguinCells, options);
      expect(rows.length).toBe(344);
      expect(rows.map(flat)).toEqual(await tabled(model, options));
    });

  it('name classes and inputs', async () => {
    const [first] = await predict(multiclass, penguinCells.slice(0, 1), { explain: true, draws: 2 });
    const { levels } = multiclass.encoder.target as { levels: string[] };
    expect(Object.keys(first.probabilities!)).toEqual(levels);
    expect(Object.values(first.probabilities!).reduce((sum, p) => sum + p)).toBeCloseTo(1, 5);
    expect(levels).toContain(first.value);
    expect(first.explanation!.effects.map(({ input }) => input)).toEqual(multiclass.encoder.features.map(({ name }) => name));
  });

  it('are the same from a path, a stream, gzipped, of the web, from objects, and by a model file', async () => {
    const expected = await predict(regression, penguinCells);
    const pieces = (CSV.match(/[^]{1,700}/g) ?? []).map((piece) => Buffer.from(piece));
    const web = new ReadableStream({
      start: (controller) => {
        for (const piece of pieces) controller.enqueue(new Uint8Array(piece));
        controller.close();
      },
    });
    for (const rows of ['birds.csv', Readable.from(pieces), Readable.from([gzipSync(CSV)]), web]) {
      expect(await all(predict(regression, rows as string, { cwd }))).toEqual(expected);
    }
    expect(await all(predict('model.json', 'birds.csv', { cwd }))).toEqual(expected);
    expect(await predict({ model: regression }, penguinCells)).toEqual(expected);
    expect(await predict(regression, [])).toEqual([]);
  });

  it('come one by one, while the stream is still open', async () => {
    let ended = false;
    const [header, ...lines] = CSV.split('\n');
    async function* endless(): AsyncGenerator<string> {
      try {
        yield `${header}\n`;
        for (;;) yield `${lines.join('\n')}\n`;
      } finally {
        ended = true;
      }
    }
    const taken: Prediction[] = [];
    for await (const prediction of predict(regression, endless())) {
      taken.push(prediction);
      if (taken.length === 2000) break;
    }
    expect(taken.length).toBe(2000);
    expect(taken[344 + 3]).toEqual(taken[3]);
    expect(ended).toBe(true);
  });

  it('of rows unlike the training rows come with warnings', async () => {
    const warnings: string[] = [];
    const number = regression.encoder.features.find(({ kind }) => kind === 'numeric')!.name;
    const rows = penguinCells.map((cells, at) => (at % 100 === 50 ? { ...cells, [number]: 1e6 } : cells));
    await predict(regression, rows, { onWarning: (text) => warnings.push(text) });
    expect(warnings.filter((text) => text.includes('far outside')))
      .toEqual([`rows: column '${number}': 3 rows have a number far outside the training range (first '1000000' in line 51)`]);
  });

  it('as a table leave no model open, whatever becomes of the output', async () => {
    let open = 0;
    const opening = async () => {
      open++;
      return { ...modelPredictor('m', regression, {}), dispose: () => { open--; } };
    };
    const written = await predictTableBy(opening, 'birds.csv', { cwd }, async ({ pieces }) => {
      let text = '';
      for await (const piece of pieces(tableFormat())) text += String(piece);
      return text;
    });
    expect(written.trimEnd().split('\n').length).toBe(1 + 344);
    expect(open).toBe(0);
    const full = new Error('disk full');
    await expect(predictTableBy(opening, 'birds.csv', { cwd }, () => Promise.reject(full))).rejects.toBe(full);
    expect(open).toBe(0);
  });

  it('are refused where they cannot be made', async () => {
    await expect(predict(multiclass, penguinCells, { interval: 0.9 })).rejects.toMatchObject({ problems: [{ code: 'usage.interval' }] });
    await expect(predict(regression, [{ no: 1 }])).rejects.toMatchObject({ problems: [{ code: 'data.missing-column' }] });
    await expect(all(predict(regression, 'none.csv', { cwd }))).rejects.toMatchObject({ problems: [{ code: 'data.missing-file' }] });
    await expect(predict('none', penguinCells, { cwd })).rejects.toMatchObject({ problems: [{ code: 'run.missing' }] });
  });

  it('end when the signal comes, even while a stream is silent', async () => {
    const abort = new AbortController();
    const silent = new Readable({ read() {} });
    silent.push(CSV.slice(0, 500));
    setTimeout(() => abort.abort(), 20);
    await expect(all(predict(regression, silent, { signal: abort.signal })))
      .rejects.toMatchObject({ kind: 'interrupted', problems: [{ code: 'interrupted.stopped' }] });
    expect(silent.destroyed).toBe(true);

    const soon = new AbortController();
    setImmediate(() => soon.abort());
    const many = Array.from({ length: 60 }, () => penguinCells).flat();
    await expect(predict(regression, many, { draws: 20, signal: soon.signal })).rejects.toThrow('interrupted');
  });
});

describe('evaluation', () => {
  it('is the same of a file and of objects', async () => {
    const rows = penguinCells.filter((cells) => cells.body_mass_g !== '');
    const csv = [penguins.names.join(','), ...rows.map((cells) => Object.values(cells).join(','))].join('\n');
    const streamed = await evaluate(regression, Readable.from([csv]));
    expect(streamed).toMatchObject({ model: '<model>', kind: 'model', data: '<stream>', target: 'body_mass_g', task: 'regression' });
    expect(streamed.metrics.rows).toBe(rows.length);
    expect((await evaluate(regression, rows)).metrics).toEqual(streamed.metrics);
    await expect(evaluate(regression, rows.map(({ body_mass_g: _, ...rest }) => rest)))
      .rejects.toMatchObject({ problems: [{ code: 'data.missing-target' }] });
    await expect(evaluate(regression, [])).rejects.toMatchObject({ problems: [{ code: 'data.no-rows' }] });
  });
});
