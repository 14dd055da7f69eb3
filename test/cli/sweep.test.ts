import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { Stream } from '../../src/random.js';
import type { CvDocument } from '../../src/work/cv/document.js';
import type { SweepDocument } from '../../src/api/sweep.js';
import { bnnc } from './in-process.js';
import { temporaryFolder } from './program.js';

// y = 2 a - 3 b + 0.3 noise; c has no part in it.
const ROWS = 90;
const SWEEP = `config: bnnc.yaml
method: grid
folds: 3
keys:
  prior.slabScale: [1, 2]
  model.hidden: [[], [2]]
`;
const CONFIG = 'data: {path: data.csv, target: y}\nsearch: {steps: 0}\ntrain: {epochs: 20, restarts: 1, reference: false}\n'
  + 'inclusion: {draws: 8, rescues: 0}\n';

let cwd: string;
const file = (name: string): string => readFileSync(join(cwd, name), 'utf8');
beforeEach(() => {
  cwd = temporaryFolder();
  const draw = Stream.fromSeed('sweep').normals(ROWS * 4);
  const rows = Array.from({ length: ROWS }, (_, n) => {
    const [a, b, c, e] = draw.subarray(4 * n, 4 * n + 4);
    return [a, b, c, 2 * a - 3 * b + 0.3 * e].join(',');
  });
  writeFileSync(join(cwd, 'data.csv'), `a,b,c,y\n${rows.join('\n')}\n`);
  writeFileSync(join(cwd, 'bnnc.yaml'), CONFIG);
  writeFileSync(join(cwd, 'sweep.yaml'), SWEEP);
});

describe('sweep', () => {
  it('measures each setting as cv does, and goes on where it was', async () => {
    const first = await bnnc(['sweep', '-c', 'sweep.yaml', '-o', 'out', '--jobs', '1'], { cwd });
    expect(first).toMatchObject({ code: 0 });
    for (const line of first.stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    const document = JSON.parse(file('out/sweep.json')) as SweepDocument;
    expect(document.standing).toHaveLength(4);

    const cv = await bnnc(
      ['cv', '-c', 'bnnc.yaml', '--folds', '3', '--set', 'prior.slabScale=2', '--set', 'model.hidden=[2]', '--json', '--jobs', '1'], { cwd });
    const { models } = JSON.parse(cv.stdout) as CvDocument;
    const own = document.standing.find(({ trial }) => trial === 4)!;
    expect(own.setting).toEqual({ 'prior.slabScale': 2, 'model.hidden': [2] });
    // The number of threads of an engine may differ, and with it the last digits.
    expect(own.loss.mean).toBeCloseTo(models.full!.folds.nll!.mean, 6);
    expect(own.loss.se).toBeCloseTo(models.full!.folds.nll!.se, 6);
    expect(own.nonZero).toBe(models.pruned!.size.nonZero.mean);

    const before = file('out/sweep.json');
    for (const name of readdirSync(join(cwd, 'out/folds')).slice(0, 5)) rmSync(join(cwd, 'out/folds', name));
    const again = await bnnc(['sweep', '-c', 'sweep.yaml', '-o', 'out', '--jobs', '2'], { cwd });
    expect(again.code).toBe(0);
    expect(again.stderr).toContain('7 folds of an earlier call are used');
    expect(file('out/sweep.json')).toBe(before);
    expect(file('out/best.yaml')).toContain('slabScale');
    expect(file('out/trials.csv').split('\n')).toHaveLength(6);
    expect(file('out/pareto.svg')).toMatch(/^<svg [^>]*xmlns="http:\/\/www.w3.org\/2000\/svg"/);
    const best = await bnnc(['validate', '-c', 'out/best.yaml'], { cwd });
    expect(best.code).toBe(0);
  });

  it('refuses another sweep in the folder, a stranger\'s folder, and a value that a key cannot take', async () => {
    mkdirSync(join(cwd, 'out'));
    writeFileSync(join(cwd, 'out/plan.json'), '{"hash": "0"}');
    const other = await bnnc(['sweep', '-c', 'sweep.yaml', '-o', 'out'], { cwd });
    expect(other).toMatchObject({ code: 6 });
    expect(other.stderr).toContain('another sweep is here');
    expect(other.stderr).toContain('--force');
    const foreign = await bnnc(['sweep', '-c', 'sweep.yaml', '-o', '.'], { cwd });
    expect(foreign).toMatchObject({ code: 6 });
    writeFileSync(join(cwd, 'wrong.yaml'), SWEEP.replace('[1, 2]', '[1, -3]'));
    const wrong = await bnnc(['sweep', '-c', 'wrong.yaml', '-o', 'wrong'], { cwd });
    expect(wrong).toMatchObject({ code: 3 });
    expect(wrong.stderr).toContain('wrong.yaml:5:24: keys.prior.slabScale: -3 cannot be used: expected ');
    expect(readdirSync(cwd)).not.toContain('wrong');
  });
});
