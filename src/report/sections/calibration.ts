/** Whether predictions mean what they say, on rows that were held out. */
import { classesOf, likelihoodOf, topClass, unitsOf } from '../../likelihood/index.js';
import { classProbabilities, predictiveInterval } from '../../inference/predictive/predictive.js';
import { reliability, wilson, type ReliabilityBin } from '../../inference/inclusion/reliability.js';
import type { Target } from '../../types.js';
import { plural } from '../../wording.js';
import type { HeldOutDraws, ReportData } from '../gather.js';
import { figure, html, section, type Html } from '../html.js';
import { survivalCurves } from './survival.js';
import { ACCENT, draw, FAINT, MUTED, Plot, shortName } from '../plot.js';

export function calibration({ heldOut, encoder: { target } }: Pick<ReportData, 'heldOut' | 'encoder'>): Html {
  const title = 'Calibration';
  if ('reason' in heldOut) return section('calibration', title, html`<p>It cannot be shown: ${heldOut.reason}.</p>\n`);
  const rows = html`<p class="quiet">The pruned network on ${plural(heldOut.y.length, `${heldOut.split} row`)}.</p>\n`;
  // An interval does not show whether it is right about a row that was seen no longer.
  if (likelihoodOf(target.task).takes?.includes('events')) {
    return section('calibration', title, rows, survivalCurves(heldOut, target, axis));
  }
  return section('calibration', title, rows, html`<div class="pair">${classesOf(target)
    ? [diagram(heldOut, target)] : [coverage(heldOut), observed(heldOut, target)]}</div>\n`);
}

const SQUARE = { width: 420, height: 380, marginLeft: 56, marginRight: 20, marginBottom: 44, marginTop: 26 };
const DIAGONAL = { stroke: MUTED, strokeDasharray: '4,4' };
const axis = (label: string): Plot.ScaleOptions => ({ label, labelAnchor: 'center', labelArrow: 'none' });

const EDGES = Array.from({ length: 11 }, (_, at) => at / 10);

/** Predicted probabilities, in bins, beside the share of rows that came so. */
function diagram({ outputs, y }: HeldOutDraws, target: Target): Html {
  const levels = classesOf(target)!;
  const [, modelled] = levels;
  const two = levels.length === 2;
  const { cols, data } = classProbabilities(outputs);
  const pairs = Array.from(y, (label, n) => {
    if (two) return { pip: data[n * cols + 1], true: label === 1 };
    const { index, value } = topClass(data.subarray(n * cols, (n + 1) * cols));
    return { pip: value, true: index === label };
  });
  const bins = reliability(pairs, EDGES).bins.filter(({ count }) => count > 0);
  const most = Math.max(...bins.map(({ count }) => count));
  const of = two ? `probability of ${shortName(modelled, 24)}` : 'probability of the predicted class';
  const drawing = draw(`Reliability diagram of ${y.length} rows`, {
    ...SQUARE, x: { domain: [0, 1], ...axis(`predicted ${of}`) }, y: { domain: [0, 1], grid: true, ...axis('share of rows') },
    marks: [
      Plot.rectY(bins, { x1: 'from', x2: 'to', y: ({ count }: ReliabilityBin) => (0.2 * count) / most, fill: FAINT }),
      Plot.link([0], { x1: 0, y1: 0, x2: 1, y2: 1, ...DIAGONAL }),
      Plot.ruleX(bins, { x: 'meanPip', y1: 'lower', y2: 'upper', stroke: ACCENT, strokeWidth: 1.5 }),
      Plot.line(bins, { x: 'meanPip', y: 'share', stroke: ACCENT, strokeOpacity: 0.5 }),
      Plot.dot(bins, { x: 'meanPip', y: 'share', r: 4.5, fill: ACCENT }),
      Plot.text(bins, { x: (bin: ReliabilityBin) => (bin.from + bin.to) / 2, y: 0.02, text: 'count', fill: MUTED }),
    ],
  });
  return figure(drawing, html`On the dashed line probabilities are right: of the rows with a predicted probability of 0.8, 80 % have that class.
Bars and numbers at the bottom count the rows in each bin. Lines are 95 % intervals of the share.`);
}

const LEVELS = [0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99];

/** Share of targets in central predictive intervals. */
function coverage({ outputs, y }: HeldOutDraws): Html {
  const rows = LEVELS.map((level) => {
    const { lower, upper } = predictiveInterval(outputs, level);
    const inside = y.reduce((sum, value, n) => sum + Number(value >= lower[n] && value <= upper[n]), 0);
    const bounds = wilson(inside, y.length);
    return { level, share: inside / y.length, low: bounds.lower, high: bounds.upper };
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

/** More dots say no more. */
const MAX_DOTS = 500;

function observed({ outputs, y }: HeldOutDraws, target: Target): Html {
  const { name } = target;
  const { scale, shift } = unitsOf(target);
  const predicted = likelihoodOf(target.task).expected(outputs);
  const every = Math.ceil(y.length / MAX_DOTS);
  const rows = Array.from(y, (value, n) => ({ predicted: predicted[n] * scale + shift, observed: value * scale + shift }))
    .filter((_, n) => n % every === 0);
  const all = rows.flatMap((row) => [row.predicted, row.observed]);
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const drawing = draw(`Predicted against observed ${name}`, {
    ...SQUARE, x: { domain: [low, high], nice: true, ...axis(`predicted ${shortName(name)}`) },
    y: { domain: [low, high], nice: true, grid: true, ...axis(`observed ${shortName(name)}`) },
    marks: [
      Plot.link([0], { x1: low, y1: low, x2: high, y2: high, ...DIAGONAL }),
      Plot.dot(rows, { x: 'predicted', y: 'observed', r: 3, fill: ACCENT, fillOpacity: 0.55 }),
    ],
  });
  return figure(drawing, html`Each dot is a row${every > 1 && html` (one in ${every} of ${y.length})`}.`);
}
