import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseFullConfig, resolveConfig } from '../../../src/config/resolve.js';
import { configSchema, type Config } from '../../../src/config/schema.js';
import { stringifyConfig, stringifyConfigJson } from '../../../src/config/stringify.js';
import { configTemplate } from '../../../src/config/template.js';

const text = fc.string({ unit: 'binary', maxLength: 12 });
const tricky = fc.constantFrom('NO', '~', '1.0', '0x1F', '<<', '- a', 'a: b', '#x', ' y ', '"', "it's", '__proto__', 'null');
const name = fc.oneof(tricky, text).filter((word) => word !== '');
const positive = (max: number) => fc.double({ min: 0, max, minExcluded: true, noNaN: true });
const share = fc.double({ min: 0, max: 0.5, maxExcluded: true, noNaN: true }).map((x) => x + 0); // no -0: JSON has none
const orAuto = <T>(value: fc.Arbitrary<T>) => fc.oneof(fc.constant('auto' as const), value);
const count = fc.integer({ min: 1, max: 1e9 });

const config: fc.Arbitrary<Config> = fc.record({
  data: fc.record({
    path: name, query: fc.option(name),
    target: name,
    task: fc.constantFrom('auto', 'regression', 'binary', 'multiclass'),
    delimiter: fc.constantFrom('auto', ',', ';', '\t', '|', ' ', '#', ':', "'", '\\'),
    encoding: fc.constantFrom('auto', 'utf-8', 'latin1', 'utf-16'), quote: fc.constantFrom('double', 'none'),
    decimal: fc.constant('.' as const), thousands: fc.constantFrom('none', ',', ' ', "'"),
    missing: fc.array(text, { maxLength: 4 }),
    limits: fc.record({ line: fc.constant(64), cell: fc.constant(1000), columns: fc.constant(9), unpacked: orAuto(count) }),
    dates: fc.constantFrom('auto', 'dayFirst'), minLevel: orAuto(count),
    columns: fc.array(fc.tuple(name, fc.record({ kind: fc.constantFrom('numeric', 'categorical', 'date', 'ignore') })), { maxLength: 4 })
      .map((entries) => Object.fromEntries(entries.filter(([key]) => key !== '__proto__'))),
    groups: fc.array(fc.tuple(name, fc.array(name, { minLength: 2, maxLength: 3 })), { maxLength: 2 })
      .map((entries) => Object.fromEntries(entries.filter(([key]) => key !== '__proto__'))),
    weights: fc.option(name), exposure: fc.option(name), event: fc.option(name), weightScale: fc.constantFrom('mean', 'none'), unlabelled: fc.constantFrom('error', 'drop'),
    classWeights: fc.constantFrom(null, 'balanced' as const, { a: 2, b: 0.5 }),
    split: fc.record({
      validation: share, test: share, stratify: fc.boolean(), testFile: fc.option(name),
      testQuery: fc.option(name), group: fc.option(name),
      time: fc.option(name),
    }),
  }),
  model: fc.record({
    skip: fc.boolean(), background: fc.boolean(),
    hidden: fc.array(fc.integer({ min: 1, max: 65536 }), { maxLength: 4 }),
    activation: fc.constantFrom('tanh', 'relu', 'silu', 'sigmoid', 'xtanh'),
    gates: fc.constantFrom('both', 'node', 'weight', 'none'),
  }),
  search: fc.record({ steps: fc.oneof(fc.constant('auto' as const), fc.integer({ min: 0, max: 1e6 })) }),
  prior: fc.record({
    spike: fc.constantFrom('dirac' as const, 'gaussian' as const),
    inclusion: orAuto(fc.double({ min: 0, max: 1, minExcluded: true, maxExcluded: true, noNaN: true })),
    slabScale: orAuto(fc.double({ min: 1e-3, max: 1e3, noNaN: true })),
    spikeScale: fc.double({ min: 1e-3, max: 0.5, noNaN: true }),
  }),
  train: fc.record({
    epochs: orAuto(count), batch: orAuto(count), learningRate: positive(10), gateLearningRate: positive(1000), restarts: count,
    partitions: fc.integer({ min: 1, max: 1000 }), rounds: count,
    temperature: orAuto(fc.double({ min: 0.01, max: 1, noNaN: true })), seed: fc.maxSafeNat(),
    reference: fc.boolean(), warm: fc.option(name),
  }),
  inclusion: fc.record({ flips: fc.nat(), rescues: fc.nat(), draws: count, samples: fc.integer({ min: 100, max: 1e9 }) }),
});

