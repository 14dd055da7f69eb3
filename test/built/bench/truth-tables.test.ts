/** The tables of bench:truth on made-up records: verdicts of the targets, what stands for cells without figures, and the CSV. */
import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';

interface Models<T> { dense: T; full: T; pruned: T; tuned: T }
interface Cell { row: string; variant: string; seed: number; status: string; kept: string[]; [key: string]: unknown }

const module = (await import(new URL('../../../bench/truth/document.mjs', import.meta.url).href)) as unknown;
const { document } = module as { document(records: object[], tag: string): string };

const { splitPage } = (await import(new URL('../../../bench/truth/figures.mjs', import.meta.url).href)) as {
  splitPage(markdown: string, csvName: string): { page: string; csv: string };
};

const each = <T>(of: (model: keyof Models<T>) => T): Models<T> =>
  ({ dense: of('dense'), full: of('full'), pruned: of('pruned'), tuned: of('tuned') });
const TRUTH = ['x1', 'x2', 'x3', 'x4', 'x5'];

/** A cell of E1; errors are RMSEs. */
function sun(seed: number, { kept = TRUTH, pruned = 1.2 } = {}): Cell {
  const size = { parameters: 100, nonZero: 10, multiplyAdds: 90 };
  return {
    row: 'E1', variant: 'both', seed, status: 'done', kept, truth: TRUTH, inputs: 2000, pips: [],
    metrics: each((model) => ({ nll: 1, rmse: model === 'dense' ? 3 + seed / 100 : pruned, rmseSe: 0.1 })),
    sizes: each(() => size), weights: { full: 90, pruned: 8, tuned: 8 }, nodes: 3, seconds: 1, cpuSeconds: 1, elbos: [-100],
    sets: [], commit: 'abc', date: '2020-01-01T00:00:00Z', engine: { name: 'tensorflow', tensorflow: '2' },
    machine: { cpu: 'cpu', cores: 1, gigabytes: 1, node: '20' },
  };
}
const seeds = (count: number, special: Cell[] = []): Cell[] =>
  Array.from({ length: count }, (_, at) => special.find(({ seed }) => seed === at + 1) ?? sun(at + 1));
const line = (text: string, begin: string): string => text.split('\n').find((row) => row.startsWith(begin))!;

