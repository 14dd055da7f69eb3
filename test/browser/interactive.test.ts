import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { recordTable } from '../../src/data/index.js';
import { encode } from '../../src/data/encode.js';
import { columnsOf, predictRows } from '../../src/predict/predictions.js';
import { modelPredictor } from '../../src/predict/predictor.js';
import { startsOf } from '../../src/report/interactive/typical.js';
import { page as reportPage } from '../../src/report/page.js';
import type { CompressedModel, Target, Task } from '../../src/types.js';
import { modelOf } from '../helpers/export-agreement.js';
import { randomCompressed } from '../helpers/random-compressed.js';
import { reportData } from '../helpers/report-data.js';
import { CHROMIUM, launch } from './serve.js';

/** Numbers that the page shows, as the page has them. */
const SHOWN = "[...document.querySelectorAll('#try output data')].map(({ value }) => Number(value))";
const BARS = "[...document.querySelectorAll('#try .bars data')].map(({ value }) => Number(value))";

/** What `predict` says of one row of cells, with its interval. */
async function predicted(model: CompressedModel, cells: Record<string, string>, interval?: number): Promise<number[]> {
  const { encoder, encoder: { missing, style } } = model;
  const table = recordTable([cells], { columns: Object.keys(cells), missing, style });
  const predictor = modelPredictor('model', model, {});
  const { x } = encode(table, encoder, undefined, { target: 'none' });
  return predictRows(predictor, x, await columnsOf(predictor, { interval }))[0].values;
}

const close = (found: number[], expected: number[]): void => {
  expect(found).toHaveLength(expected.length);
  found.forEach((value, n) => {
    expect(Math.abs(value - expected[n])).toBeLessThanOrEqual(1e-4 * Math.max(1, Math.abs(expected[n])));
  });
};

