import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import type { ReportData } from '../../../src/report/gather.js';
import { page } from '../../../src/report/page.js';
import { reportData } from '../../helpers/report-data.js';

const NASTY = '<b>&"x';

interface Node {
  textContent: string;
  getAttribute(name: string): string | null;
  querySelectorAll(selector: string): Iterable<Node>;
  querySelector(selector: string): Node | null;
}

const parsed = (text: string): Node => (parseHTML as (html: string) => { document: Node })(text).document;
const all = (node: Node, selector: string): Node[] => [...node.querySelectorAll(selector)];
const sections = ['verdict', 'warnings', 'predictions', 'calibration', 'inputs', 'effects', 'interactions', 'correlations', 'network', 'data', 'training', 'curve',
  'glossary'];

describe.each([['regression', 2], ['binary', 3], ['multiclass', 6]] as const)('the report of a %s', (task, predictions) => {
  const data = reportData({ task, names: [NASTY, 'colour', 'x'.repeat(200)] });
  const text = page(data);
  const document = parsed(text);

  it('has its sections, each with what it is about', () => {
    expect(all(document, 'section').map((node) => node.getAttribute('id'))).toEqual(sections);
    const drawings = (id: string): number => all(document, `#${id} svg`).length;
    expect([drawings('inputs'), drawings('network'), drawings('curve'), drawings('calibration')]).toEqual([1, 1, 1, 1]);
    expect(drawings('predictions')).toBe(predictions);
    expect([drawings('interactions'), drawings('correlations'), drawings('data')]).toEqual([1, 1, 1]);
    expect(all(document, '#glossary dt').map((node) => node.textContent)).toEqual(expect.arrayContaining([expect.stringMatching(/^PIP /)]));
    expect(drawings('effects')).toBe(data.model.encoder.features.length);
    expect(drawings('training')).toBe(3);
    expect(all(document, '#curve tbody tr')).toHaveLength(3);
    expect(all(document, '#curve tr.chosen th').map((node) => node.textContent)).toEqual(['0.5 to 0.6']);
    expect(all(document, '#verdict tbody th').map((node) => node.textContent))
      .toEqual(expect.arrayContaining(['negative log-likelihood', 'parameters', 'multiply-adds per row', 'bytes as ONNX']));
  });

  it('needs nothing but itself', () => {
    expect(all(document, 'script, link, img, iframe, object, [src]')).toEqual([]);
    expect(all(document, '[href]').map((node) => node.getAttribute('href'))).toEqual([]);
    expect(text.match(/.{0,60}(url\(|@import|https?:(?!\/\/www\.w3\.org)).{0,40}/g)).toBeNull();
    expect(all(document, 'meta[http-equiv]')[0].getAttribute('content')).toMatch(/default-src 'none'/);
  });

  it('names every drawing, and no id twice', () => {
    for (const svg of all(document, 'svg')) {
      expect(svg.getAttribute('role')).toBe('img');
      expect(svg.getAttribute('aria-label')).toMatch(/\w/);
    }
    const ids = all(document, '[id]').map((node) => node.getAttribute('id'));
    expect(new Set(ids).size).toBe(ids.length);
    expect(all(document, 'svg style')).toEqual([]);
  });

  it('shows names of columns as they are, markup and all', () => {
    expect(all(document, 'b')).toEqual([]);
    expect(text.includes(NASTY)).toBe(false);
    expect(all(document, '#inputs svg')[0].getAttribute('aria-label')).toContain('3 inputs');
    expect(all(document, '#inputs svg text').map((node) => node.textContent)).toContain(NASTY);
    // Long ones are shortened.
    expect(/x{100}/.test(text)).toBe(false);
  });

  it('is the same text again', () => {
    expect(page(reportData({ task, names: [NASTY, 'colour', 'x'.repeat(200)] })) === text).toBe(true);
  });

  it('has no colour that dark mode could not change', () => {
    const drawn = all(document, 'svg *').flatMap((node) => ['fill', 'stroke'].map((name) => node.getAttribute(name)));
    const used = [...new Set(drawn)].filter((colour) => colour !== null);
    expect(used.length).toBeGreaterThan(3);
    expect(used.filter((colour) => !/^(none|currentColor|var\(--[a-z-]+\))$/.test(colour))).toEqual([]);
  });

  it('has numbers for all coordinates', () => {
    expect(text.match(/.{0,60}(NaN|undefined|Infinity|\[object).{0,20}/g)).toBeNull();
  });
});

describe('a report without the data file', () => {
  const data = reportData({ task: 'binary' });
  const gone = { reason: 'houses.csv is gone' };
  const points = data.curve.points.map(({ validation: _, ...point }) => point);
  const missing = { validation: gone.reason, test: gone.reason };
  const without = { effects: gone, heldOut: gone, joint: gone, correlations: gone, training: gone };
  const bare: ReportData = { ...data, ...without, curve: { points, missing } };
  const document = parsed(page(bare));

  it.each(['predictions', 'effects', 'interactions', 'correlations', 'calibration', 'curve'])('says so under %s', (id) => {
    expect(document.querySelector(`#${id}`)!.textContent).toMatch(/cannot be shown: houses\.csv is gone\./);
    expect(all(document, `#${id} svg`)).toEqual([]);
  });

  it('tells the inputs, but neither their effects nor the target', () => {
    expect(document.querySelector('#inputs')!.textContent).toMatch(/Effect sizes cannot be shown: houses\.csv is gone\./);
    expect(document.querySelector('#data')!.textContent).toMatch(/The target cannot be shown: houses\.csv is gone\./);
    expect(all(document, '#data tbody tr')).toHaveLength(3);
  });

  it('still tells what each threshold keeps', () => {
    expect(all(document, '#curve tbody tr')).toHaveLength(3);
    expect(document.querySelector('#curve thead')!.textContent).not.toMatch(/accuracy/);
    expect(all(document, '#network svg')).toHaveLength(1);
  });
});
