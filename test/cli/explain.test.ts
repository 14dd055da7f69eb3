import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bnnc } from './program.js';

const SETS = ['search.steps=0', 'train.epochs=300', 'train.restarts=1', 'model.hidden=[4]', 'inclusion.rescues=0'].flatMap((set) => ['--set', set]);
const datasets = new URL('../../datasets/', import.meta.url);
const rowsOf = (name: string, rows: number): string =>
  readFileSync(new URL(name, datasets), 'utf8').split('\n').slice(0, rows + 1).join('\n');

describe('predict --explain and --uncertainty', () => {
  let cwd: string;
  const table = async (input: string, ...args: string[]): Promise<Record<string, string>[]> => {
    const { code, stdout } = await bnnc(['predict', ...args, '-'], { cwd, input });
    expect(code).toBe(0);
    return parse(stdout, { columns: true });
  };
  beforeAll(async () => {
    cwd = mkdtempSync(join(tmpdir(), 'bnnc-explain-'));
    for (const [name, target] of [['penguins', 'species'], ['diabetes', 'progression']]) {
      const data = new URL(`${name}.csv`, datasets).pathname;
      expect((await bnnc(['train', '--data', data, '--target', target, ...SETS, '-o', name, '--quiet'], { cwd })).code).toBe(0);
      expect((await bnnc(['prune', name, '--quiet'], { cwd })).code).toBe(0);
    }
  });
  afterAll(() => rmSync(cwd, { recursive: true, force: true }));

  it('adds the effects of a number up to its prediction, in its units', async () => {
    const input = rowsOf('diabetes.csv', 20);
    const rows = await table(input, 'diabetes/pruned', '--explain', '--uncertainty', '--interval', '0.8');
    const drawn = await table(input, 'diabetes/pruned', '--draws', '64');
    expect(rows).toHaveLength(20);
    rows.forEach((row, n) => {
      const effects = Object.keys(row).filter((key) => /^effect_/.test(key) && !/_(lower|upper)$/.test(key));
      expect(effects.length).toBeGreaterThan(0);
      const sum = effects.reduce((total, key) => total + Number(row[key]), Number(row.baseline));
      expect(sum).toBeCloseTo(Number(drawn[n].progression), 2);
      for (const key of effects) {
        expect(Number(row[`${key}_lower`])).toBeLessThanOrEqual(Number(row[key]) + 1e-3);
        expect(Number(row[`${key}_upper`])).toBeGreaterThanOrEqual(Number(row[key]) - 1e-3);
      }
      // Both parts together make the interval: 1.28 standard deviations to either side, but for the shape of the mixture.
      const [epistemic, aleatoric] = [Number(row.progression_epistemic), Number(row.progression_aleatoric)];
      const width = Number(row.progression_upper) - Number(row.progression_lower);
      expect(width / (2 * 1.2816 * Math.hypot(epistemic, aleatoric))).toBeCloseTo(1, 1);
    });
  });

  it('explains the class of a row with missing cells by a log-probability', async () => {
    const rows = await table(rowsOf('penguins.csv', 5), 'penguins', '--explain', '--uncertainty');
    for (const row of rows) {
      const [top] = Object.keys(row).filter((key) => key.startsWith('p_')).sort((a, b) => Number(row[b]) - Number(row[a]));
      expect(row.species).toBe(top.slice(2));
      expect(Number(row.baseline)).toBeLessThanOrEqual(0);
      expect(Number(row.species_epistemic)).toBeGreaterThanOrEqual(0);
      expect(Number(row.species_epistemic) + Number(row.species_aleatoric)).toBeLessThanOrEqual(Math.log(3) + 1e-6);
    }
  });

  it('says what the effects are measured in, and takes --interval of classes only with them', async () => {
    const input = rowsOf('penguins.csv', 2);
    const explained = await bnnc(['predict', 'penguins/pruned', '--explain', '--interval', '0.5', '-'], { cwd, input });
    expect(explained).toMatchObject({ code: 0, stderr: "effects are on the log-probability of the row's class\n" });
    expect((await bnnc(['predict', 'penguins/pruned', '--interval', '0.5', '-'], { cwd, input })).code).toBe(2);
  });
});
