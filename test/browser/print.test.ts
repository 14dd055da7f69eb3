import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { findBrowser } from '../../src/report/print/find-browser.js';
import { printed } from '../../src/report/print/print.js';
import { CHROMIUM } from './serve.js';

const folder = mkdtempSync(join(tmpdir(), 'bnnc-print-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const own = { isRoot: process.getuid?.() === 0 };
const leftBehind = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith('bnnc-page-'));

/** A page that is much taller than a screen. */
const PAGE = `<!doctype html><html><body style="margin:0"><p>first</p><div style="height:5000px;background:#eee"></div><p>last</p></body></html>`;

describe.skipIf(CHROMIUM === undefined)('a page printed by Chromium (skipped where none is installed)', () => {
  const environment = { CHROME_PATH: CHROMIUM };

  it('is a PDF of several pages', async () => {
    const bytes = Buffer.from(await printed(PAGE, 'pdf', { ...own, environment }));
    expect(bytes.subarray(0, 5).toString()).toBe('%PDF-');
    expect(bytes.toString('latin1').match(/\/Type \/Page\b/g)!.length).toBeGreaterThan(3);
    expect(leftBehind()).toEqual([]);
  });

  it('is a picture of the whole page', async () => {
    const bytes = Buffer.from(await printed(PAGE, 'png', { ...own, environment }));
    expect(bytes.subarray(1, 4).toString()).toBe('PNG');
    const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
    expect(width).toBe(2240);
    expect(height).toBeGreaterThan(2 * 5000);
  });
});

describe('browsers', () => {
  it('are found on the path, or where CHROME_PATH says', () => {
    const file = join(folder, 'chromium');
    writeFileSync(file, '#!/bin/sh\nexit 3\n');
    chmodSync(file, 0o755);
    expect(findBrowser({ PATH: `/nowhere:${folder}` })).toBe(file);
    expect(findBrowser({ CHROME_PATH: file, PATH: '' })).toBe(file);
    expect(() => findBrowser({ CHROME_PATH: join(folder, 'none') })).toThrow('CHROME_PATH names no program');
  });

  it.skipIf(process.platform === 'win32')('that fail or hang are told of, and nothing stays', async () => {
    for (const [script, message] of [['exit 3', 'it ended with 3'], ['sleep 30', 'it was not done after 1 seconds']] as const) {
      const file = join(folder, 'browser');
      writeFileSync(file, `#!/bin/sh\nexec sh -c '${script}'\n`);
      chmodSync(file, 0o755);
      await expect(printed(PAGE, 'pdf', { ...own, environment: { CHROME_PATH: file }, timeout: 1000 })).rejects.toThrow(message);
    }
    expect(leftBehind()).toEqual([]);
  });
});
