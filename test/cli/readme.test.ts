import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resolveConfig } from '../../src/config/resolve.js';
import { bash, BIN, ROOT } from './program.js';
import { fencedBlocks, matches, sameLine, stepsOf } from './transcript.js';

const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
const steps = stepsOf(readme);

let folder: string;
let cwd: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bnnc-readme-'));
  cwd = join(folder, 'checkout');
  for (const part of ['configs', 'datasets']) cpSync(join(ROOT, part), join(cwd, part), { recursive: true });
  mkdirSync(join(folder, 'bin'));
  symlinkSync(BIN, join(folder, 'bin', 'bnnc'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a line of bash as the reader's terminal would: stdout and stderr in one. */
async function terminal(command: string): Promise<{ code: number | null; lines: string[] }> {
  const env = { PATH: [join(folder, 'bin'), process.env.PATH].join(':'), LC_ALL: 'C' };
  const { code, stdout } = await bash(`exec 2>&1\n${command}`, { cwd, env });
  return { code, lines: stdout === '' ? [] : stdout.replace(/\n$/, '').split('\n') };
}

describe('the comparison', () => {
  it('lets decimals differ a little and nothing else', () => {
    expect(sameLine('accuracy  0.8889 ± 0.0235', 'accuracy  0.9100 ± 0.0200')).toBe(true);
    expect(sameLine('accuracy  0.8889 ± 0.0235', 'accuracy  0.7800 ± 0.0200')).toBe(false);
    expect(sameLine('ELBO -257.7', 'ELBO -250.1')).toBe(true);
    expect(sameLine('2 of 7 inputs', '3 of 7 inputs')).toBe(false);
    expect(sameLine('Area', 'Perimeter')).toBe(false);
  });

  it('leaves out lines only where … stands', () => {
    expect(matches(['a', '…', 'c'], ['a', 'b', 'b', 'c'])).toBe(true);
    expect(matches(['a', '…', 'c'], ['a', 'c'])).toBe(true);
    expect(matches(['a', 'c'], ['a', 'b', 'c'])).toBe(false);
    expect(matches(['a', '…'], ['b'])).toBe(false);
    expect(matches([], ['a'])).toBe(false);
  });
});

describe('the tour of the README', () => {
  it('goes from a table to predictions', () => {
    expect(steps.map(({ command }) => command).join('\n'))
      .toMatch(/bnnc inspect[^]*bnnc init[^]*bnnc train[^]*bnnc select-features[^]*bnnc prune[^]*bnnc predict[^]*bnnc evaluate/);
  });

  it.each(steps)('$command', async ({ command, shown }) => {
    const { code, lines } = await terminal(command);
    expect(code, lines.join('\n')).toBe(0);
    // One assertion on the lines themselves, so that a difference is shown as one.
    expect(matches(shown, lines) ? shown : lines).toEqual(shown);
  });
});

describe('the config of docs/config.md', () => {
  it('is a config', async () => {
    const [text] = fencedBlocks(readFileSync(join(ROOT, 'docs/config.md'), 'utf8'), 'yaml');
    writeFileSync(join(cwd, 'configs', 'documented.yaml'), text);
    const { config } = await resolveConfig({ file: 'configs/documented.yaml', cwd });
    expect(config.data.target).toBe('species');
    expect(await terminal('bnnc validate -c configs/documented.yaml')).toMatchObject({ code: 0 });
  });
});

describe('the program of docs/api.md', () => {
  it('prints what is shown', async () => {
    const markdown = readFileSync(join(ROOT, 'docs/api.md'), 'utf8');
    const [program] = fencedBlocks(markdown, 'js');
    const [shown] = fencedBlocks(markdown, 'text');
    writeFileSync(join(cwd, 'program.mjs'), program.replace("'bnnc'", `'${pathToFileURL(join(ROOT, 'dist/index.js')).href}'`));
    expect(await terminal('node program.mjs')).toEqual({ code: 0, lines: shown.trimEnd().split('\n') });
  });
});
