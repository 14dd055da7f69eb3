/** `bnnc/model`: predicts as the whole library does, and loads nothing that only training needs. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import * as exported from '../../src/exported-model.js';
import { evaluate, predict } from '../../src/index.js';
import type { Row } from '../../src/exported-model.js';
import type * as parts from '../../src/parts.js';
import { ROOT } from '../cli/program.js';

const FOLDER = join(ROOT, 'test/fixtures/format-1/model');
const cwd = mkdtempSync(join(tmpdir(), 'bnnc-exported-'));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const model = await exported.openModel(FOLDER);
const { features, target } = model.encoder;

const rows: Row[] = Array.from({ length: 5 }, (_, n) => Object.fromEntries([
  ...features.map(({ name, levels }) => [name, levels ? levels[n % levels.length] : n - 1.5]),
  [target.name, 'levels' in target ? target.levels[n % target.levels.length] : n],
]) as Row);
const csv = join(cwd, 'rows.csv');
const names = Object.keys(rows[0]);
writeFileSync(csv, [names, ...rows.map((row) => names.map((name) => `"${row[name] as string}"`))].map((cells) => cells.join()).join('\n'));

const gathered = async <T>(each: AsyncIterable<T>): Promise<T[]> => {
  const all: T[] = [];
  for await (const one of each) all.push(one);
  return all;
};

describe('openModel', () => {
  it('takes a folder, a file, its bytes in either form, and the object of a model.json', async () => {
    const bytes = readFileSync(join(FOLDER, 'model.json'));
    const object = JSON.parse(bytes.toString()) as object;
    for (const source of [join(FOLDER, 'model.json'), join(FOLDER, 'model.safetensors'), bytes, readFileSync(join(FOLDER, 'model.safetensors')), object]) {
      expect(await exported.openModel(source)).toEqual(model);
    }
    expect(await exported.openModel('model', { cwd: join(FOLDER, '..') })).toEqual(model);
  });

  it.each([
    ['nothing there', 'nowhere', 'run.missing'], ['a run', join(FOLDER, '../run'), 'run.no-json-model'],
    ['a file that is no model', csv, 'run.not-json'], ['another object', { layers: [] }, 'run.not-a-model'],
    ['a number', 3 as never, 'usage.option'],
  ])('tells of %s', async (_name, source, code) => {
    await expect(exported.openModel(source)).rejects.toMatchObject({ problems: [{ code }] });
  });
});

describe('predict and evaluate', () => {
  it.each([{}, { explain: true, draws: 3 }, { uncertainty: true }, { draws: 4 }])('with %j are those of the package', async (options) => {
    const whole = await predict(FOLDER, rows, options);
    expect(await exported.predict(model, rows, options)).toEqual(whole);
    expect(await exported.predict(FOLDER, rows, options)).toEqual(whole);
    expect(await gathered(exported.predict({ model }, csv, options))).toEqual(whole);
  });

  it('measure alike', async () => {
    expect((await exported.evaluate(model, csv)).metrics).toEqual((await evaluate(FOLDER, rows)).metrics);
    await expect(exported.predict(model, rows, { interval: 2 })).rejects.toMatchObject({ problems: [{ code: 'usage.option' }] });
    await expect(exported.evaluate(7 as never, rows)).rejects.toMatchObject({ problems: [{ code: 'usage.option' }] });
  });
});

describe('what is loaded', () => {
  /** Runs a module in a process that refuses packages of these names. */
  const refusing = (packages: string, program: string): string => {
    const hook = `export async function resolve(name, context, next) {
      if (/${packages}/.test(name)) throw new Error('loaded: ' + name);
      return next(name, context);
    }`;
    writeFileSync(join(cwd, 'program.mjs'), `import { createRequire, register } from 'node:module';
      register('data:text/javascript,' + encodeURIComponent(${JSON.stringify(hook)}));
      ${program}
      const required = Object.keys(createRequire(import.meta.url).cache).filter((name) => /${packages}/.test(name));
      if (required.length > 0) throw new Error('required: ' + required);`);
    const { stdout, stderr, status } = spawnSync(process.execPath, [join(cwd, 'program.mjs')], { encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(status).toBe(0);
    return stdout;
  };
  const entry = (name: string): string => pathToFileURL(join(ROOT, 'dist', name)).href;

  it('no tensor engine and no library, by a model that predicts rows, explains and reads plain CSV', () => {
    const plain = join(cwd, 'plain.csv');
    writeFileSync(plain, readFileSync(csv, 'utf8').replaceAll('"', ''));
    const out = refusing('@tensorflow|zod|yaml|csv-parse|protobufjs|plot|linkedom', `
      const { evaluate, openModel, predict } = await import('${entry('exported-model.js')}');
      const model = await openModel(${JSON.stringify(FOLDER)});
      const rows = ${JSON.stringify(rows)};
      let count = 0;
      for await (const each of predict(model, ${JSON.stringify(plain)})) count += each.value === undefined ? 0 : 1;
      const { metrics } = await evaluate(model, rows);
      const [first] = await predict(model, rows, { explain: true, draws: 2 });
      console.log(count, metrics.rows, first.explanation.effects.length);`);
    expect(out.trim()).toBe(`5 5 ${features.length}`);
  });

  it('no tensor engine by the package itself, until something trains or a posterior predicts', () => {
    const out = refusing('@tensorflow', `
      const { predict, selectFeatures } = await import('${entry('index.js')}');
      const { selected } = await selectFeatures(${JSON.stringify(join(FOLDER, '../run'))}, { top: 1 });
      console.log(selected.length, (await predict(${JSON.stringify(FOLDER)}, ${JSON.stringify(rows)})).length);`);
    expect(out.trim()).toBe('1 5');
  });

  it('is five files by a first prediction; errors and likelihoods are those of the other entries', async () => {
    const hook = `import { writeSync } from 'node:fs';
      export async function load(url, context, next) { if (url.includes('/dist/')) writeSync(1, url + ' '); return next(url, context); }`;
    writeFileSync(join(cwd, 'traced.mjs'), `import { register } from 'node:module';
      register('data:text/javascript,' + encodeURIComponent(${JSON.stringify(hook)}));
      const { predict } = await import('${entry('exported-model.js')}');
      await predict(${JSON.stringify(FOLDER)}, ${JSON.stringify(rows)});`);
    const { stdout, status } = spawnSync(process.execPath, [join(cwd, 'traced.mjs')], { encoding: 'utf8' });
    expect(status).toBe(0);
    expect(stdout.trim().split(' ').map((url) => url.replace(/.*\/dist\//, '')).sort())
      .toEqual(['bundled/model.js', 'errors.js', 'exported-model.js', 'likelihood/registered.js', 'voice.js']);
    const [whole, alone] = await Promise.all(['index.js', 'exported-model.js'].map((name) => import(entry(name))));
    expect(Object.keys(alone as object).sort()).toEqual(['BnncError', 'evaluate', 'openModel', 'predict']);
    expect((alone as { BnncError: unknown }).BnncError).toBe((whole as { BnncError: unknown }).BnncError);

    const { registerLikelihood, likelihoodOf } = await import(entry('parts.js')) as typeof parts;
    registerLikelihood({ ...likelihoodOf(target.task), task: 'measured' as never });
    const measured = { ...model, encoder: { ...model.encoder, target: { ...target, task: 'measured' } } };
    await expect((alone as typeof exported).predict(measured as never, rows)).resolves.toHaveLength(5);
  });
});
