import { describe, expect, it } from 'vitest';
import { columnSubset } from '../../../../src/inference/predictive/compressed-draws.js';
import { compressedOutputs } from '../../../../src/inference/predictive/compressed.js';
import { ensembleOf, ensembleReport, type Ensemble } from '../../../../src/inference/prune/ensemble.js';
import { Stream } from '../../../../src/random.js';
import { outputsAt } from '../../../../src/search/outputs.js';
import type { Encoder, Task } from '../../../../src/types.js';
import { encoderFor, randomRows } from '../../../helpers/random-posterior.js';
import { averageOf, randomStructure, type Plan, type RandomStructure } from '../../../helpers/structures.js';

const ROWS = 40;
/** x2 and x4 are texts of two and three encoded columns. */
const FEATURES = [1, 2, 1, 3];
const ALL = ['x1', 'x2', 'x3', 'x4'];
const PIPS = [0.9, 0.8, 0.7, 0.6];

const PLANS: Plan[] = [
  { skips: [[0], [1]], units: [[[1, 2]], [[0]]] },
  { skips: [], units: [[[2, 3]]] },
  { skips: [[0], [3]], units: [] },
];

interface Case {
  encoder: Encoder;
  structures: RandomStructure[];
  ensemble: Ensemble | undefined;
}

function caseOf(task: Task, plans: readonly Plan[], share: readonly number[], { size = plans.length, inputs = ALL } = {}): Case {
  const encoder = encoderFor(task, FEATURES);
  const outputs = task === 'multiclass' ? 3 : 1;
  const structures = plans.map((plan, m) => randomStructure(plan, encoder, outputs, Stream.fromSeed('ensemble').split(m)));
  const parts = { structures: averageOf(structures, share).structures, encoder, pips: PIPS, noiseVariance: 0.3 };
  const ensemble = ensembleOf(parts, { size, inputs: new Set(inputs), threshold: 0.5 });
  return { encoder, structures, ensemble };
}

/** The largest distance from the mean of the structures' outputs with these weights. */
function distance({ encoder, structures, ensemble }: Case, weights: readonly number[]): number {
  const { model } = ensemble!;
  const x = randomRows(3, ROWS, 7);
  const columns = Array.from({ length: 7 }, (_, c) => Float64Array.from({ length: ROWS }, (_each, n) => x.data[7 * n + c]));
  const found = compressedOutputs(model, columnSubset(encoder, model.encoder)(x));
  const expected = new Float64Array(found.length);
  structures.forEach(({ layout, w }, m) => {
    if (weights[m] > 0) outputsAt(layout, w, columns, ROWS).forEach((value, at) => { expected[at] += weights[m] * value; });
  });
  return found.reduce((most, value, at) => Math.max(most, Math.abs(value - expected[at])), 0);
}

describe.each<Task>(['regression', 'binary', 'multiclass'])('an ensemble of a %s run', (task) => {
  it.each(PLANS.map((plan, m) => [m, plan] as const))('of the single structure %i computes its outputs', (_, plan) => {
    const single = caseOf(task, [plan], [0.2]);
    expect(distance(single, [1])).toBeLessThan(1e-5);
    expect(single.ensemble).toMatchObject({ structures: 1, share: 0.2 });
    expect(single.ensemble!.model.layers).toHaveLength(plan.units.length > 0 ? 2 : 1);
  });

  it('of three computes the mean of their outputs by share', () => {
    const three = caseOf(task, PLANS, [0.4, 0.3, 0.1]);
    expect(distance(three, [0.5, 0.375, 0.125])).toBeLessThan(1e-5);
    expect(three.ensemble!.structures).toBe(3);
    expect(three.ensemble!.share).toBeCloseTo(0.8, 12);
  });

  it('takes the first that use no other inputs, and their columns alone', () => {
    const some = caseOf(task, PLANS, [0.4, 0.3, 0.1], { size: 1, inputs: ['x1', 'x4'] });
    expect(distance(some, [0, 0, 1])).toBeLessThan(1e-5);
    const { model } = some.ensemble!;
    expect(model.encoder.features.map(({ name, columns }) => [name, columns.length])).toEqual([['x1', 1], ['x4', 3]]);
    expect(model.encoder.dropped).toContainEqual({ name: 'x2', reason: 'pruned' });
    expect(model.inputPips).toEqual([0.9, 0.6]);
  });
});