describe.skipIf(CHROMIUM === undefined)('a report with a form in Chromium (skipped where none is installed)', () => {
  let browser: Browser;
  const folder = mkdtempSync(join(tmpdir(), 'bnnc-form-'));
  beforeAll(async () => { browser = await launch(); });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  interface Opened {
    width?: number;
    features?: number[];
    model?: CompressedModel;
  }

  /** The page from a file, with what it asks for besides. */
  async function open(
    task: Task, { width = 900, features = [1, 3, 1], model }: Opened = {},
  ): Promise<{ page: Page; model: CompressedModel; faults: string[] }> {
    const made = reportData({ task, features });
    const data = { ...made, model: model ?? made.model };
    const file = join(folder, `${task}.html`);
    writeFileSync(file, reportPage({ ...data, starts: startsOf(data.model.encoder.features, { reason: 'there are none' }) }));
    const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme: 'dark' });
    const faults: string[] = [];
    page.on('pageerror', ({ message }) => faults.push(message));
    page.on('console', (message) => faults.push(message.text()));
    page.on('request', (request) => {
      if (request.url() !== pathToFileURL(file).href) faults.push(request.url());
    });
    await page.goto(pathToFileURL(file).href);
    await page.waitForSelector('#try .plot');
    return { page, model: data.model, faults };
  }

  /** That the page says what the program says of its cells: at once on a machine that is idle, later on one that is not. */
  const agrees = (
    page: Page, model: CompressedModel, shown: string, interval?: number, cells?: Record<string, string>,
  ): Promise<void> =>
    vi.waitFor(async () => {
      close(await page.evaluate<number[]>(shown), await predicted(model, cells ?? await cellsOf(page, model), interval));
    }, { timeout: 20_000, interval: 50 });

  /** The cells of the form: a row of the table. */
  async function cellsOf(page: Page, { encoder: { features } }: CompressedModel): Promise<Record<string, string>> {
    const labels = await page.locator('#try .field > label:first-child').allInnerTexts();
    const cells = await Promise.all(labels.map(async (name, f): Promise<[string, string]> => {
      const { kind, levels } = features.find((feature) => feature.name === name)!;
      const value = await page.locator(`#try-${f}`).inputValue();
      return [name, kind === 'numeric' ? value : levels![Number(value)]];
    }));
    return Object.fromEntries(cells);
  }

  it('predicts a number as the program does when a slider is moved, and asks for nothing', async () => {
    const { page, model, faults } = await open('regression');
    const before = await page.evaluate<number[]>(SHOWN);
    close(before, await predicted(model, await cellsOf(page, model), 0.9));
    await page.locator('#try input[type=range]').first().focus();
    for (let n = 0; n < 5; n++) await page.keyboard.press('ArrowLeft');
    await agrees(page, model, SHOWN, 0.9);
    expect((await page.evaluate<number[]>(SHOWN))[0]).not.toBeCloseTo(before[0], 6);
    await page.click('#try button[type=reset]');
    await page.waitForFunction(`(${SHOWN})[0] === ${before[0]}`);
    expect(faults).toEqual([]);
    await page.close();
  });

  it('predicts each of several numbers, with a picture for each', async () => {
    const targets = [{ name: 'y', mean: 3, scale: 2, noise: 0.5 }, { name: 'z', mean: -1000, scale: 90, noise: 2 }];
    const target: Target = { name: 'y, z', task: 'several', targets };
    const made = randomCompressed({ seed: 12, task: 'several', features: [1, 3, 1], target });
    const { page, model, faults } = await open('regression', { model: made, width: 390 });
    const before = await page.evaluate<number[]>(SHOWN);
    await page.locator('#try input[type=range]').first().focus();
    for (let n = 0; n < 5; n++) await page.keyboard.press('ArrowLeft');
    await agrees(page, model, SHOWN, 0.9);
    expect((await page.evaluate<number[]>(SHOWN))[0]).not.toBeCloseTo(before[0], 6);
    expect(await page.locator('#try output div').allInnerTexts())
      .toEqual(['y', 'z'].map((name) => expect.stringMatching(`^predicted ${name}: .*, 90 % interval .* to `) as string));
    expect(await page.locator('#try .plot').count()).toBe(2);
    expect(await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')).toBe(0);
    expect(faults).toEqual([]);
    await page.close();
  });

  it('predicts classes from a level and a number', async () => {
    const { page, model, faults } = await open('multiclass', { width: 390 });
    const select = page.locator('#try select').first();
    await page.waitForSelector('#try .bars');
    for (const level of ['0', '2']) {
      await select.selectOption(level);
      await page.locator('#try input[type=number]').first().fill(level === '0' ? '-1.25' : '0.5');
      await agrees(page, model, BARS);
    }
    expect(await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')).toBe(0);
    expect(faults).toEqual([]);
    await page.close();
  });

  it('writes dates and percentages as the table had them, and missing cells', async () => {
    const rows = Array.from({ length: 40 }, (_, n) =>
      [`${(n % 28) + 1}.0${(n % 9) + 1}.20${10 + (n % 12)}`, `"${n % 7},5 %"`, n % 5 === 0 ? '' : String(n % 6), `${n % 11}`].join(';'));
    const made = await modelOf(`when;share;count;y\n${rows.join('\n')}\n`, { decimal: ',' });
    const { page, model, faults } = await open('regression', { model: made });
    const field = (name: string) => page.locator('#try .field').filter({ hasText: name });
    await field('when').locator('input[type=date]').fill('2016-05-30');
    await field('share').locator('input[type=number]').fill('3.5');
    for (const missing of [false, true]) {
      await field('count').locator('input[type=checkbox]').setChecked(missing);
      const count = (await field('count').locator('input[type=number]').inputValue()).replace('.', ',');
      const cells = { when: '30.05.2016', share: '3,5 %', count: missing ? '' : count };
      await agrees(page, model, SHOWN, 0.9, cells);
    }
    await field('when').locator('input[type=date]').fill('1999-01-01');
    expect(await field('when').innerText()).toContain('The training rows have no such value.');
    expect(faults).toEqual([]);
    await page.close();
  });

  it('does not run another script', async () => {
    const { page } = await open('binary');
    await page.evaluate("document.body.append(Object.assign(document.createElement('script'), { textContent: 'window.broken = true' }))");
    expect(await page.evaluate('window.broken === undefined')).toBe(true);
    await page.close();
  });

  it('has thirty fields at most', async () => {
    const { page, model, faults } = await open('regression', { features: Array<number>(40).fill(1) });
    expect(model.encoder.features.length).toBeGreaterThan(30);
    expect(await page.locator('#try .field').count()).toBe(30);
    expect(await page.locator('#try').innerText()).toContain(`the 30 most probable of ${model.encoder.features.length} kept inputs`);
    expect((await page.evaluate<number[]>(SHOWN)).every(Number.isFinite)).toBe(true);
    expect(faults).toEqual([]);
    await page.close();
  });
});
