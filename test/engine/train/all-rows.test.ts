import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startEngine } from '../../../src/engine/backend.js';
import { assess } from '../../../src/inference/gates/assess.js';
import { takeResponses } from '../../../src/likelihood/index.js';
import { takeRows } from '../../../src/maths/vector.js';
import { Stream } from '../../../src/random.js';
import { fitRows, RowReader, standsFor } from '../../../src/train/all-rows.js';
import { fit } from '../../../src/train/fit.js';
import type { FitData, FitSettings } from '../../../src/train/types.js';
import { smallShape } from '../../helpers/worlds.js';

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bnnc-all-rows-'));
  await startEngine();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ROWS = 3000;

/** Rows in memory, and the same with every third of them as the sample and all of them in a file. */
function both(weighted: boolean): { whole: FitData; large: FitData } {
  const stream = Stream.fromSeed('all rows');
  const x = { rows: ROWS, cols: 3, data: stream.normals(3 * ROWS) };
  const noise = stream.normals(ROWS);
  const values = Float32Array.from({ length: ROWS }, (_, n) => x.data[3 * n] - x.data[3 * n + 1] / 2 + 0.3 * noise[n]);
  const y = { rows: ROWS, cols: 1, data: values, ...(weighted && { weights: stream.uniforms(ROWS) }) };
  const path = join(folder, `rows-${weighted}`);
  writeFileSync(path, new Uint8Array(x.data.buffer));
  const some = Int32Array.from({ length: ROWS / 3 }, (_, n) => 3 * n);
  return {
    whole: { x, y },
    large: { x: takeRows(x, some), y: takeResponses(y, some), all: { x: { rows: ROWS, cols: 3, path }, y } },
  };
}

const settings: FitSettings = {
  shape: smallShape('both', 'regression', 'silu', [4]), epochs: 12, batch: 64, learningRate: 0.01, gateLearningRate: 5,
  prior: { inclusion: 'auto', slabScale: 'auto' },
};

describe('training rows in a file', () => {
  it.each([false, true])('give the fit of rows in memory, number for number (weights: %s)', async (weighted) => {
    const { whole, large } = both(weighted);
    const [inMemory, fromFile] = [await fit(whole, settings, Stream.fromSeed(1)), await fit(large, settings, Stream.fromSeed(1))];
    expect(fromFile.state).toEqual(inMemory.state);
    expect(fromFile.state.step).toBe(12 * Math.floor(ROWS / 64));
  });

  it('are taken by their numbers', () => {
    const { large, whole } = both(true);
    const reader = new RowReader(large.all!);
    const rows = Int32Array.of(2999, 0, 17, 17);
    expect(reader.take(rows)).toEqual({
      x: takeRows(whole.x, rows).data, y: takeRows(whole.y, rows).data,
      weights: Float32Array.from(rows, (row) => whole.y.weights![row]),
    });
    expect(() => reader.take(Int32Array.of(ROWS))).toThrow('ends too early');
    reader.close();
  });

  it('are what the bound of a network is about, estimated on the sample', async () => {
    const { whole, large } = both(false);
    expect([fitRows(whole), fitRows(large), standsFor(whole), standsFor(large)]).toEqual([ROWS, ROWS, 1, 3]);
    const { posterior } = await fit(whole, { ...settings, epochs: 40 }, Stream.fromSeed(1));
    const options = { flips: 0, draws: 8, samples: 20 };
    const [all, sample] = [whole, large].map((data) => assess(posterior, data, options, Stream.fromSeed(2)).elbo);
    expect(sample.kl).toBe(all.kl);
    expect(sample.elbo).toBeCloseTo(sample.logLikelihood - sample.kl, 6);
    // A third of the rows tell the sum over all with an error of some sqrt(3000 * 3) * 0.7 nats.
    expect(Math.abs(sample.logLikelihood - all.logLikelihood)).toBeLessThan(200);
    expect(all.logLikelihood).toBeLessThan(-400);
  });
});
