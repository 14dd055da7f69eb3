import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Stream } from '../../src/random.js';
import type { CurveDocument } from '../../src/prune/curve.js';
import type { PruneDocument } from '../../src/prune/document.js';
import { bnnc } from './in-process.js';
import { BIN, type Outcome } from './program.js';

const FEW = ['--set', 'model.hidden=[4]', '--set', 'search.steps=0', '--set', 'train.epochs=600', '--set', 'train.restarts=1', '--set', 'inclusion.draws=8'];

/** y = 2 x1 - x2 + noise; x3 is noise. */
function makeCsv(rows: number): string {
  const draw = Stream.fromSeed('prune').normals(rows * 4);
  const lines = Array.from({ length: rows }, (_, n) => {
    const [a, b, c, e] = draw.subarray(4 * n, 4 * n + 4);
    return [a, b, c, 10 + 2 * a - b + 0.5 * e].map((value) => value.toFixed(4)).join(',');
  });
  return `x1,x2,x3,y\n${lines.join('\n')}\n`;
}

let cwd: string;

beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), 'bnnc-prune-'));
  writeFileSync(join(cwd, 'data.csv'), makeCsv(200));
  const input = read('data.csv');
  const train = (out: string, data: string, ...sets: string[]): Promise<Outcome> =>
    bnnc(['train', '--data', data, '--target', 'y', '--quiet', '-o', out, ...FEW, ...sets.flatMap((set) => ['--set', set])], { cwd, input });
  const short = ['train.epochs=100', 'train.reference=false'];
  expect(await train('run', 'data.csv', 'data.split.validation=0.2', 'model.skip=false')).toEqual({ code: 0, stdout: 'run\n', stderr: '' });
  expect(await train('piped', '-', ...short)).toMatchObject({ code: 0 });
  expect(await train('unheld', 'data.csv', 'data.split.validation=0', 'model.skip=false', ...short)).toMatchObject({ code: 0 });
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const read = (path: string): string => readFileSync(join(cwd, path), 'utf8');
const document = (path: string): PruneDocument => JSON.parse(read(path)) as PruneDocument;
/** Nothing half-written, not even hidden. */
const hidden = (): string[] => readdirSync(cwd).filter((name) => name.startsWith('.'));

describe('prune --fine-tune', () => {
  it('exports the tuned model and shows all models side by side', async () => {
    await bnnc(['prune', 'run', '-o', 'cut'], { cwd });
    const { code, stdout, stderr } = await bnnc(['prune', 'run', '--fine-tune', '300', '-o', 'tuned'], { cwd });
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'tuned\n' });
    expect(stderr).toMatch(/^fine-tuning on 120 rows\n[^]*\nfine-tuned in 300 steps on 120 training rows\n/);
    expect(stderr).toMatch(/40 test rows +RMSE [^]*\nno inputs [^]*\npruned .*\nfine-tuned +[\d.]+ ± .*\nexported /);
    const [cut, tuned] = [document('cut/report.json'), document('tuned/report.json')];
    expect(tuned.fineTuning).toMatchObject({ steps: 300, rows: 120, validation: { rows: 40 } });
    expect(tuned.metrics!.pruned).toEqual(cut.metrics!.pruned);
    expect(tuned.metrics!.tuned).not.toEqual(cut.metrics!.pruned);
    expect(cut).not.toHaveProperty('fineTuning');
    expect(cut.metrics).not.toHaveProperty('tuned');
    // The noise has a standard deviation of 0.5.
    expect(tuned.metrics!.tuned!.rmse).toBeLessThan(0.7);
    const model = (path: string): Record<string, unknown> => JSON.parse(read(path)) as Record<string, unknown>;
    expect(model('tuned/model.json').fineTuned).toBe(300);
    expect(model('cut/model.json')).not.toHaveProperty('fineTuned');
    expect(read('tuned/model.onnx')).toMatch(/fine_tuned/);
    expect(read('cut/model.onnx')).not.toMatch(/fine_tuned/);
    // What predicts is the tuned model.
    const metrics = async (path: string): Promise<unknown> =>
      (JSON.parse((await bnnc(['evaluate', path, 'data.csv', '--json'], { cwd })).stdout) as { metrics: unknown }).metrics;
    expect(await metrics('tuned')).not.toEqual(await metrics('cut'));
    expect((await bnnc(['inspect', 'tuned'], { cwd })).stdout).toMatch(/fine-tuned +300 steps/);
  });

  it('gives the same bytes again', async () => {
    await bnnc(['prune', 'run', '--fine-tune', '300', '-o', 'again'], { cwd });
    for (const name of ['model.json', 'model.onnx', 'report.json']) expect(read(`again/${name}`)).toBe(read(`tuned/${name}`));
  });

  it.each<[string, string, RegExp]>([
    ['data from a pipe', 'piped', /, but the data of the run came through a pipe\. .*leave out --fine-tune/],
    ['data that are gone', 'run', /, but .*data\.csv no longer exists/],
    ['data that have changed', 'run', /, but .*data\.csv has changed since the run/],
  ])('%s: an error, no folder', async (name, run, text) => {
    if (name.includes('gone')) renameSync(join(cwd, 'data.csv'), join(cwd, 'away.csv'));
    const data = name.includes('changed') ? read('data.csv') : undefined;
    if (data !== undefined) writeFileSync(join(cwd, 'data.csv'), `${data}0,0,0,0\n`);
    const { code, stdout, stderr } = await bnnc(['prune', run, '--fine-tune', '-o', 'never'], { cwd });
    if (name.includes('gone')) renameSync(join(cwd, 'away.csv'), join(cwd, 'data.csv'));
    if (data !== undefined) writeFileSync(join(cwd, 'data.csv'), data);
    expect({ code, stdout }).toEqual({ code: 6, stdout: '' });
    expect(stderr).toMatch(/^(run|piped): --fine-tune needs the training rows, but /);
    expect(stderr).toMatch(text);
    expect(readdirSync(cwd)).not.toContain('never');
  });

  it('leaves nothing behind on Ctrl-C', async () => {
    const { code, stderr } = await new Promise<Outcome>((resolve, reject) => {
      const child = spawn(process.execPath, [BIN, 'prune', 'run', '--fine-tune', '15000', '-o', 'never'], { cwd });
      const outcome: Outcome = { code: null, stdout: '', stderr: '' };
      child.stderr.on('data', (text: Buffer) => {
        // Once: the second Ctrl-C kills the program where it stands.
        const begun = outcome.stderr.includes('fine-tuning');
        outcome.stderr += text.toString();
        if (!begun && outcome.stderr.includes('fine-tuning')) child.kill('SIGINT');
      });
      child.on('error', reject);
      child.on('close', (status) => resolve({ ...outcome, code: status }));
    });
    expect(code).toBe(130);
    expect(stderr).toMatch(/interrupted/);
    expect(readdirSync(cwd)).not.toContain('never');
    expect(hidden()).toEqual([]);
  });

  it('has nothing to do for a model without inputs', async () => {
    const { code, stderr } = await bnnc(['prune', 'unheld', '--threshold', '1', '--representatives', 'false', '--fine-tune', '-o', 'constant'], { cwd });
    expect(code).toBe(0);
    expect(stderr).toMatch(/^no input is left, so there is nothing to fine-tune\nkept 0 of 3 inputs/);
    expect(document('constant/report.json')).not.toHaveProperty('fineTuning');
  });
});

