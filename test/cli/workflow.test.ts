import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXPORT_FILES, EXPORT_FORMATS } from '../../src/export/formats.js';
import { Stream } from '../../src/random.js';
import { bnnc } from './in-process.js';
import { bash, BIN } from './program.js';

/** y = 2 x1 - x2 + noise; x3 and the group g are noise. */
function makeCsv(rows: number, seed: string, { target = true } = {}): string {
  const draw = Stream.fromSeed(seed).normals(rows * 4);
  const lines = Array.from({ length: rows }, (_, n) => {
    const [a, b, c, e] = draw.subarray(4 * n, 4 * n + 4);
    const cells = [a.toFixed(4), b.toFixed(4), c.toFixed(4), n % 3 === 0 ? 'red' : 'blue, dark'];
    return [...cells.map((cell) => (cell.includes(',') ? `"${cell}"` : cell)), ...(target ? [(10 + 2 * a - b + 0.1 * e).toFixed(4)] : [])].join(',');
  });
  return `${['x1', 'x2', 'x3', 'g', ...(target ? ['y'] : [])].join(',')}\n${lines.join('\n')}\n`;
}

const SMALL = ['--set', 'model.hidden=[4]', '--set', 'search.steps=0', '--set', 'train.epochs=600', '--set', 'train.restarts=1', '--set', 'inclusion.draws=8'];

let cwd: string;
let train: Awaited<ReturnType<typeof bnnc>>;

beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), 'bnnc-workflow-'));
  writeFileSync(join(cwd, 'data.csv'), makeCsv(150, 'train'));
  writeFileSync(join(cwd, 'new.csv'), makeCsv(2500, 'new', { target: false }));
  writeFileSync(join(cwd, 'test.csv'), makeCsv(80, 'test'));
  train = await bnnc(['train', '--data', 'data.csv', '--target', 'y', ...SMALL], { cwd });
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const read = (path: string): string => readFileSync(join(cwd, path), 'utf8');

/** Names of the models in the table of metrics. */
const modelsOf = (text: string): string[] => {
  const [, rows] = /^30 test rows +RMSE +NLL \(nats\) +90 % coverage\n((?:\S.*\n)*)/m.exec(text)!;
  return rows.split('\n').filter((row) => / ± /.test(row)).map((row) => row.split(/ {2,}/)[0]);
};