describe('the tables', () => {
  it('say that a target is met, and that a network is better than the dense one', () => {
    const text = document(seeds(10), 'study');
    expect(line(text, '| E1 | exactly')).toContain('exact 10/10; MSE 1.440: **met** |');
    expect(line(text, '| E1 | both | 10')).toContain('better');
    expect(line(text, '| E1 | Sun')).toContain('10/10 [0.72, 1.00] | 10/10 [0.72, 1.00] | 1.000 ± 0.0000 | 0.0000 ± 0.0000 | none | none |');
  });

  it('say that it is not, for one false input or for the error', () => {
    const missed = document(seeds(10, [sun(4, { kept: ['x1', 'x2', 'x4', 'x5', 'x9'] })]), 'study');
    expect(line(missed, '| E1 | exactly')).toContain('exact 9/10; MSE 1.440: **not met** |');
    expect(line(missed, '| E1 | Sun')).toContain('| x3 ×1 | x9 ×1 |');
    const high = document(seeds(10).map(({ seed }) => sun(seed, { pruned: 1.3 })), 'study');
    expect(line(high, '| E1 | exactly')).toContain('MSE 1.690: **not met** |');
  });

  it('compare the bounds of gates on the cells that both have', () => {
    const bounded = (variant: string, seed: number, ...elbos: number[]): Cell => ({ ...sun(seed), variant, elbos });
    const cells = [
      bounded('both', 1, -10, -12), bounded('both', 2, -20), bounded('both', 3, 0), bounded('weight', 1, -14), bounded('weight', 2, -30, -18),
    ];
    // Best of each: -10 and -20 against -14 and -18; the third cell has no rival.
    const text = document(cells, 'study');
    const after = text.slice(text.indexOf('Which gates the ELBO prefers'));
    expect(line(after, '| E1')).toBe('| E1 | 2 | −15.00 | −16.00 | 1.000 | 1 of 2 |');
    expect(document(seeds(2), 'study')).not.toContain('Which gates');
  });

  it('say which commit made which cells', () => {
    const later = { commit: 'def', date: '2020-01-02T03:04:05Z' };
    const text = document([...seeds(2), { ...sun(3), ...later }, { ...sun(1), ...later, variant: 'weight' }], 'study');
    expect(line(text, '| `abc`')).toBe('| `abc` | 2020-01-01 00:00 | E1 × 2 | – |');
    expect(line(text, '| `def`')).toBe('| `def` | 2020-01-02 03:04 | E1 × 1 | E1 × 1 |');
  });

  it('say how many false inputs knockoffs let in, and the probabilities alone', () => {
    const pips = ['x1', 'x2', 'x3', 'x4'].map((input, at) => ({ input, pip: 0.99 - 0.2 * at }));
    const cell = (seed: number, ...rates: number[]): Cell => ({
      ...sun(seed), row: 'KNOCKOFFS', truth: ['x1', 'x2'], pips,
      copies: rates.map((fdr, at) => ({ input: `x${at + 1}`, w: 1, fdr })),
    });
    // At 0.1 nothing and x1; at 0.2 x3 alone, which is false, and x1 with x2.
    const text = document([cell(1, 1, 1, 0.2, 1), cell(2, 0.1, 0.2, 1, 1)], 'study');
    expect(line(text, '| both | 2 | knockoffs, rate 0.1')).toBe(
      '| both | 2 | knockoffs, rate 0.1 | 0.5000 ± 0.5000 | 0.0000 ± 0.0000 | 0.2500 ± 0.2500 | 1 |');
    expect(line(text, '| both | 2 | knockoffs, rate 0.2')).toContain('| 0.5000 ± 0.5000 | 0.5000 ± 0.5000 | 0 |');
    // x1, x2, x3 of 0.99, 0.79, 0.59.
    expect(line(text, '| both | 2 | PIP')).toContain('| 3.000 ± 0.0000 | 0.3333 ± 0.0000 | 1.000 ± 0.0000 | 0 |');
  });

  it('say how much of a study is there', () => {
    expect(line(document(seeds(3), 'study'), '| E1 | exactly')).toContain('**met** so far, 3 of 10 cells');
  });

  it('name what has no figures', () => {
    const absent = { ...sun(1), variant: 'gaussian', status: 'unavailable', message: 'no such prior' };
    const text = document([...seeds(2), absent], 'study');
    expect(text).toContain('- gaussian, unavailable: no such prior (1 cells of E1)');
    expect(line(text, '| row | target')).toBe('| row | target | both | gaussian |');
    expect(line(text, '| E1 | exactly')).toMatch(/cells \| – \|$/);
  });
});

describe('the page and the CSV file', () => {
  const later = { commit: 'def', date: '2020-01-02T03:04:05Z' };
  const text = document([...seeds(9), { ...sun(10), ...later }], 'study');
  const { page, csv } = splitPage(text, 'truth.csv');
  const rows = parse<Record<string, string>>(csv, { columns: true });

  it('divide the document: verdicts on the page, every other figure in the file', () => {
    expect(line(page, '| E1 | exactly')).toContain('exact 10/10; MSE 1.440: **met** |');
    expect(page).toContain('[truth.csv](truth.csv)');
    expect(page).not.toContain('| E1 | Sun');
    const printed = text.split('\n').filter((each) => each.startsWith('| E1 | ') && !page.includes(each));
    const cells = printed.flatMap((each) => each.slice(2, -2).split(' | '));
    const kept = new Set(rows.flatMap((row) => Object.values(row)));
    expect(printed.length).toBeGreaterThan(1);
    expect(cells.filter((cell) => !kept.has(cell))).toEqual([]);
  });

  it('give a figure its value, its standard error, its cells and their commits', () => {
    const found = (measure: string) => rows.find((row) => row.table.startsWith('Dense') && row.measure === measure)!;
    expect(found('dense')).toMatchObject({ row: 'E1', variant: 'both', cells: '10', commits: 'abc × 9; def × 1', metric: 'mse' });
    expect(found('pruned')).toMatchObject({ figure: '1.440 ± 0.0000', value: '1.440', standard_error: '0.0000' });
    expect(Number(found('pruned − dense').value)).toBeLessThan(0);
    expect(rows.find(({ measure }) => measure === 'density')).toMatchObject({ figure: '10.0 %', value: '0.1' });
  });

  it('of the study are there, verdicts on one page', () => {
    const read = (name: string): string => readFileSync(new URL(`../../../docs/benchmarks/${name}`, import.meta.url), 'utf8');
    expect(read('truth.md').split('\n').length).toBeLessThan(60);
    const figures = parse<Record<string, string>>(read('truth.csv'), { columns: true });
    expect(figures.length).toBeGreaterThan(2000);
    expect(figures.filter(({ figure }) => figure === '')).toEqual([]);
  });
});
