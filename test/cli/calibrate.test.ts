import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { Stream } from '../../src/random.js';
import type { Calibration } from '../../src/work/calibrate/calibrate.js';
import { bnnc } from './in-process.js';
import { temporaryFolder, type Outcome } from './program.js';

const SMALL = ['search.steps=0', 'train.epochs=150', 'train.restarts=1', 'model.hidden=[4]', 'inclusion.draws=4', 'inclusion.samples=100']
  .flatMap((each) => ['--set', each]);

let cwd: string;
beforeEach(() => {
  cwd = temporaryFolder();
  const draw = Stream.fromSeed('calibrate').normals(480);
  const rows = Array.from({ length: 120 }, (_, n) => {
    const [a, b, c, e] = draw.subarray(4 * n, 4 * n + 4);
    return [a, n % 5 === 0 ? '' : b, ['red', 'green', 'blue'][Math.floor(Math.abs(c) * 2) % 3], 2 * a + 0.5 * e > 0.3 ? 'yes' : 'no'].join(',');
  });
  writeFileSync(join(cwd, 'data.csv'), `a,b,colour,y\n${rows.join('\n')}\n`);
});

const calibrate = (...args: string[]): Promise<Outcome> => bnnc(['calibrate', ...args], { cwd });
const documentOf = ({ stdout }: Outcome): Calibration & { schemaVersion: number } =>
  JSON.parse(stdout) as Calibration & { schemaVersion: number };

