import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { CvDocument } from '../../src/work/cv/document.js';
import { Stream } from '../../src/random.js';
import { bnnc } from './in-process.js';
import { BIN, temporaryFolder } from './program.js';

// y = 2 a - 3 b + 0.3 noise; c and d have no part in it.
const ROWS = 90;
const ARGS = ['cv', '--data', 'data.csv', '--target', 'y', '--folds', '3', '--set', 'train.restarts=1'];
const LINEAR = ['--set', 'model.hidden=[]', '--set', 'search.steps=0', '--set', 'train.epochs=1500'];

let cwd: string;
beforeEach(() => {
  cwd = temporaryFolder();
  const draw = Stream.fromSeed('cv').normals(ROWS * 5);
  const rows = Array.from({ length: ROWS }, (_, n) => {
    const [a, b, c, d, e] = draw.subarray(5 * n, 5 * n + 5);
    return [a, b, c, d, 2 * a - 3 * b + 0.3 * e].join(',');
  });
  writeFileSync(join(cwd, 'data.csv'), `a,b,c,d,y\n${rows.join('\n')}\n`);
});

const parse = (text: string): CvDocument => JSON.parse(text) as CvDocument;

describe('cv', () => {
  it('finds the planted inputs in every fold, and gives the same document whatever --jobs', async () => {
    const alone = await bnnc([...ARGS, ...LINEAR, '--jobs', '1', '--json', '--quiet'], { cwd });
    expect(alone).toMatchObject({ code: 0, stderr: '' });
    const together = await bnnc([...ARGS, ...LINEAR, '--jobs', '2', '-o', 'out/cv.json'], { cwd });
    expect(together.code).toBe(0);
    expect(readFileSync(join(cwd, 'out/cv.json'), 'utf8')).toBe(alone.stdout);
    expect(readdirSync(join(cwd, 'out'))).toEqual(['cv.json']);
    expect(together.stdout).not.toContain('schemaVersion');

    const { schemaVersion, data, task, plan, inputs, folds, models, differences, verdict } = parse(alone.stdout);
    expect({ schemaVersion, rows: data.rows, task }).toEqual({ schemaVersion: 1, rows: ROWS, task: 'regression' });
    expect(plan).toEqual({ folds: 3, repeats: 1, stratified: false, threshold: 0.5, restarts: 1, linearFits: 0, seed: 1 });
    expect(folds.map(({ rows }) => rows)).toEqual(Array.from({ length: 3 }, () => ({ train: 60, test: 30 })));
    expect(new Set(folds.map(({ seed }) => seed)).size).toBe(3);
    expect(folds.map(({ kept }) => kept)).toEqual([['a', 'b'], ['a', 'b'], ['a', 'b']]);
    expect(inputs.filter((each) => each.folds === 1 && each.restarts === 1).map(({ input }) => input).sort()).toEqual(['a', 'b']);
    expect(inputs.filter((each) => each.folds === 0).map(({ input }) => input).sort()).toEqual(['c', 'd']);

    // The noise's deviation is 0.3; a model that predicts nothing has 3.6.
    for (const name of ['linear', 'dense', 'full', 'pruned', 'tuned'] as const) {
      const { pooled, folds: means } = models[name]!;
      expect(pooled.rows).toBe(ROWS);
      expect(pooled.rmse).toBeLessThan(0.5);
      const squares = folds.map((fold) => fold.models[name]!.metrics.rmse! ** 2);
      expect(pooled.rmse).toBeCloseTo(Math.sqrt((squares[0] + squares[1] + squares[2]) / 3), 10);
      expect(means.nll!.mean).toBeCloseTo(pooled.nll, 10);
    }
    expect(differences!.tuned.nll!.mean).toBeCloseTo(models.tuned!.folds.nll!.mean - models.dense!.folds.nll!.mean, 10);

    // The truth is linear: what is printed first says so.
    expect(verdict).toMatchObject({ kind: 'linear-enough', rows: ROWS });
    expect(together.stdout).toMatch(/^A linear model is enough, as far as 3 folds show\.\nOver guessing it gains /);
    for (const title of ['mean over folds', 'minus dense', 'all rows pooled', 'selected in']) {
      expect(together.stdout).toMatch(new RegExp(`^${title} `, 'm'));
    }
    for (const line of together.stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    expect(together.stdout).toMatch(/^data\.csv: 90 rows, regression of y\n3 folds, 1 restart, threshold 0\.5$/m);
    expect(together.stdout).toMatch(/^a +100 % +100 % +1\.00 +1\.00 +1\.00$/m);
  });

  it('stratifies classes, repeats, does without a dense model, and says what it leaves aside', async () => {
    const lines = Array.from({ length: 40 }, (_, n) => `${Math.sin(n)},${n % 2},${n < 2 ? 'rare' : n % 3 === 0 ? 'no' : 'yes'}`);
    writeFileSync(join(cwd, 'classes.csv'), `x,z,y\n${lines.join('\n')}\n`);
    writeFileSync(join(cwd, 'test.csv'), 'x,z,y\n1,1,yes\n');
    const { code, stdout, stderr } = await bnnc(['cv', '--data', 'classes.csv', '--target', 'y', '--folds', '4', '--repeats', '2',
      '--set', 'train.restarts=1', '--set', 'search.steps=0', '--set', 'train.epochs=60', '--set', 'model.hidden=[]', '--set', 'train.reference=false',
      '--set', 'data.split.testFile=test.csv', '--jobs', '1', '-o', '-'], { cwd });
    expect(code).toBe(0);
    expect(stderr).toContain('cv does not use data.split.testFile');
    expect(stderr).toContain("class 'rare' has 2 rows: 2 of 4 folds have none of it");
    const { models, differences, folds, plan } = parse(stdout);
    expect(plan).toMatchObject({ folds: 4, repeats: 2, stratified: true });
    expect(folds.map(({ repeat, fold }) => `${repeat}.${fold}`)).toEqual(['1.1', '1.2', '1.3', '1.4', '2.1', '2.2', '2.3', '2.4']);
    expect(Object.keys(models)).toEqual(['baseline', 'linear', 'full', 'pruned', 'tuned']);
    expect(differences).toBeUndefined();
    expect(models.full!.pooled.rows).toBe(40);
    expect(models.full!.pooled.accuracy).toBeCloseTo(models.full!.folds.accuracy!.mean, 10);
  });

  it('tells how each of several targets is predicted', async () => {
    const { code, stdout } = await bnnc(['cv', '--data', 'data.csv', '--target', 'y', '--target', 'd', '--folds', '3', ...LINEAR,
      '--set', 'train.restarts=1', '--set', 'train.epochs=60', '--set', 'train.reference=false', '--jobs', '1', '-o', 'cv.json'], { cwd });
    expect(code).toBe(0);
    const { models } = parse(readFileSync(join(cwd, 'cv.json'), 'utf8'));
    for (const { folds, targets } of Object.values(models)) {
      expect(targets!.map(({ target }) => target)).toEqual(['y', 'd']);
      const mean = (name: string): number => targets!.reduce((sum, each) => sum + each.folds[name]!.mean / 2, 0);
      expect(mean('r2')).toBeCloseTo(folds.meanR2!.mean, 10);
      expect(mean('coverage90')).toBeCloseTo(folds.coverage90!.mean, 10);
      expect(targets!.every((each) => each.folds.crps!.se > 0 && each.folds.mae!.mean < each.folds.rmse!.mean)).toBe(true);
    }
    const estimate = '-?[\\d.]+ ± [\\d.]+';
    expect(stdout).toMatch(new RegExp(`^full posterior +RMSE +MAE +R²\ny( +${estimate}){3}\nd( +${estimate}){3}\n\n`
      + `full posterior +90 % coverage +CRPS\ny( +${estimate}){2}\nd( +${estimate}){2}\n`, 'm'));
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  it.each([
    [['--folds', '1'], 2, /It must be a whole number of at least 2/],
    [['--threshold', '2'], 2, /It must be a number from 0 to 1/],
    [['--folds', '91'], 4, /^data\.csv: 90 rows cannot be divided into 91 folds\. Use fewer folds/],
    [['-o', 'data.csv'], 2, /--out data\.csv would replace the input/],
    [['-o', 'taken'], 6, /^taken: cannot write: it is a folder/],
    [['--target', 'nothing'], 4, /there is no column 'nothing'/],
  ])('%j is refused', async (args, exit, text) => {
    mkdirSync(join(cwd, 'taken'));
    const { code, stdout, stderr } = await bnnc([...ARGS, ...args], { cwd });
    expect({ code, stdout }).toEqual({ code: exit, stdout: '' });
    expect(stderr).toMatch(text);
  });

  it('says in which fold there is nothing to learn from', async () => {
    writeFileSync(join(cwd, 'one.csv'), `x,y\n${Array.from({ length: 8 }, (_, n) => `${n * n},${n === 0 ? 'odd' : 'even'}`).join('\n')}\n`);
    const { code, stderr } = await bnnc(['cv', '--data', 'one.csv', '--target', 'y', '--folds', '2'], { cwd });
    expect(code).toBe(4);
    expect(stderr).toMatch(/^one\.csv: fold 1 of 2: the target 'y' has the same class in the training rows/);
  });

  it('ends at Ctrl-C and leaves nothing', async () => {
    const args = [...ARGS, '--set', 'train.epochs=20000', '--jobs', '2', '-o', 'cv.json'];
    const child = spawn(process.execPath, [BIN, ...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let stderr = '';
    child.stdout.resume();
    child.stderr.on('data', (text: Buffer) => {
      // The first line of progress: training has begun.
      if (!stderr.includes(' done, ') && text.toString().includes(' done, ')) child.kill('SIGINT');
      stderr += text.toString();
    });
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect(code).toBe(130);
    expect(stderr).toMatch(/bnnc: interrupted\n$/);
    expect(existsSync(join(cwd, 'cv.json'))).toBe(false);
    expect(readdirSync(cwd)).toEqual(['data.csv']);
  });
});
