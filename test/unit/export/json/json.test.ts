import { describe, expect, it } from 'vitest';
import { BnncError, type Problem } from '../../../../src/errors.js';
import { readJsonModel, writeJsonModel } from '../../../../src/export/json/json.js';
import { tasks } from '../../../../src/likelihood/index.js';
import type { CompressedModel, Task } from '../../../../src/types.js';
import { randomCompressed } from '../../../helpers/random-compressed.js';

/** As much of the document's form as the tests change. */
interface Document {
  schemaVersion: number;
  bnnc: string;
  task: string;
  extra?: number;
  inputPips: number[];
  layers: {
    storage: string; inputs: number; units: string[]; index: number[]; weight: unknown[]; bias: number[]; biasSd: number[];
  }[];
  encoder: {
    features: { columns: { range?: number[] }[] }[];
    target: { levels: string[] };
  };
}
const textOf = (model: CompressedModel): string => new TextDecoder().decode(writeJsonModel(model, '0.1.0'));
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Problems of reading a model of which `change` has damaged the document. */
function problems(change: (document: Document) => void, task: Task = 'binary'): readonly Problem[] {
  const document = JSON.parse(textOf(randomCompressed({ seed: 1, task }))) as Document;
  change(document);
  return problemsOf(() => readJsonModel(bytesOf(JSON.stringify(document)), 'small/model.json'));
}

function problemsOf(action: () => unknown): readonly Problem[] {
  try { action(); } catch (error) {
    expect(error).toBeInstanceOf(BnncError);
    expect((error as BnncError).exitCode).toBe(6);
    return (error as BnncError).problems;
  }
  throw new Error('nothing was thrown');
}

describe('the JSON model', () => {
  for (const task of ['regression', 'binary', 'multiclass'] as const) {
    it(`comes back as it was (${task})`, () => {
      for (const zero of [0, 0.95]) {
        const model = randomCompressed({ seed: 7, task, zero });
        const bytes = writeJsonModel(model, '0.1.0');
        const back = readJsonModel(bytes, 'model.json');
        expect(back).toEqual(model);
        expect(writeJsonModel(back, '0.1.0')).toEqual(bytes);
      }
    });
  }

  it('stores a matrix by rows or by indices, whichever is shorter', () => {
    const storages = (zero: number) =>
      (JSON.parse(textOf(randomCompressed({ seed: 2, task: 'binary', hidden: [30, 30], zero }))) as Document)
        .layers.map(({ storage }) => storage);
    expect(storages(0)).toEqual(['dense', 'dense', 'dense']);
    expect(storages(0.95).slice(0, 2)).toEqual(['sparse', 'sparse']);
  });

  it('holds a model without inputs', () => {
    const model = randomCompressed({ seed: 3, task: 'multiclass', features: [], hidden: [] });
    expect(readJsonModel(writeJsonModel(model, '0.1.0'), 'model.json')).toEqual(model);
  });

  it('tells the steps of fine-tuning, and nothing where there were none', () => {
    const model = randomCompressed({ seed: 5, task: 'regression' });
    expect(readJsonModel(writeJsonModel({ ...model, fineTuned: 300 }, '0.1.0'), 'm.json').fineTuned).toBe(300);
    expect(textOf(model)).not.toContain('fineTuned');
    expect(readJsonModel(writeJsonModel(model, '0.1.0'), 'm.json')).not.toHaveProperty('fineTuned');
  });

  it('has the same bytes whatever the order of the encoder\'s keys', () => {
    const model = randomCompressed({ seed: 4, task: 'regression' });
    const shuffled = { ...model, encoder: Object.fromEntries(Object.entries(model.encoder).reverse()) as never };
    expect(textOf(shuffled)).toBe(textOf(model));
  });

  it('refuses to save numbers that are none', () => {
    const model = randomCompressed({ seed: 5, task: 'regression' });
    model.layers[1].weight[2] = NaN;
    expect(problemsOf(() => writeJsonModel(model, '0.1.0'))[0].code).toBe('run.model-not-finite');
  });
});