describe('train', () => {
  it('prints the path of the run and nothing else on stdout', () => {
    expect(train).toMatchObject({ code: 0, stdout: 'runs/data-1\n' });
    expect(train.stderr).toMatch(/2 of 4 inputs have a PIP of at least 0\.5: x1 1\.00, x2 /);
    expect(modelsOf(train.stderr)).toEqual(['no inputs', 'linear', 'dense', 'full posterior', 'median model']);
  });

  it('writes the run folder of the contract', () => {
    expect(readdirSync(join(cwd, 'runs'))).toEqual(['data-1']);
    const names = readdirSync(join(cwd, 'runs/data-1'));
    for (const name of ['config.yaml', 'encoder.json', 'posterior.safetensors', 'inclusion', 'metrics.json', 'history.csv', 'manifest.json']) {
      expect(names).toContain(name);
    }
    expect(names).not.toContain('checkpoint');
    const rows = parse<{ input: string }>(read('runs/data-1/inclusion/inputs.csv'), { columns: true });
    expect(rows.map(({ input }) => input).slice(0, 2)).toEqual(['x1', 'x2']);
  });

  it('gives the same bytes again, from a file as from a pipe, in everything but the manifest', async () => {
    const again = await bash(`cat data.csv | bnnc train --data - --target y --quiet -o again ${SMALL.map((word) => `'${word}'`).join(' ')}`, { cwd });
    expect(again).toEqual({ code: 0, stdout: 'again\n', stderr: '' });
    const listed = (path: string): string[] => Object.keys((JSON.parse(read(`${path}/manifest.json`)) as { files: object }).files);
    expect(listed('again')).toEqual(listed('runs/data-1'));
    for (const name of listed('again').filter((each) => each !== 'config.yaml')) {
      expect(read(`again/${name}`), name).toBe(read(`runs/data-1/${name}`));
    }
  });

  it('tells with --dry-run what would be trained, and trains nothing', async () => {
    const { code, stdout } = await bnnc(['train', '--data', 'data.csv', '--target', 'y', '--dry-run', '-o', 'never'], { cwd });
    expect(code).toBe(0);
    expect(stdout).toMatch(/105 training, 15 validation, 30 test rows/);
    expect(stdout).toMatch(/inputs +4, as 4 encoded columns/);
    // Beside those of 4-32-16-1, 705, the edges from the inputs to the second hidden layer and to the output.
    expect(stdout).toMatch(/network +4-32-16-1, 773 parameters/);
    expect(stdout).toMatch(/^fits +1 restart and the dense reference$/m);
    expect(stdout).toMatch(/^search +up to 10,000 steps a chain, three times as many where chains disagree$/m);
    expect(existsSync(join(cwd, 'never'))).toBe(false);
  });

  it.each<[string, string[], number, RegExp]>([
    ['an existing run', ['--data', 'data.csv', '--target', 'y', '-o', 'runs/data-1'], 6, /^runs\/data-1: a run exists here already\. .*--force/m],
    ['no data', ['--target', 'y'], 3, /data\.path is missing/],
    ['an unknown key', ['--data', 'data.csv', '--target', 'y', '--set', 'train.epoch=5'], 3, /train\.epoch.*Did you mean 'train\.epochs'/],
    ['a missing file', ['--data', 'dat.csv', '--target', 'y'], 4, /^dat\.csv: no such file/m],
    ['an unknown target', ['--data', 'data.csv', '--target', 'z'], 4, /'z'/],
    ['a lost config', ['-c', 'none.yaml'], 3, /none\.yaml/],
    ['--resume with other settings', ['--resume', 'runs/data-1', '--seed', '3'], 2, /--seed cannot be given with it/],
    ['--resume of a complete run', ['--resume', 'runs/data-1'], 6, /complete/],
    ['--resume of nothing', ['--resume', 'runs/zzz'], 6, /no such run/],
    ['an unknown engine', ['--data', 'data.csv', '--target', 'y', '--engine', 'gpu'], 2, /Allowed choices are auto, native, wasm/],
  ])('%s: exit code and remedy, nothing left behind', async (_name, args, expected, text) => {
    const before = readdirSync(join(cwd, 'runs'));
    const { code, stdout, stderr } = await bnnc(['train', ...args, ...(args.includes('--resume') ? [] : SMALL)], { cwd });
    expect({ code, stdout }).toEqual({ code: expected, stdout: '' });
    expect(stderr).toMatch(text);
    expect(readdirSync(join(cwd, 'runs'))).toEqual(before);
  });
});

