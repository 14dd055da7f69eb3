/** Evaluating exported models of which rows have weights: whole weights are repeated rows. */
import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { allRows, fitEncoder } from '../../../src/data/index.js';
import { readJsonModel, writeJsonModel } from '../../../src/export/json/json.js';
import { evaluate, type Row } from '../../../src/index.js';
import type { CompressedModel, Task } from '../../../src/types.js';
import { penguinCells, penguinModels } from '../../helpers/penguins.js';
import { read } from '../data/sources.js';

const sampled = fc.sample(penguinModels, { numRuns: 200, seed: 11 });
const modelOf = (task: Task): CompressedModel => {
  const model = sampled.find((each) => each.task === task && each.encoder.features.length > 2)!;
  const weighed = { ...model, encoder: { ...model.encoder, weights: 'w' } };
  return readJsonModel(writeJsonModel(weighed, '0'), 'model.json');
};
const cells = penguinCells.filter((each) => Object.values(each).every((cell) => cell !== ''));
const countOf = (n: number): number => (n * 7) % 4;
const rows: Row[] = cells.map((each, n) => ({ ...each, w: countOf(n) }));
const repeated = cells.flatMap((each, n) => Array.from({ length: countOf(n) }, () => ({ ...each, w: 1 })));

describe.each(['regression', 'binary', 'multiclass'] as const)('evaluating weighted rows: %s', (task) => {
  it('gives the figures of rows that are repeated as often', async () => {
    const model = modelOf(task);
    const [one, other] = [await evaluate(model, rows), await evaluate(model, repeated)];
    expect(one.weights).toBe('w');
    const names = Object.keys(other.metrics).filter((name) => name !== 'rows' && !name.endsWith('Se'));
    expect(names.length).toBeGreaterThan(5);
    for (const name of names) expect(one.metrics[name]).toBeCloseTo(other.metrics[name]!, 9);
    expect(one.metrics.rows).toBe(rows.length);
  });

  it('counts each row once where the column is absent, and says so', async () => {
    const told: string[] = [];
    const onWarning = (text: string): void => { told.push(text); };
    const bare = await evaluate(modelOf(task), cells, { onWarning });
    expect(bare.weights).toBeUndefined();
    expect(told).toContain("<rows>: there is no column 'w', by which training rows were weighed: each row counts once");
    const plain = await evaluate(modelOf(task), rows.map((row) => ({ ...row, w: 1 })));
    expect(bare.metrics.nll).toBeCloseTo(plain.metrics.nll, 9);
    expect(bare.metrics.nll).not.toBeCloseTo((await evaluate(modelOf(task), rows)).metrics.nll, 6);
  });
});

it('refuses what is no weight, and says where', async () => {
  const broken = rows.map((row, n) => (n === 4 ? { ...row, w: -1 } : row));
  await expect(evaluate(modelOf('binary'), broken)).rejects.toMatchObject({
    problems: [{ code: 'data.weight', where: { file: '<rows>', line: 5 } }],
  });
});

it('has the column of weights from the config', async () => {
  const table = await read('x,w,y\n1,1,2\n2,1,3\n4,2,1\n5,1,7\n');
  const options = { target: 'y', task: 'auto', missing: [], columns: {} } as const;
  const encoder = fitEncoder(table, allRows(table.rows), { ...options, missing: [], weights: 'w' });
  expect(encoder.weights).toBe('w');
  expect(fitEncoder(table, allRows(table.rows), { ...options, missing: [] })).not.toHaveProperty('weights');
});
