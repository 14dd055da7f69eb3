/** Whether predictions mean what they say, on rows that were held out. */
import { classesOf, likelihoodOf, topClass } from '../../likelihood/index.js';
import { classProbabilities, predictiveInterval } from '../../inference/predictive/predictive.js';
import { wilson } from '../../inference/inclusion/reliability.js';
import { average, sumOf } from '../../maths/statistics.js';
import type { Target } from '../../types.js';
import type { ReportData } from '../gather.js';
import { eachHeldOut, MAX_TARGETS, rowWords, type HeldOutDraws } from '../held-out.js';
import { figure, html, section, type Html } from '../html.js';
import { ACCENT, draw, FAINT, MUTED, Plot, shortName } from '../plot.js';
import { axis, DIAGONAL, SQUARE } from './axes.js';

/** Nothing for times to an event: whether these are calibrated their survival curves show. */
export function calibration({ heldOut, encoder: { target } }: Pick<ReportData, 'heldOut' | 'encoder'>): Html | undefined {
  const title = 'Calibration';
  // An interval does not show whether it is right about a row that was seen no longer.
  if (likelihoodOf(target.task).takes?.includes('events')) return undefined;
  if ('reason' in heldOut) return section('calibration', title, html`<p>It cannot be shown: ${heldOut.reason}.</p>\n`);
  const rows = html`<p class="quiet">The pruned network on ${rowWords(heldOut)}.</p>\n`;
  return section('calibration', title, rows, classesOf(target) ? diagram(heldOut, target) : coverages(heldOut, target));
}

/** Side by side where there are several targets. */
function coverages(heldOut: HeldOutDraws, target: Target): Html {
  const each = eachHeldOut(heldOut, target);
  if (each.length === 1) return coverage(heldOut);
  return html`<div class="pair">${each.slice(0, MAX_TARGETS).map((one) =>
    html`<div><h3>${shortName(one.target.name, 32)}</h3>\n${coverage(one.heldOut)}</div>\n`)}</div>\n`;
}

interface Share {
  share: number;
  low: number;
  high: number;
}

/** Share of the rows with a flag of 1, and its 95 % interval: weighted rows count as so many as are as uncertain (Kish 1965). */
function shareOf(flags: readonly number[], weights?: readonly number[]): Share {
  const share = average(flags, weights);
  const rows = weights ? sumOf(weights) ** 2 / sumOf(weights.map((weight) => weight ** 2)) : flags.length;
  const { lower, upper } = wilson(share * rows, rows);
  return { share, low: lower, high: upper };
}

const BINS = 10;

interface Bin extends Share {
  from: number;
  to: number;
  count: number;
  mean: number;
}

/** Predicted probabilities, in bins, beside the share of rows that came so. */
function diagram({ outputs, y, weights }: HeldOutDraws, target: Target): Html {
  const levels = classesOf(target)!;
  const [, modelled] = levels;
  const two = levels.length === 2;
  const { cols, data } = classProbabilities(outputs);
  const rows = Array.from(y, (label, n) => {
    if (two) return { p: data[n * cols + 1], came: Number(label === 1), weight: weights?.[n] ?? 1 };
    const { index, value } = topClass(data.subarray(n * cols, (n + 1) * cols));
    return { p: value, came: Number(index === label), weight: weights?.[n] ?? 1 };
  });
  const bins = Array.from({ length: BINS }, (_, b) => b).flatMap((b): Bin[] => {
    const own = rows.filter(({ p }) => Math.min(BINS - 1, Math.floor(p * BINS)) === b);
    const weight = own.map((row) => row.weight);
    if (sumOf(weight) === 0) return [];
    const share = shareOf(own.map(({ came }) => came), weights && weight);
    return [{ ...share, from: b / BINS, to: (b + 1) / BINS, count: own.length, mean: average(own.map(({ p }) => p), weight) }];
  });
  const most = Math.max(...bins.map(({ count }) => count));
  const of = two ? `probability of ${shortName(modelled, 24)}` : 'probability of the predicted class';
  const drawing = draw(`Reliability diagram of ${y.length} rows`, {
    ...SQUARE, x: { domain: [0, 1], ...axis(`predicted ${of}`) }, y: { domain: [0, 1], grid: true, ...axis('share of rows') },
    marks: [
      Plot.rectY(bins, { x1: 'from', x2: 'to', y: ({ count }: Bin) => (0.2 * count) / most, fill: FAINT }),
      Plot.link([0], { x1: 0, y1: 0, x2: 1, y2: 1, ...DIAGONAL }),
      Plot.ruleX(bins, { x: 'mean', y1: 'low', y2: 'high', stroke: ACCENT, strokeWidth: 1.5 }),
      Plot.line(bins, { x: 'mean', y: 'share', stroke: ACCENT, strokeOpacity: 0.5 }),
      Plot.dot(bins, { x: 'mean', y: 'share', r: 4.5, fill: ACCENT }),
      Plot.text(bins, { x: (bin: Bin) => (bin.from + bin.to) / 2, y: 0.02, text: 'count', fill: MUTED }),
    ],
  });
  return figure(drawing, html`On the dashed line probabilities are right: of the rows with a predicted probability of 0.8, 80 % have that class.
Bars and numbers at the bottom count the rows in each bin. Lines are 95 % intervals of the share.`);
}

const LEVELS = [0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99];

/** Share of targets in central predictive intervals. */
function coverage({ outputs, y, weights }: HeldOutDraws): Html {
  const weight = weights && [...weights];
  const rows = LEVELS.map((level) => {
    const { lower, upper } = predictiveInterval(outputs, level);
    return { level, ...shareOf(Array.from(y, (value, n) => Number(value >= lower[n] && value <= upper[n])), weight) };
  });
  const least = Math.min(0.5, ...rows.map(({ low }) => Math.floor(10 * low) / 10));
  const drawing = draw(`Coverage of predictive intervals on ${y.length} rows`, {
    ...SQUARE, x: { domain: [0.45, 1.01], ...axis('probability of the interval'), tickFormat: '.0%', ticks: [0.5, 0.6, 0.7, 0.8, 0.9, 0.99] },
    y: { domain: [least, 1], grid: true, ...axis('share of targets inside'), tickFormat: '.0%' },
    marks: [
      Plot.link([0], { x1: 0.5, y1: 0.5, x2: 1, y2: 1, ...DIAGONAL }),
      Plot.ruleX(rows, { x: 'level', y1: 'low', y2: 'high', stroke: ACCENT, strokeWidth: 1.5 }),
      Plot.dot(rows, { x: 'level', y: 'share', r: 4.5, fill: ACCENT }),
    ],
  });
  return figure(drawing, html`Below the dashed line the intervals are too narrow, above it too wide. Lines are 95 % intervals of the share.`);
}
