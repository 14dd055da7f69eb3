/** The functions of the library from training to predictions, against what the program does. */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  BnncError, crossValidate, diagnoseRun, evaluate, fileSource, openRun, predict, prune, pruneCurve, readTable, report,
  selectFeatures, train, type ConfigInput, type Prediction, type Row, type TrainedRun, type TrainProgress,
} from '../../src/index.js';
import { bnnc, ROOT, writeRun } from '../cli/program.js';

const config: ConfigInput = {
  data: { path: 'birds.csv', target: 'species' }, model: { hidden: [4] },
  train: { epochs: 100, restarts: 1, reference: false }, search: { steps: 0 },
};
const sets = ['model.hidden=[4]', 'train.epochs=100', 'train.restarts=1', 'train.reference=false', 'search.steps=0'];

let cwd: string;
let run: TrainedRun;
const seen: TrainProgress[] = [];
const notes: string[] = [];
const warnings: string[] = [];

/** Every file below a folder, with its bytes. */
function files(folder: string): Record<string, string> {
  const names = readdirSync(join(cwd, folder), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(names.map(({ parentPath, name }) => [
    join(parentPath, name).slice(join(cwd, folder).length + 1), readFileSync(join(parentPath, name), 'latin1'),
  ]));
}
const code = (name: string): object => ({ problems: [{ code: name }] });
const onStdout = async (...args: string[]): Promise<string> => (await bnnc(args, { cwd })).stdout;

beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), 'bnnc-library-'));
  cpSync(join(ROOT, 'datasets/penguins.csv'), join(cwd, 'birds.csv'));
  run = await train({
    config, out: true, cwd, jobs: 1, onProgress: (progress) => seen.push(progress), onNote: (text) => notes.push(text),
    onWarning: (text) => warnings.push(text),
  });
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const outputs = ['log', 'info', 'warn', 'error', 'debug'] as const;
beforeEach(() => {
  for (const name of outputs) vi.spyOn(console, name);
  for (const stream of [process.stdout, process.stderr]) vi.spyOn(stream, 'write');
});
afterEach(() => {
  const spoken = [...outputs.map((name) => console[name]), process.stdout.write, process.stderr.write];
  for (const spy of spoken) expect(spy).not.toHaveBeenCalled();
  vi.restoreAllMocks();
});

