import { beforeAll, describe, expect, it } from 'vitest';
import { startEngine } from '../../../src/engine/backend.js';
import { drawOutputs } from '../../../src/inference/predictive/predict.js';
import { linearOutputs } from '../../../src/linear/outputs.js';
import { shapeSources, skipGraph } from '../../../src/model/graph.js';
import { Stream } from '../../../src/random.js';
import { fitJobs } from '../../../src/train/fits.js';
import { fit } from '../../../src/train/fit.js';
import { heldOutOutputs } from '../../../src/work/held-out.js';
import type { HeldOutTask } from '../../../src/work/tasks.js';
import { smallShape } from '../../helpers/worlds.js';

beforeAll(() => startEngine());

const ROWS = 40;
const stream = Stream.fromSeed('background');
const x = { rows: ROWS, cols: 3, data: stream.normals(3 * ROWS) };
/** The class is the sign of the first column. */
const y = { rows: ROWS, cols: 1, data: Float32Array.from({ length: ROWS }, (_, n) => Number(x.data[3 * n] > 0)) };
const part = { inside: Int32Array.from({ length: 30 }, (_, n) => n), outside: Int32Array.from({ length: 10 }, (_, n) => 30 + n) };
const shape = smallShape('both', 'binary', 'silu', [2]);
const jobs = fitJobs({
  shape: { ...shape, ...shapeSources(skipGraph(shape.widths)) }, epochs: 300, batch: ROWS,
  learningRate: 0.01, gateLearningRate: 5, prior: { inclusion: 'auto', slabScale: 'auto' },
}, { gates: 'both', restarts: 2, reference: false, skip: true });

const task = (name: string, over: Partial<HeldOutTask> = {}): HeldOutTask => {
  const job = jobs.find((each) => each.name === name)!;
  return {
    data: { x, y }, part, job, beside: jobs.find((each) => each.name === job.beside),
    options: { flips: 1, draws: 4, samples: 50 }, stream: [1, name], ...over,
  };
};

describe('outputs for rows held out', () => {
  it.each(['linear', 'half-open', 'two-stage'])('%s: follow the truth, and know nothing of the classes there', async (name) => {
    const told = (await heldOutOutputs(task(name)))!;
    expect([told.insideOutputs.length, told.outsideOutputs.length]).toEqual([30, 10]);
    const right = [...part.outside].filter((n, at) => told.outsideOutputs[at] > 0 === y.data[n] > 0);
    expect(right.length).toBeGreaterThanOrEqual(8);
    const other = y.data.map((label, n) => (n >= 30 ? 1 - label : label));
    expect(await heldOutOutputs(task(name, { data: { x, y: { ...y, data: other } } }))).toEqual(told);
  });

  it('are none when it was stopped', async () => {
    expect(await heldOutOutputs(task('linear'), AbortSignal.abort())).toBeUndefined();
  });
});

describe('a network with a background', () => {
  it('gives a share of its outputs, and the linear function', async () => {
    const { posterior } = await fit({ x, y }, jobs[0].settings, stream.split('fit'));
    const [alone] = drawOutputs(posterior, 4, stream.split('draws'), [x]);
    const background = { weight: Float32Array.of(0.5, -1, 2), bias: Float32Array.of(0.25), share: 0.4 };
    const [together] = drawOutputs({ ...posterior, background }, 4, stream.split('draws'), [x]);
    const added = linearOutputs(background, x);
    together.values.forEach((value, at) => expect(value).toBeCloseTo(0.4 * alone.values[at] + added[at % ROWS], 5));
  });
});
