/** What a model.json must look like; shapes are checked against each other. */
import { likelihoodOf, targetRule, taskRule } from '../../likelihood/index.js';
import { ACTIVATION_NAMES } from '../../activations.js';
import { DATE_ORDERS, DATE_PARTS } from '../../data/date.js';
import { columnCount } from '../../data/feature.js';
import { graphFault } from '../../model/graph.js';
import { also, count, flag, list, number, oneOf, optional, pair, record, recordBy, text, type Checked, type Fault, type Rule } from '../../rules.js';
import type { EncodedColumn, Encoder, Feature, TableStyle } from '../../types.js';

/** Makes the compiler ask for a rule here when a type gains a field. */
type Rules<T> = Record<keyof T, Rule<unknown>>;

// Beyond this a float32 is infinite.
const LARGEST = 3.4028234663852886e38;
const numbers = list(number({ min: -LARGEST, max: LARGEST }));
const spread = list(number({ min: 0, max: LARGEST }));
const probability = number({ min: 0, max: 1 });
const texts = list(text);

const column = record({
  name: text,
  type: oneOf('number', 'level', 'missing'),
  part: optional(oneOf(...DATE_PARTS)),
  level: optional(text),
  mean: number(),
  scale: number({ above: 0 }),
  clip: optional(number({ above: 0 })),
  range: optional(pair(number())),
} satisfies Rules<EncodedColumn>);

const ofColumn = {
  name: text,
  form: optional(oneOf('percent', 'ordinal')),
  dates: optional(record({ order: oneOf(...DATE_ORDERS), days: pair(number()) })),
  columns: list(column, { min: 1 }),
  prior: optional(number({ above: 0, max: 1 })),
  levels: optional(texts),
  shared: optional(text),
  missing: optional(flag),
};
const KINDS = ['numeric', 'categorical', 'date'] as const;
/** A feature of dates says how they are written, and of which part of a date each of its numbers is. */
const datesFault = ({ kind, dates, columns }: Pick<Feature, 'kind' | 'dates' | 'columns'>): Fault[] => {
  if (kind !== 'date') return [];
  const without = columns.findIndex(({ type, part }) => type !== 'missing' && part === undefined);
  return [
    ...(dates === undefined ? [{ path: ['dates'], message: 'is missing, and the feature is one of dates' }] : []),
    ...(without >= 0 ? [{ path: ['columns', without, 'part'], message: 'is missing, and the feature is one of dates' }] : []),
  ];
};
const member = also(record({ ...ofColumn, kind: oneOf(...KINDS) }), datesFault);
const feature = also(
  record({ ...ofColumn, kind: oneOf(...KINDS, 'group'), members: optional(list(member, { min: 1 })) } satisfies Rules<Feature>),
  (value) => {
    const { kind, members = [], columns } = value;
    const own = members.reduce((sum, { columns: { length } }) => sum + length, 0);
    if ((kind === 'group') === (members.length > 0) && (kind !== 'group' || own === columns.length)) return datesFault(value);
    return [{ path: ['members'], message: 'are not those of its columns' }];
  },
);

const unpacked: Rule<number | 'auto'> = (value) => (value === 'auto' ? [] : count(1)(value));
const most = optional(count(1));
const limits = record({ line: most, cell: most, columns: most, unpacked: optional(unpacked) });

/** An encoder as JSON: in a model.json, and on its own as encoder.json. */
export const encoderRule = record({
  schemaVersion: oneOf(1),
  features: list(feature),
  target: targetRule,
  targetForm: optional(oneOf('percent')),
  missing: texts,
  style: optional(record({
    encoding: optional(oneOf('utf-8', 'latin1', 'utf-16')), decimal: optional(oneOf(',')),
    thousands: optional(oneOf(',', '.', ' ', "'")), quote: optional(oneOf('none')),
    limits: optional(limits),
  } satisfies Rules<TableStyle>)),
  weights: optional(text),
  exposure: optional(text),
  event: optional(text),
  dropped: list(record({ name: text, reason: text })),
} satisfies Rules<Encoder>);

const layerParts = {
  inputs: count(), outputs: count(1), sources: optional(list(count(), { min: 1 })), units: texts, bias: numbers, biasSd: spread,
};

const layer = also(recordBy('storage', {
  dense: record({ ...layerParts, storage: oneOf('dense'), weight: numbers, weightSd: spread }),
  sparse: record({ ...layerParts, storage: oneOf('sparse'), index: list(count()), weight: numbers, weightSd: spread }),
}), (value) => {
  const { inputs, outputs } = value;
  const weights = value.storage === 'dense' ? inputs * outputs : value.index.length;
  const lengths = { units: outputs, bias: outputs, biasSd: outputs, weight: weights, weightSd: weights };
  const faults = Object.entries(lengths).flatMap(([key, length]): Fault[] => {
    const found = value[key as keyof typeof lengths].length;
    return found === length ? [] : [{ path: [key], message: `has ${found} entries, its layer's shape asks for ${length}` }];
  });
  const rising = value.storage === 'dense' ||
    value.index.every((at, n) => at < inputs * outputs && (n === 0 || at > value.index[n - 1]));
  return rising ? faults : [...faults, { path: ['index'], message: 'must rise and stay inside the weight matrix' }];
});

export type StoredLayer = Checked<typeof layer>;

/** The whole document. Format and version are checked before, with messages of their own. */
export const modelRule = also(record({
  format: text,
  schemaVersion: number(),
  bnnc: text,
  task: taskRule,
  activation: oneOf(...ACTIVATION_NAMES),
  threshold: probability,
  decisionThreshold: optional(probability),
  fineTuned: optional(count(1)),
  quantized: optional(number({ above: 0 })),
  noiseVariance: number({ min: 0 }),
  inputPips: list(probability),
  encoder: encoderRule,
  layers: list(layer, { min: 1 }),
  sha256: optional(text),
}), ({ task, encoder, inputPips, layers }) => {
  const faults: Fault[] = [];
  const tell = (path: Fault['path'], message: string): unknown => faults.push({ path, message });
  const { target: { task: targetTask }, features } = encoder;
  if (targetTask !== task) tell(['task'], `is ${task}, but the encoder's target is for ${targetTask}`);
  if (inputPips.length !== features.length) {
    tell(['inputPips'], `has ${inputPips.length} entries for ${features.length} features`);
  }
  if (layers.length === 0) return faults; // told already
  const outputs = likelihoodOf(targetTask).outputNames(encoder.target).length;
  const widths = [columnCount(features), ...layers.map((item) => item.outputs)];
  const wired = layers.map((item) => ({ ...item, sources: item.sources && Int32Array.from(item.sources) }));
  const fault = wired.some(({ sources }) => sources) ? graphFault(widths[0], wired) : undefined;
  if (fault !== undefined) tell(['layers'], fault);
  layers.forEach(({ inputs, sources }, l) => {
    if (!sources && inputs !== widths[l]) tell(['layers', l, 'inputs'], `is ${inputs}, but ${widths[l]} values come in`);
  });
  if (widths[layers.length] !== outputs) {
    tell(['layers', layers.length - 1, 'outputs'], `is ${widths[layers.length]}, the target needs ${outputs}`);
  }
  return faults;
});
