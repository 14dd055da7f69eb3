import { describe, expect, it } from 'vitest';
import type { HeldOutDraws } from '../../../src/report/held-out.js';
import { html, table } from '../../../src/report/html.js';
import { draw, Plot, roomFor, shortName } from '../../../src/report/plot.js';
import { calibration } from '../../../src/report/sections/calibration.js';
import { curve, logTicks } from '../../../src/report/sections/curve.js';
import { effects } from '../../../src/report/sections/effects.js';
import { findings } from '../../../src/report/sections/findings.js';
import { inputs } from '../../../src/report/sections/inputs.js';
import { livingEdges, MAX_EDGES, network } from '../../../src/report/sections/network.js';
import { phases, training } from '../../../src/report/sections/training.js';
import { inputWords, verdict } from '../../../src/report/sections/verdict.js';
import { withVerdict } from '../../../src/inference/inclusion/verdict.js';
import type { InputInclusion } from '../../../src/types.js';
import type { Effect } from '../../../src/inference/predictive/dependence.js';
import type { Metrics } from '../../../src/likelihood/index.js';
import type { ReportData } from '../../../src/report/gather.js';
import type { InputSet } from '../../../src/types.js';
import { Stream } from '../../../src/random.js';
import { randomCompressed } from '../../helpers/random-compressed.js';
import { reportData } from '../../helpers/report-data.js';
import { course, input } from '../../helpers/run-state.js';

const withoutDense = ({ dense: _dense, ...metrics }: ReportData['metrics']): ReportData['metrics'] => metrics;
const split = (name: string, linear: number, nonlinear: number, min?: number, max?: number): InputInclusion =>
  withVerdict({ ...input(name, linear + nonlinear, min, max), linear, nonlinear });
const count = (text: string, pattern: RegExp): number => (text.match(pattern) ?? []).length;

describe('markup', () => {
  it('escapes texts, and no markup twice', () => {
    expect(html`<p>${'<b>&"\''}${html`<i>${1}</i>`}${[html`<u></u>`, 'x']}${undefined}${false}</p>`.text)
      .toBe('<p>&lt;b&gt;&amp;&quot;&#39;<i>1</i><u></u>x</p>');
    expect(html`${'a\x00\x1b[2J\n'}`.text).toBe('a\ufffd\ufffd[2J\n');
    expect(table(['<a>'], [['<b>', 2]]).text).toMatch(/&lt;a&gt;[^]*<th scope="row">&lt;b&gt;<\/th><td>2<\/td>/);
  });

  it('draws with a label of its own and rounded places, texts untouched', () => {
    const { text } = draw('a "b" <c> & $& d', {
      width: 100, height: 100, x: { axis: null }, y: { axis: null },
      marks: [Plot.dot([[1 / 3, 2 / 3]]), Plot.text([0], { x: 0, y: 0, text: () => 'v1.23456 <s> a="2.34567"\x00\x1b' })],
    });
    expect(text).toMatch(/^<svg role="img" aria-label="a &quot;b&quot; &lt;c&gt; &amp; \$&amp; d" /);
    expect(text).toContain('>v1.23456 &lt;s&gt; a="2.34567"\ufffd\ufffd<');
    expect(text).not.toMatch(/<[^>]*="[^"]*\.\d{3}[^"]*"/);
    expect(text).not.toMatch(/<style| id=/);
  });

  it('shortens names, and leaves room for what is left', () => {
    expect(shortName('a\n b')).toBe('a b');
    expect(shortName('x'.repeat(50))).toHaveLength(28);
    expect(roomFor(['x'.repeat(500)])).toBe(roomFor(['x'.repeat(28)]));
  });
});

