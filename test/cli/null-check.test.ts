import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Stream } from '../../src/random.js';
import { bnnc } from './in-process.js';
import { ROOT, withoutWarnings } from './program.js';

const SMALL = ['--set', 'model.hidden=[4]', '--set', 'search.steps=0', '--set', 'train.epochs=1000', '--set', 'train.restarts=1',
  '--set', 'train.reference=false', '--set', 'inclusion.draws=8', '--quiet'];
const TRUE = ['x1', 'x2', 'x3', 'x4', 'x5', 'x6'];

/** x1 to x12, neighbours with a correlation of 0.5; y is the sum of the first six and noise, or noise alone; `extra` is text. */
function makeCsv(seed: string, { planted }: { planted: boolean }, extra: string[] = []): string {
  const stream = Stream.fromSeed(seed);
  const lines = Array.from({ length: 300 }, (_, n) => {
    const x = stream.normals(12);
    for (let i = 1; i < 12; i++) x[i] = 0.5 * x[i - 1] + Math.sqrt(0.75) * x[i];
    const [noise] = stream.normals(1);
    const y = planted ? x.subarray(0, 6).reduce((sum, value) => sum + value, 0) + 0.5 * noise : noise;
    return [...Array.from(x, (value) => value.toFixed(4)), ...extra.map(() => (n % 3 === 0 ? 'red' : 'blue')), y.toFixed(4)].join(',');
  });
  return `${[...Array.from({ length: 12 }, (_, i) => `x${i + 1}`), ...extra, 'y'].join(',')}\n${lines.join('\n')}\n`;
}

interface Document {
  copiesEntered: number;
  wThreshold: number | null;
  selected: { input: string; pip: number; copyPip: number; w: number; fdr: number }[];
  inputs: object[];
}

let cwd: string;
beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), 'bnnc-null-'));
  writeFileSync(join(cwd, 'planted.csv'), makeCsv('planted', { planted: true }));
  writeFileSync(join(cwd, 'noise.csv'), makeCsv('noise', { planted: false }, ['g']));
  // After 1000 steps noise has not left the network.
  for (const [name, steps] of [['planted', 1000], ['noise', 4000]]) {
    const args = ['--data', `${name}.csv`, '--target', 'y', '-o', `${name}`, ...SMALL, '--set', `train.epochs=${steps}`];
    const { code, stderr } = await bnnc(['train', ...args], { cwd });
    expect({ code, stderr: withoutWarnings(stderr) }).toEqual({ code: 0, stderr: '' });
  }
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const select = (...args: string[]) => bnnc(['select-features', ...args], { cwd });

describe('select-features --knockoffs', () => {
  it('selects the six inputs that the target was made of, and no other, at 0.2', async () => {
    const { code, stdout, stderr } = await select('planted', '--knockoffs', '--fdr', '0.2', '--json');
    expect(code).toBe(0);
    expect(stderr).toMatch(/6 of 12 inputs at a false discovery rate of 0\.2: W of at least \d/);
    expect(stderr).toMatch(/; 0 of 12 knockoffs have a PIP of at least 0\.5$/m);
    const document = JSON.parse(stdout) as Document;
    expect(document).toMatchObject({ schemaVersion: 1, run: 'planted', check: 'knockoffs', rule: { fdr: 0.2 }, candidates: 12 });
    expect(document.copiesEntered).toBe(0);
    expect(document.selected.map(({ input }) => input).sort()).toEqual(TRUE);
    expect(document.inputs.length).toBe(12);
    for (const { pip, copyPip, w, fdr } of document.selected) {
      expect([pip > 0.9, copyPip < 0.1, w >= document.wThreshold!, fdr]).toEqual([true, true, true, 1 / 6]);
    }
  });

  it('says why nothing can be selected at 0.1, the default, and what could', async () => {
    const { code, stdout, stderr } = await select('planted', '--knockoffs');
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr).toMatch(/no input at a false discovery rate of 0\.1; 0 of 12 knockoffs/);
    expect(stderr)
      .toMatch(/at least 10 inputs must beat their knockoffs; 6 beat them, 0 lose to them; --fdr 0\.17 would select 6/);
  });

  it.each<[string[], number, RegExp]>([
    [['noise', '--knockoffs'], 2, /knockoffs are Gaussian, and input 'g' is text\. Use --probes/],
    [['planted', '--knockoffs', '--fdr', '0'], 2, /must be above 0 and below 1, not 0/],
    [['planted', '--knockoffs', '--probes'], 2, /cannot be used with option/],
    [['planted', '--knockoffs', '--top', '3'], 2, /cannot be used with option/],
    [['planted', '--probes', '--fdr', '0.1'], 2, /cannot be used with option/],
  ])('%j is refused', async (args, expected, text) => {
    const { code, stdout, stderr } = await select(...args);
    expect({ code, stdout }).toEqual({ code: expected, stdout: '' });
    expect(stderr).toMatch(text);
  });

  it('needs the data of the run as they were', async () => {
    const data = readFileSync(join(cwd, 'planted.csv'), 'utf8');
    writeFileSync(join(cwd, 'planted.csv'), data.replace('\n', '\n1,1,1,1,1,1,1,1,1,1,1,1,1\n'));
    const { code, stderr } = await select('planted', '--knockoffs');
    writeFileSync(join(cwd, 'planted.csv'), data);
    expect(code).toBe(6);
    expect(stderr).toMatch(/^planted: .*planted\.csv has changed since the run/);
  });
});

