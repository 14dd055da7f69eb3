/** Tables of Gaussian inputs in the form of a table that was read; their target is still to be drawn. */
import type { Config } from '../../config/schema.js';
import { classesOf, simulationOf } from '../../likelihood/index.js';
import type { Stream } from '../../random.js';
import { drawInputs, type InputsSetting } from '../../simulate/inputs.js';
import { planTraining } from '../../train/plan.js';
import type { Encoder, Feature, LabelledDataset, Matrix, Task } from '../../types.js';
import { networkShape, type Prepared } from '../prepare.js';
import { fitDataOf } from '../weights.js';

export interface Synthetic extends InputsSetting {
  /** Training rows. */
  rows: number;
  task: Task;
}

/** Rows beside the training rows, on which the models are measured. */
const TEST_ROWS = 1000;

/**
 * Draws the inputs of one table: training rows and test rows, standardised by the training rows. The target is none yet: zeros,
 * or classes of equal shares.
 */
export function drawSynthetic(synthetic: Synthetic, config: Pick<Config, 'model' | 'prior' | 'train'>, stream: Stream): Prepared {
  const { rows, task } = synthetic;
  const x = drawInputs(rows, synthetic, stream.split('train'));
  const columns = Array.from({ length: synthetic.inputs }, (_, c) => moments(x, c));
  const features = columns.map(({ mean, scale }, c): Feature => {
    const name = `x${c + 1}`;
    return { name, kind: 'numeric', columns: [{ name, type: 'number', mean, scale }] };
  });
  const target = simulationOf(task).invented('y');
  const classes = classesOf(target)?.length ?? 0;
  const encoder: Encoder = { schemaVersion: 1, features, target, missing: [], dropped: [] };
  const standardised = ({ rows: count, cols, data }: Matrix): LabelledDataset => ({
    x: { rows: count, cols, data: data.map((value, at) => (value - columns[at % cols].mean) / columns[at % cols].scale) },
    y: Float32Array.from({ length: count }, (_, n) => (classes > 0 ? n % classes : 0)),
  });
  const sets = { train: standardised(x), test: standardised(drawInputs(TEST_ROWS, synthetic, stream.split('test'))) };
  const shape = networkShape(config, encoder);
  const range = (from: number, length: number): Int32Array => Int32Array.from({ length }, (_, n) => from + n);
  return {
    table: { rows: rows + TEST_ROWS, sha256: '' },
    splits: { train: range(0, rows), validation: range(0, 0), test: range(rows, TEST_ROWS) },
    encoder, sets, shape, plan: planTraining(rows, config.train),
    fitData: fitDataOf(sets.train, shape, target),
  };
}

function moments({ rows, cols, data }: Matrix, c: number): { mean: number; scale: number } {
  const values = Float64Array.from({ length: rows }, (_, n) => data[n * cols + c]);
  const mean = values.reduce((sum, v) => sum + v, 0) / rows;
  return { mean, scale: Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / rows) };
}