describe('the verdict', () => {
  it('sorts the inputs by how sure they are', () => {
    const words = inputWords([input('a', 0.6), input('b', 1), input('c', 0.2), input('d', 0.001), input('e', 0.04)]);
    expect(words).toBe('2 of 5 inputs matter (PIP in brackets) – sure: b (1.00); likely: a (0.60); in doubt: c (0.20). No effect of the other 2 was found.');
    expect(inputWords([input('a', 1), input('b', 0)])).toMatch(/\. No effect of the other one was found\.$/);
    const given = { ...input('c', 1), kept: true as const };
    expect(inputWords([input('a', 1), given])).toBe('1 of 1 input matters (PIP in brackets) – sure: a (1.00). Kept whatever the rows say: c.');
    expect(inputWords([input('a', 0.01)])).toMatch(/^None of 1 input was found to matter\. This does not show that no input matters: /);
    expect(inputWords([split('a', 0.01, 0.98), split('b', 0.96, 0.02), split('c', 0.3, 0.3)]))
      .toMatch(/sure: a \(0\.99, nonlinear\) and b \(0\.98, linear\); likely: c \(0\.60\)\.$/);
    expect(inputWords([input('a', 1)])).toBe('1 of 1 input matters (PIP in brackets) – sure: a (1.00).');
  });

  it('begins with what the network gains, and has a column for each model that is there', () => {
    const data = reportData({ task: 'regression' });
    const gain = { mean: 0.5, lower: 0.4, upper: 0.6 };
    const { text } = verdict({
      ...data,
      metrics: {
        ...data.metrics, baseline: data.metrics.full,
        linear: { ...data.metrics.full, size: { parameters: 6, nonZero: 5, multiplyAdds: 4 } },
        dense: { ...data.metrics.full, size: { parameters: 900, nonZero: 900, multiplyAdds: 800 } },
        verdict: {
          kind: 'linear-enough', split: 'test', rows: 40, overNoInputs: gain, overLinear: { mean: 0, lower: -0.1, upper: 0.1 },
          linearOverNoInputs: gain, detectable: 0.4,
        },
      },
    });
    expect(text).toMatch(/<p class="lead">A linear model is enough, as far as 40 test rows show\.<\/p>\n<p>Over/);
    const columns = (html: string): string[] => [...html.matchAll(/<th scope="col">([^<]*)</g)].map(([, name]) => name).slice(1);
    expect(columns(text)).toEqual(['no inputs', 'linear', 'dense', 'full posterior', 'pruned']);
    // The dense network may be larger than the chosen one.
    expect(text).toMatch(/<th scope="row">parameters<\/th><td>-<\/td><td>6<\/td><td>900<\/td>/);
    expect(text).toMatch(/<th scope="row">bytes as ONNX<\/th><td>-<\/td><td>-<\/td><td>-<\/td><td>\d/);
    // An earlier version recorded neither.
    const old = verdict(data).text;
    expect(columns(old)).toEqual(['dense', 'full posterior', 'pruned']);
    expect(old).toMatch(/<h2>Verdict<\/h2>\n<p class="lead">\d of 3 inputs/);
  });

  it('compares with the dense network, and says where the pruned one differs from the average', () => {
    const data = reportData({ task: 'regression' });
    const { metrics: { median, dense } } = data;
    const at = (rmse: number): string => verdict({
      ...data, inputs: [input('x1', 1), input('x2', 0.1), input('x3', 0.8)],
      metrics: { ...data.metrics, median: { ...median, inputs: ['x1', 'x2'], splits: { test: { ...median.splits.test!, rmse } } } },
    }).text;
    const { rmse = 0, rmseSe = 0 } = dense!.splits.test!;
    expect(at(rmse + 0.5 * rmseSe)).toMatch(/is within one standard error of that of the dense network/);
    expect(at(rmse + 2 * rmseSe)).toMatch(/is worse than that/);
    expect(at(rmse - 2 * rmseSe)).toMatch(/is better than that/);
    expect(at(rmse)).toMatch(/The pruned network is that of the chosen fit; it also has x2 and does without x3\./);
  });
});