describe('select-features --probes', () => {
  it('on noise: of 13 probes one at most enters, and one input', async () => {
    const { code, stdout, stderr } = await select('noise', '--probes', '--json');
    expect(code).toBe(0);
    expect(stderr).toMatch(/\d of 13 inputs and \d of as many probes have a PIP of at least 0\.5/);
    const document = JSON.parse(stdout) as Document;
    expect(document).toMatchObject({ check: 'probes', rule: { threshold: 0.5 }, candidates: 13 });
    expect(document.copiesEntered).toBeLessThanOrEqual(1);
    expect(document.selected.length).toBeLessThanOrEqual(1);
    expect(document).not.toHaveProperty('wThreshold');
  });

  it('beside inputs that matter: these are selected', async () => {
    const { stdout } = await select('planted', '--probes', '--format', 'csv');
    const rows = parse<Record<'input' | 'pip' | 'copy_pip' | 'w' | 'fdr', unknown>>(stdout, { columns: true, cast: true });
    expect(rows.map(({ input }) => input).sort()).toEqual(TRUE);
    for (const { pip, copy_pip, w, fdr } of rows) {
      expect([Number(pip) > 0.9, Number(copy_pip) < 0.5, Number(w) > 0, fdr]).toEqual([true, true, true, '']);
    }
  });
});

describe('the credible sets of the raisins', () => {
  it('tell which measures of size the rows cannot tell apart, in every command', async () => {
    const data = join(ROOT, 'datasets/raisin.csv');
    const trained = await bnnc(['train', '--data', data, '--target', 'Class', '-o', 'raisin', '--json', ...SMALL], { cwd });
    expect(trained.code).toBe(0);
    interface Sets { sets: { source: string; inputs: { input: string; probability: number }[]; purity: number }[] }
    const { sets } = JSON.parse(trained.stdout) as Sets;
    // At least one size matters, whatever else.
    expect(sets[0].source).toBe('linear');
    for (const { inputs } of sets) {
      const total = inputs.reduce((sum, { probability }) => sum + probability, 0);
      expect(total).toBeGreaterThanOrEqual(0.95);
      expect(total).toBeLessThanOrEqual(1 + 1e-9);
    }
    const documents = await Promise.all([select('raisin', '--sets', '--json'), bnnc(['inspect', 'raisin', '--json'], { cwd })]);
    for (const { stdout } of documents) expect((JSON.parse(stdout) as Sets).sets).toMatchObject(sets);
    interface Linear { linear: { effects: { inputs: object[] }; ridge: { penalty: number } } }
    const { linear } = JSON.parse(documents[1].stdout) as Linear;
    expect(linear.effects.inputs).toHaveLength(7);
    expect(linear.ridge.penalty).toBeGreaterThan(0);
    expect((await bnnc(['inspect', 'raisin'], { cwd })).stdout).toMatch(/^\d+ credible sets?: in (each|it), one input/m);
  });
});
