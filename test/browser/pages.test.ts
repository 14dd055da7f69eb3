import { readdirSync, readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportModel } from '../../src/export/index.js';
import type { CompressedModel } from '../../src/types.js';
import { penguinCells, penguinModels, penguinPredictions, tolerance } from '../helpers/penguins.js';
import { CHROMIUM, launch, serve } from './serve.js';

if (CHROMIUM === undefined) console.log('no Chromium here: the pages that use exported models are not opened');

/** With levels, missing cells in training, and more than one layer. */
const [model]: CompressedModel[] = fc.sample(penguinModels.filter(({ task, layers, encoder: { features } }) =>
  task === 'multiclass' && layers.length > 1 && features.length > 3 && features.some(({ kind, missing }) => kind === 'categorical' && missing),
), { numRuns: 1, seed: 16 });
const classes = (model.encoder.target as { levels: string[] }).levels;
const expected = penguinPredictions(model);

/** Rows of which each cell is missing or one that a form offers. */
const rows = [0, 3, 8, 60, 150, 200, 300, 339].filter((row) => model.encoder.features.every(({ name, kind, levels }) =>
  kind === 'numeric' || penguinCells[row][name] === '' || levels!.includes(penguinCells[row][name])));
const hasGap = (row: number): boolean => model.encoder.features.some(({ name }) => penguinCells[row][name] === '');

const load = createRequire(import.meta.url);
const inPackage = (name: string, file: string): Uint8Array => readFileSync(join(dirname(load.resolve(name)), file));

function siteFiles(): Map<string, Uint8Array> {
  const files = new Map(exportModel(model, ['js', 'tfjs'], '0.0.0').map(({ file, bytes }) => [file, bytes]));
  for (const page of ['module.html', 'layers.html']) files.set(page, readFileSync(new URL(page, import.meta.url)));
  for (const part of ['core', 'backend-wasm', 'layers']) files.set(`tf-${part}.js`, inPackage(`@tensorflow/tfjs-${part}`, `tf-${part}.min.js`));
  const wasm = dirname(load.resolve('@tensorflow/tfjs-backend-wasm'));
  for (const name of readdirSync(wasm).filter((file) => file.endsWith('.wasm'))) files.set(name, readFileSync(join(wasm, name)));
  return files;
}

describe.skipIf(CHROMIUM === undefined)('pages in Chromium (skipped where none is installed)', () => {
  let browser: Browser;
  let server: Server;
  let url: string;
  beforeAll(async () => {
    ({ server, url } = await serve(siteFiles()));
    browser = await launch();
  });
  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  /** Opens a page, fills in its form row by row, and hands over what it then shows. */
  async function visit(name: string, check: (output: string, row: number) => void): Promise<void> {
    const page: Page = await browser.newPage();
    const faults: string[] = [];
    page.on('pageerror', (error) => faults.push(error.message));
    await page.goto(`${url}/${name}`);
    await page.waitForSelector('button:enabled');
    for (const row of rows) {
      for (const { name: column, kind } of model.encoder.features) {
        const [field, cell] = [page.locator(`[name="${column}"]`), penguinCells[row][column]];
        await (kind === 'categorical' ? field.selectOption(cell) : field.fill(cell));
      }
      await page.evaluate("document.querySelector('output').textContent = ''");
      await page.click('button');
      await page.waitForFunction("document.querySelector('output').textContent !== ''");
      check(await page.locator('output').innerText(), row);
    }
    expect(faults).toEqual([]);
    await page.close();
  }

  const near = (found: number[], row: number): void => {
    expect(found).toHaveLength(classes.length);
    const worst = Math.max(...found.map((value, k) => Math.abs(value - expected[row * classes.length + k])));
    expect(worst).toBeLessThanOrEqual(tolerance(model));
  };

  it('predict from a form with the JavaScript module', async () => {
    expect(rows.filter(hasGap).length).toBeGreaterThan(0);
    expect(rows.filter((row) => !hasGap(row)).length).toBeGreaterThan(2);
    await visit('module.html', (output, row) => {
      const { probabilities, class: best } = JSON.parse(output) as { probabilities: Record<string, number>; class: string };
      near(classes.map((level) => probabilities[level]), row);
      expect(probabilities[best]).toBe(Math.max(...Object.values(probabilities)));
    });
  });

  it('predict from a form with TensorFlow.js', async () => {
    await visit('layers.html', (output, row) => near(JSON.parse(output) as number[], row));
  });
});
