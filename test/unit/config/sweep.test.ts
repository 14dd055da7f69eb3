import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadSweep } from '../../../src/config/sweep.js';
import type { BnncError } from '../../../src/errors.js';

async function load(text: string, name = 'sweep.yaml'): ReturnType<typeof loadSweep> {
  const cwd = mkdtempSync(join(tmpdir(), 'bnnc-sweep-'));
  writeFileSync(join(cwd, name), text);
  return loadSweep(name, cwd);
}
const faults = async (text: string): Promise<string[]> => load(text).then(() => [], (error: unknown) =>
  (error as BnncError).problems.map(({ where, message }) => `${where!.line}:${where!.column} ${message}`));

describe('loadSweep', () => {
  it('fills in what is not said', async () => {
    const plan = await load('config: bnnc.yaml\nkeys:\n  model.hidden: [[2], [4]]\n');
    expect(plan).toMatchObject({
      config: 'bnnc.yaml', method: 'random', trials: 20, folds: 5, repeats: 1, eta: 3, measure: 'full', threshold: 0.5, seed: 1,
      keys: { 'model.hidden': [[2], [4]] },
    });
    expect(plan.at('model.hidden', 1)).toMatchObject({ file: 'sweep.yaml', line: 3, column: 23 });
    const json = await load('{"method": "grid", "keys": {"search.steps": [0, 10]}}', 'sweep.json');
    expect(json).toMatchObject({ method: 'grid', config: undefined });
  });

  it('tells every fault with its place', async () => {
    expect(await faults('method: gird\ntrails: 3\nkeys:\n  search.steps: []\n  prior.slabScale: {min: 2, max: 1}\n')).toEqual([
      '2:9 trails: is no key of a sweep',
      "1:9 method: expected grid or random or halving, got the text 'gird'",
      '4:17 keys.search.steps: has fewer than 1 entries',
      '5:34 keys.prior.slabScale.max: must be above min',
    ]);
    expect(await faults('method: grid\nkeys:\n  model.hiden: [[2]]\n  data.split.test: [0.1]\n  train.seed: [1, 2]\n  prior.slabScale: {min: 1, max: 2}\n'))
      .toEqual([
        '3:16 keys.model.hiden: is no key of a config',
        '4:20 keys.data.split.test: has to be the same for all: losses on other rows cannot be compared',
        '5:15 keys.train.seed: has to be the same for all: losses on other rows cannot be compared',
        "6:20 keys.prior.slabScale: a grid needs a list of values, or 'steps' beside 'min' and 'max'",
      ]);
    expect(await faults('keys: {}\n')).toEqual(['1:7 keys: no key is given']);
    expect(await faults('keys:\n  search.steps: [0]\n  search.steps: [1]\n')).toEqual(['3:3 keys."search.steps": given twice, first on line 2']);
  });
});
