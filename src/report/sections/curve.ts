/** Accuracy against size: every network that a threshold cuts out of the posterior. */
import { allMetrics, headlineOf, type Metric, type Metrics } from '../../likelihood/index.js';
import { metricOf } from '../../text/metric-rows.js';
import type { CurvePoint } from '../../prune/curve.js';
import { shortNumber } from '../../wording.js';
import type { ReportData } from '../gather.js';
import { figure, html, markup, section, table, type Html } from '../html.js';
import { ACCENT, draw, INK, MUTED, Plot, WARM } from '../plot.js';

type Part = Pick<ReportData, 'curve' | 'sizes' | 'metrics'>;

interface Shown {
  key: 'validation' | 'test';
  metric: Metric;
}

export function curve({ curve: { points, choice, missing }, sizes, metrics }: Part): Html {
  const key = (['validation', 'test'] as const).find((name) => points.some((point) => point[name] !== undefined));
  const chosen = points.find(({ threshold }) => threshold === choice?.chosen) ?? at(points, 0.5);
  const shown = key && shownOf(key, points);
  const reasons = [...new Set([missing.validation, missing.test])].join('; ');
  const why = shown ? undefined : html`<p>The metrics of the networks cannot be shown: ${reasons}.</p>\n`;
  const rule = choice
    ? `The ring marks ${choice.chosen}: the strictest threshold within one standard error of the least loss on ${choice.rows} validation rows (threshold auto).`
    : `The ring marks ${chosen?.threshold ?? 0.5}. Without validation rows bnnc cannot choose a threshold.`;
  return section('curve', 'Appendix: accuracy and size by threshold',
    why ?? figure(plot(points, chosen, shown!, sizes, metrics), html`Each dot is a network, from a mild threshold (right) to a strict one
(left), with its standard error over the ${key} rows. ${rule}`),
    sizesTable(points, chosen, shown));
}

const at = (points: readonly CurvePoint[], threshold: number): CurvePoint | undefined =>
  points.find(({ from, to }) => from <= threshold && threshold <= to);

const shownOf = (key: Shown['key'], points: readonly CurvePoint[]): Shown =>
  ({ key, metric: headlineOf(points.find((point) => point[key] !== undefined)![key]!) });

const NLL = allMetrics().find(({ name }) => name === 'nll')!;

interface Dot {
  bytes: number;
  y: number;
  low: number;
  high: number;
  name: string;
}

function plot(
  points: readonly CurvePoint[], chosen: CurvePoint | undefined, shown: Shown, sizes: Part['sizes'], metrics: Part['metrics'],
): Html {
  const { key, metric: { name: value, label } } = shown;
  const row = (bytes: number, metrics: Metrics, name: string): Dot => {
    const { [value]: y = NaN, [`${value}Se`]: se = 0 } = metrics;
    return { bytes, y, low: y - se, high: y + se, name };
  };
  const dots = points.flatMap((point) => (point[key] ? [row(point.onnxBytes, point[key], String(point.threshold))] : []));
  const ring = chosen?.[key] ? [row(chosen.onnxBytes, chosen[key], String(chosen.threshold))] : [];
  const reference = metrics.dense?.splits[key];
  const dense = reference ? [row(sizes.onnxBytes.before, reference, 'dense')] : [];
  const values = [...dots, ...dense].flatMap(({ low, high }) => [low, high]);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const sized = [...dots, ...dense].map(({ bytes }) => bytes);
  // Where all do alike the axis would have no length.
  const pad = high - low > 1e-9 * Math.abs(high) ? 0.04 * (high - low) : 0.05 * (Math.abs(high) || 1);
  return draw(`${label} of ${points.length} pruned networks against their size in bytes`, {
    width: 760, height: 300, marginLeft: 60, marginRight: 40, marginBottom: 42,
    x: {
      type: 'log', label: 'bytes as ONNX', labelAnchor: 'center', labelArrow: 'none', inset: 16, ticks: logTicks(sized),
      tickFormat: (bytes: number) => (bytes >= 1e6 ? `${bytes / 1e6}M` : bytes >= 1000 ? `${bytes / 1000}k` : String(bytes)),
    },
    y: { domain: [low - pad, high + pad], label: `${label} on ${key} rows`, grid: true, labelArrow: 'none' },
    marks: [
      Plot.line(dots, { x: 'bytes', y: 'y', stroke: ACCENT, strokeWidth: 1.2 }),
      Plot.ruleX(dots, { x: 'bytes', y1: 'low', y2: 'high', stroke: ACCENT, strokeOpacity: 0.6 }),
      Plot.dot(dots, { x: 'bytes', y: 'y', r: 3.5, fill: ACCENT }),
      Plot.dot(ring, { x: 'bytes', y: 'y', r: 8, stroke: INK, strokeWidth: 2 }),
      Plot.text(ring, { x: 'bytes', y: 'y', text: 'name', dy: -16, fill: INK, fontWeight: 700 }),
      Plot.ruleX(dense, { x: 'bytes', y1: 'low', y2: 'high', stroke: WARM, strokeOpacity: 0.6 }),
      Plot.dot(dense, { x: 'bytes', y: 'y', r: 4.5, fill: WARM, symbol: 'square' }),
      Plot.text(dense, { x: 'bytes', y: 'y', text: 'name', dy: -14, fill: MUTED }),
    ],
  });
}

/** 1, 2 and 5 times powers of ten within the range of some values, or more of them where these are few. */
export function logTicks(values: readonly number[]): number[] {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const within = (digits: readonly number[]): number[] =>
    Array.from({ length: 12 }, (_, power) => digits.map((digit) => digit * 10 ** power)).flat()
      .filter((tick) => tick >= low && tick <= high);
  const few = within([1, 2, 5]);
  return few.length >= 4 ? few : within([1, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8, 9]);
}

function sizesTable(points: readonly CurvePoint[], chosen: CurvePoint | undefined, shown: Shown | undefined): Html {
  const header = ['threshold', 'inputs', 'nodes', 'weights', 'parameters', 'bytes as ONNX', ...(shown ? [shown.metric.label, 'NLL'] : [])];
  const rows = points.map((point) => {
    const metrics = shown && point[shown.key];
    const range = point.from === point.to ? String(point.from) : `${point.from} to ${point.to}`;
    return [
      range, ...[point.inputs, point.nodes, point.weights, point.parameters, point.onnxBytes].map(shortNumber),
      ...(shown ? [metricOf(metrics, shown.metric), metricOf(metrics, NLL)] : []),
    ];
  });
  const place = points.indexOf(chosen!);
  const { text } = table(header, rows);
  // The row of the choice, which a reader looks for.
  let row = -1;
  return markup(text.replace(/<tr>(?=<th scope="row">)/g, (begin) => (++row === place ? '<tr class="chosen">' : begin)));
}
