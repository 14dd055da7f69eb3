/**
 * The config: one zod schema is the source of its types, defaults, ranges and documentation. Error messages, the JSON
 * Schema of the editors, `bnnc init` and docs/config.md all read the descriptions below; there is no second copy.
 */
import { z } from 'zod';
import { isTask, ofLikelihoods, tasks } from '../likelihood/index.js';
import type { Task } from '../types.js';
import { onCommandLine, rowKeys } from './row-schema.js';
import { spellings, timeAndEvent } from './spellings.js';
import { ACTIVATION_NAMES } from '../activations.js';
import type { JsonSchema } from './json-schema.js';

export type { JsonSchema };

const SPIKES = ['dirac', 'gaussian'] as const;
const GATES = ['both', 'node', 'weight', 'none', 'auto'] as const;
/** `auto` is UTF-8, or UTF-16 where the first bytes say so. */
const ENCODINGS = ['auto', 'utf-8', 'latin1', 'utf-16'] as const;
const THOUSANDS = ['none', ',', '.', ' ', "'"] as const;
const KINDS = ['numeric', 'categorical', 'boolean', 'ordinal', 'date', 'percent', 'ignore'] as const;
const DATES = ['auto', 'iso', 'dayFirst', 'monthFirst'] as const;

const MOST_TARGETS = 20;

const auto = z.literal('auto');
const path = z.string().min(1);
const count = (minimum: number, maximum = Number.MAX_SAFE_INTEGER) => z.int().min(minimum).max(maximum);

/** Tasks may be registered later than this is read; {@link configJsonSchema} lists them. */
const task = z.string().refine((name) => name === 'auto' || isTask(name)) as unknown as z.ZodType<'auto' | Task, 'auto' | Task>;

const bytes = count(64, 500_000_000);
const limits = z
  .strictObject({
    line: bytes.default(16_777_216).describe('Bytes of a line, or of a row whose cells have line breaks.'),
    cell: bytes.default(1_048_576).describe('Bytes of a cell, or of the name of a column.'),
    columns: count(1).default(100_000).describe('Columns.'),
    unpacked: z
      .union([auto, count(1)])
      .default('auto')
      .describe('Bytes that a gzipped table unpacks to. auto: 256 MB, or 100 times what it is packed, whichever is more.'),
  })
  .prefault({})
  .describe('How large the parts of a table may be. A table that is larger is refused: it is no table most often, or made to fill the memory.');

const column = z
  .strictObject({
    kind: z
      .enum(KINDS)
      .optional()
      .describe(
        'numeric: numbers, standardised. categorical: one indicator per level. boolean: words for yes and no, in any spelling. '
        + 'ordinal: levels in the order of levels, as a number. date: elapsed days, year, month, weekday and hour, under one gate. '
        + 'percent: numbers with a percent sign. ignore: not an input.',
      ),
    levels: z
      .array(z.union([z.string(), z.number()]))
      .optional()
      .describe('Only with kind: ordinal. The levels, from the lowest to the highest.'),
    keep: z.boolean().optional().describe('true: the column is an input whatever the rows say, as a treatment or a confounder is. No PIP is claimed for it.'),
    prior: z.number().gt(0).lt(1).optional().describe('Prior inclusion probability of this input, in place of what it shares with the others.'),
  })
  .describe('What to do with one column.');

