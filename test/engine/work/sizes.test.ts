/** Trained for real: a run keeps the sizes of its cut network, and `inspect` tells them without the rows. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { inspect, train } from '../../../src/index.js';
import { medianModel, readParts } from '../../../src/prune/parts.js';
import { Stream } from '../../../src/random.js';

const cwd = mkdtempSync(join(tmpdir(), 'bnnc-sizes-'));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

/** The class is mostly the sign of a: a linear fit does, whose weights `prune` fits anew to the rows. */
function csv(): string {
  const draws = Stream.fromSeed('sizes').normals(4 * 200);
  const lines = Array.from({ length: 200 }, (_, n) => {
    const [a, b, c, e] = draws.subarray(4 * n, 4 * n + 4);
    return [a.toFixed(4), b.toFixed(4), c.toFixed(4), a + 0.5 * e > 0 ? 'yes' : 'no'].join();
  });
  return ['a,b,c,y', ...lines, ''].join('\n');
}

describe.each([true, false])('sizes of a run, with a dense network: %s', (reference) => {
  it('are those of the cut that its rows give, and outlast these', async () => {
    const file = join(cwd, 'rows.csv');
    writeFileSync(file, csv());
    const run = await train({
      data: 'rows.csv', target: 'y', cwd, out: `run-${reference}`, jobs: 1, model: { hidden: [4] },
      train: { restarts: 1, epochs: 600, reference }, search: { steps: 0 }, inclusion: { draws: 8, rescues: 0 },
    });
    const { sizes } = run.metrics;
    expect(sizes).toMatchObject({ linearChosen: true, after: { nonZero: 2 } });
    expect(sizes!.after).toEqual(run.metrics.median.size);
    expect(medianModel(await readParts(run)).sizes).toEqual(sizes);
    rmSync(file);
    const found = await inspect(run.path, { cwd });
    expect(found.kind === 'run' && found.sizes).toEqual(sizes);
  });
});
