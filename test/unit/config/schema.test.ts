import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { describeExpected, leafKeys, schemaAt } from '../../../src/config/keys.js';
import { configJsonSchema, configSchema, sourceSchema, type JsonSchema } from '../../../src/config/schema.js';

const minimal = { data: { path: 'a.csv', target: 'y' } };

describe('configSchema', () => {
  it('fills in every key but the path and the target', () => {
    expect(configSchema.parse(minimal)).toEqual({
      data: {
        path: 'a.csv', query: null, target: 'y', task: 'auto', delimiter: 'auto',
        encoding: 'auto', quote: 'double', decimal: '.', thousands: 'none', dates: 'auto', minLevel: 'auto',
        missing: ['', 'NA', '?'], columns: {}, groups: {},
        limits: { line: 16_777_216, cell: 1_048_576, columns: 100_000, unpacked: 'auto' },
        split: { validation: 0.1, test: 0.2, stratify: true, testFile: null, testQuery: null, group: null, time: null },
        exposure: null, event: null, weights: null, weightScale: 'mean', classWeights: null, unlabelled: 'error',
      },
      model: { hidden: [32, 16], skip: true, background: true, activation: 'silu', gates: 'both' },
      prior: { spike: 'dirac', inclusion: 'auto', slabScale: 'auto', spikeScale: 0.05 },
      train: { epochs: 'auto', batch: 'auto', learningRate: 0.01, gateLearningRate: 5, restarts: 'auto', temperature: 1, partitions: 1, rounds: 40, seed: 1, reference: true, warm: null },
      inclusion: { flips: 2, rescues: 'auto', draws: 16, samples: 1000 },
      search: { steps: 'auto' },
    });
  });

  it('hands out defaults that do not share memory', () => {
    const first = configSchema.parse(minimal);
    first.model.hidden.push(8);
    first.data.columns.id = { kind: 'ignore' };
    expect(configSchema.parse(minimal).model.hidden).toEqual([32, 16]);
    expect(configSchema.parse(minimal).data.columns).toEqual({});
  });

  it('needs the path and the target', () => {
    for (const incomplete of [{}, { data: {} }, { data: { path: 'a.csv' } }, { data: { target: 'y' } }]) {
      expect(configSchema.safeParse(incomplete).success).toBe(false);
    }
  });
});

describe('configJsonSchema', () => {
  it('is the committed file', () => {
    const committed = readFileSync(new URL('../../../configs/bnnc.schema.json', import.meta.url), 'utf8');
    expect(committed, 'run: bnnc schema > configs/bnnc.schema.json').toBe(`${JSON.stringify(configJsonSchema(), null, 2)}\n`);
  });

  it('documents every section and key, and has a default for each but two', () => {
    const undocumented: string[] = [];
    const visit = (schema: JsonSchema, path: string): void => {
      if (!schema.description) undocumented.push(path);
      for (const [key, child] of Object.entries(schema.properties ?? {})) visit(child, `${path}.${key}`);
      if (typeof schema.additionalProperties === 'object') visit(schema.additionalProperties, `${path}.*`);
    };
    visit(configJsonSchema(), '');
    expect(undocumented).toEqual([]);
    expect(leafKeys().filter((key) => schemaAt(key.split('.'))!.default === undefined)).toEqual(['data.path', 'data.target']);
  });

  const ajv = new Ajv({ strict: true, allowUnionTypes: true });
  const validate = ajv.compile(configJsonSchema());

  const accepted: unknown[] = [
    {},
    minimal,
    { $schema: './bnnc.schema.json', ...minimal },
    { data: { path: '-', delimiter: '\t', missing: [], columns: { 'a b': { kind: 'ignore' } } } },
    { data: { split: { validation: 0, test: 0.99, stratify: false, testFile: 'test.csv' } } },
    { model: { hidden: [], skip: false, activation: 'silu', gates: 'none' } },
    { prior: { spike: 'dirac', inclusion: 0.5, slabScale: 3 } },
    { prior: { spike: 'gaussian', spikeScale: 0.02 } },
    { train: { epochs: 1, batch: 32, learningRate: 1e-6, gateLearningRate: 1, restarts: 1, seed: 0, reference: false } },
    { inclusion: { flips: 0, draws: 1, samples: 100 } },
  ];

  const rejected: unknown[] = [
    [],
    'text',
    null,
    { modle: {} },
    { data: { path: '' } },
    { data: { path: 3 } },
    { data: { target: null } },
    { data: { task: 'classification' } },
    { data: { delimiter: 'ab' } },
    { data: { delimiter: '"' } },
    { data: { missing: 'NA' } },
    { data: { missing: [-999] } },
    { data: { columns: { a: 'numeric' } } },
    { data: { columns: { a: { kind: 'x' } } } },
    { data: { columns: { a: { prior: 1 } } } },
    { data: { columns: { a: { kind: 'text' } } } },
    { data: { columns: { a: { kind: 'numeric', scale: 1 } } } },
    { data: { split: { test: 1 } } },
    { data: { split: { validation: -0.1 } } },
    { data: { split: { stratify: 'yes' } } },
    { model: { hidden: 32 } },
    { model: { hidden: [0] } },
    { model: { hidden: [2.5] } },
    { model: { activation: 'Tanh' } },
    { prior: { spike: 'laplace' } },
    { prior: { spikeScale: 1 } },
    { prior: { inclusion: 0 } },
    { prior: { inclusion: 1 } },
    { prior: { slabScale: 0 } },
    { prior: { slabScale: 1e-30 } },
    { prior: { slabScale: 1e30 } },
    { train: { epochs: 0 } },
    { train: { epochs: 'many' } },
    { train: { batch: 1.5 } },
    { train: { learningRate: 0 } },
    { train: { seed: -1 } },
    { train: { reference: 'true' } },
    { inclusion: { samples: 99 } },
    { inclusion: { flips: -1 } },
    { inclusion: null },
  ];

  it.each(accepted.map((sample) => [JSON.stringify(sample), sample]))('accepts %s, as zod does', (_, sample) => {
    expect(sourceSchema.safeParse(sample).success).toBe(true);
    expect(validate(sample), JSON.stringify(validate.errors)).toBe(true);
  });

  it.each(rejected.map((sample) => [JSON.stringify(sample), sample]))('rejects %s, as zod does', (_, sample) => {
    expect(sourceSchema.safeParse(sample).success).toBe(false);
    expect(validate(sample)).toBe(false);
  });
});

describe('describeExpected', () => {
  it.each([
    ['train.epochs', "'auto' or a whole number of at least 1"],
    ['train.learningRate', 'a number above 0 and at most 10'],
    ['prior.inclusion', "'auto' or a number above 0 and below 1"],
    ['prior.spike', 'one of dirac, gaussian'],
    ['model.activation', 'one of tanh, relu, silu, sigmoid, xtanh'],
    ['data.split.testFile', 'a text that is not empty or null'],
    ['data.missing', 'a list'],
    ['data.split', 'a mapping with the keys validation, test, stratify, testFile, testQuery, group, time'],
    ['data.split.stratify', 'true or false'],
  ])('%s: %s', (key, words) => {
    expect(describeExpected(schemaAt(key.split('.'))!)).toBe(words);
  });
});