it('findings are told with their remedies, or that there are none', () => {
  expect(findings([]).text).toMatch(/There are none: training converged/);
  const { text } = findings([{ code: 'x', severity: 'warning', text: 'a < b', remedy: 'Do.' }]);
  expect(text).toMatch(/<h2>Warnings<\/h2>[^]*<li class="warning">.*A &lt; b\. <em>Do\.<\/em>/);
  expect(findings([{ code: 'x', severity: 'note', text: 'a; ...', remedy: 'Do.' }]).text).toMatch(/<h2>Notes<\/h2>[^]*A; \.\.\. <em>/);
});

it('bars of the inputs have a part for linear and one for nonlinear, where these are told apart', () => {
  const data = reportData({ task: 'binary' });
  const rows = [split('a', 0.1, 0.85), split('b', 0.5, 0.2, 0, 0.9), split('c', 0.01, 0.02)];
  const { text } = inputs({ ...data, inputs: rows });
  expect(text).toMatch(/>0\.95, nonlinear 0\.85<[^]*>0\.70, linear 0\.50, unstable<[^]*>0\.03, zero 0\.97</);
  // A bar for each part: from 0 to nonlinear, and from there to the PIP.
  expect([...text.matchAll(/<rect [^>]*width="([\d.]+)"/g)].map(([, width]) => Math.round(Number(width) / 2.86)))
    .toEqual([85, 20, 2, 10, 50, 1]);
  expect(text).toMatch(/linear<\/span>, because it acts on the outputs directly/);
  const plain = inputs({ ...data, inputs: [input('a', 1)] }).text;
  expect(plain).toContain('Whether an input is linear or nonlinear is not told: model.skip is off.');
  expect(count(plain, /<rect /g)).toBe(1);
});

it('of many inputs the most probable are drawn, even where their names are alike when shortened', () => {
  const many = Array.from({ length: 50 }, (_, at) => input(`${'the same long beginning of a name '.repeat(2)}${at}`, at / 50));
  const sets = many.slice(30).map(({ input: name }, at): InputSet => ({
    source: 'linear', inputs: [{ input: name, probability: 0.8 }, { input: many[0].input, probability: 0.19 }],
    purity: at === 0 ? 0.02 : 0.9, logBayesFactor: 20 - at,
  }));
  const { text } = inputs({ ...reportData({ task: 'binary' }), inputs: many, sets });
  expect(count(text, /<circle/g)).toBe(40);
  expect(text).toMatch(/The other 10 inputs have a PIP of at most 0\.18\./);
  expect(count(text, /<th scope="row">/g)).toBe(12);
  expect(text).toMatch(/<h3>Credible sets<\/h3>/);
  expect(text).toMatch(/0\.02, not alike/);
  expect(text).toMatch(/inclusion\/sets\.csv in the run has 8 more sets/);
});

describe('the curve', () => {
  it('has ticks that can be read', () => {
    expect(logTicks([1500, 120000])).toEqual([2000, 5000, 10000, 20000, 50000, 100000]);
    expect(logTicks([1800, 5800])).toEqual([2000, 2500, 3000, 4000, 5000]);
  });

  it('has a range where all networks do alike', () => {
    const data = reportData({ task: 'binary' });
    const same = { ...data.metrics.full.splits.test!, accuracy: 1, accuracySe: 0 };
    const points = data.curve.points.map((point) => ({ ...point, validation: same }));
    const { text } = curve({ ...data, metrics: withoutDense(data.metrics), curve: { ...data.curve, points } });
    expect(text).toMatch(/>1\.00</);
    expect(text).not.toMatch(/NaN/);
  });

  it('has a range of its own in whatever units the target has', () => {
    const data = reportData({ task: 'regression' });
    const [one, ...rest] = data.curve.points;
    const small = (rmse: number): Metrics => ({ ...one.validation!, rmse, rmseSe: 1e-17 });
    const points = [one, ...rest].map((point, at) => ({ ...point, validation: small((1 + at) * 1e-15) }));
    const { text } = curve({ ...data, metrics: withoutDense(data.metrics), curve: { ...data.curve, points } });
    const places = [...text.matchAll(/<circle r="3\.5" cy="([\d.]+)"/g)].map(([, cy]) => Number(cy));
    // The RMSEs lie evenly between the ends of an axis of 250 pixels or so.
    expect(places).toHaveLength(3);
    expect(places[0] - places[2]).toBeGreaterThan(200);
    expect(places[1]).toBeCloseTo((places[0] + places[2]) / 2, 0);
  });

  it('tells why there are neither validation nor test rows', () => {
    const data = reportData({ task: 'regression' });
    const points = data.curve.points.map(({ validation: _, ...point }) => point);
    const missing = { validation: 'the run has no validation rows', test: 't.csv is gone' };
    expect(curve({ ...data, curve: { points, missing } }).text)
      .toMatch(/cannot be shown: the run has no validation rows; t\.csv is gone\./);
  });

  it('rings 0.5 where there are no validation rows to choose by', () => {
    const data = reportData({ task: 'regression' });
    const points = data.curve.points.map(({ validation, ...point }) => ({ ...point, test: validation! }));
    const { text } = curve({ ...data, curve: { points, missing: { validation: 'the run has no validation rows' } } });
    expect(text).toMatch(/standard error over the test rows\. The ring marks 0\.5\. Without validation rows/);
  });
});