describe('reading a JSON model that is not right', () => {
  it('tells a file that is cut short', () => {
    const bytes = writeJsonModel(randomCompressed({ seed: 1, task: 'binary' }), '0.1.0');
    const [problem] = problemsOf(() => readJsonModel(bytes.slice(0, bytes.length / 2), 'small/model.json'));
    expect(problem).toMatchObject({ code: 'run.not-json', where: { file: 'small/model.json' } });
    expect(problem.hint).toContain('make it again');
  });

  it('tells other JSON', () => {
    for (const text of ['{}', 'null', '[1]', '3']) {
      expect(problemsOf(() => readJsonModel(bytesOf(text), 'a.json'))[0].code).toBe('run.not-a-model');
    }
  });

  it('tells a model of another version, and who wrote it', () => {
    const [problem] = problems((document) => { document.schemaVersion = 3; document.bnnc = '9.0.0'; });
    expect(problem.code).toBe('run.model-version');
    expect(problem.message).toContain('9.0.0');
    const [none] = problems((document) => { Reflect.deleteProperty(document, 'schemaVersion'); });
    expect(none).toMatchObject({ code: 'run.model-version' });
    expect(none.message).toMatch(/^the model has no schema version/);
  });

  it.each<[string, (document: Document) => void, string]>([
    ['an unknown key', (d) => { d.extra = 1; }, 'extra'],
    ['a task that is none', (d) => { d.task = 'ranking'; }, 'task'],
    ['a task that is not the encoder\'s', (d) => { d.task = 'regression'; }, 'task'],
    ['a missing weight', (d) => { d.layers[0].weight.pop(); }, 'layers.0.weight'],
    ['a missing unit name', (d) => { d.layers[1].units.pop(); }, 'layers.1.units'],
    ['layers that do not fit', (d) => { d.layers[1].inputs = 7; }, 'layers.1.inputs'],
    ['a layer too few', (d) => { d.layers.pop(); }, 'outputs'],
    ['a weight that is text', (d) => { d.layers[0].weight[0] = 'x'; }, 'layers.0.weight.0'],
    ['a weight that is null', (d) => { d.layers[0].weight[0] = null; }, 'layers.0.weight.0'],
    ['a weight beyond float32', (d) => { d.layers[0].bias[0] = 1e39; }, 'layers.0.bias.0'],
    ['a negative standard deviation', (d) => { d.layers[0].biasSd[0] = -1; }, 'layers.0.biasSd.0'],
    ['a PIP too many', (d) => { d.inputPips.push(1); }, 'inputPips'],
    ['a PIP above 1', (d) => { d.inputPips[0] = 1.5; }, 'inputPips.0'],
    ['no layers', (d) => { d.layers = []; }, 'layers'],
    ['a scale of 0', (d) => { Object.assign(d.encoder.features[0].columns[0], { scale: 0 }); }, 'encoder.features.0.columns.0.scale'],
    ['an encoder without columns', (d) => { d.encoder.features[0].columns = []; }, 'encoder.features.0.columns'],
    ['a range of one number', (d) => { d.encoder.features[0].columns[0].range = [1]; }, 'encoder.features.0.columns.0.range'],
    ['dates of no order', (d) => { Object.assign(d.encoder.features[0], { kind: 'date' }); }, 'encoder.features.0.dates'],
    ['a third class of two', (d) => { d.encoder.target.levels.push('c'); }, 'encoder.target.levels'],
  ])('names %s', (_, change, place) => {
    const found = problems(change);
    expect(found.every(({ code, where, hint }) => code === 'run.model-invalid' && where?.file && hint)).toBe(true);
    expect(found.map(({ message }) => message).join('\n')).toContain(place);
    expect(found.map(({ message }) => message).join('\n')).not.toContain('-1');
  });

  it.each<[string, (document: Document) => void]>([
    ['bnnc: is missing', (d) => { Reflect.deleteProperty(d, 'bnnc'); }],
    [`task: expected ${tasks().join(' or ')}, got the text 'ranking'`, (d) => { d.task = 'ranking'; }],
    ["layers.0.weight.0: expected a number, got the text 'x'", (d) => { d.layers[0].weight[0] = 'x'; }],
    ['layers: expected a list, got a mapping', (d) => { Object.assign(d, { layers: {} }); }],
    ['layers.0.storage: is not one of the known forms', (d) => { Reflect.deleteProperty(d.layers[0], 'storage'); }],
    ['unknown: extra', (d) => { d.extra = 1; }],
    ['layers.0.biasSd.0: must be at least 0', (d) => { d.layers[0].biasSd[0] = -1; }],
    ['encoder.features.0.columns.0.scale: must be above 0', (d) => { Object.assign(d.encoder.features[0].columns[0], { scale: 0 }); }],
    ['inputPips.0: must be at most 1', (d) => { d.inputPips[0] = 1.5; }],
    ['encoder.features.0.columns: has fewer than 1 entries', (d) => { d.encoder.features[0].columns = []; }],
  ])('says %s, in words of its own', (message, change) => {
    expect(problems(change).map((problem) => problem.message)).toContain(message);
  });

  it('tells a file that is no JSON at all on one line, and what is for other programs', () => {
    const [table] = problemsOf(() => readJsonModel(bytesOf('a,b\n1,2\n'), 'a.csv'));
    expect(table.message).not.toContain('\n');
    expect(table.hint).toMatch(/^Only other programs read this format: give the model\.json/);
    const [onnx] = problemsOf(() => readJsonModel(Uint8Array.of(8, 255, 254), 'small/model.onnx'));
    expect(onnx).toMatchObject({ code: 'run.not-json', message: 'not readable as JSON (it is not UTF-8 text)', hint: table.hint });
  });

  it('names indices outside the matrix', () => {
    const model = randomCompressed({ seed: 1, task: 'binary', hidden: [30, 30], zero: 0.95 });
    const document = JSON.parse(textOf(model)) as Document;
    document.layers[0].index[0] = 100000;
    const [problem] = problemsOf(() => readJsonModel(bytesOf(JSON.stringify(document)), 'm.json'));
    expect(problem.message).toContain('layers.0.index');
  });
});
