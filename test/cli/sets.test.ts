/** Credible sets from training to every place that shows them, on rows with planted twins. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Stream } from '../../src/random.js';
import { bnnc } from './in-process.js';
import { type Outcome } from './program.js';

const ROWS = 250;
const NAMES = ['load', 'load copy', 'angle', 'angle copy', 'speed', 'noise'];

/** y = load + speed + angle² and noise; the copies correlate with what they are named after by 0.999. */
function makeCsv(): string {
  const stream = Stream.fromSeed('twins');
  const [load, angle, speed, noise, e1, e2, e3] = NAMES.concat('e').map((name) => stream.split(name).normals(ROWS));
  const near = (of: Float32Array, e: Float32Array, n: number): number => of[n] + Math.sqrt(1 / 0.999 ** 2 - 1) * e[n];
  const lines = Array.from({ length: ROWS }, (_, n) => {
    const y = load[n] + speed[n] + angle[n] ** 2 + 0.7 * e3[n];
    return [load[n], near(load, e1, n), angle[n], near(angle, e2, n), speed[n], noise[n], y].map((value) => value.toFixed(5)).join(',');
  });
  return `${[...NAMES, 'y'].join(',')}\n${lines.join('\n')}\n`;
}

interface Sets {
  sets: { source: string; inputs: { input: string; probability: number }[]; purity: number; logBayesFactor?: number }[];
}
const setsOf = ({ stdout }: Outcome): Sets['sets'] => (JSON.parse(stdout) as Sets).sets;
const names = ({ inputs }: Sets['sets'][number]): string[] => inputs.map(({ input }) => input).sort();

let cwd: string;
let trained: Outcome;
beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), 'bnnc-sets-'));
  writeFileSync(join(cwd, 'twins.csv'), makeCsv());
  const settings = ['model.hidden=[4]', 'search.steps=0', 'train.epochs=1500', 'train.restarts=2', 'train.reference=false', 'inclusion.draws=8'];
  trained = await bnnc(['train', '--data', 'twins.csv', '--target', 'y', '--seed', '1', '-o', 'run', '--json',
    ...settings.flatMap((setting) => ['--set', setting])], { cwd });
  expect(trained.code, trained.stderr).toBe(0);
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

describe('credible sets on planted twins', () => {
  it('hold both twins of a linear effect, and one input of an effect that has none', () => {
    const linear = setsOf(trained).filter(({ source }) => source === 'linear');
    // 250 rows give the better of two inputs that correlate by 0.999 a log Bayes factor of some tenths of a nat.
    expect(linear.map(names)).toContainEqual(['load', 'load copy']);
    expect(linear.map(names)).toContainEqual(['speed']);
    for (const set of linear) expect(set.logBayesFactor).toBeGreaterThan(0);
    expect(linear.find((set) => set.inputs.length === 2)!.purity).toBeCloseTo(0.999, 2);
  });

  it('hold both twins of an effect that only the network sees', () => {
    const network = setsOf(trained).filter(({ source }) => source === 'network');
    expect(network.map(names)).toContainEqual(['angle', 'angle copy']);
    expect(network.map(names).flat()).not.toContain('noise');
  });

  it('are the same wherever they are told', async () => {
    const [inspected, selected] = await Promise.all([
      bnnc(['inspect', 'run', '--json'], { cwd }), bnnc(['select-features', 'run', '--sets', '--json'], { cwd }),
    ]);
    expect(setsOf(inspected)).toEqual(setsOf(trained));
    expect(setsOf(selected)).toMatchObject(setsOf(trained));
    expect((JSON.parse(inspected.stdout) as { findings: { code: string }[] }).findings.map(({ code }) => code)).toContain('unresolved-sets');
    const { linear } = JSON.parse(inspected.stdout) as { linear: { effects: Sets & { inputs: { input: string }[] } } };
    expect(linear.effects.inputs.map(({ input }) => input)).toEqual(NAMES);
    expect(linear.effects.sets.map(({ inputs }) => inputs))
      .toEqual(setsOf(trained).filter(({ source }) => source === 'linear').map(({ inputs }) => inputs));
  });

  it('are told in lines that fit a terminal', async () => {
    const heading = /^\d credible sets: in each, one input carries an effect \(probability 0\.95\)$/m;
    const pair = /^ +\d {2}one of (load, load copy|load copy, load) \(p 0\.\d\d, 0\.\d\d; \|r\| 0\.999\)$/m;
    const table = (await bnnc(['select-features', 'run', '--sets'], { cwd })).stdout;
    expect(table).toMatch(/^set {2}one of +p +PIP {2}selected +\|r\| {2}found by {2}log BF$/m);
    expect(table).toMatch(/^ +\d {2}speed .* linear +\d+\.\d$/m);
    const inspected = (await bnnc(['inspect', 'run'], { cwd })).stdout;
    for (const text of [trained.stderr, inspected]) {
      expect(text).toMatch(heading);
      expect(text).toMatch(pair);
    }
    const from = trained.stderr.split('\n');
    const lines = [...from.slice(from.findIndex((line) => heading.test(line))), ...table.split('\n')];
    // What else is found is told in sentences, which the terminal breaks.
    expect(lines.filter((line) => line.length > 80 && !/^(warning|note): /.test(line))).toEqual([]);
  });

  it('are in the report and on the model card', async () => {
    expect((await bnnc(['report', 'run'], { cwd })).code).toBe(0);
    const page = readFileSync(join(cwd, 'run/report.html'), 'utf8');
    expect(page).toMatch(/<h3>Credible sets<\/h3>/);
    expect(page).toMatch(/load( copy)? \(0\.\d\d\) and load( copy)? \(0\.\d\d\)/);
    expect((await bnnc(['prune', 'run', '-o', 'small'], { cwd })).code).toBe(0);
    expect(readFileSync(join(cwd, 'small/model-card.md'), 'utf8')).toMatch(/credible set[^]*`load( copy)?` \(0\.\d\d\), `load( copy)?` \(0\.\d\d\)/);
  });
});
