import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BnncError, type Problem } from '../../../../src/errors.js';
import { writeJsonModel } from '../../../../src/export/json/json.js';
import { readModel } from '../../../../src/export/read-model.js';
import { readSafetensors, writeSafetensors, type Tensors } from '../../../../src/export/safetensors/safetensors.js';
import { readSafetensorsModel, writeSafetensorsModel } from '../../../../src/export/safetensors/model.js';
import { posteriorToTensors } from '../../../../src/store/posterior-tensors.js';
import { penguinModels, penguinPredictions } from '../../../helpers/penguins.js';
import { randomCompressed } from '../../../helpers/random-compressed.js';
import { randomPosterior } from '../../../helpers/random-posterior.js';

function problemsOf(action: () => unknown): readonly Problem[] {
  try { action(); } catch (error) {
    expect(error).toBeInstanceOf(BnncError);
    return (error as BnncError).problems;
  }
  throw new Error('nothing was thrown');
}

const model = randomCompressed({ seed: 1, task: 'binary' });

/** Problems of reading a model whose parts `change` has damaged. */
function problems(change: (tensors: Tensors, metadata: Record<string, string>) => void): readonly Problem[] {
  const { tensors, metadata } = readSafetensors(writeSafetensorsModel(model, '0.1.0'), 'a');
  change(tensors, metadata);
  return problemsOf(() => readSafetensorsModel(writeSafetensors(tensors, metadata), 'small/model.safetensors'));
}

describe('model.safetensors', () => {
  it('comes back as it was, predicts the same, and gives the same bytes again', () => {
    fc.assert(fc.property(penguinModels, (any) => {
      const bytes = writeSafetensorsModel(any, '0.1.0');
      const back = readModel(bytes, 'model.safetensors');
      expect(back).toEqual(any);
      expect(writeSafetensorsModel(back, '0.1.0')).toEqual(bytes);
      expect(penguinPredictions(back)).toEqual(penguinPredictions(any));
    }), { numRuns: 50, seed: 12 });
  });

  it('holds a model without inputs, the steps of fine-tuning, and that it is quantized', () => {
    const constant = { ...randomCompressed({ seed: 3, task: 'multiclass', features: [], hidden: [] }), fineTuned: 300, quantized: 0.5 };
    expect(readSafetensorsModel(writeSafetensorsModel(constant, '0.1.0'), 'm')).toEqual(constant);
    expect(readSafetensorsModel(writeSafetensorsModel(model, '0.1.0'), 'm')).not.toHaveProperty('fineTuned');
  });

  it('has its layers as tensors, and all else as text', () => {
    const { tensors, metadata } = readSafetensors(writeSafetensorsModel(model, '0.1.0'), 'a');
    expect(Object.entries(tensors).map(([name, { shape }]) => [name, shape]).slice(0, 5)).toEqual([
      ['layers.0.weight', [4, 5]], ['layers.0.weightSd', [4, 5]], ['layers.0.bias', [5]], ['layers.0.biasSd', [5]],
      ['layers.1.weight', [5, 3]],
    ]);
    expect(metadata).toMatchObject({ format: 'bnnc-model', schemaVersion: '1', bnnc: '0.1.0', task: 'binary', activation: 'tanh' });
    expect(JSON.parse(metadata.encoder)).toEqual(model.encoder);
  });

  it('has the kept weights alone where that is shorter', () => {
    const wide = randomCompressed({ seed: 4, task: 'binary', hidden: [40, 20], zero: 0.8 });
    const bytes = writeSafetensorsModel(wide, '0.1.0');
    const { tensors, metadata } = readSafetensors(bytes, 'a');
    const kept = wide.layers[1].weightSd.filter((sd) => sd > 0).length;
    expect([tensors['layers.1.index'].shape, tensors['layers.1.weight'].shape, [...tensors['layers.1.shape'].data]])
      .toEqual([[kept], [kept], [40, 20]]);
    expect(tensors).not.toHaveProperty(['layers.2.index']);
    expect(bytes.length).toBeLessThan(4 * 2 * 800);
    expect(readSafetensorsModel(bytes, 'm')).toEqual(wide);
    const beyond = { ...tensors, 'layers.1.index': { shape: [kept], data: new Int32Array(kept).fill(800) } };
    expect(problemsOf(() => readSafetensorsModel(writeSafetensors(beyond, metadata), 'm'))[0])
      .toMatchObject({ code: 'run.model-invalid', message: expect.stringContaining('must rise and stay inside') });
  });

  it('is told apart from JSON by its bytes', () => {
    expect(readModel(writeJsonModel(model, '0.1.0'), 'a')).toEqual(model);
    expect(problemsOf(() => readModel(new Uint8Array(), 'a'))[0].code).toBe('run.not-json');
  });

  it('is not written with numbers that are none', () => {
    const broken = structuredClone(model);
    broken.layers[0].biasSd[0] = Infinity;
    expect(problemsOf(() => writeSafetensorsModel(broken, '0.1.0'))[0].code).toBe('run.model-not-finite');
  });
});

describe('reading a model.safetensors that is not right', () => {
  it('tells a file that is cut short', () => {
    const bytes = writeSafetensorsModel(model, '0.1.0');
    expect(problemsOf(() => readSafetensorsModel(bytes.slice(0, -4), 'a'))[0].code).toBe('run.tensors-damaged');
  });

  it('tells other tensors', () => {
    const { tensors, metadata } = posteriorToTensors(
      randomPosterior({ seed: 1, task: 'binary', activation: 'tanh', gates: 'both', features: [1], hidden: [2] }),
    );
    for (const texts of [metadata, {}, { format: 'pt' }]) {
      const [problem] = problemsOf(() => readSafetensorsModel(writeSafetensors(tensors, texts), 'posterior.safetensors'));
      expect(problem).toMatchObject({ code: 'run.not-a-model', where: { file: 'posterior.safetensors' } });
    }
  });

  it('tells a model of another version', () => {
    expect(problems((_, metadata) => { metadata.schemaVersion = '3'; })[0].code).toBe('run.model-version');
  });

  it.each<[string, (tensors: Tensors, metadata: Record<string, string>) => void, string]>([
    ['a missing tensor', (t) => { delete t['layers.0.biasSd']; }, 'layers.0.biasSd'],
    ['missing weights', (t) => { delete t['layers.1.weight']; }, 'layers.1.weight'],
    ['no unit names', (_, m) => { delete m.units; }, 'layers'],
    ['a unit name too few', (_, m) => { m.units = '[["a"],["b"],["c"]]'; }, 'layers.0.units'],
    ['metadata that are no JSON', (_, m) => { m.inputPips = '[1,'; }, 'inputPips'],
    ['a weight that is none', (t) => { t['layers.0.weight'].data[0] = NaN; }, 'layers.0.weight.0'],
    ['layers that do not fit', (t) => { t['layers.1.weight'].shape = [3, 5]; }, 'layers.1'],
    ['a task that is not the encoder\'s', (_, m) => { m.task = 'regression'; }, 'task'],
  ])('names %s', (_, change, place) => {
    const found = problems(change);
    expect(found.every(({ code, where, hint }) => code === 'run.model-invalid' && where?.file && hint)).toBe(true);
    expect(found.map(({ message }) => message).join('\n')).toContain(place);
  });
});
