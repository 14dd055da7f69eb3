import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { metricRows, metricTable } from '../../../src/text/metric-rows.js';
import { plural, shareBar, shortNumber, textTable } from '../../../src/cli/table.js';
import { colourLevel } from '../../../src/cli/stream.js';
import { createTerminal } from '../../../src/cli/terminal.js';
import type { Metrics } from '../../../src/likelihood/index.js';
import { world } from './world.js';

describe('terminal', () => {
  it('keeps results and words apart', async () => {
    const { context, out, err } = world();
    await context.terminal.result('a\nb');
    context.terminal.note('note');
    context.terminal.warn('look');
    expect(out()).toBe('a\nb');
    expect(err()).toBe('note\nwarning: look\n');
  });

  it('shows control characters where a terminal would obey them, and gives a pipe the exact text', async () => {
    const parts: string[] = [];
    const stdout = new Writable({ write: (chunk, _encoding, done) => { parts.push(String(chunk)); done(); } });
    const text = 'a\u001b[2J\tb\u202ec\n';
    await createTerminal({ stdout, stderr: stdout, env: {} }).result(text);
    await createTerminal({ stdout: Object.assign(stdout, { isTTY: true }), stderr: stdout, env: {} }).result(text);
    expect(parts).toEqual([text, 'a\\x1b[2J\tb\\u202ec\n']);
  });

  it('is silent but for warnings under --quiet', async () => {
    const { context, out, err } = world({ quiet: true });
    await context.terminal.result('a');
    context.terminal.note('note');
    context.terminal.warn('look');
    expect([out(), err()]).toEqual(['a', 'warning: look\n']);
  });

  it('rejects when the reader has gone', async () => {
    const closed = new Writable({ write: (_chunk, _encoding, done) => done(Object.assign(new Error('gone'), { code: 'EPIPE' })) });
    closed.on('error', () => {});
    const terminal = createTerminal({ stdout: closed, stderr: closed, env: {} });
    await expect(terminal.result('a')).rejects.toMatchObject({ code: 'EPIPE' });
  });

  it.each<[NodeJS.ProcessEnv, boolean, number]>([
    [{}, false, 0],
    [{ TERM: 'xterm' }, true, 1],
    [{ TERM: 'xterm-256color' }, true, 2],
    [{ COLORTERM: 'truecolor' }, true, 3],
    [{ TERM: 'dumb' }, true, 0],
    [{ NO_COLOR: '1' }, true, 0],
    [{ NO_COLOR: '' }, true, 1],
    [{ FORCE_COLOR: '1' }, false, 1],
    [{ FORCE_COLOR: '' }, false, 1],
    [{ FORCE_COLOR: '0' }, true, 0],
    [{ FORCE_COLOR: 'false' }, true, 0],
    [{ FORCE_COLOR: '3', NO_COLOR: '1' }, false, 3],
  ])('%j on a terminal: %s gives level %d', (env, terminal, level) => {
    expect(colourLevel(env, terminal)).toBe(level);
  });
});

describe('text tables', () => {
  it('sets numbers right and words left, without trailing spaces', () => {
    expect(textTable([['name', 'n', 'share'], ['a', 12, '50 %'], ['long name', 1234567, '']], '  ')).toBe(
      '  name               n  share\n  a                 12   50 %\n  long name  1,234,567\n');
  });

  it('rounds for people', () => {
    expect([0, 42, 0.03125, 12.3456, 312.44, 1e-7, 1.5e8 + 0.5, NaN].map(shortNumber))
      .toEqual(['0', '42', '0.0313', '12.346', '312.4', '1.00e-7', '1.50e+8', '-']);
    expect([1e200, -3e15, 999_999_999_999_999].map(shortNumber)).toEqual(['1.00e+200', '-3.00e+15', '999,999,999,999,999']);
    expect([plural(0, 'row'), plural(1, 'test row'), plural(2, 'row')]).toEqual(['0 rows', '1 test row', '2 rows']);
  });

  it('shows control characters as their codes', () => {
    expect(textTable([['a\x1b[31m', 'n'], ['b', 1]])).toBe('a\\x1b[31m  n\nb          1\n');
  });

  it('has a dash for what was not finite', () => {
    const metrics = JSON.parse('{"rows": 3, "nll": null, "nllSe": null, "rmse": 2, "rmseSe": null}') as Metrics;
    expect(metricRows([metrics])).toEqual([['RMSE', '2'], ['negative log-likelihood', '-']]);
  });

  it('fits seven models with all metrics into 80 columns', () => {
    const ofClasses = {
      rows: 1250, nll: 0.34567, nllSe: 0.01234, accuracy: 0.87654, accuracySe: 0.0123, ece: 0.0456,
      auc: 0.8765, aucSe: 0.0123, f1: 0.5,
    };
    const ofNumbers = { rows: 1250, nll: 12.3456, nllSe: 0.1234, rmse: 123456.78, rmseSe: 1234.56, coverage90: 0.9123 };
    for (const metrics of [ofClasses, ofNumbers]) {
      const names = ['no inputs', 'linear', 'dense', 'full posterior', 'pruned', 'fine-tuned', 'exported'];
      const lines = textTable(metricTable('1,250 validation rows', names.map((name) => [name, metrics]))).split('\n');
      expect(lines.map((line) => line.slice(0, 14).trim()).slice(1, -1)).toEqual(names);
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    }
  });

  it('leaves a model out that is not there', () => {
    expect(metricTable('3 rows', [['no inputs', { nll: 2 }], ['linear', undefined], ['dense', { nll: 1, nllSe: 0.5 }]]))
      .toEqual([['3 rows', 'NLL (nats)'], ['no inputs', '2'], ['dense', '1 ± 0.5000']]);
  });

  it('draws shares', () => {
    expect([0, 0.5, 1, 2].map((share) => shareBar(share, 4))).toEqual(['░░░░', '██░░', '████', '████']);
  });
});