describe('prune', () => {
  it('exports the smaller model and tells the price', async () => {
    const { code, stdout, stderr } = await bnnc(['prune', '--threshold', '0.5', '-o', 'small'], { cwd });
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'small\n' });
    expect(readdirSync(join(cwd, 'small')).sort()).toEqual([
      'SHA256SUMS', 'encoder.json', 'model-card.json', 'model-card.md', 'model.json', 'model.onnx', 'report.json',
    ]);
    expect(stderr).toMatch(/^using runs\/data-1, the newest run\nkept 2 of 4 inputs at 0\.5: x1 1\.00, x2/m);
    expect(modelsOf(stderr)).toEqual(['no inputs', 'linear', 'dense', 'full posterior', 'pruned', 'exported']);
    expect(stderr).toMatch(/parameters +29 /);
    const report = JSON.parse(read('small/report.json')) as { metrics: { pruned: object; exported: { rmse: number } } };
    const metrics = JSON.parse(read('runs/data-1/metrics.json')) as { median: { splits: { test: object } } };
    expect(report.metrics.pruned).toEqual(metrics.median.splits.test);
    expect(report.metrics.exported.rmse).toBeLessThan(0.3);
  });

  it('refuses an existing folder without --force, and never touches a foreign one', async () => {
    writeFileSync(join(cwd, 'new.csv.notes'), '');
    const existing = await bnnc(['prune', 'runs/data-1', '-o', 'small'], { cwd });
    expect(existing.code).toBe(6);
    expect(existing.stderr).toMatch(/^small: a model exists here already\. Replace it with --force/);
    for (const place of ['.', 'runs/data-1', 'data.csv']) {
      const refused = await bnnc(['prune', 'runs/data-1', '-o', place, '--force'], { cwd });
      expect([place, refused.code]).toEqual([place, 6]);
    }
    expect((await bnnc(['prune', 'runs/data-1', '-o', 'small', '--force'], { cwd })).code).toBe(0);
    expect(readdirSync(cwd).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('goes to pruned/ in the run by default; --json is one document', async () => {
    const { code, stdout, stderr } = await bnnc(['prune', 'runs/data-1', '--json', '--format', 'json', '--level', 'input'], { cwd });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const document = JSON.parse(stdout) as Record<string, unknown>;
    expect(document).toMatchObject({ schemaVersion: 1, path: 'runs/data-1/pruned', level: 'input', candidates: 4 });
    expect((await bnnc(['inspect', 'runs/data-1/pruned'], { cwd })).stdout).toMatch(/x1 +1\.000/);
    rmSync(join(cwd, 'runs/data-1/pruned'), { recursive: true });
  });

  it('says so when the data file is not the one of the run', async () => {
    const data = read('data.csv');
    writeFileSync(join(cwd, 'data.csv'), data.replace('red', 'blu'));
    const { code, stderr } = await bnnc(['prune', 'runs/data-1', '-o', 'other'], { cwd });
    writeFileSync(join(cwd, 'data.csv'), data);
    expect(code).toBe(0);
    expect(stderr).toMatch(/no metrics: .*data\.csv has changed since the run/);
  });
});

describe('predict', () => {
  const truth = () => parse<Record<string, string>>(read('new.csv'), { columns: true })
    .map(({ x1, x2 }) => 10 + 2 * Number(x1) - Number(x2));

  it('predicts every row, in order, with an interval', async () => {
    const { code, stdout, stderr } = await bnnc(['predict', 'runs/data-1', 'new.csv', '--interval', '0.9'], { cwd });
    expect(code).toBe(0);
    expect(stderr).not.toMatch(/fault/);
    const rows = parse<{ y: number; y_lower: number; y_upper: number }>(stdout, { columns: true, cast: true });
    expect(Object.keys(rows[0])).toEqual(['y', 'y_lower', 'y_upper']);
    expect(rows.length).toBe(2500);
    const expected = truth();
    const errors = rows.map(({ y }, n) => Math.abs(y - expected[n]));
    expect(errors.reduce((sum, error) => sum + error, 0) / errors.length).toBeLessThan(0.3);
    expect(rows.every(({ y, y_lower, y_upper }) => y_lower < y && y < y_upper)).toBe(true);
  });

  it('takes stdin, `-` and nothing alike, and writes a file with -o', async () => {
    await bnnc(['prune', 'runs/data-1', '-o', 'model', '--force'], { cwd });
    const named = await bnnc(['predict', 'model', 'new.csv'], { cwd });
    expect(named.stdout.split('\n').length).toBe(2502);
    const input = read('new.csv');
    expect((await bnnc(['predict', 'model', '-'], { cwd, input })).stdout).toBe(named.stdout);
    expect((await bnnc(['predict', 'model'], { cwd, input })).stdout).toBe(named.stdout);
    expect((await bnnc(['predict', 'model/model.json', 'new.csv'], { cwd })).stdout).toBe(named.stdout);
    await bnnc(['prune', 'runs/data-1', '-o', 'tensors', '--format', 'safetensors', '--force'], { cwd });
    for (const model of ['tensors', 'tensors/model.safetensors']) {
      expect((await bnnc(['predict', model, 'new.csv'], { cwd })).stdout).toBe(named.stdout);
      expect((await bnnc(['inspect', model], { cwd })).stdout).toMatch(/^model +tensors\/model\.safetensors\n/);
    }
    expect(await bnnc(['predict', 'model', 'new.csv', '-o', 'out.csv'], { cwd })).toMatchObject({ code: 0, stdout: '' });
    expect(read('out.csv')).toBe(named.stdout);
  });

  it('writes the format that the ending of -o asks for', async () => {
    const shown = async (file: string): Promise<string> => (await bnnc(['inspect', file], { cwd })).stdout.replace(file, 'FILE');
    for (const out of ['out.jsonl', 'out.parquet', 'out.csv.gz']) {
      expect(await bnnc(['predict', 'model', 'new.csv', '-o', out], { cwd })).toMatchObject({ code: 0, stdout: '' });
      expect(await shown(out)).toBe(await shown('out.csv'));
    }
    // What is predicted for is read by its first bytes, through a pipe as well.
    const lines = read('new.csv').trim().split('\n').map((line) => line.split(','));
    const input = lines.slice(1).map((cells) => JSON.stringify(Object.fromEntries(lines[0].map((name, at) => [name, cells[at]])))).join('\n');
    expect((await bnnc(['predict', 'model', '-'], { cwd, input })).stdout).toBe(read('out.csv'));
    const refused = await bnnc(['predict', 'model', 'new.csv', '--json', '-o', 'no.parquet'], { cwd });
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringMatching(/Parquet.*\.jsonl/) as unknown });
    expect(existsSync(join(cwd, 'no.parquet'))).toBe(false);
  });

  it('takes the newest run when only data is named', async () => {
    const { code, stderr, stdout } = await bnnc(['predict', 'new.csv', '--draws', '4'], { cwd });
    expect({ code, lines: stdout.split('\n').length }).toEqual({ code: 0, lines: 2502 });
    expect(stderr).toMatch(/^using runs\/data-1, the newest run\n/);
  });

  it('stops quietly when its reader does', async () => {
    const { code, stdout, stderr } = await bash('bnnc predict model new.csv | head -2', { cwd });
    expect({ code, lines: stdout.split('\n').length, stderr }).toEqual({ code: 0, lines: 3, stderr: '' });
  });

  it.each<[string, string, number, RegExp]>([
    ['a lost column', 'x1,x3,g\n1,2,red\n', 4, /a column is missing that the model needs: 'x2'/],
    ['text among numbers', 'x1,x2,x3,g\n1,a,2,red\n', 4, /^<stdin>:2: column 'x2': 'a' is not a number/],
    ['a ragged row', 'x1,x2,x3,g\n1,2,3,red\n1,2\n', 4, /^<stdin>:3: /],
    ['no rows', 'x1,x2,x3,g\n', 4, /no rows/],
    ['nothing', '', 4, /the file is empty/],
  ])('%s is a fault of the data; no output, no file', async (_name, input, expected, text) => {
    for (const out of [[], ['-o', 'broken.csv']]) {
      const { code, stdout, stderr } = await bnnc(['predict', 'runs/data-1', '-', ...out], { cwd, input });
      expect({ code, stdout }).toEqual({ code: expected, stdout: '' });
      expect(stderr).toMatch(text);
    }
    expect(readdirSync(cwd).filter((name) => name.includes('broken'))).toEqual([]);
  });

  it('warns of rows unlike the training rows', async () => {
    const { code, stderr } = await bnnc(['predict', 'runs/data-1', '-'], { cwd, input: 'x1,x2,x3,g\n1,2,3,green\n500,2,3,red\n' });
    expect(code).toBe(0);
    expect(stderr).toContain("warning: <stdin>: column 'g': a row has a value that no training row has (first 'green' in line 2)");
    expect(stderr).toContain("warning: <stdin>: column 'x1': a row has a number far outside the training range (first '500' in line 3)");
  });

  it('exports every format, ONNX with the encoder inside, and replaces them', async () => {
    const args = ['prune', 'runs/data-1', '-o', 'all', '--format', EXPORT_FORMATS.join(), '--onnx-input', 'raw'];
    expect((await bnnc(args, { cwd })).stdout).toBe('all\n');
    expect(read('all/model.onnx')).toContain('raw_inputs');
    const files = Object.values(EXPORT_FILES).flat().map((name) => readFileSync(join(cwd, 'all', name)));
    expect((await bnnc([...args, '--force'], { cwd })).code).toBe(0);
    expect(Object.values(EXPORT_FILES).flat().map((name) => readFileSync(join(cwd, 'all', name)))).toEqual(files);
    const { code, stderr } = await bnnc(['prune', 'runs/data-1', '-o', 'none', '--format', 'json', '--onnx-input', 'raw'], { cwd });
    expect(code).toBe(2);
    expect(stderr).toMatch(/^bnnc: --onnx-input says how model\.onnx is written/);
  });

  it('refuses a model exported without JSON', async () => {
    await bnnc(['prune', 'runs/data-1', '-o', 'onnx-only', '--format', 'onnx'], { cwd });
    const { code, stderr } = await bnnc(['predict', 'onnx-only', 'new.csv'], { cwd });
    expect(code).toBe(6);
    expect(stderr).toMatch(/^onnx-only: this folder has no model in a format that bnnc reads/);
  });
});

