/** The commands that use a run, in the test's own process: what they print is what their documents say. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FEW, Folder, tableOf, width, type Outcome } from '../../helpers/in-process.js';

const folder = new Folder();
const rowsOf = (csv: string): Record<string, string>[] => parse(csv, { columns: true });
const lines = (text: string): string[] => text.trimEnd().split('\n');

const OTHERS = ['y', 'won', 'rank'];
const train = (target: string, ...args: string[]): Promise<Outcome> => {
  const ignored = OTHERS.filter((name) => name !== target).flatMap((name) => ['--ignore', name]);
  return folder.call(['train', '--data', 'data.csv', '--target', target, ...ignored, '--jobs', '1', ...FEW, ...args]);
};

beforeAll(async () => {
  folder.write('data.csv', tableOf(120));
  folder.write('new.csv', tableOf(30, 'new'));
  const number = await train('y', '-o', 'runs/y');
  const other = await train('y', '-o', 'runs/other', '--seed', '9', '--ignore', 'g', '--quiet');
  const two = await train('won', '-o', 'runs/won', '--seed', '2');
  const three = await train('rank', '-o', 'runs/rank', '--quiet', '--json');
  expect(number).toMatchObject({ code: 0, stdout: 'runs/y\n' });
  expect(number.stderr).toMatch(/of 4 inputs have a PIP of at least 0\.5: x1 1\.00/);
  expect(other).toMatchObject({ code: 0, stdout: 'runs/other\n' });
  expect(two).toMatchObject({ code: 0, stdout: 'runs/won\n' });
  const document = JSON.parse(three.stdout) as { path: string; inputs: { input: string }[] };
  expect(document).toMatchObject({ path: 'runs/rank' });
  expect(document.inputs.map(({ input }) => input).sort()).toEqual(['g', 'x1', 'x2', 'x3']);
}, 300_000);
afterAll(() => folder.remove());

interface Pips { inputs: { input: string; pip: number }[] }

describe('inspect', () => {
  it('shows the run as its document has it, within 80 columns', async () => {
    const text = await folder.text('inspect', 'runs/y');
    const { inputs } = await folder.json<Pips>('inspect', 'runs/y');
    expect(inputs[0].input).toBe('x1');
    for (const { input, pip } of inputs) expect(text).toMatch(new RegExp(`^${input} +${pip.toFixed(3)} `, 'm'));
    expect(text).toMatch(/^command +bnnc train --data data\.csv --target y/m);
    expect(width(text.replace(/^(command|data|versions|note:) .*$/gm, ''))).toBeLessThanOrEqual(80);
    expect(await folder.text('inspect', 'runs/rank')).toMatch(/^target +rank \(multiclass\)$/m);
  });

  it('shows the columns of a table, and what is wrong with them', async () => {
    const long = 'a cell of many words, which goes on and on for the length of a line';
    folder.write('odd.csv', 'n,pct,when,text,mixed\n'
      + `1,10 %,2024-01-02,"${long}",1\n2,20 %,2024-02-03,b,2\n3,30 %,2024-03-04,"c\td",x\n,,,,\n`);
    const text = await folder.text('inspect', 'odd.csv');
    const { columns } = await folder.json<{ columns: { name: string; kind: string; missing: number }[] }>('inspect', 'odd.csv');
    expect(text).toMatch(/^odd\.csv: 4 rows, 5 columns\n/);
    for (const { name, kind, missing } of columns) expect(text).toMatch(new RegExp(`^${name} +${kind} +${missing} `, 'm'));
    expect(text).toMatch(/10 % to 30 %/);
    expect(text).toContain('a cell of many words, w…');
    expect(text).not.toContain('\t');
    expect(width(text)).toBeLessThanOrEqual(80);
  });

  it('names the newest run where none is named, and refuses what is none', async () => {
    const { stderr } = await folder.call(['inspect']);
    expect(stderr).toMatch(/^using runs\/rank, the newest run$/m);
    mkdirSync(join(folder.path, 'empty'), { recursive: true });
    expect(await folder.call(['inspect', 'empty'])).toMatchObject({ code: 6, stdout: '' });
  });
});

describe('select-features', () => {
  it('prints names, a table or a document of the same inputs', async () => {
    const names = lines(await folder.text('select-features', 'runs/y', '--threshold', '0.5'));
    const csv = rowsOf(await folder.text('select-features', 'runs/y', '--threshold', '0.5', '--format', 'csv'));
    const { selected } = JSON.parse(await folder.text('select-features', 'runs/y', '--threshold', '0.5', '--format', 'json')) as
      { selected: { input: string; pip: number }[] };
    expect(names.slice(0, 2)).toEqual(['x1', 'x2']);
    expect(csv.map(({ input }) => input)).toEqual(names);
    expect(selected.map(({ input }) => input)).toEqual(names);
    expect(csv.map(({ rank }) => rank)).toEqual(names.map((_, at) => String(at + 1)));
    expect(lines(await folder.text('select-features', 'runs/y', '--top', '1'))).toEqual(['x1']);
    expect(lines(await folder.text('select-features', 'runs/y', '--fdr', '0.1'))).toContain('x1');
  });

  it('prints the credible sets', async () => {
    const csv = rowsOf(await folder.text('select-features', 'runs/y', '--sets', '--format', 'csv'));
    const text = await folder.text('select-features', 'runs/y', '--sets');
    expect(csv.map(({ input }) => input)).toContain('x1');
    for (const { set, input, probability } of csv) {
      expect(text).toMatch(new RegExp(`^ *${set} +${input} +${Number(probability).toFixed(3)} `, 'm'));
    }
    expect(width(text)).toBeLessThanOrEqual(80);
  });

  it('trains again with copies, and says how they did', async () => {
    const probes = await folder.call(['select-features', 'runs/y', '--probes', '--jobs', '1', '--format', 'csv']);
    expect(probes.code).toBe(0);
    const [, selected, entered] = /(\d) of 4 inputs and (\d) of as many probes have a PIP of at least 0\.5/.exec(probes.stderr)!;
    const rows = rowsOf(probes.stdout);
    expect(rows).toHaveLength(Number(selected));
    expect(rows[0].input).toBe('x1');
    expect(Number(entered)).toBeLessThan(3);
    const text = await folder.call(['select-features', 'runs/y', '--knockoffs', '--jobs', '1']);
    expect(text).toMatchObject({ code: 2, stdout: '' });
    expect(text.stderr).toMatch(/knockoffs are Gaussian, and input 'g' is text/);
    // Of three inputs none can be selected at a tenth, which allows one false one of ten.
    const knockoffs = await folder.call(['select-features', 'runs/other', '--knockoffs', '--jobs', '1', '--progress', 'json']);
    expect(knockoffs).toMatchObject({ code: 0, stdout: '' });
    expect(knockoffs.stderr).toMatch(/at this rate at least 10 inputs must beat their knockoffs/);
    expect(lines(knockoffs.stderr).some((line) => line.startsWith('{"progress":'))).toBe(true);
  }, 300_000);
});

describe('predict and evaluate', () => {
  it('predict rows from a file or stdin, as a table or as documents', async () => {
    const csv = await folder.text('predict', 'runs/y', 'new.csv', '--interval', '0.9');
    const piped = await folder.call(['predict', 'runs/y', '-', '--interval', '0.9'], { stdin: folder.read('new.csv') });
    expect(piped.stdout).toBe(csv);
    const rows = rowsOf(csv);
    expect(rows).toHaveLength(30);
    const documents = lines(await folder.text('predict', 'runs/y', 'new.csv', '--interval', '0.9', '--json'));
    documents.map((line) => JSON.parse(line) as { value: number }).forEach(({ value }, n) =>
      expect(value).toBeCloseTo(Number(Object.values(rows[n])[0]), 5));
    expect(await folder.text('predict', 'runs/y', 'new.csv', '--interval', '0.9', '-o', 'predicted.csv')).toBe('');
    expect(folder.read('predicted.csv')).toBe(csv);
    const refused = await folder.call(['predict', 'runs/y', 'new.csv', '--json', '-o', 'p.parquet']);
    expect(refused.code).toBe(2);
    expect(JSON.parse(refused.stdout)).toMatchObject({ error: { code: 'usage.output-format' } });
  });

  it('tell the threshold of a class, and the scale of effects', async () => {
    const { stdout, stderr } = await folder.call(['predict', 'runs/won', 'new.csv', '--decision-threshold', '0.2', '--explain']);
    expect(stderr).toMatch(/^predicting 'yes' from a probability of 0\.2 on$/m);
    expect(stderr).toMatch(/^effects are on the log-odds of yes$/m);
    for (const row of rowsOf(stdout)) expect(row.won ?? row.prediction).toBe(Number(row.p_yes) >= 0.2 ? 'yes' : 'no');
  });

  it('measure what predictions are worth', async () => {
    const { metrics } = await folder.json<{ metrics: { rmse: number; rows: number } }>('evaluate', 'runs/y', 'new.csv');
    const predicted = rowsOf(await folder.text('predict', 'runs/y', 'new.csv'));
    const truth = rowsOf(folder.read('new.csv')).map(({ y }) => Number(y));
    const mse = truth.reduce((sum, y, n) => sum + (y - Number(Object.values(predicted[n])[0])) ** 2, 0) / 30;
    expect(metrics.rows).toBe(30);
    expect(metrics.rmse).toBeCloseTo(Math.sqrt(mse), 4);
    const text = await folder.text('evaluate', 'runs/rank', 'new.csv');
    expect(text).toMatch(/^rows of \/ predicted as +high +low +mid/m);
    const auto = await folder.text('evaluate', 'runs/won', 'new.csv', '--decision-threshold', 'auto');
    expect(auto).toMatch(/^new\.csv: predictions of won, yes from a probability of 0\.\d+ on/);
  });

  it.each([
    ['the data first', ['predict', 'new.csv', 'runs/y'], 2, /their order is wrong/],
    ['a column that is not there', ['evaluate', 'runs/y', 'short.csv'], 4, /short\.csv/],
    ['no such run', ['predict', 'runs/none', 'new.csv'], 6, /runs\/none/],
    ['the data as output', ['predict', 'runs/y', 'new.csv', '-o', 'new.csv'], 2, /new\.csv/],
  ])('refuse %s', async (_, args, code, text) => {
    folder.write('short.csv', 'x1\n1\n');
    const outcome = await folder.call(args);
    expect(outcome).toMatchObject({ code, stdout: '' });
    expect(outcome.stderr).toMatch(text);
  });

  it('want a table where stdin is a terminal', async () => {
    const { code, stderr } = await folder.call(['predict', 'runs/y'], { terminal: true });
    expect(code).toBe(2);
    expect(stderr).toMatch(/no data/);
  });
});

describe('prune', () => {
  it('writes a model that is inspected and predicts as the document says', async () => {
    const { code, stdout, stderr } = await folder.call(
      ['prune', 'runs/y', '--threshold', 'auto', '--quantize', '--fine-tune', '20', '-o', 'small']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'small\n' });
    expect(stderr).toMatch(/^threshold auto is /m);
    expect(stderr).toMatch(/^fine-tuned in \d+ steps on \d+ training rows$/m);
    expect(stderr).toMatch(/^quantized /m);
    const { inputs } = await folder.json<Pips>('inspect', 'small');
    const text = await folder.text('inspect', 'small');
    for (const { input, pip } of inputs) expect(text).toMatch(new RegExp(`^${input} +${pip.toFixed(3)}`, 'm'));
    expect(text).toMatch(/^quantized +within /m);
    const { metrics } = await folder.json<{ metrics: { rmse: number } }>('evaluate', 'small', 'new.csv');
    // The noise has a standard deviation of a half.
    expect(metrics.rmse).toBeLessThan(0.9);
  });

  it('has the same figures in a document, with a note of the choice', async () => {
    const { code, stdout, stderr } = await folder.call(['prune', 'runs/won', '--threshold', 'auto', '--json', '-o', 'small-won']);
    const document = JSON.parse(stdout) as { path: string; threshold: number; candidates: number; choice: { chosen: number } };
    expect({ code, ...document }).toMatchObject({ code: 0, path: 'small-won', candidates: 4, threshold: document.choice.chosen });
    expect(stderr).toMatch(new RegExp(`^threshold auto is ${document.threshold}`));
  });

  it('tells what a background costs', async () => {
    const { stderr } = await folder.call(['prune', 'runs/y', '--background', '-o', 'with-all']);
    expect(stderr).toMatch(/^(with the background the model reads all 4 inputs|.*background)/m);
  });

  it('shows what each threshold keeps, in three forms', async () => {
    const { points } = JSON.parse(await folder.text('prune', 'runs/y', '--curve', 'json')) as
      { points: { threshold: number; inputs: number; weights: number }[] };
    const csv = rowsOf(await folder.text('prune', 'runs/y', '--curve', 'csv'));
    const text = await folder.text('prune', 'runs/y', '--curve');
    expect(csv).toHaveLength(points.length);
    points.forEach(({ threshold, inputs, weights }, at) => {
      expect([csv[at].threshold, csv[at].inputs, csv[at].weights].map(Number)).toEqual([threshold, inputs, weights]);
    });
    // A stricter threshold keeps no more.
    points.slice(1).forEach(({ weights }, at) => expect(weights).toBeLessThanOrEqual(points[at].weights));
    expect(csv.filter(({ chosen }) => chosen === '1')).toHaveLength(1);
    expect(width(text)).toBeLessThanOrEqual(80);
  });
});

describe('report, runs and compare', () => {
  it('writes one page, to a file or to stdout', async () => {
    expect(await folder.text('report', 'runs/y')).toBe('runs/y/report.html\n');
    const page = folder.read('runs/y/report.html');
    expect(page).toMatch(/^<!doctype html>/i);
    expect(page).not.toMatch(/<script/);
    expect(await folder.text('report', 'runs/y', '-o', '-')).toBe(page);
    expect(await folder.json('report', 'runs/won', '--interactive', '-o', 'try.html')).toMatchObject({ run: 'runs/won', report: 'try.html' });
    expect(folder.read('try.html')).toMatch(/<script/);
    expect(await folder.call(['report', 'runs/y', '-o', 'data.csv'])).toMatchObject({ code: 2, stdout: '' });
    expect(folder.read('data.csv')).toBe(tableOf(120));
  });

  it('lists the runs, the newest last', async () => {
    const { runs } = await folder.json<{ runs: { path: string; target: string }[] }>('runs');
    const all = [['runs/y', 'y'], ['runs/other', 'y'], ['runs/won', 'won'], ['runs/rank', 'rank']];
    expect(runs.map(({ path, target }) => [path, target])).toEqual(all);
    const text = lines(await folder.text('runs'));
    expect(text.slice(1).map((line) => line.split(/ +/)[0])).toEqual(all.map(([path]) => path));
    const stderr = 'there is no run in empty/; bnnc train makes one\n';
    expect(await folder.call(['runs', 'empty'])).toEqual({ code: 0, stdout: '', stderr });
  });

  it('compares two runs of one target, and refuses two targets', async () => {
    const { config, inputs, heldOut } = await folder.json<{
      config: { key: string; a: unknown; b: unknown }[]; inputs: { input: string; a: number; b: number | null }[];
      heldOut: { rows: number } | { reason: string };
    }>('compare', 'runs/y', 'runs/other');
    expect(config).toContainEqual({ key: 'train.seed', a: 1, b: 9 });
    const text = await folder.text('compare', 'runs/y', 'runs/other');
    expect(text).toMatch(/^runs\/y and runs\/other: y \(regression\)$/m);
    for (const { input, a, b } of inputs) {
      expect(text).toMatch(new RegExp(`^${input} +${a.toFixed(3)} +${input === 'g' ? 'no input' : b!.toFixed(3)}`, 'm'));
    }
    if ('reason' in heldOut) expect(text).toContain(`Predictions are not compared: ${heldOut.reason}.`);
    else expect(text).toContain(`full posterior, ${heldOut.rows} `);
    const same = await folder.text('compare', 'runs/y', 'runs/y');
    expect(same).toContain('Their configs are the same.');
    expect((await folder.call(['compare', 'runs/y', 'runs/won'])).code).not.toBe(0);
  });
});