describe('prune --quantize', () => {
  it('exports rounded weights, measures them, and says how many bits they take', async () => {
    const { code, stderr } = await bnnc(['prune', 'run', '--quantize', '--format', 'json,onnx,safetensors', '-o', 'rounded'], { cwd });
    expect(code).toBe(0);
    expect(stderr).toMatch(/^kept 2 of 3 inputs.*\nquantized \d+ weights to \d+, \d+ distinct values by layer/);
    expect(stderr).toMatch(/ \(\d, \d bits\), each within 0\.5 of its posterior standard deviation\n/);
    expect(stderr).toMatch(/\nthe same gzipped +[\d,]+ +[\d,]+ +[\d.]+ %/);
    const [cut, rounded] = [document('cut/report.json'), document('rounded/report.json')];
    expect(rounded.metrics!.pruned).toEqual(cut.metrics!.pruned);
    expect(rounded.metrics!.exported).not.toEqual(cut.metrics!.exported);
    // The noise has a standard deviation of 0.5.
    expect(rounded.metrics!.exported.rmse).toBeLessThan(0.7);
    expect(cut).not.toHaveProperty('quantization');
    const { layers } = JSON.parse(read('rounded/model.json')) as { layers: { weight: number[] }[] };
    rounded.quantization!.layers.forEach(({ values, error }, l) => {
      expect(new Set(layers[l].weight.filter((value) => value !== 0)).size).toBe(values);
      expect(error).toBeLessThanOrEqual(0.5);
    });
    const predict = async (path: string): Promise<string> => (await bnnc(['predict', path, 'data.csv'], { cwd })).stdout;
    expect(await predict('rounded/model.safetensors')).toBe(await predict('rounded/model.json'));
    expect((await bnnc(['inspect', 'rounded'], { cwd })).stdout).toMatch(/quantized +within 0\.5 posterior standard deviations/);
    expect(read('rounded/model-card.md')).toMatch(/rounded by at most 0\.5 of their posterior standard deviations/);
  });
});

