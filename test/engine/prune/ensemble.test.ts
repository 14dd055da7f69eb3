/** `prune` with `ensemble`, of a run whose posterior is given an average over structures whose outputs are known. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { encode, recordTable } from '../../../src/data/index.js';
import { EXPORT_FORMATS } from '../../../src/export/index.js';
import { predict, prune, readSplitRows, train, type BnncError, type PruneOptions, type TrainedRun } from '../../../src/index.js';
import { evaluateDraws } from '../../../src/inference/predictive/evaluate.js';
import { meanOutputs } from '../../../src/inference/predictive/compressed-draws.js';
import { Stream } from '../../../src/random.js';
import { outputsAt } from '../../../src/search/outputs.js';
import type * as Parts from '../../../src/store/parts.js';
import type { Background, Encoder, Posterior, StructureAverage } from '../../../src/types.js';
import { everyForm, removeFiles } from '../../helpers/runtimes.js';
import { averageOf, randomStructure, type RandomStructure } from '../../helpers/structures.js';

const given: { average?: StructureAverage | undefined; background?: Background | undefined } = {};
vi.mock('../../../src/store/parts.js', async (original) => {
  const parts = await original<typeof Parts>();
  const readPosterior: typeof parts.readPosterior = async (of) => ({ ...await parts.readPosterior(of), ...given } as Posterior);
  return { ...parts, readPosterior };
});

const ROWS = 160;
const stream = Stream.fromSeed('ensemble rows');
const x = stream.normals(2 * ROWS);
const HUES = ['red', 'green', 'blue'];
const cells = Array.from({ length: ROWS }, (_, n) => ({ a: String(x[2 * n]), b: String(x[2 * n + 1]), hue: HUES[n % 3] }));
/** b does not matter. */
const rows = cells.map((row, n) => ({ ...row, y: 3 * x[2 * n] + 2 * (n % 3) + stream.normals(1)[0] }));

let run: TrainedRun;
let encoder: Encoder;
let structures: RandomStructure[];

beforeAll(async () => {
  run = await train({ rows, target: 'y', jobs: 1, model: { hidden: [3] }, train: { epochs: 200, restarts: 1, reference: false }, search: { steps: 0 } });
  encoder = (await prune(run, { threshold: 0 })).model.encoder;
  // a, b, hue; a, hue; a, b.
  const plans = [
    { skips: [[0]], units: [[[1, 2]]] }, { skips: [[0], [2]], units: [] }, { skips: [], units: [[[0]], [[0, 1]]] },
  ] as const;
  structures = plans.map((plan, m) => randomStructure(plan, encoder, 1, Stream.fromSeed('structures').split(m)));
  given.average = averageOf(structures, [0.5, 0.2, 0.1]);
});
afterAll(removeFiles);

const inputsOf = (of: Encoder): string[] => of.features.map(({ name }) => name);