describe('an ensemble with the linear model of all inputs', () => {
  const encoder = encoderFor('multiclass', FEATURES);
  const structures = PLANS.map((plan, m) => randomStructure(plan, encoder, 3, Stream.fromSeed('linear').split(m)));
  const normals = Stream.fromSeed('linear model').normals(24);
  const linear = { weight: normals.slice(0, 21), bias: normals.slice(21) };
  /** Beside structures of shares .5, .3 and .1. */
  const made = (share: number, size: number, inputs = ALL, wanted = true): Ensemble | undefined => ensembleOf({
    structures: averageOf(structures, [0.5, 0.3, 0.1]).structures, encoder, pips: PIPS, noiseVariance: 1,
    background: { weight: linear.weight.map((w) => share * w), bias: linear.bias.map((b) => share * b), share: 1 - share },
  }, { size, inputs: new Set(inputs), linear: wanted, threshold: 0.5 });
  const shape = (found: Ensemble | undefined): unknown => {
    const round = (value: number): number => Number(value.toFixed(6));
    return found && [found.structures, round(found.share), found.linear === undefined ? undefined : round(found.linear)];
  };

  it('has it where its share is among the largest', () => {
    expect(shape(made(0.9, 1))).toEqual([0, 0.9, 0.9]);
    expect(shape(made(0.9, 2))).toEqual([1, 0.95, 0.9]);
    expect(shape(made(0.9, 4))).toEqual([3, 0.99, 0.9]);
    // Those of the structures are .4, .24 and .08.
    expect(shape(made(0.2, 2))).toEqual([2, 0.64, undefined]);
    expect(shape(made(0.2, 3))).toEqual([2, 0.84, 0.2]);
    expect(shape(made(1e-5, 4))).toEqual([3, 0.899991, undefined]);
    expect(shape(made(0.9, 4, ALL, false))).toEqual([3, 0.09, undefined]);
  });

  it('has it alone where each structure uses another input', () => {
    expect(shape(made(0.2, 4, ['x2']))).toEqual([0, 0.2, 0.2]);
    expect(made(0.2, 4, ['x2'], false)).toBeUndefined();
  });

  it('computes the mean of their outputs by share', () => {
    const { model } = made(0.6, 2)!;
    expect(model.encoder.features.length).toBe(4);
    const x = randomRows(3, ROWS, 7);
    const columns = Array.from({ length: 7 }, (_, c) => Float64Array.from({ length: ROWS }, (_each, n) => x.data[7 * n + c]));
    const first = outputsAt(structures[0].layout, structures[0].w, columns, ROWS);
    const found = compressedOutputs(model, x);
    for (let n = 0; n < ROWS; n++) {
      for (let k = 0; k < 3; k++) {
        const own = columns.reduce((sum, column, c) => sum + column[n] * linear.weight[3 * c + k], linear.bias[k]);
        expect(found[3 * n + k]).toBeCloseTo((0.6 * own + 0.2 * first[3 * n + k]) / 0.8, 4);
      }
    }
  });
});

describe('an ensemble', () => {
  it('feeds the outputs that its structures feed', () => {
    const masked = caseOf('multiclass', [{ skips: [[0, 0b001], [1, 0b110]], units: [[[2], 0b010]] }], [1]);
    expect(distance(masked, [1])).toBeLessThan(1e-5);
    const [, { weight }] = masked.ensemble!.model.layers;
    expect(Array.from(weight, Boolean)).toEqual([true, false, false, false, true, true, false, true, true, false, true, false]);
  });

  it('is a network of xtanh without spread, its units named one after the other', () => {
    const { model } = caseOf('binary', PLANS, [0.4, 0.3, 0.1]).ensemble!;
    expect(model).toMatchObject({ task: 'binary', activation: 'xtanh', threshold: 0.5, noiseVariance: 0.3 });
    expect(model.layers.map(({ units }) => units)).toEqual([['h1.1', 'h1.2', 'h1.3'], ['y=yes']]);
    for (const { weightSd, biasSd } of model.layers) expect([...weightSd, ...biasSd].every((sd) => sd === 0)).toBe(true);
  });

  it('of a structure that is a constant has no inputs', () => {
    const constant = caseOf('regression', [{ skips: [], units: [] }], [1], { inputs: [] });
    expect(distance(constant, [1])).toBeLessThan(1e-6);
    expect(constant.ensemble!.model).toMatchObject({ inputPips: [], encoder: { features: [] } });
  });

  it('is not there where every structure uses another input', () => {
    expect(caseOf('regression', PLANS, [0.4, 0.3, 0.1], { inputs: ['x1'] }).ensemble).toBeUndefined();
  });

  it('weighs structures alike whose shares are too small for a number', () => {
    expect(distance(caseOf('regression', PLANS, [0, 0, 0]), [1 / 3, 1 / 3, 1 / 3])).toBeLessThan(1e-5);
  });

  it('counts its units in the report in place of those of the cut', () => {
    const { model } = caseOf('regression', PLANS, [0.4, 0.3, 0.1]).ensemble!;
    const size = { parameters: 90, nonZero: 90, multiplyAdds: 80 };
    const unit = (name: string, before: number, after: number): object => ({ name, before, after });
    const report = (hidden: object[]): Parameters<typeof ensembleReport>[0] => ({
      before: size, after: size, units: [unit('inputs', 4, 1), unit('columns', 7, 1), ...hidden, unit('outputs', 1, 1)],
    } as Parameters<typeof ensembleReport>[0]);
    expect(ensembleReport(report([unit('h1', 8, 2), unit('h2', 4, 1)]), model).units).toEqual([
      unit('inputs', 4, 4), unit('columns', 7, 7), unit('h1', 8, 3), unit('h2', 4, 0), unit('outputs', 1, 1),
    ]);
    const { units, after } = ensembleReport(report([]), model);
    expect(units).toContainEqual({ name: 'h1', before: 0, after: 3 });
    // Edges of x2 and x3, x1, x3 and x4; skips of x1, x2 and x4; three units to the output; the biases.
    expect(after.nonZero).toBe(3 + 1 + 4 + 6 + 3 + 4);
  });
});
