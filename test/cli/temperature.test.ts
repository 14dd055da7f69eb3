import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { Stream } from '../../src/random.js';
import type { RunMetrics } from '../../src/work/run-metrics.js';
import { bnnc } from './in-process.js';
import { temporaryFolder } from './program.js';

const ARGS = ['train', '--data', 'data.csv', '--target', 'y', '--set', 'model.hidden=[3]', '--set', 'train.restarts=1', '--set', 'search.steps=0', '--set', 'train.epochs=300'];
const AUTO = ['--set', 'train.temperature=auto'];
const FEW = ['train.reference=false', 'train.epochs=100', 'inclusion.draws=8', 'inclusion.rescues=0'].flatMap((each) => ['--set', each]);

let cwd: string;
beforeEach(() => {
  cwd = temporaryFolder();
  const draw = Stream.fromSeed('temperature').normals(480);
  const rows = Array.from({ length: 120 }, (_, n) => {
    const [a, b, c, e] = draw.subarray(4 * n, 4 * n + 4);
    return [a, b, c, 2 * a - b + e > 0 ? 'yes' : 'no'].join(',');
  });
  writeFileSync(join(cwd, 'data.csv'), `a,b,c,y\n${rows.join('\n')}\n`);
});

const metrics = (run: string): RunMetrics => JSON.parse(readFileSync(join(cwd, run, 'metrics.json'), 'utf8')) as RunMetrics;

describe('train.temperature', () => {
  it('auto is chosen by cross-validation and told, the same with any number of jobs', async () => {
    const { code, stderr } = await bnnc([...ARGS, ...FEW, ...AUTO, '-o', 'one', '--jobs', '1'], { cwd });
    expect(code).toBe(0);
    expect(stderr).toContain('choosing the temperature by cross-validation');
    const { temperature } = metrics('one');
    expect(temperature!.tried.map((each) => each.temperature)).toEqual([1, 0.1, 0.03]);
    const best = temperature!.tried.reduce((least, each) => (each.nll < least.nll ? each : least));
    expect(temperature!.chosen).toBe(best.temperature);
    expect((await bnnc(['inspect', 'one'], { cwd })).stdout).toContain(`temperature ${temperature!.chosen}, by the NLL in cross-validation`);

    expect((await bnnc([...ARGS, ...FEW, ...AUTO, '-o', 'two', '--jobs', '2', '--quiet'], { cwd })).code).toBe(0);
    expect(metrics('two')).toEqual(metrics('one'));
    // The chosen temperature, given as a number, makes the same network.
    const fixed = ['--set', `train.temperature=${temperature!.chosen}`];
    expect((await bnnc([...ARGS, ...FEW, ...fixed, '-o', 'fixed', '--quiet'], { cwd })).code).toBe(0);
    const { temperature: none, ...others } = metrics('fixed');
    expect(none).toBeUndefined();
    expect({ ...others, temperature }).toEqual(metrics('one'));
  });

  it('keeps the dense reference as it is, and more of the weights', async () => {
    for (const [run, temperature] of [['warm', 1], ['cold', 0.05]] as const) {
      expect((await bnnc([...ARGS, '--set', `train.temperature=${temperature}`, '-o', run, '--quiet'], { cwd })).code).toBe(0);
    }
    expect(metrics('cold').dense).toEqual(metrics('warm').dense);
    expect(metrics('cold').median.size.nonZero).toBeGreaterThan(metrics('warm').median.size.nonZero);
  });

  it.each([
    [['train.temperature=0'], 'train.temperature'],
    [['train.temperature=2'], 'train.temperature'],
    [['train.temperature=0.5', 'model.gates=none'], 'there are no gates'],
    [['train.temperature=auto', 'prior.spike=gaussian'], 'there are no gates'],
  ])('refuses %j', async (sets, text) => {
    const { code, stderr } = await bnnc([...ARGS, ...sets.flatMap((set) => ['--set', set]), '--dry-run'], { cwd });
    expect(code).toBe(3);
    expect(stderr).toContain(text);
  });
});