describe('evaluate', () => {
  it('measures run and model, for people and for programs', async () => {
    await bnnc(['prune', 'runs/data-1', '-o', 'model', '--force'], { cwd });
    const table = await bnnc(['evaluate', 'runs/data-1', 'test.csv'], { cwd });
    expect(table.stdout).toMatch(/^test\.csv: predictions of y\n\n80 rows +RMSE +NLL .*\nno inputs +2\.\d+ ± /);
    expect(table.stdout).toMatch(/\nlinear +0\.\d+ ± .*\nfull posterior +0\.\d+ ± 0\.\d+ .* [01]\.?\d*\n/);
    const json = await bnnc(['evaluate', 'model', 'test.csv', '--json'], { cwd });
    const document = JSON.parse(json.stdout) as { metrics: { rmse: number } };
    expect(document).toMatchObject({ schemaVersion: 1, kind: 'model', model: 'model', task: 'regression', metrics: { rows: 80 } });
    expect(document.metrics.rmse).toBeLessThan(0.3);
  });

  it('needs the target', async () => {
    const { code, stderr } = await bnnc(['evaluate', 'runs/data-1', 'new.csv'], { cwd });
    expect(code).toBe(4);
    expect(stderr).toMatch(/^new\.csv:1: there is no value in the target column 'y'/);
  });
});