/** The same content with the keys of every mapping in reverse. */
function reversed(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).reverse().map(([key, child]) => [key, reversed(child)]));
}

describe('a config written and read back', () => {
  const seed = 20_261_122;

  it('is the same in YAML, with and without comments', () => {
    fc.assert(fc.property(config, fc.constantFrom('sections', 'keys', 'none'), (written, docs) => {
      const yaml = stringifyConfig(written, { docs, header: 'a\n\nb', remark: (key) => `about ${key.replace(/[^\w.]/g, '')}` });
      expect(parseFullConfig(yaml, 'c.yaml')).toEqual(written);
    }), { seed, numRuns: 200 });
  });

  it('is the same in JSON', () => {
    fc.assert(fc.property(config, (written) => {
      expect(parseFullConfig(stringifyConfigJson(written, './s.json'), 'c.json')).toEqual(written);
    }), { seed, numRuns: 200 });
  });

  it('has the same bytes whatever the order of its keys', () => {
    fc.assert(fc.property(config, (written) => {
      const { columns, groups, classWeights } = written.data;
      const other = reversed(written) as Config;
      Object.assign(other.data, { columns, groups, classWeights });
      expect(stringifyConfig(other)).toBe(stringifyConfig(written));
    }), { seed, numRuns: 100 });
  });
});

describe('stringifyConfig', () => {
  it('writes sections with their description, lists on a line and nothing that was not given', () => {
    const data = { target: 'NO', path: 'a.csv', columns: { id: { kind: 'ignore' as const } } };
    expect(stringifyConfig({ model: { hidden: [8, 4] }, data })).toBe(`# The table to learn from.
data:
  path: a.csv
  target: NO
  columns:
    id: {kind: ignore}

# The network.
model:
  hidden: [8, 4]
`);
  });

  it('says where a value came from', async () => {
    const flags = { data: '/d/a.csv', target: 'y' };
    const { config: resolved, origins } = await resolveConfig({ flags, sets: ['train.epochs=5'], cwd: '/d' });
    const yaml = stringifyConfig(resolved, { docs: 'none', remark: (key) => origins[key] });
    expect(yaml).toContain('  target: y # flag\n');
    expect(yaml).toContain('  epochs: 5 # set\n');
    expect(yaml).toContain('  hidden: [32, 16] # default\n');
  });
});

describe('configTemplate', () => {
  const facts = {
    path: '../a.csv', target: 'y', task: 'here: binary (no, yes)', delimiter: ';', schema: './bnnc.schema.json',
    columns: [
      { name: 'age', kind: 'numeric', remark: '1 to 9; 2 missing' },
      { name: 'a: b', kind: 'ignore', remark: 'like\nan identifier' },
    ] as const,
  };
  const expected = configSchema.parse({
    data: { path: '../a.csv', target: 'y', columns: { age: { kind: 'numeric' }, 'a: b': { kind: 'ignore' } } },
  });

  it('is a config of defaults with comments', () => {
    const yaml = configTemplate(facts, 'yaml');
    expect(parseFullConfig(yaml, 'bnnc.yaml')).toEqual(expected);
    expect(yaml.split('\n')[0]).toBe('# yaml-language-server: $schema=./bnnc.schema.json');
    expect(yaml).toContain('    age: {kind: numeric} # 1 to 9; 2 missing\n');
    expect(yaml).toContain("    'a: b': {kind: ignore} # like an identifier\n");
    expect(yaml).toContain('  task: auto # here: binary (no, yes)\n  # The character');
    expect(yaml).toContain('  delimiter: auto # here: the semicolon\n');
    expect(yaml).toContain('  # Units of each hidden layer');
  });

  it('has a JSON form without comments', () => {
    const { $schema, ...rest } = JSON.parse(configTemplate(facts, 'json')) as { $schema: string };
    expect($schema).toBe('./bnnc.schema.json');
    expect(rest).toEqual(expected);
  });

  it('lists only what is left out of a wide table', () => {
    const column = (i: number) => ({ name: `g${i}`, kind: i === 7 ? 'ignore' : 'numeric', remark: '' }) as const;
    const wide = Array.from({ length: 500 }, (_, i) => column(i));
    const yaml = configTemplate({ ...facts, columns: wide }, 'yaml');
    expect(Object.keys(parseFullConfig(yaml, 'bnnc.yaml').data.columns)).toEqual(['g7']);
    expect(yaml).toContain('# 500 input columns; the list has only those that are left out\n');
  });
});