describe('the network', () => {
  it('draws the strongest of many weights, and says so', () => {
    const model = randomCompressed({ seed: 1, task: 'binary', features: Array(20).fill(1) as number[], hidden: [20, 10], zero: 0 });
    const { edges, all } = livingEdges(model);
    expect([edges.length, all]).toEqual([MAX_EDGES, 20 * 20 + 20 * 10 + 10]);
    const sizes = model.layers.flatMap(({ weight }) => Array.from(weight, Math.abs)).sort((a, b) => b - a);
    expect(Math.min(...edges.map(({ weight }) => Math.abs(weight)))).toBe(sizes[MAX_EDGES - 1]);
    expect(network({ model }).text).toMatch(/The 200 largest of 610 weights are drawn/);
  });

  it('draws no weight that was pruned, and no unit without one', () => {
    const model = randomCompressed({ seed: 2, task: 'regression', features: [1, 1, 1], hidden: [4], zero: 0.4 });
    const [first, last] = model.layers;
    const kept = [...first.weightSd, ...last.weightSd].filter((sd) => sd > 0).length;
    expect(livingEdges(model).all).toBe(kept);
    expect(count(network({ model }).text, /<path [^>]*d="M[^"]*C/g)).toBe(kept);
  });

  it('draws weights that skip a layer dashed, past the units between', () => {
    const model = randomCompressed({ seed: 5, task: 'multiclass', features: [1, 1, 1], hidden: [4, 3], zero: 0.5, skips: true });
    const { edges, all } = livingEdges(model);
    const skips = edges.filter(({ from, to }) => to.tier > from.tier + 1);
    expect(new Set(skips.map(({ from, to }) => `${from.tier}-${to.tier}`))).toEqual(new Set(['0-2', '0-3', '1-3']));
    const { text } = network({ model });
    expect(text).toMatch(/Dashed: weights that skip a layer\. All \d+ weights that are left\./);
    const [, dashed] = /<g [^>]*stroke-dasharray="7 4"[^>]*>([^]*?)<\/g>/.exec(text)!;
    expect(count(dashed, /<path /g)).toBe(skips.length);
    expect(count(text, /<path [^>]*d="M[^"]*C/g)).toBe(all);
    // No dashed line goes through a unit that it does not lead to: both ends are units, and nothing between is.
    const units = [...text.matchAll(/<circle [^>]*cy="([\d.]+)" cx="([\d.]+)"/g)].map(([, cy, cx]) => [Number(cx), Number(cy)]);
    const isUnit = (x: number, y: number): boolean => units.some(([cx, cy]) => Math.hypot(cx - x, cy - y) < 0.1);
    for (const [, path] of dashed.matchAll(/<path [^>]*d="([^"]+)"/g)) {
      const stops = [...path.matchAll(/(?:M|C[\d.]+,[\d.]+,[\d.]+,[\d.]+,)([\d.]+),([\d.]+)/g)]
        .map(([, x, y]) => isUnit(Number(x), Number(y)));
      expect(stops.length).toBeGreaterThan(2);
      expect(stops).toEqual([true, ...Array(stops.length - 2).fill(false), true]);
    }
    const chain = randomCompressed({ seed: 5, task: 'multiclass', features: [1, 1, 1], hidden: [4, 3], zero: 0.5 });
    expect(network({ model: chain }).text).not.toMatch(/dash/i);
  });

  it('is a sentence where nothing is left', () => {
    const model = randomCompressed({ seed: 3, task: 'regression', features: [1], hidden: [2], zero: 1 });
    expect(network({ model }).text).toMatch(/the network is a constant/);
  });
});

