import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseHTML } from 'linkedom';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Stream } from '../../src/random.js';
import { bnnc } from './in-process.js';
import { bnnc as separately } from './program.js';

const NASTY = '<b>&"x';
const FEW = ['--set', 'model.hidden=[4]', '--set', 'search.steps=0', '--set', 'train.epochs=300', '--set', 'train.restarts=1', '--set', 'inclusion.draws=8'];

interface Page {
  textContent: string;
  querySelectorAll(selector: string): Iterable<Page>;
  getAttribute(name: string): string | null;
}

let cwd: string;
const read = (name: string): string => readFileSync(join(cwd, name), 'utf8');
const parsed = (text: string): Page => (parseHTML as (html: string) => { document: Page })(text).document;
const all = (page: Page, selector: string): Page[] => [...page.querySelectorAll(selector)];
const section = (page: Page, id: string): string => all(page, `#${id}`).map(({ textContent }) => textContent).join();

/** y = 2 x, and a letter that says nothing. */
function makeCsv(rows: number): string {
  const draw = Stream.fromSeed('report').normals(rows * 2);
  const lines = Array.from({ length: rows }, (_, n) =>
    `${draw[2 * n].toFixed(4)},${'abc'[n % 3]},${(2 * draw[2 * n] + 0.3 * draw[2 * n + 1]).toFixed(4)}`);
  return `"${NASTY.replace('"', '""')}",letter,y\n${lines.join('\n')}\n`;
}

beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), 'bnnc-report-'));
  writeFileSync(join(cwd, 'data.csv'), makeCsv(200));
  const { code } = await bnnc(['train', '--data', 'data.csv', '--target', 'y', '--quiet', '-o', 'run', ...FEW], { cwd });
  expect(code).toBe(0);
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

describe('report', () => {
  it('is one file in the run, whose path is printed', async () => {
    expect(await bnnc(['report', 'run'], { cwd })).toEqual({ code: 0, stdout: 'run/report.html\n', stderr: '' });
    const page = parsed(read('run/report.html'));
    expect(all(page, 'section').map((each) => each.getAttribute('id')))
      .toEqual(['verdict', 'warnings', 'predictions', 'calibration', 'inputs', 'effects', 'interactions', 'correlations', 'network',
        'data', 'training', 'curve', 'glossary']);
    // The truth is linear, and so few steps leave the noise variance too large.
    expect(section(page, 'verdict')).toMatch(/^\nVerdict\nThe network is worse than a linear model, as 40 test rows show\.\n/);
    expect(section(page, 'verdict')).toMatch(/\n1 of 2 inputs matters .*sure: <b>&"x \(1\.00, linear\)/);
    expect(all(page, '#effects svg').length).toBe(1);
    expect(all(page, '#calibration svg').length).toBe(1);
    expect(all(page, 'b, script, link, [src], [href]')).toEqual([]);
    expect(section(page, 'warnings')).toMatch(/300 steps are probably too few/);
  });

  it('is the same again, on stdout and in a file of its own', async () => {
    const printed = await bnnc(['report', 'run', '-o', '-'], { cwd });
    expect(printed.code).toBe(0);
    expect(printed.stdout === read('run/report.html')).toBe(true);
    expect((await bnnc(['report', 'run', '-o', 'to/r.html'], { cwd })).stdout).toBe('to/r.html\n');
    expect(read('to/r.html') === printed.stdout).toBe(true);
  });

  it('has a form and one script when that is asked for', async () => {
    const { code, stdout } = await bnnc(['report', 'run', '--interactive', '-o', '-'], { cwd });
    expect(code).toBe(0);
    const page = parsed(stdout);
    expect(all(page, 'script').length).toBe(1);
    expect(all(page, '[src], [href], link')).toEqual([]);
    expect(all(page, '#try .field').length).toBe(1);
    expect(stdout).toMatch(/script-src 'sha256-[A-Za-z0-9+/]{43}='/);
    // All else is as without it.
    const parts = [/<section id="try">[^]*?<\/section>\n/, /<script[^]*<\/script>\n/, /; script-src '[^']*'/];
    expect(parts.reduce((text, part) => text.replace(part, ''), stdout) === read('run/report.html')).toBe(true);
  });

  it('leaves out what needs the data when they are gone, or have changed', async () => {
    renameSync(join(cwd, 'data.csv'), join(cwd, 'away.csv'));
    const gone = await bnnc(['report', 'run', '-o', '-'], { cwd });
    writeFileSync(join(cwd, 'data.csv'), 'y\n1,2,3\n');
    const broken = await bnnc(['report', 'run', '-o', '-'], { cwd });
    renameSync(join(cwd, 'away.csv'), join(cwd, 'data.csv'));
    expect([gone.code, broken.code]).toEqual([0, 0]);
    const page = parsed(gone.stdout);
    for (const id of ['effects', 'calibration', 'curve']) {
      expect(section(page, id)).toMatch(/cannot be shown: .*data\.csv no longer exists/);
      expect(section(parsed(broken.stdout), id)).toMatch(/cannot be shown: /);
    }
    expect(all(page, '#inputs svg, #network svg').length).toBe(2);
    expect(section(page, 'verdict')).toMatch(/40 test rows/);
  });

  it('says what is missing where no browser can print it, and writes nothing', async () => {
    const env = { PATH: '', CHROME_PATH: join(cwd, 'none') };
    const { code, stdout, stderr } = await separately(['report', 'run', '-o', 'page.pdf'], { cwd, env });
    expect([code, stdout]).toEqual([6, '']);
    expect(stderr).toMatch(/CHROME_PATH names no program: .*none\. Install Chromium, Chrome or Edge/);
    expect(existsSync(join(cwd, 'page.pdf'))).toBe(false);
    expect((await bnnc(['report', 'run', '--format', 'png', '-o', '-'], { cwd })).code).toBe(2);
  });

  it('refuses what is no run', async () => {
    expect((await bnnc(['report', 'nowhere'], { cwd })).code).toBe(6);
    expect((await bnnc(['report', 'run', '-o', 'run'], { cwd })).code).toBe(6);
  });

  it('does not keep its run from being replaced', async () => {
    const again = await bnnc(['train', '--data', 'data.csv', '--target', 'y', '--quiet', '-o', 'run', '--force', ...FEW], { cwd });
    expect(again.code).toBe(0);
    expect(existsSync(join(cwd, 'run/report.html'))).toBe(false);
  });
});