describe('prune with an ensemble', () => {
  it('exports the average of the structures in every format', async () => {
    const { model, files, report } = await prune(run, { threshold: 0, ensemble: 3, formats: EXPORT_FORMATS });
    expect(report.ensemble!.structures).toBe(3);
    expect(report.ensemble!.share).toBeCloseTo(0.8, 12);
    const table = recordTable(cells, { columns: ['a', 'b', 'hue'], missing: [] });
    const encoded = (by: Encoder): ReturnType<typeof encode>['x'] => encode(table, by, undefined, { target: 'none' }).x;
    const { cols, data } = encoded(encoder);
    const columns = Array.from({ length: cols }, (_, c) => Float64Array.from(cells, (_row, n) => data[n * cols + c]));
    const { mean, scale } = encoder.target as Extract<Encoder['target'], { task: 'regression' }>;
    const outputs = structures.map(({ layout, w }) => outputsAt(layout, w, columns, ROWS));
    const expected = cells.map((_, n) =>
      mean + scale * [0.5, 0.2, 0.1].reduce((sum, share, m) => sum + share / 0.8 * outputs[m][n], 0));
    for (const [format, found] of Object.entries(await everyForm(files, cells, encoded(model.encoder)))) {
      const worst = expected.reduce((most, value, n) => Math.max(most, Math.abs(value - found[n])), 0);
      expect([format, worst <= 1e-5 * scale]).toEqual([format, true]);
    }
  });

  it('reports what it exports, beside the cut in whose place it stands', async () => {
    const { model, files, report } = await prune(run, { threshold: 0, ensemble: 2 });
    expect(report.units.map(({ name, after }) => [name, after])).toEqual(
      [['inputs', 3], ['columns', 5], ['h1', 1], ['outputs', 1]]);
    // Edges of b and hue and a bias; skips of a and hue, the unit and a bias.
    expect(report.after.nonZero).toBe(5 + 6);
    expect(report.inputs.map(({ input }) => input).sort()).toEqual(['a', 'b', 'hue']);
    const cut = await prune(run, { threshold: 0 });
    expect(report.metrics!.pruned).toEqual(cut.report.metrics!.pruned);
    const held = Array.from((await readSplitRows(run)).test, (n) => rows[n]);
    const table = recordTable(held, { columns: ['a', 'b', 'hue', 'y'], missing: [] });
    const encoded = encode(table, model.encoder);
    expect(report.metrics!.exported).toEqual(evaluateDraws(meanOutputs(model, encoded.x), encoded.y!, model.encoder.target));
    const card = new TextDecoder().decode(files.find(({ file }) => file === 'model-card.md')!.bytes);
    expect(card).toContain('It is the average of 2 structures of the search, which have 0.700 of the average over structures.');
  });

  it('predicts with intervals of the noise alone', async () => {
    const small = await prune(run, { threshold: 0, ensemble: 3 });
    const predicted = await predict(small, rows, { interval: 0.9, uncertainty: true });
    const { scale } = encoder.target as Extract<Encoder['target'], { task: 'regression' }>;
    const sd = Math.sqrt(small.model.noiseVariance) * scale;
    for (const { interval, uncertainty, value } of predicted) {
      expect(uncertainty!.epistemic).toBeCloseTo(0, 4);
      expect((interval!.upper - Number(value)) / sd).toBeCloseTo(1.645, 2);
    }
  });

  it('takes the structures that use no inputs but those that pass', async () => {
    const { model, report } = await prune(run, { threshold: 0.5, ensemble: 3 });
    expect(inputsOf((await prune(run, { threshold: 0.5 })).model.encoder)).toEqual(['a', 'hue']);
    expect(inputsOf(model.encoder)).toEqual(['a', 'hue']);
    expect(report.ensemble).toEqual({ structures: 1, share: 0.2 });
  });

  describe('of a search whose average has the linear model of all inputs', () => {
    beforeAll(() => {
      given.background = { weight: Float32Array.of(0.6, 0.1, 0.3, 0, -0.3), bias: Float32Array.of(0.2), share: 0.1 };
    });
    afterAll(() => { delete given.background; });

    it('has it as one of them, and names the inputs that pass', async () => {
      const { model, files, report } = await prune(run, { threshold: 0.5, ensemble: 2 });
      expect(inputsOf(model.encoder)).toEqual(['a', 'b', 'hue']);
      expect(report.inputs.map(({ input }) => input).sort()).toEqual(['a', 'hue']);
      expect(report.ensemble).toEqual({ structures: 1, share: expect.closeTo(0.92, 9), linear: 0.9 });
      const card = new TextDecoder().decode(files.find(({ file }) => file === 'model-card.md')!.bytes);
      expect(card).toContain('It is the average of 1 structure of the search and the linear model of all inputs, which have 0.920 ');
      expect(card).toContain('The model has a linear model of all inputs, which reads every input.');
      const sparse = await prune(run, { threshold: 0.5, ensemble: 2, linear: false });
      expect(inputsOf(sparse.model.encoder)).toEqual(['a', 'hue']);
      expect(sparse.report.ensemble).toEqual({ structures: 1, share: expect.closeTo(0.02, 9) });
    });

    it('exports the cut and it by weight with background', async () => {
      const [cut, both] = [await prune(run, { threshold: 0.5 }), await prune(run, { threshold: 0.5, background: true })];
      expect(both.report.background!.share).toBe(0.1);
      const table = recordTable(cells, { columns: ['a', 'b', 'hue'], missing: [] });
      const outputs = (of: typeof cut): ArrayLike<number> =>
        meanOutputs(of.model, encode(table, of.model.encoder, undefined, { target: 'none' }).x).values;
      const [own, sum] = [outputs(cut), outputs(both)];
      const { cols, data } = encode(table, encoder, undefined, { target: 'none' }).x;
      const { weight, bias } = given.background!;
      for (let n = 0; n < ROWS; n++) {
        const linear = weight.reduce((total, w, c) => total + w * data[n * cols + c], bias[0]);
        expect(sum[n]).toBeCloseTo(0.1 * own[n] + linear, 4);
      }
    });

    it('is told where the average has none', async () => {
      const { background } = given;
      delete given.background;
      expect(await refused({ background: true })).toMatchObject({
        code: 'run.no-background',
        message: "'background' adds the linear model of all inputs, which the search of this run is without",
      });
      given.background = background;
    });
  });

  const refused = async (options: PruneOptions): Promise<BnncError['problems'][number]> => {
    try {
      await prune(run, options);
    } catch (error) {
      return (error as BnncError).problems[0];
    }
    throw new Error('it was not refused');
  };

  it.each(['fineTune', 'quantize', 'background'] as const)('is not made with %s', async (other) => {
    expect(await refused({ ensemble: 2, [other]: true })).toMatchObject({
      code: 'usage.option', message: `prune: options 'ensemble' and '${other}' exclude each other`,
    });
  });

  it('is refused where each structure uses another input', async () => {
    const whole = given.average;
    given.average = averageOf(structures.slice(0, 1), [1]);
    const problem = await refused({ threshold: 0.5, ensemble: 1 });
    given.average = whole;
    expect(problem).toMatchObject({
      code: 'run.no-structure', message: 'each structure of the search uses other inputs than the 2 inputs that are kept',
      hint: "Choose a smaller 'threshold', or leave 'ensemble' out.",
    });
  });

  it('is refused of a run without a search', async () => {
    const { average } = given;
    delete given.average;
    expect(await refused({ ensemble: 2 })).toMatchObject({
      code: 'run.no-search', message: "'ensemble' averages structures of a search, which this run is without",
    });
    given.average = average;
  });
});
