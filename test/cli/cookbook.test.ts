/** Each page of docs/cookbook still leads to its answer, with trainings that are shorter than the reader's. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { ComparedRows, Comparison } from '../../src/api/compare-runs.js';
import { CHROMIUM, launch, serve } from '../browser/serve.js';
import { commandsOf, COOKBOOK, follow, pipsOf, type Kitchen } from './cookbook.js';
import { bash } from './program.js';

const pages = readdirSync(COOKBOOK).filter((name) => name.endsWith('.md') && name !== 'README.md');
const text = (page: string): string => readFileSync(join(COOKBOOK, page), 'utf8');

// A page may take a minute where many tests run at once.
vi.setConfig({ testTimeout: 300_000 });

const csv = (kitchen: Kitchen, path: string): string[][] => kitchen.read(path).trimEnd().split('\n').map((line) => line.split(','));

interface CrossValidated {
  inputs: { input: string; folds: number }[];
  models: Record<string, { folds: Record<string, { mean: number }> }>;
}

interface RunFigures { full: { splits: { test: Record<string, number> } } }

describe('the cookbook', () => {
  it('has every page in its index', () => {
    expect(pages.filter((page) => !text('README.md').includes(`](${page})`))).toEqual([]);
  });

  it.each(pages)('%s is a page long, and asks, shows, reads and answers', (page) => {
    const lines = text(page).split('\n');
    expect(lines.length).toBeGreaterThanOrEqual(60);
    expect(lines.length).toBeLessThanOrEqual(150);
    for (const part of ['**Question.**', '**Table.**', '**How to read it.**', '**Answer.**']) expect(text(page)).toContain(part);
    expect(commandsOf(page).length).toBeGreaterThan(1);
    const shown = [...text(page).matchAll(/^```text\n([^]*?)^```$/gm)].flatMap(([, block]) => block.split('\n'));
    expect(shown.filter((line) => line.length > 80)).toEqual([]);
  });
});

describe('the analyses', () => {
  it('confounders.md finds the effect of the drug that the means hide', async () => {
    const kitchen = await follow('confounders.md');
    expect(pipsOf(kitchen, 'runs/dose').get('renin')).toBeGreaterThan(0.9);
    expect(kitchen.printed).toMatch(/^4\.77/m);
    const effect = Number(kitchen.read('effect.txt'));
    expect(effect).toBeLessThan(-5.5);
    expect(effect).toBeGreaterThan(-9.5);
  });

  it('exposures.md finds what the rate depends on, and counts by the exposure', async () => {
    const kitchen = await follow('exposures.md');
    const pips = pipsOf(kitchen, 'runs/rates');
    expect([...pips].filter(([, pip]) => pip >= 0.5).map(([name]) => name).sort()).toEqual(['catheters', 'nurses_per_bed']);
    expect(pipsOf(kitchen, 'runs/no-exposure').get('patient_days')).toBeGreaterThan(0.9);
    const [, first] = csv(kitchen, 'expected.csv');
    expect(Number(first[0])).toBeGreaterThan(6);
    expect(Number(first[0])).toBeLessThan(13);
  });

  it('survival.md finds three inputs, and a healthy patient who is likely to live', async () => {
    const kitchen = await follow('survival.md');
    for (const input of ['ejection_fraction', 'serum_creatinine', 'age']) expect(pipsOf(kitchen, 'runs/weibull').get(input)).toBeGreaterThan(0.5);
    const { models } = kitchen.json<CrossValidated>('cv.json');
    expect(models.full.folds.concordance.mean).toBeGreaterThan(0.6);
    const [names, well, ill] = csv(kitchen, 'two-predicted.csv');
    const at = names.indexOf('time_survival_90');
    expect(Number(well[at])).toBeGreaterThan(0.85);
    expect(Number(ill[at])).toBeLessThan(0.5);
  });

  it('genes.md finds one gene of each effect', async () => {
    const kitchen = await follow('genes.md');
    const genes = kitchen.read('chosen.txt').trimEnd().split('\n');
    const modules = new Set(genes.map((name) => Math.floor((Number(name.slice(1)) - 1) / 5)));
    expect([...modules].sort((a, b) => a - b)).toEqual([2, 51]);
    expect(genes).toHaveLength(2);
  });

  it('imbalanced.md finds failures by a threshold, and is warned of class weights', async () => {
    const kitchen = await follow('imbalanced.md');
    const pips = pipsOf(kitchen, 'runs/machines');
    expect([pips.get('temperature')! > 0.9, pips.get('vibration')! > 0.9, pips.get('load')! < 0.5]).toEqual([true, true, true]);
    const alarms = csv(kitchen, 'alarms.csv').map(([failed]) => failed);
    const truth = csv(kitchen, 'next-month.csv').map((row) => row.at(-1));
    const found = truth.filter((truly, n) => truly === 'yes' && alarms[n] === 'yes').length;
    // Of 60; one half as threshold finds hardly any.
    expect(found).toBeGreaterThan(35);
    expect(kitchen.printed).toMatch(/warning: with data\.classWeights/);
  });

  it('groups.md is warned of the leak, and then finds the tremor alone', async () => {
    const kitchen = await follow('groups.md');
    expect(kitchen.printed).toMatch(/Set data\.split\.group: speaker/);
    const selected = [...pipsOf(kitchen, 'runs/speakers')].filter(([, pip]) => pip >= 0.5).map(([name]) => name);
    expect(selected).toEqual(['tremor']);
    expect(kitchen.json<CrossValidated>('cv.json').inputs[0].input).toBe('tremor');
  });

  it('time.md shows by the order of the days that a trend is missing', async () => {
    const kitchen = await follow('time.md');
    const covered = (run: string): number => kitchen.json<RunFigures>(`${run}/metrics.json`).full.splits.test.coverage90;
    expect(covered('runs/random')).toBeGreaterThan(0.8);
    expect(covered('runs/later')).toBeLessThan(0.7);
    expect(covered('runs/trend')).toBeGreaterThan(0.8);
    expect(pipsOf(kitchen, 'runs/trend').get('day')).toBeGreaterThan(0.9);
  });

  it('browser.md makes a page that names the bird', async (context) => {
    const kitchen = await follow('browser.md');
    expect(kitchen.read('tried.txt')).toMatch(/bill_length_mm.*\nGentoo\n/);
    if (CHROMIUM === undefined) return context.skip('no Chromium here: the page is not opened');
    const files = ['index.html', 'model.mjs'].map((name): [string, Uint8Array] => [name, Buffer.from(kitchen.read(`penguins/${name}`))]);
    const { server, url } = await serve(new Map(files));
    const browser = await launch();
    try {
      const page = await browser.newPage();
      await page.goto(`${url}/index.html`);
      await page.fill('[name=bill_length_mm]', '50');
      if (await page.locator('[name=bill_depth_mm]').count()) await page.fill('[name=bill_depth_mm]', '15');
      if (await page.locator('[name=flipper_length_mm]').count()) await page.fill('[name=flipper_length_mm]', '221');
      await page.click('button');
      expect(await page.locator('output').innerText()).toMatch(/^Gentoo \(\d+ %\)$/);
    } finally {
      await browser.close();
      server.close();
    }
  });

  it('python-and-r.md predicts the same numbers in each language that is here', async () => {
    const kitchen = await follow('python-and-r.md');
    const expected = csv(kitchen, 'by-bnnc.csv');
    expect(expected).toHaveLength(443);
    for (const [language, program, file] of [['Python', 'python3', 'by-python.csv'], ['R', 'Rscript', 'by-r.csv']]) {
      if (!existsSync(join(kitchen.cwd, file))) {
        expect((await bash(`command -v ${program}`)).code).not.toBe(0);
        console.log(`no ${language} here: ${file} of python-and-r.md is not compared`);
        continue;
      }
      const worst = csv(kitchen, file).slice(1).map(([value], n) => Math.abs(Number(value) - Number(expected[n + 1][0])));
      expect(worst).toHaveLength(442);
      expect(Math.max(...worst)).toBeLessThan(0.001);
    }
  });

  it('compare.md finds what takes the place of the perimeter', async () => {
    const kitchen = await follow('compare.md');
    const { inputs, heldOut } = kitchen.json<Comparison>('compared.json');
    expect(inputs.find(({ input }) => input === 'Perimeter')).toMatchObject({ b: null });
    expect(inputs.filter(({ b }) => (b ?? 0) >= 0.5).length).toBeGreaterThan(0);
    const { rows, full } = heldOut as ComparedRows;
    expect(rows).toBe(180);
    expect(Math.abs(full.differences.accuracy.mean)).toBeLessThan(0.05);
    expect(existsSync(join(kitchen.cwd, 'runs/without/report.html'))).toBe(true);
  });
});