describe('prune --curve', () => {
  it('prints what each threshold keeps and how that does, and writes nothing', async () => {
    const before = readdirSync(join(cwd, 'run'));
    const { code, stdout, stderr } = await bnnc(['prune', 'run', '--curve'], { cwd });
    expect(code).toBe(0);
    const kept = 'threshold +inputs +nodes +weights +parameters +ONNX bytes +auto';
    expect(stdout).toMatch(new RegExp(`^${kept}\n0\\.01.* chosen`, 's'));
    const figures = 'threshold +val\\. RMSE +val\\. NLL +test RMSE +test NLL';
    expect(stdout).toMatch(new RegExp(`\n\n${figures}\n0\\.01.* ± .* ± .*\nval\\.: validation rows\n$`, 's'));
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    expect(stderr).toMatch(/^threshold auto is [\d.]+/);
    expect(readdirSync(join(cwd, 'run'))).toEqual(before);
  });

  it('is the same as CSV and as JSON, with the figures of prune', async () => {
    const csv = await bnnc(['prune', 'run', '--curve', 'csv'], { cwd });
    const json = await bnnc(['prune', 'run', '--curve', '--json'], { cwd });
    const rows = parse<Record<string, number>>(csv.stdout, { columns: true, cast: true });
    const curve = JSON.parse(json.stdout) as CurveDocument;
    expect(curve).toMatchObject({ schemaVersion: 1, run: 'run', level: 'all', missing: {} });
    expect(rows.map((row) => [row.threshold, row.weights, row.validation_nll, row.test_rmse_se, row.excess]))
      .toEqual(curve.points.map(({ threshold, weights, validation, test, excess }) =>
        [threshold, weights, validation!.nll, test!.rmseSe, excess!.mean]));
    curve.points.slice(1).forEach((point, at) => {
      const milder = curve.points[at];
      expect(point.from).toBeGreaterThan(milder.to);
      for (const key of ['inputs', 'nodes', 'weights'] as const) expect(point[key]).toBeLessThanOrEqual(milder[key]);
    });
    const half = curve.points.find(({ from, to }) => from <= 0.5 && 0.5 <= to)!;
    const { metrics, after, onnxBytes } = document('cut/report.json');
    expect([half.test, half.parameters, half.onnxBytes]).toEqual([metrics!.pruned, after.parameters, onnxBytes.after]);
  });

  it('tells sizes alone where no rows can be read again', async () => {
    const { code, stdout, stderr } = await bnnc(['prune', 'piped', '--curve', 'csv'], { cwd });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^threshold,from,to,inputs,nodes,weights,parameters,onnx_bytes\n/);
    expect(stderr).toMatch(/no validation metrics: the data of the run came through a pipe/);
  });

  it('goes with nothing that is about a model', async () => {
    for (const option of [['--threshold', '0.4'], ['-o', 'x'], ['--fine-tune'], ['--format', 'json'], ['--force']]) {
      const { code, stderr } = await bnnc(['prune', 'run', '--curve', ...option], { cwd });
      expect([option, code]).toEqual([option, 2]);
      expect(stderr).toMatch(/cannot be used with/);
    }
  });
});

describe('prune --threshold auto', () => {
  it('takes what the curve says, without a look at the test rows', async () => {
    const { choice } = JSON.parse((await bnnc(['prune', 'run', '--curve', 'json'], { cwd })).stdout) as CurveDocument;
    const { code, stdout, stderr } = await bnnc(['prune', 'run', '--threshold', 'auto', '-o', 'auto'], { cwd });
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'auto\n' });
    expect(stderr).toMatch(/^threshold auto is [\d.]+.*log-likelihood of the 40 validation rows.*\nkept \d of 3 inputs at /);
    const report = document('auto/report.json');
    expect(report.threshold).toBe(choice!.chosen);
    expect(report.choice).toMatchObject(choice!);
    expect(report.choice!.points.every((point) => point.validation !== undefined && point.test === undefined)).toBe(true);
    const { points, best, chosen } = report.choice!;
    const within = points.filter(({ excess }) => excess!.mean <= excess!.standardError);
    expect(within.at(-1)!.threshold).toBe(chosen);
    const least = points.find(({ threshold }) => threshold === best)!.validation!.nll;
    expect(Math.min(...points.map(({ validation }) => validation!.nll))).toBe(least);
  });

  it('needs validation rows', async () => {
    const { code, stderr } = await bnnc(['prune', 'unheld', '--threshold', 'auto', '-o', 'never'], { cwd });
    expect(code).toBe(6);
    expect(stderr).toMatch(/^unheld: --threshold auto needs validation rows, but the run has no .*\. Name a threshold/);
    expect(readdirSync(cwd)).not.toContain('never');
  });
});

describe('the options of prune', () => {
  it.each<[string[], RegExp]>([
    [['--threshold', 'automatic'], /It must be a number from 0 to 1, or auto/],
    [['--fine-tune', '0'], /It must be a whole number of steps/],
    [['--fine-tune', 'run'], /name the run before it/],
    [['--curve', 'xml'], /Allowed choices are table, csv, json/],
  ])('%j is refused', async (args, text) => {
    const { code, stderr } = await bnnc(['prune', ...args], { cwd });
    expect(code).toBe(2);
    expect(stderr).toMatch(text);
  });
});
