/** Random compressed models of a real table that has numbers, levels and missing cells, some of them unknown to the encoder. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { ACTIVATION_NAMES } from '../../src/activations.js';
import { allRows, encode, fileSource, fitEncoder, readTable, subsetEncoder, type Column, type Table } from '../../src/data/index.js';
import { predictMean } from '../../src/inference/predictive/compressed.js';
import type { CompressedModel, Encoder, Task } from '../../src/types.js';
import { randomCompressed } from './random-compressed.js';

const FILE = fileURLToPath(new URL('../../datasets/penguins.csv', import.meta.url));

export const penguins: Table = await readTable(fileSource(FILE), { delimiter: 'auto', missing: [] });

/** The rows as a CSV parser gives them. */
export const penguinCells: Record<string, string>[] = readFileSync(FILE, 'utf8').trim().split('\n').slice(1)
  .map((line) => Object.fromEntries(line.split(',').map((cell, c) => [penguins.names[c], cell])));

const TARGETS: Record<string, string> = { regression: 'body_mass_g', binary: 'sex', multiclass: 'species' };

/** A model, and the encoder that it has a part of. */
export interface PartModel {
  model: CompressedModel;
  whole: Encoder;
}

const penguinModelsWith = (skips: boolean): fc.Arbitrary<PartModel> => fc.record({
  seed: fc.nat(1e6),
  task: fc.constantFrom<Task>('regression', 'binary', 'multiclass'),
  activation: fc.constantFrom(...ACTIVATION_NAMES),
  hidden: fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 3 }),
  zero: fc.constantFrom(0, 0.3, 0.9),
  /** Level that no training row has. */
  unseen: fc.constantFrom('Biscoe', 'Dream', 'Torgersen', 'Adelie', 'MALE', ''),
  /** Whether training rows have missing cells. */
  gaps: fc.boolean(),
  keep: fc.array(fc.boolean(), { minLength: 16, maxLength: 16 }),
}).map(({ task, unseen, gaps, keep, ...shape }): PartModel => {
  const name = TARGETS[task];
  const whole = (cells: Record<string, string>): boolean => Object.values(cells).every((cell) => cell !== '');
  const train = penguinCells.flatMap((cells, row) => {
    const seen = Object.entries(cells).every(([column, cell]) => column === name || cell !== unseen || cell === '');
    return cells[name] !== '' && seen && (gaps || whole(cells)) ? [row] : [];
  });
  const encoder = fitEncoder(part(train), allRows(train.length), { target: name, task: 'auto', missing: ['', 'NA'], columns: {} });
  const width = encoder.features.reduce((sum, { columns }) => sum + columns.length, 0);
  const own = subsetEncoder(encoder, keep.slice(0, width));
  // TensorFlow.js has xtanh in one hidden layer alone.
  const hidden = shape.hidden.slice(0, shape.activation === 'xtanh' ? 1 : undefined);
  return { whole: encoder, model: randomCompressed({ ...shape, hidden, task, skips, encoder: own }) };
});

/** Models with random weights, whose encoder was fitted on some of the rows and lost some of its columns. */
export const penguinModels = penguinModelsWith(false).map(({ model }) => model);
/** The same with layers that read any units before them, encoded columns included. */
export const penguinSkipParts = penguinModelsWith(true);
export const penguinSkipModels = penguinSkipParts.map(({ model }) => model);

function part(rows: number[]): Table {
  const columns = penguins.columns.map((column): Column => column.type === 'number'
    ? { type: 'number', values: Float64Array.from(rows, (row) => column.values[row]) }
    : { ...column, codes: Int32Array.from(rows, (row) => column.codes[row]) });
  return { ...penguins, rows: rows.length, lines: Int32Array.from(rows, (row) => penguins.lines[row]), columns };
}

/** What the model predicts for all rows: n means, or n x K probabilities. */
export function penguinPredictions(model: CompressedModel): Float32Array {
  const own = predictMean(model, encode(penguins, model.encoder, undefined, { target: 'none' }).x);
  return 'mean' in own ? own.mean : own.probabilities.data;
}

/** The largest difference that rounding to float32 may make, in the units of the predictions. */
export const tolerance = ({ encoder: { target } }: CompressedModel): number => (target.task === 'regression' ? 1e-5 * target.scale : 1e-5);