describe('calibration', () => {
  it('of a model that is right is right', () => {
    const data = reportData({ task: 'regression' });
    const rows = 2000;
    // Targets drawn from what is predicted: every interval has its share of them.
    const y = Stream.fromSeed('calibrated').normals(rows);
    const outputs = { task: 'regression' as const, draws: 1, rows, outputs: 1, values: new Float32Array(rows), noiseVariance: 1 };
    const heldOut: HeldOutDraws = { split: 'test', outputs, y };
    const { text } = calibration({ heldOut, encoder: data.encoder })!;
    const [coverage] = text.split('</figure>');
    const places = [...coverage.matchAll(/<circle r="4\.5" cy="([\d.]+)" cx="([\d.]+)"/g)]
      .map(([, cy, cx]) => [Number(cx), Number(cy)]);
    const [diagonal] = [...coverage.matchAll(/<path d="M([\d.]+),([\d.]+)L([\d.]+),([\d.]+)"/g)]
      .filter(([, x1, , x2]) => x1 !== x2).map((found) => found.slice(1).map(Number));
    const [x1, y1, x2, y2] = diagonal;
    expect(places).toHaveLength(7);
    // Three standard errors of a share of 2000 rows are 0.034 at most, which is 0.067 of the diagonal's height.
    for (const [cx, cy] of places) {
      const off = cy - (y1 + ((cx - x1) * (y2 - y1)) / (x2 - x1));
      expect(Math.abs(off)).toBeLessThan(0.067 * Math.abs(y2 - y1));
    }
  });
});

it('effects of a constant are a sentence', () => {
  const data = reportData({ task: 'binary' });
  expect(effects({ ...data, effects: [] }).text).toMatch(/the prediction is the same for every row/);
});

it('effects of a number that all rows miss are drawn without ticks', () => {
  const data = reportData({ task: 'regression' });
  const [{ curves: [curve] }] = data.effects as Effect[];
  const flat = { ...curve, mean: [1, 2], lower: [0, 1], upper: [2, 3] };
  const { text } = effects({ ...data, effects: [{ input: 'n', values: [1, 9], rug: [], curves: [flat] }] });
  expect(count(text, /<svg/g)).toBe(1);
  expect(text).not.toMatch(/NaN/);
});

describe('training', () => {
  it('has the phases of the schedule', () => {
    expect(phases(4000)).toEqual([
      { name: 'gates held open', from: 0, to: 1000 }, { name: 'KL weight rises', from: 1000, to: 2400 },
      { name: 'noise is learned', from: 2400, to: 2800 }, { name: 'prior follows the posterior', from: 2800, to: 3200 },
      { name: 'learning rate falls', from: 3200, to: 4000 },
    ]);
  });

  it('draws the restarts together and the dense reference apart', () => {
    const data = reportData({ task: 'regression' });
    const restarts = training({ ...data, history: [course('restart 1'), course('restart 2')] }).text;
    expect(count(restarts, /<svg/g)).toBe(2);
    expect(restarts).toMatch(/<strong>restart 1: -200\.0<\/strong>/);
    expect(count(training(data).text, /<svg/g)).toBe(3);
    // A fit that ended early, or of one row.
    expect(training({ ...data, history: [course('restart 1', { rows: 1 })] }).text).not.toMatch(/NaN/);
  });
});
