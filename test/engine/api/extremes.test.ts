/** Tables at the edge of what can be learned: a training ends with files of finite numbers, or refuses clearly. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { predict } from '../../../src/api/predict.js';
import { prune } from '../../../src/api/prune.js';
import { report } from '../../../src/api/report.js';
import { train } from '../../../src/api/train.js';
import { Stream } from '../../../src/random.js';
import { notFinite } from '../../helpers/not-finite.js';

type Row = Record<string, number | string>;

const SETTINGS = {
  jobs: 1, model: { hidden: [3] }, train: { epochs: 20, restarts: 1, reference: false }, inclusion: { rescues: 0, draws: 8 },
  search: { steps: 30 },
};

/** Rows of a, b and y = a + noise / 2, changed by the case. */
function rows(n: number, change: (row: { a: number; b: number; y: number }, at: number) => Row): Row[] {
  const [a, b, noise] = ['a', 'b', 'noise'].map((name) => Stream.fromSeed('extremes').split(name).normals(n));
  return Array.from({ length: n }, (_, at) => change({ a: a[at], b: b[at], y: a[at] + noise[at] / 2 }, at));
}

/** The rows with p more columns of noise. */
function wide(n: number, p: number): Row[] {
  const draws = Stream.fromSeed('wide').normals(n * p);
  return rows(n, (row, at) => ({ ...row, ...Object.fromEntries(Array.from({ length: p }, (_, c) => [`x${c}`, draws[at * p + c]])) }));
}

const CASES: Record<string, Row[]> = {
  'a constant input': rows(60, (row) => ({ ...row, b: 7 })),
  'a duplicate input': rows(60, (row) => ({ ...row, copy: row.a })),
  'collinear inputs': rows(60, (row) => ({ ...row, sum: row.a + 2 * row.b })),
  'inputs of 1e300': rows(60, (row) => ({ ...row, a: row.a * 1e300 })),
  'inputs of 1e-300': rows(60, (row) => ({ ...row, a: row.a * 1e-300 })),
  'a target of 1e300': rows(60, (row) => ({ ...row, y: row.y * 1e300 })),
  'a target of 1e-300': rows(60, (row) => ({ ...row, y: row.y * 1e-300 })),
  'more inputs than rows': wide(30, 60),
  'ten rows': rows(10, (row) => ({ ...row })),
  'an input of one level': rows(60, (row) => ({ ...row, c: 'only' })),
  'an input of 1,000 levels': rows(2000, (row, at) => ({ ...row, c: `level ${at % 1000}` })),
  'a class of 99.9 %': rows(2000, (row, at) => ({ ...row, y: at % 1000 === 0 ? 'rare' : 'usual' })),
  'a constant target': rows(60, (row) => ({ ...row, y: 3 })),
  'a target with a huge offset': rows(60, (row) => ({ ...row, y: row.y + 1e12 })),
  'an input equal to the target': rows(60, (row) => ({ ...row, same: row.y })),
};

/** Those that are refused, and how. */
const REFUSED: Record<string, RegExp> = {
  'a target of 1e300': /column 'y': the target .* is beyond 1e\+30\. Use a larger unit/,
  'a target of 1e-300': /column 'y': the targets differ by less than 1e-30\. Use a smaller unit/,
  'a constant target': /the target 'y' has the same value in every row/,
};

let folder: string;
beforeAll(() => { folder = mkdtempSync(path.join(tmpdir(), 'bnnc-extremes-')); });
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const outcome = async (name: string): Promise<string[]> => {
  const [run, model] = [path.join(folder, name), path.join(folder, `${name} model`)];
  await train({ rows: CASES[name], target: 'y', ...SETTINGS, out: run });
  await prune(run, { out: model, formats: ['json', 'js', 'safetensors', 'onnx', 'tfjs', 'savedmodel'] });
  writeFileSync(path.join(run, 'report.html'), await report(run));
  expect(await predict(model, CASES[name].slice(0, 5))).toHaveLength(5);
  return [...notFinite(run), ...notFinite(model)];
};

describe('a table with', () => {
  it.each(Object.keys(CASES).filter((name) => !(name in REFUSED)))('%s trains, and all of its numbers are finite', async (name) => {
    expect(await outcome(name)).toEqual([]);
  });

  it.each(Object.entries(REFUSED))('%s is refused, and leaves no folder', async (name, message) => {
    await expect(outcome(name)).rejects.toThrow(message);
    expect(existsSync(path.join(folder, name))).toBe(false);
  });
});