describe('train', () => {
  it('gives the run that bnnc train writes, byte by byte', async () => {
    expect(run.path).toBe('runs/birds-1');
    const shell = await bnnc(['train', '--data', 'birds.csv', '--target', 'species', ...sets.flatMap((set) => ['--set', set]), '-o', 'shell'], { cwd });
    expect(shell.code).toBe(0);
    const [ours, theirs] = [files(run.path), files('shell')];
    for (const each of [ours, theirs]) delete each['manifest.json'];
    expect(ours).toEqual(theirs);
    expect(Object.keys(ours).length).toBeGreaterThan(6);
  });

  it('tells what came of it, and tells it on the way', () => {
    expect(run.inputs.map(({ input }) => input)).toContain('bill_length_mm');
    expect(run.metrics.full.splits.test!.accuracy).toBeGreaterThan(0.7);
    expect(run.manifest).toMatchObject({ target: 'species', argv: [], versions: { node: process.versions.node } });
    expect(seen.filter(({ phase }) => phase === 'inclusion').at(-1)).toMatchObject({ epoch: 4, restarts: 4 });
    const last = seen.at(-1)!;
    expect(last).toMatchObject({ phase: 'background', epoch: last.epochs });
    expect(seen.filter(({ phase }) => phase === 'restart').length).toBeGreaterThan(2);
    expect(notes).toContain('100 steps are probably too few for the gates to converge; train.epochs=auto uses about 4000');
    expect(warnings.length).toBe(run.findings.filter(({ severity }) => severity === 'warning').length);
  });

  it('stops when the signal comes, and goes on from there to the same end', async () => {
    const abort = new AbortController();
    const onProgress = ({ phase, epoch }: TrainProgress): void => { if (phase === 'restart' && epoch > 20) abort.abort(); };
    const stopped = train({ config, cwd, jobs: 1, out: 'cut', signal: abort.signal, onProgress });
    await expect(stopped).rejects.toMatchObject(code('interrupted.checkpoint'));
    expect(Object.keys(files('cut')).every((name) => /^config\.yaml$|^checkpoint\//.test(name))).toBe(true);
    await expect(prune('cut', { cwd })).rejects.toMatchObject(code('run.incomplete'));
    const resumed = await train({ resume: 'cut', cwd, jobs: 1 });
    expect(resumed.metrics).toEqual(run.metrics);
    expect(files('cut')['posterior.safetensors']).toBe(files(run.path)['posterior.safetensors']);
  });

  it('leaves nothing behind when there is nothing to go on from', async () => {
    const abort = new AbortController();
    setImmediate(() => abort.abort());
    await expect(train({ config, cwd, jobs: 1, out: 'nothing', signal: abort.signal })).rejects.toMatchObject(code('interrupted.stopped'));
    await expect(train({ config: { data: { path: 'birds.csv', target: 'specis' } }, cwd, out: 'nothing' })).rejects.toThrow(BnncError);
    expect(readdirSync(cwd).filter((name) => name.includes('nothing'))).toEqual([]);
  });

  it('takes a config file, whose paths start from it', async () => {
    writeFileSync(join(cwd, 'runs', 'config.yaml'), 'data: {path: ../birds.csv, target: species}\n');
    const again = await train({ config: 'runs/config.yaml', sets: [...sets, 'train.epochs=3'], seed: 5, cwd, out: 'short', jobs: 1 });
    expect(again.manifest.seed).toBe(5);
    await expect(train({ config: 'runs/config.yaml', cwd, out: 'short', jobs: 1 })).rejects.toMatchObject(code('run.exists'));
    await expect(train({ config: 'runs/config.yaml', cwd, out: 'short', jobs: 1 }))
      .rejects.toThrow("short: a run exists here already. Replace it with force: true, or choose another folder with 'out'.");
  });
});

describe('train in memory', () => {
  const options = { target: 'species', model: { hidden: [4] }, train: { epochs: 100, restarts: 1, reference: false }, search: { steps: 0 }, jobs: 1 };
  let rows: Row[];
  let inMemory: TrainedRun;
  let before: string[];
  /** All that is in the folder of the run, with a folder for temporary files, and in that of the process. */
  const everything = (): string[] => [readdirSync(cwd, { recursive: true, encoding: 'utf8' }), readdirSync('.')].flat().sort();

  const { TMPDIR } = process.env;
  afterAll(() => { process.env.TMPDIR = TMPDIR ?? '/tmp'; });
  beforeAll(async () => {
    mkdirSync(join(cwd, 'temporary'));
    process.env.TMPDIR = join(cwd, 'temporary');
    const [header, ...lines] = readFileSync(join(cwd, 'birds.csv'), 'utf8').trimEnd().split('\n').map((line) => line.trim().split(','));
    rows = lines.map((cells) => Object.fromEntries(header.map((name, at) => [name, asCell(cells[at])])));
    before = everything();
    inMemory = await train({ rows, ...options, cwd });
  });

  /** Numbers as numbers, as a program has them. */
  const asCell = (text: string): string | number | null => (text === '' ? null : Number.isNaN(Number(text)) ? text : Number(text));

  it('gives what the same rows give from a file, and writes nothing', async () => {
    expect(inMemory.inputs).toEqual(run.inputs);
    expect(inMemory.metrics).toEqual(run.metrics);
    expect(inMemory.sets).toEqual(run.sets);
    expect(inMemory.findings).toEqual(run.findings);
    const { manifest } = inMemory;
    expect(Object.keys(manifest.files)).toEqual(Object.keys(run.manifest.files));
    for (const name of Object.keys(manifest.files).filter((each) => each !== 'config.yaml')) {
      expect(await inMemory.readText(name), name).toBe(await run.readText(name));
    }
    expect(manifest.data).toEqual({ path: '<rows>', rows: 344, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string });
    expect(everything()).toEqual(before);
  });

  it('is a run like any other', async () => {
    const { run: path, ...selection } = await selectFeatures(inMemory, { fdr: 0.05 });
    expect(path).toBe('<run>');
    expect(selection).toEqual(expect.objectContaining({ selected: (await selectFeatures(run, { fdr: 0.05 })).selected }));
    const small = await prune(inMemory, { threshold: 'auto', fineTune: 20, formats: ['json'] });
    const same = await prune(run, { threshold: 'auto', fineTune: 20, formats: ['json'] });
    expect(small.files.find(({ file }) => file === 'model.json')).toEqual(same.files.find(({ file }) => file === 'model.json'));
    expect((await pruneCurve(inMemory)).points).toEqual((await pruneCurve(run)).points);
    expect(await predict(inMemory, rows)).toEqual(await predict(run, rows));
    expect((await evaluate(inMemory, rows)).metrics).toEqual((await evaluate(run, rows)).metrics);
    expect(await diagnoseRun(inMemory)).toEqual(run.findings);
    expect(await report(inMemory)).toMatch(/^<!doctype html>/i);
    expect(everything()).toEqual(before);
  });

  it('takes a table, and a data file without writing', async () => {
    const table = await readTable(fileSource(join(cwd, 'birds.csv')), { delimiter: 'auto', missing: ['', 'NA', '?'] });
    for (const from of [{ rows: table }, { data: 'birds.csv' }]) {
      expect((await train({ ...from, ...options, cwd })).inputs).toEqual(run.inputs);
    }
    expect(everything()).toEqual(before);
  });

  it('with a folder can be opened again and taken up again, its rows given once more', async () => {
    const abort = new AbortController();
    const onProgress = ({ phase, epoch }: TrainProgress): void => { if (phase === 'restart' && epoch > 20) abort.abort(); };
    const stopped = train({ rows, ...options, out: 'of-rows', cwd, signal: abort.signal, onProgress });
    await expect(stopped).rejects.toMatchObject({ problems: [{ code: 'interrupted.checkpoint', hint: "Go on with train({ resume: 'of-rows', rows })." }] });
    await expect(train({ resume: 'of-rows', cwd })).rejects.toMatchObject(code('run.resume-stdin'));
    await expect(train({ resume: 'of-rows', rows: rows.slice(1), cwd })).rejects.toMatchObject(code('run.checkpoint-changed'));
    const resumed = await train({ resume: 'of-rows', rows, cwd, jobs: 1 });
    expect(resumed.inputs).toEqual(run.inputs);
    expect((await pruneCurve(resumed)).missing).toEqual({});
    expect((await pruneCurve('of-rows', { cwd })).missing).toMatchObject({ test: 'the run was trained on rows in memory' });
  });

  it('refuses rows that are none, or beside a file', async () => {
    await expect(train({ rows: [], ...options })).rejects.toMatchObject(code('data.no-rows'));
    await expect(train({ rows: [{ x: 1 }, 7 as never], target: 'x' })).rejects.toMatchObject(code('data.row'));
    await expect(train({ rows, data: 'birds.csv', ...options })).rejects.toMatchObject(code('usage.option'));
    const misspelt = train({ rows, ...options, model: { hiden: [4] } as never });
    await expect(misspelt).rejects.toThrow(/^model\.hiden: .*Did you mean 'model\.hidden'\?$/);
  });

  it('stops when the signal comes', async () => {
    const abort = new AbortController();
    await expect(train({ rows, ...options, signal: abort.signal, onProgress: () => abort.abort() })).rejects.toMatchObject(code('interrupted.stopped'));
  });

  it('cross-validation takes rows, too', async () => {
    const train = { ...options.train, epochs: 20 };
    const common = { ...options, model: { hidden: [2] }, train, inclusion: { draws: 8, rescues: 0 }, folds: 2, cwd };
    const [a, b] = [await crossValidate({ rows, ...common }), await crossValidate({ data: 'birds.csv', ...common })];
    expect(a.models).toEqual(b.models);
    expect(a.data).toMatchObject({ name: '<rows>', rows: 344 });
  });
});

describe('selectFeatures', () => {
  it.each([{}, { threshold: 0.9 }, { top: 2 }, { fdr: 0.05 }])('%j: the document of bnnc select-features', async (rule) => {
    const flags = Object.entries(rule).flatMap(([name, value]) => [`--${name}`, String(value)]);
    const shell = JSON.parse(await onStdout('select-features', run.path, '--json', ...flags)) as object;
    expect({ schemaVersion: 1, ...(await selectFeatures(run, rule)) }).toEqual(shell);
    expect(await selectFeatures(run.path, { ...rule, cwd })).toEqual(await selectFeatures(run, rule));
  });

  it('tells when nothing passes', async () => {
    writeRun(join(cwd, 'by-hand'), { 'inclusion/inputs.csv': 'input,pip,pip_network,pip_min,pip_max,mc_se\nx1,0.2,0,0,0.4,0\n' });
    const found: string[] = [];
    const selection = await selectFeatures('by-hand', { fdr: 0.1, cwd, onNote: (text) => found.push(text) });
    expect(selection).toEqual({ run: 'by-hand', rule: { fdr: 0.1 }, candidates: 1, selected: [] });
    expect(found).toEqual([expect.stringMatching(/^no input passes \(fdr 0\.1\); the largest PIP is 0\.2\. This does not show/)]);
  });

  it('with probes trains again, and stops when the signal comes', async () => {
    const abort = new AbortController();
    const stopped = selectFeatures(run, { probes: true, jobs: 1, signal: abort.signal, onProgress: () => abort.abort() });
    await expect(stopped).rejects.toMatchObject(code('interrupted.stopped'));
    const check = await selectFeatures(run, { probes: true, threshold: 0.5, jobs: 1 });
    expect(check).toMatchObject({ run: run.path, check: 'probes', rule: { threshold: 0.5 }, candidates: run.inputs.length });
    expect(check.selected).toEqual(check.inputs.filter(({ pip }) => pip >= 0.5));
  });
});

describe('prune', () => {
  it('without a folder writes nothing, and with one the same bytes', async () => {
    const before = readdirSync(cwd, { recursive: true }).sort();
    const small = await prune(run, { formats: ['json', 'js', 'onnx'], cwd });
    expect(readdirSync(cwd, { recursive: true }).sort()).toEqual(before);
    expect(small.path).toBeUndefined();
    const written = await prune(run.path, { formats: ['json', 'js', 'onnx'], out: 'small', cwd });
    expect(written.path).toBe('small');
    const bytes = (list: typeof small.files): Record<string, string> =>
      Object.fromEntries(list.map(({ file, bytes: content }) => [file, Buffer.from(content).toString('latin1')]));
    expect(bytes(small.files)).toEqual(bytes(written.files));
    expect(bytes(written.files)).toEqual(files('small'));
    expect(JSON.parse(files('small')['report.json'])).toEqual(small.report);
    await expect(prune(run, { out: 'small', cwd })).rejects.toMatchObject(code('run.exists'));
  });

  it('is what bnnc prune does', async () => {
    await bnnc(['prune', run.path, '-o', 'shell-small', '--threshold', 'auto', '--level', 'input', '--onnx-input', 'raw'], { cwd });
    await prune(run, { threshold: 'auto', level: 'input', onnxInput: 'raw', out: 'our-small', cwd });
    expect(files('our-small')).toEqual(files('shell-small'));
    const curve = JSON.parse(await onStdout('prune', run.path, '--curve', '--json')) as object;
    expect(await pruneCurve(run)).toEqual(curve);
  });

  it('stops when the signal comes, and writes nothing', async () => {
    const abort = new AbortController();
    const stopped = prune(run, { fineTune: 5000, out: 'stopped', cwd, signal: abort.signal, onNote: () => abort.abort() });
    await expect(stopped).rejects.toMatchObject(code('interrupted.stopped'));
    expect(readdirSync(cwd).filter((name) => name.includes('stopped'))).toEqual([]);
  });
});

describe('predict', () => {
  const list = async (predictions: AsyncIterable<Prediction>): Promise<string[]> => {
    const values: string[] = [];
    for await (const { value } of predictions) values.push(String(value));
    return values;
  };

  it('by a run, its path, what prune gave and the folder that it wrote is what bnnc predict prints', async () => {
    const shell = async (model: string): Promise<string[]> =>
      (await onStdout('predict', model, 'birds.csv')).trimEnd().split('\n').slice(1).map((line) => line.split(',')[0]);
    const byRun = await shell(run.path);
    expect(await list(predict(run, 'birds.csv', { cwd }))).toEqual(byRun);
    expect(await list(predict(run.path, 'birds.csv', { cwd }))).toEqual(byRun);
    expect(await list(predict(await openRun(run.path, cwd), 'birds.csv', { cwd }))).toEqual(byRun);
    const small = await prune(run, { out: 'for-predict', cwd });
    const bySmall = await shell('for-predict');
    expect(await list(predict(small, 'birds.csv', { cwd }))).toEqual(bySmall);
    expect(await list(predict('for-predict', 'birds.csv', { cwd }))).toEqual(bySmall);
  });

  it('of a run can be explained', async () => {
    const [one] = await predict(run, [{ bill_length_mm: 50 }].map((row) => ({
      island: 'Biscoe', bill_depth_mm: 15, flipper_length_mm: 220, body_mass_g: 5000, sex: 'MALE', ...row,
    })), { explain: true, draws: 4, uncertainty: true });
    expect(one.explanation!.effects.length).toBeGreaterThan(0);
    expect(one.uncertainty!.aleatoric).toBeGreaterThanOrEqual(0);
  });
});

describe('report and diagnosis', () => {
  it('are those of the run', async () => {
    expect(await diagnoseRun(run.path, { cwd })).toEqual(run.findings);
    const html = await report(run);
    expect(html).toMatch(/^<!doctype html>/i);
    expect(await onStdout('report', run.path, '-o', '-')).toBe(html);
  });
});
