/** Data whose true inputs are known, and the way of a training run from fits to the chosen restart's inclusion probabilities. */
import { startEngine } from '../../src/engine/backend.js';
import type { Assessment } from '../../src/inference/gates/assess.js';
import { bestRestart } from '../../src/inference/inclusion/restarts.js';
import { assessAndRescue } from '../../src/inference/rescue/rescue.js';
import type { NetworkShape } from '../../src/model/shape.js';
import { Stream } from '../../src/random.js';
import type { FitData } from '../../src/train/types.js';
import { fit } from '../../src/train/fit.js';
import { fitJobs } from '../../src/train/fits.js';
import type { Matrix, Spike, Task } from '../../src/types.js';

export interface Planted {
  task: Task;
  data: FitData;
  /** Rows that training does not see. */
  test: FitData;
}

/** Rows of `draw`, the inputs standardised by the training rows, and a number as target too. */
export function plant(task: Task, rows: number, testRows: number, draw: () => { x: number[]; y: number }): Planted {
  const all = Array.from({ length: rows + testRows }, draw);
  const columns = all[0].x.map((_, c) => standardised(all.map(({ x }) => x[c]), rows));
  const target = all.map(({ y }) => y);
  const y = task === 'regression' ? standardised(target, rows) : target;
  const part = (from: number, to: number): FitData => ({
    x: matrix(to - from, columns.length, (n, c) => columns[c][from + n]), y: matrix(to - from, 1, (n) => y[from + n]),
  });
  return { task, data: part(0, rows), test: part(rows, rows + testRows) };
}

function standardised(values: number[], rows: number): number[] {
  const seen = values.slice(0, rows);
  const mean = seen.reduce((sum, v) => sum + v, 0) / rows;
  const scale = Math.sqrt(seen.reduce((sum, v) => sum + (v - mean) ** 2, 0) / rows);
  return values.map((v) => (v - mean) / scale);
}

function matrix(rows: number, cols: number, at: (n: number, c: number) => number): Matrix {
  return { rows, cols, data: Float32Array.from({ length: rows * cols }, (_, k) => at(Math.floor(k / cols), k % cols)) };
}

export interface Fitted {
  assessed: Assessment[];
  best: Assessment;
  /** Inputs, counted from 1, with a PIP of at least 0.5. */
  kept: number[];
}

/** Trains with the config's defaults but for the number of restarts and the network's widths. */
export async function train(
  { task, data }: Planted, { hidden, restarts, seed, spike = 'dirac' }: { hidden: number[]; restarts: number; seed: number; spike?: Spike },
): Promise<Fitted> {
  await startEngine();
  const inputs = data.x.cols;
  const shape: NetworkShape = {
    widths: [inputs, ...hidden, 1], activation: 'silu', gates: spike === 'dirac' ? 'both' : 'none', spike, task,
    inputGroup: Int32Array.from({ length: inputs }, (_, i) => i), inputGates: inputs,
  };
  const settings = {
    shape, epochs: 4000, batch: data.x.rows, learningRate: 0.01, gateLearningRate: 5,
    prior: { inclusion: 'auto' as const, slabScale: 'auto' as const },
  };
  const stream = Stream.fromSeed(seed);
  const options = { flips: 2, rescues: 3, draws: 16, samples: 1000 };
  const assessed: Assessment[] = [];
  for (const [r, job] of fitJobs(settings, { gates: shape.gates, spike, restarts, reference: false }).entries()) {
    const { posterior } = await fit(data, job.settings, stream.split('fit', job.name));
    assessed.push((await assessAndRescue(posterior, data, job.settings, options, stream.split('assess', r)))!);
  }
  const best = assessed[bestRestart(assessed)];
  const kept = Array.from(best.inclusion.inputs, (pip, i) => (pip >= 0.5 ? i + 1 : 0)).filter((i) => i > 0);
  return { assessed, best, kept };
}