describe('inspect', () => {
  it('shows runs', async () => {
    const { stdout } = await bnnc(['inspect', 'runs/data-1'], { cwd });
    expect(stdout).toMatch(/target +y \(regression\)/);
    expect(stdout).toMatch(/x1 +1\.000 +linear 1\.00 +▒{10}/);
    const document = JSON.parse((await bnnc(['inspect', '--json'], { cwd })).stdout) as object;
    expect(stdout).toMatch(/size +whole network +median model +left\ninputs +4 +2 +50\.0 % +█{10}░{10}\nparameters +/);
    expect(document).toMatchObject({
      schemaVersion: 1, kind: 'run', path: 'runs/data-1', findings: expect.any(Array) as unknown, sizes: expect.any(Object) as unknown, inputs: [{ input: 'x1' }, { input: 'x2' }, {}, {}],
    });
  });

  it('shows the columns of a CSV file', async () => {
    const { stdout } = await bnnc(['inspect', 'data.csv'], { cwd });
    expect(stdout).toMatch(/^data\.csv: 150 rows, 5 columns\n/);
    expect(stdout).toMatch(/g +categorical +0 +2 +blue, dark \(100\), red \(50\)/);
  });
});

describe('in a pipeline', () => {
  it('train feeds select-features through xargs', async () => {
    const line = `bnnc train --quiet --data data.csv --target y ${SMALL.map((word) => `'${word}'`).join(' ')} | ` +
      `xargs "${process.execPath}" "${BIN}" select-features | head -5 | paste -sd, -`;
    expect(await bash(line, { cwd })).toEqual({ code: 0, stdout: 'x1,x2\n', stderr: '' });
  });
});