describe('calibrate', () => {
  it('of a data file: one document, whatever --jobs', async () => {
    const args = ['--data', 'data.csv', '--target', 'y', ...SMALL, '--sets', '2', '--seed', '4', '--json', '--quiet'];
    const [one, two] = [await calibrate(...args, '--jobs', '1'), await calibrate(...args, '--jobs', '2')];
    expect({ code: one.code, stderr: one.stderr }).toEqual({ code: 0, stderr: '' });
    expect(two).toEqual(one);
    const document = documentOf(one);
    expect(document).toMatchObject({
      schemaVersion: 1, data: 'data.csv', target: 'y', task: 'binary', seed: 4, rows: { train: 84, validation: 12, test: 24 },
      inputs: ['a', 'b', 'colour'], signalRange: [0.3, 0.9], heldOut: { split: 'test', measure: 'accuracy' },
      rules: [{ rule: { threshold: 0.5 } }, { rule: { fdr: 0.1 } }],
    });
    const { tables, reliability, sets } = document;
    expect(document.groups).toBeUndefined(); // none of these inputs is another's twin
    expect(sets.map(({ source }) => source)).toEqual(['linear', 'network']);
    expect(sets.reduce((sum, { count }) => sum + count, 0)).toBe(tables.reduce((sum, table) => sum + table.sets.length, 0));
    for (const { sets: own, truth } of tables) {
      for (const { inputs, true: right } of own) expect(right).toBe(inputs.some((input) => truth.inputs.includes(input)));
    }
    expect(reliability.inputs).toBe(6);
    expect(reliability.bins.reduce((sum, { trueCount }) => sum + trueCount, 0))
      .toBe(tables.reduce((sum, { truth }) => sum + truth.inputs.length, 0));
    // Tables of their own: no two have the same signal or probabilities.
    expect(new Set(tables.map(({ signal }) => signal)).size).toBe(2);
    expect(new Set(tables.map(({ pips }) => pips.join())).size).toBe(2);
    for (const { signal } of tables) expect(signal > 0.3 && signal < 0.9).toBe(true);
  });

  it('of a run takes its data, its config and the signal that it reached; the seed gives other tables', async () => {
    const train = ['train', '--data', 'data.csv', '--target', 'y', ...SMALL, '--set', 'train.reference=false', '-o', 'runs/a'];
    await bnnc([...train, '--quiet'], { cwd });
    const metrics = JSON.parse(readFileSync(join(cwd, 'runs/a/metrics.json'), 'utf8')) as { full: { splits: { test: { accuracy: number } } } };
    const outcome = await calibrate('runs/a', '--sets', '1', '--json', '--quiet');
    expect({ code: outcome.code, stderr: outcome.stderr }).toEqual({ code: 0, stderr: '' });
    const document = documentOf(outcome);
    const [low, high] = document.signalRange;
    expect(low).toBe(high);
    expect(low).toBeGreaterThanOrEqual(0.05);
    // The most frequent class has half of the test rows or more: the signal is at most 2 x accuracy - 1, but for the half row.
    expect(low).toBeLessThan(Math.max(0.06, 2 * metrics.full.splits.test.accuracy - 1 + 0.02));
    const newest = await calibrate('--sets', '1', '--seed', '9', '--json', '--noise', '1');
    expect(newest.stderr).toMatch(/using runs\/a, the newest run/);
    expect(documentOf(newest)).toMatchObject({ run: 'runs/a', seed: 9, signalRange: [0.5, 0.5] });
    expect(documentOf(newest).tables.map(({ pips }) => pips)).not.toEqual(document.tables.map(({ pips }) => pips));
  });

  it('of Gaussian inputs: tables for people, in a file if asked', async () => {
    const { code, stdout, stderr } = await calibrate('--rows', '80', '--inputs', '4', '--correlation', '0.5', '--noise', '0.5', ...SMALL,
      '--sets', '2', '--threshold', '0.7', '-o', 'found.txt', '--quiet');
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '', stderr: '' });
    const text = readFileSync(join(cwd, 'found.txt'), 'utf8');
    expect(text.startsWith('2 simulated tables like Gaussian inputs (ar1, correlation 0.5): 80 training\nrows, 4 inputs, R² of the truth 0.80\n\n'))
      .toBe(true);
    expect(text).toMatch(/\nPIP +inputs +true +mean PIP +share true +95 % interval\n0 to 0.05 /);
    expect(text).toMatch(/\ncalibration error 0\.\d{3}, Brier score 0\.\d{3}\n/);
    expect(text).toMatch(/\nselected by +PIP of at least 0.7 +Bayesian FDR of at most 0.1\ninputs +\d+ +\d+\n/);
    expect(text).toMatch(/\nRMSE \(in sd of the target\) /);
  });

  it('of Gaussian inputs and classes', async () => {
    const task = 'multiclass';
    const gaussian = ['--rows', '60', '--inputs', '3', '--correlation', '0.9', '--set', `data.task=${task}`];
    const outcome = await calibrate(...gaussian, ...SMALL, '--sets', '1', '--json', '--quiet');
    expect(outcome.code).toBe(0);
    const document = documentOf(outcome);
    expect(document).toMatchObject({
      gaussian: { rows: 60, inputs: 3, correlation: 0.9, structure: 'ar1' }, task, rows: { train: 60, test: 1000 }, inputs: ['x1', 'x2', 'x3'],
    });
    // Neighbours correlate by .9 and the outer two by .81; one of three at most matters.
    const { groups, tables: [{ groups: [group], pips }] } = document;
    expect(groups!.count).toBe(1);
    expect(group).toEqual({ inputs: ['x1', 'x2', 'x3'], pip: expect.any(Number), true: true });
    expect(group.pip).toBeGreaterThanOrEqual(Math.max(...pips) - 1e-9);
  });

  it.each([
    [['runs/a', '-c', 'bnnc.yaml'], 2, /a run has its own config and data, so --config cannot be given with it/],
    [['--rows', '4', '--inputs', '3'], 2, /Gaussian inputs need --inputs and at least 5 --rows/],
    [['--rows', '50', '--inputs', '3', '--data', 'data.csv'], 2, /--data cannot be given together with --rows, --inputs/],
    [['--correlation', '1'], 2, /It must be a number from 0 to below 1/],
    [['--noise', '0'], 2, /It must be a number from 0.01 to 100/],
    [['--data', 'none.csv', '--target', 'y'], 4, /no such file/],
    [[], 6, /there is no complete run in runs\//],
  ])('%j is refused', async (args, exit, text) => {
    const { code, stdout, stderr } = await calibrate(...args);
    expect({ code, stdout }).toEqual({ code: exit, stdout: '' });
    expect(stderr).toMatch(text);
  });
});
