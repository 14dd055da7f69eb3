/** Keys of the data section that are about rows: how they are divided, and how much they count. */
import { z } from 'zod';

const path = z.string().min(1);
const share = z.number().min(0).lt(1);
/** Of a key that has a flag of its own. */
export const onCommandLine = (flag: string): string => `On the command line: --${flag}.`;

const columnName = z.string().min(1).nullable().default(null);

const split = z
  .strictObject({
    validation: share.default(0.1).describe('Share of the rows held out for validation: to choose the threshold and to check fine-tuning.'),
    test: share.default(0.2).describe('Share of the rows held out for testing: to measure the finished models. Ignored with testFile.'),
    stratify: z.boolean().default(true).describe('Keep the class proportions the same in all parts (classification only).'),
    testFile: path
      .nullable()
      .default(null)
      .describe('A table of test rows with the same columns; its path is relative to this file. '
        + `Then no row of data.path is a test row. ${onCommandLine('test')}`),
    testQuery: z.string().min(1).nullable().default(null)
      .describe(`Which rows of the database that testFile names: a query in SQL. ${onCommandLine('test-query')}`),
    group: columnName.describe('A column whose rows of one value stay together, such as the patient. It is no input.'),
    time: columnName.describe(
      'A column of numbers or dates (data.dates): training rows are earlier than validation rows, and these earlier than test rows. It is no input. ' +
        'With group, groups are ordered by when they begin, and rows of a group that reach into a later part are left out.',
    ),
  })
  .prefault({})
  .describe('How the rows are divided into training, validation and test rows. The division depends on train.seed.');

export const rowKeys = {
  exposure: columnName.describe('Of counts: a column that says in how much time, or of how many, each row was counted. Predictions are rates times it. It is no input.'),
  event: columnName.describe('Of times: a column that says whether the event came at the time of the target (1, true, yes) or had not come by then (0, false, no). It is no input.'),
  weights: columnName.describe('A column that says how much each row counts, in learning and in all metrics. It is no input.'),
  weightScale: z
    .enum(['mean', 'none'])
    .default('mean')
    .describe('mean: weights are divided by their mean over the training rows, so that these count as many as they are. none: a row of weight 3 counts as three rows.'),
  classWeights: z
    .union([z.literal('balanced'), z.record(z.string(), z.number().gt(0).max(1e6))])
    .nullable()
    .default(null)
    .describe('How much rows of each class count in learning, beside data.weights: {a: 2, b: 1}. balanced: all classes count alike. Metrics do not have it.'),
  unlabelled: z
    .enum(['error', 'drop'])
    .default('error')
    .describe('What to do about rows without a target: drop leaves them out and says how many.'),
  split,
};
