/** What a model.json must look like; shapes are checked against each other. */
import { z } from 'zod';
import { ACTIVATION_NAMES } from '../../activations.js';
import type { EncodedColumn, Encoder, Feature } from '../../types.js';

/** Makes the compiler ask for a rule here when a type gains a field. */
type Rules<T> = Record<keyof T, z.ZodType>;

const count = z.int().min(0);
// Beyond this a float32 is infinite.
const LARGEST = 3.4028234663852886e38;
const numbers = z.array(z.number().min(-LARGEST).max(LARGEST));
const spread = z.array(z.number().min(0).max(LARGEST));
const probability = z.number().min(0).max(1);

const column = z.strictObject({
  name: z.string(),
  type: z.enum(['number', 'level', 'missing']),
  level: z.string().optional(),
  mean: z.number(),
  scale: z.number().positive(),
  range: z.tuple([z.number(), z.number()]).optional(),
} satisfies Rules<EncodedColumn>);

const feature = z.strictObject({
  name: z.string(),
  kind: z.enum(['numeric', 'categorical']),
  columns: z.array(column).min(1),
  levels: z.array(z.string()).optional(),
  missing: z.boolean().optional(),
} satisfies Rules<Feature>);

const target = z.discriminatedUnion('task', [
  z.strictObject({ name: z.string(), task: z.literal('regression'), mean: z.number(), scale: z.number().positive() }),
  z.strictObject({ name: z.string(), task: z.literal('binary'), levels: z.array(z.string()).length(2) }),
  z.strictObject({ name: z.string(), task: z.literal('multiclass'), levels: z.array(z.string()).min(3) }),
]);

/** An encoder as JSON: in a model.json, and on its own as encoder.json. */
export const encoderSchema = z.strictObject({
  schemaVersion: z.literal(1),
  features: z.array(feature),
  target,
  missing: z.array(z.string()),
  dropped: z.array(z.strictObject({ name: z.string(), reason: z.string() })),
} satisfies Rules<Encoder>);

const layerShape = { inputs: count, outputs: count.min(1), units: z.array(z.string()), bias: numbers, biasSd: spread };

const layer = z.discriminatedUnion('storage', [
  z.strictObject({ ...layerShape, storage: z.literal('dense'), weight: numbers, weightSd: spread }),
  z.strictObject({ ...layerShape, storage: z.literal('sparse'), index: z.array(count), weight: numbers, weightSd: spread }),
]).superRefine((value, context) => {
  const { inputs, outputs } = value;
  const weights = value.storage === 'dense' ? inputs * outputs : value.index.length;
  const lengths = { units: outputs, bias: outputs, biasSd: outputs, weight: weights, weightSd: weights };
  for (const [key, length] of Object.entries(lengths)) {
    const found = value[key as keyof typeof lengths].length;
    if (found === length) continue;
    context.addIssue({ code: 'custom', path: [key], message: `has ${found} entries, its layer's shape asks for ${length}` });
  }
  const rising = value.storage === 'dense' ||
    value.index.every((at, n) => at < inputs * outputs && (n === 0 || at > value.index[n - 1]));
  if (!rising) context.addIssue({ code: 'custom', path: ['index'], message: 'must rise and stay inside the weight matrix' });
});

export type StoredLayer = z.infer<typeof layer>;

/** The whole document. Format and version are checked before, with messages of their own. */
export const modelSchema = z.strictObject({
  format: z.string(),
  schemaVersion: z.number(),
  bnnc: z.string(),
  task: z.enum(['regression', 'binary', 'multiclass']),
  activation: z.enum(ACTIVATION_NAMES),
  threshold: probability,
  fineTuned: count.min(1).optional(),
  quantized: z.number().positive().optional(),
  noiseVariance: z.number().min(0),
  inputPips: z.array(probability),
  encoder: encoderSchema,
  layers: z.array(layer).min(1),
}).superRefine(({ task, encoder, inputPips, layers }, context) => {
  const issue = (path: (string | number)[], message: string): void => context.addIssue({ code: 'custom', path, message });
  const { target: { task: targetTask }, features } = encoder;
  if (layers.length === 0) return; // told already
  if (targetTask !== task) issue(['task'], `is ${task}, but the encoder's target is for ${targetTask}`);
  if (inputPips.length !== features.length) {
    issue(['inputPips'], `has ${inputPips.length} entries for ${features.length} features`);
  }
  const outputs = encoder.target.task === 'multiclass' ? encoder.target.levels.length : 1;
  const widths = [features.reduce((sum, { columns }) => sum + columns.length, 0), ...layers.map((item) => item.outputs)];
  layers.forEach(({ inputs }, l) => {
    if (inputs !== widths[l]) issue(['layers', l, 'inputs'], `is ${inputs}, but ${widths[l]} values come in`);
  });
  if (widths[layers.length] !== outputs) {
    issue(['layers', layers.length - 1, 'outputs'], `is ${widths[layers.length]}, the target needs ${outputs}`);
  }
});