const data = z
  .strictObject({
    path: path.describe(`The table: CSV, JSON Lines or Parquet, plain or gzipped; its path is relative to this file. '-' is stdin, duckdb:FILE a database. ${onCommandLine('data')}`),
    query: z
      .string()
      .min(1)
      .nullable()
      .default(null)
      .describe(`Which rows of the database that path names: a query in SQL. ${onCommandLine('query')}`),
    target: z
      .union([z.string().min(1), z.array(z.string().min(1)).min(1).max(MOST_TARGETS)])
      .describe(`The column to predict, or a list of columns of numbers, [a, b], that one network predicts together. ${onCommandLine('target')}`),
    task: task
      .default('auto')
      .describe('What the target is: a number (regression), one of two classes (binary) or of more (multiclass, or ordinal where they have an order), a number with heavy tails '
        + '(student), with noise that depends on the inputs (varying) or of which the logarithm is one (log-regression), a count (counts, or poisson '
        + 'where counts do not vary more than by chance), a time to an event (weibull or log-normal). Of a list of targets: numbers (several). auto: depends on its values.'),
    delimiter: z
      .union([auto, z.string().length(1).regex(/^[^"\r\nA-Za-z0-9]$/)])
      .default('auto')
      .describe('The character between cells ("\\t" is a tab). auto: comma, semicolon, tab or bar, whichever the header has most often.'),
    encoding: z
      .enum(ENCODINGS)
      .default('auto')
      .describe('How the file writes characters. auto: UTF-8, or UTF-16 if the file begins so. latin1: Latin-1 and Windows-1252.'),
    quote: z
      .enum(['double', 'none'])
      .default('double')
      .describe('double: a cell may stand in double quotes. none: a double quote is a sign like any other, and no cell has line breaks.'),
    decimal: z.enum(['.', ',']).default('.').describe('The sign before the fraction of a number.'),
    thousands: z
      .enum(THOUSANDS)
      .default('none')
      .describe("The sign between groups of three digits. ' ' is also a space that does not break."),
    missing: z
      .array(z.string())
      .default(['', 'NA', '?'])
      .describe('Texts that count as a missing cell. A list given here replaces the default list.'),
    dates: z
      .enum(DATES)
      .default('auto')
      .describe('Which part of a date comes first where that is not the year. auto: the one that all cells of a column allow, and the day with dots between.'),
    columns: z
      .record(z.string(), column)
      .default({})
      .describe('Columns to be read otherwise than inferred, by name: {zip: {kind: categorical}, id: {kind: ignore}}.'),
    groups: z
      .record(z.string().min(1), z.array(z.string()).min(2).describe('Columns of one group.'))
      .default({})
      .describe('Columns that come in together: one gate, and one PIP, for all columns of a group. {site: [latitude, longitude]}.'),
    minLevel: z
      .union([auto, count(1)])
      .default('auto')
      .describe('Training rows that a level of a text column needs; rarer ones share the level (rare). auto: 1, or as many as leave 100 levels.'),
    limits,
    ...rowKeys,
  })
  .describe('The table to learn from.');

const model = z
  .strictObject({
    hidden: z
      .array(count(1, 65536))
      .max(32)
      .default([32, 16])
      .describe(`Units of each hidden layer, from the inputs on. []: no hidden layer, a linear model. ${onCommandLine('hidden')}`),
    skip: z
      .boolean()
      .default(true)
      .describe('Every layer also reads the inputs, so that the network contains the linear model. false: each layer reads the one before alone.'),
    background: z
      .boolean()
      .default(true)
      .describe('Predict by a share of the network and what many weak effects contribute, as a ridge fit of what that leaves over. Where the noise is not normal, with model.skip.'),
    activation: z.enum(ACTIVATION_NAMES).default('silu').describe('Activation function of the hidden units; xtanh is a tanh(a).'),
    gates: z
      .enum(GATES)
      .default('both')
      .describe(
        'Which parts have gates: units and inputs (node), single weights (weight), both of these, or none (the dense network). '
        + 'auto: tries both and weight, and keeps the one with the higher ELBO; this doubles the fits. '
        + 'prior.spike: gaussian allows only none, its default.',
      ),
  })
  .prefault({})
  .describe('The network.');

const prior = z
  .strictObject({
    spike: z
      .enum(SPIKES)
      .default('dirac')
      .describe(
        'Form of the spike. dirac: a weight that is off is exactly zero. gaussian: a weight that is off is small; '
        + 'there are no gates (model.gates: none), and the probabilities come from the weights alone.',
      ),
    inclusion: z
      .union([auto, z.number().gt(0).lt(1)])
      .default('auto')
      .describe('Prior probability that a gate is on; with spike: gaussian, that a weight is on. auto: estimated for each layer during training (empirical Bayes).'),
    slabScale: z
      .union([auto, z.number().min(1e-3).max(1e3)])
      .default('auto')
      .describe('Prior standard deviation of a weight that is on. auto: estimated for each layer during training.'),
    spikeScale: z
      .number()
      .min(1e-3)
      .max(0.5)
      .default(0.05)
      .describe('Only with spike: gaussian. Prior standard deviation of a weight that is off, as a share of slabScale.'),
  })
  .prefault({})
  .describe('The spike-and-slab prior.');

const train = z
  .strictObject({
    epochs: z
      .union([auto, count(1)])
      .default('auto')
      .describe('Passes over the training rows. auto: as many as make about 4000 steps, whatever the number of rows.'),
    batch: z
      .union([auto, count(1)])
      .default('auto')
      .describe('Rows per step. auto: all rows up to 1024 training rows, else 256.'),
    learningRate: z.number().gt(0).max(10).default(0.01).describe("Step size of Adam. Wide networks do well with 0.001 to 0.003."),
    gateLearningRate: z.number().gt(0).max(1000).default(5).describe('Step size of the gates, as a multiple of learningRate.'),
    restarts: z
      .union([auto, count(1)])
      .default('auto')
      .describe(
        'Number of independent fits, beside the linear ones with model.skip. The one with the highest ELBO is kept; the others show how stable the result is. ' +
          'With gates: both they begin differently (docs/method.md, Candidates). auto: with model.skip and gates: both two at a time, up to 8, as long as the last two changed the answer; else 4; with a search over structures one, without linear ones.',
      ),
    temperature: z
      .union([auto, z.number().min(0.01).max(1)])
      .default(1)
      .describe(
        'Below 1, the gates are trained as if there were 1/temperature times as many rows, so more of the network is kept. ' +
          'PIPs are probabilities only at 1. auto: 1, 0.1 or 0.03, by 3-fold cross-validation on the training rows (nine more fits).',
      ),
    partitions: count(1).max(1000).default(1).describe(
      'Units among which the training rows are divided at random. Each trains on its own rows, and their states are joined in turn (docs/method.md, Partitions).'),
    rounds: count(1).default(40).describe('About how often in a fit the units of partitions are joined.'),
    seed: count(0).default(1).describe(`Seed of every random draw, including the split. ${onCommandLine('seed')}`),
    reference: z.boolean().default(true).describe('Also train the dense network of the same shape (mean field, no gates) for comparison.'),
    warm: path
      .nullable()
      .default(null)
      .describe(
        'Folder of a finished run of the same target and the same kind of network: fits begin where its fits have ended, and are shorter. ' +
          `Columns are matched by name. ${onCommandLine('warm')}`,
      ),
  })
  .prefault({})
  .describe('The optimiser.');

const inclusion = z
  .strictObject({
    flips: count(0).default(2).describe('Sweeps over all node gates after training. Each sweep sets every gate to its exact fixed point.'),
    rescues: z
      .union([auto, count(0)])
      .default('auto')
      .describe(
        'Largest number of passes that open closed gates again and train further. A pass is kept if it raises the ELBO; otherwise it is the last one. ' +
          'auto: 3, and none where a search over structures follows.',
      ),
    draws: count(1).default(16).describe('Monte Carlo draws of the network for each gate in a sweep.'),
    samples: count(100)
      .default(1000)
      .describe('Number of sampled networks from which the PIPs of nodes and inputs are estimated.'),
  })
  .prefault({})
  .describe('How posterior inclusion probabilities are computed after training.');

const search = z
  .strictObject({
    steps: z
      .union([auto, count(0)])
      .default('auto')
      .describe(
        'Steps of each chain over structures of the living network, after the fits. With a search the PIPs, predictions and pruned networks are its. ' +
          'auto: as many as take about 5 seconds, up to 5000; no search where these are fewer than 300. 0: no search, variational inference alone.',
      ),
  })
  .prefault({})
  .describe('The search over structures after training (docs/method.md, Structure search).');

/** The whole config as resolved from all sources: `data.path` and `data.target` are there. */
export const configSchema = z.strictObject({ data, model, prior, train, inclusion, search });

/**
 * What a single source (a file, a `--set`, a flag) may say: the same keys, none of them required, and in a file the
 * `$schema` line by which editors find the JSON Schema.
 */
export const sourceSchema = z.strictObject({
  $schema: z.string().optional().describe('Where editors find the JSON Schema of this file. bnnc itself ignores it.'),
  data: data
    .partial({ path: true, target: true })
    .extend({
      target: z
        .union([z.string().min(1), z.array(z.string().min(1)).min(1).max(MOST_TARGETS), timeAndEvent])
        .optional()
        .describe(`${data.shape.target.description!} {time: t, event: d} is the target t with data.event: d.`),
      ...spellings,
    })
    .prefault({}).describe(data.description!),
  model,
  prior,
  train,
  inclusion,
  search,
});

/** A config as a program writes it: sections and keys as in the file, all of them optional. */
export type ConfigInput = z.input<typeof sourceSchema>;

/** The resolved config. */
export type Config = z.infer<typeof configSchema>;

const jsonSchema = ofLikelihoods((): Readonly<JsonSchema> => {
  const schema = z.toJSONSchema(sourceSchema, { target: 'draft-07', io: 'input' }) as JsonSchema;
  schema.properties!.data.properties!.task.enum = ['auto', ...tasks()];
  return {
    ...schema,
    title: 'bnnc config',
    description: 'Data, network, prior and training of a spike-and-slab Bayesian neural network trained by bnnc.',
  };
});

/**
 * The JSON Schema of a config file, as committed in configs/bnnc.schema.json. Draft 7, which is the newest that the YAML
 * extensions of the common editors claim to understand. Nothing is required, because `--data` and `--target` may supply
 * the two keys that have no default. One object, shared: not to be changed.
 */
export const configJsonSchema = (): Readonly<JsonSchema> => jsonSchema();
