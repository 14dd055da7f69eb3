/** ROC and precision-recall curves of the classes. */
import {
  averagePrecision, classesOf, rankingOfClass, type ClassRanking, type Cut, type RowLosses,
} from '../../likelihood/index.js';
import { figuresOfClasses } from '../../inference/predictive/evaluate.js';
import { average } from '../../maths/statistics.js';
import { bootstrapError } from '../../maths/bootstrap.js';
import { Stream } from '../../random.js';
import { metricCell } from '../../text/metric-rows.js';
import type { Target } from '../../types.js';
import { lossesOf, type HeldOutDraws } from '../held-out.js';
import { figure, html, table, type Html } from '../html.js';
import { draw, INK, MUTED, PAPER, Plot, SERIES, shortName } from '../plot.js';
import { axis, DIAGONAL, SHARE, SQUARE, thinned } from './axes.js';

/** More curves than colours cannot be told apart. */
const MAX_CURVES = SERIES.length;
/** Series are told apart without colour, too. */
const DASHES = ['none', '7,3', '2,3', '8,3,2,3', '12,4', '4,2'] as const;
const LINEAR = { stroke: MUTED, strokeWidth: 1.5, strokeDasharray: '6,3' };

/** Resamples of the bootstrap, and how many rows these may have together. */
const RESAMPLES = 200;
const MAX_RESAMPLED = 2_000_000;
const MIN_RESAMPLES = 20;

/** A curve, and how often the class is among the rows. */
interface Ranked extends ClassRanking {
  name: string;
  share: number;
  rows: number;
  precisionError: number | undefined;
  linear?: ClassRanking | undefined;
}

/** Nothing where classes have no scores of their own, because they are ordered. */
export function rankings(heldOut: HeldOutDraws, target: Target, threshold: number | undefined): Html | undefined {
  const levels = classesOf(target)!;
  const own = lossesOf(heldOut.outputs, heldOut, target);
  const other = heldOut.linear && lossesOf(heldOut.linear, heldOut, target);
  if (!own['score1']) return undefined;
  const labels = levels.length === 2 ? [1] : [...levels.keys()];
  const all = labels.flatMap((label) => rankedClass(levels[label], label, own, other) ?? []);
  if (all.length === 0) return html`<p>ROC and precision–recall curves need rows of at least two classes; these have one.</p>\n`;
  if (levels.length === 2) return twoClasses(all[0], decisions(heldOut, target, threshold));
  return moreClasses(all);
}

function rankedClass(name: string, label: number, losses: RowLosses, linear: RowLosses | undefined): Ranked | undefined {
  const found = rankingOfClass(losses, label);
  if (!found) return undefined;
  const inside = Array.from(losses.labels!, (each) => each === label);
  const [scores, rows] = [losses[`score${label}`]!, inside.length];
  const resamples = Math.max(MIN_RESAMPLES, Math.min(RESAMPLES, Math.floor(MAX_RESAMPLED / rows)));
  const precisionError = bootstrapError((weights) => averagePrecision(scores, inside, weights), rows,
    Stream.fromSeed('report').split('average precision', label), { resamples, weights: losses.weight });
  const { hits, seen } = found.cuts[found.cuts.length - 1];
  return {
    ...found, name, share: hits / seen, rows: inside.filter(Boolean).length, precisionError,
    linear: linear && rankingOfClass(linear, label),
  };
}

interface Decision {
  name: string;
  symbol: 'circle' | 'diamond';
  falseShare: number;
  recall: number;
  precision: number | undefined;
}

/** Where on the curves the likeliest class is predicted, and where that of the run's threshold. */
function decisions(heldOut: HeldOutDraws, target: Target, threshold: number | undefined): Decision[] {
  const at = (name: string, symbol: Decision['symbol'], p?: number): Decision => {
    const [first, second] = figuresOfClasses(lossesOf(heldOut.outputs, heldOut, target, p), target)!;
    return { name, symbol, falseShare: 1 - first.recall!, recall: second.recall!, precision: second.precision };
  };
  return [at('0.5', 'circle'), ...(threshold !== undefined && threshold !== 0.5 ? [at(String(threshold), 'diamond', threshold)] : [])];
}

interface Point {
  x: number;
  y: number;
}

/** False and true positive rates at every cut, from none to all rows. */
export const rocPoints = (cuts: readonly Cut[]): Point[] => {
  const { hits: inner, seen } = cuts[cuts.length - 1];
  return thinned([{ x: 0, y: 0 }, ...cuts.map((cut) => ({ x: (cut.seen - cut.hits) / (seen - inner), y: cut.hits / inner }))]);
};

/** Recall and precision at every cut, down to that of full recall. */
export const precisionPoints = (cuts: readonly Cut[]): Point[] => {
  const { hits: inner } = cuts[cuts.length - 1];
  // Below the last row of the class there is no recall to gain.
  const full = cuts.findIndex(({ hits }) => hits === inner);
  const points = cuts.slice(0, full + 1).filter(({ seen }) => seen > 0)
    .map(({ hits, seen }) => ({ x: hits / inner, y: hits / seen }));
  return thinned([{ x: 0, y: points[0].y }, ...points]);
};

/** Precision holds for all the recall that is gained at a cut. */
const STEPS = { x: 'x', y: 'y', curve: 'step-before' } as const;

function twoClasses(ranked: Ranked, decided: readonly Decision[]): Html {
  const { name, share, area, linear, averagePrecision: precision, precisionError } = ranked;
  const marks = (x: keyof Decision, y: keyof Decision): Plot.Markish[] => {
    const shown = decided.filter((each) => each[y] !== undefined);
    return [
      Plot.dot(shown, { x, y, symbol: 'symbol', r: 6, fill: INK, stroke: PAPER, strokeWidth: 1.5 }),
      // One below the other, since thresholds may be next to each other.
      ...shown.map((each, at) => Plot.text([each], { x, y, text: 'name', dx: 12, dy: 12 + 15 * at, textAnchor: 'start', fill: MUTED })),
    ];
  };
  const roc = draw(`ROC curve: area ${metricCell(area.value, area.error)}`, {
    ...SQUARE, x: { ...SHARE, ...axis('false positive rate') },
    y: { ...SHARE, grid: true, ...axis('true positive rate') }, symbol: { type: 'identity' },
    marks: [
      Plot.link([0], { x1: 0, y1: 0, x2: 1, y2: 1, ...DIAGONAL }),
      ...(linear ? [Plot.line(rocPoints(linear.cuts), { x: 'x', y: 'y', ...LINEAR })] : []),
      Plot.line(rocPoints(ranked.cuts), { x: 'x', y: 'y', stroke: SERIES[0], strokeWidth: 2.2 }), ...marks('falseShare', 'recall'),
    ],
  });
  const pr = draw(`Precision-recall curve: average precision ${metricCell(precision, precisionError)}`, {
    ...SQUARE, x: { ...SHARE, ...axis('recall') },
    y: { ...SHARE, grid: true, ...axis('precision') }, symbol: { type: 'identity' },
    marks: [
      Plot.ruleY([share], DIAGONAL),
      ...(linear ? [Plot.line(precisionPoints(linear.cuts), { ...STEPS, ...LINEAR })] : []),
      Plot.line(precisionPoints(ranked.cuts), { ...STEPS, stroke: SERIES[0], strokeWidth: 2.2 }), ...marks('recall', 'precision'),
    ],
  });
  const beside = (value: number | undefined): Html | undefined =>
    (value === undefined ? undefined : html`, of the linear model (dashed) ${metricCell(value, undefined)}`);
  const word = html`<em>${shortName(name)}</em>`;
  const dots = html` Circle: ${word} is predicted from a probability of 0.5 on.${
    decided.length > 1 && ` Diamond: from the decision threshold ${decided[1].name} on.`}`;
  return html`<div class="pair"><div><h3>ROC curve</h3>
${figure(roc, html`Area under the curve <strong>${metricCell(area.value, area.error)}</strong> (standard error by DeLong's method)${beside(linear?.area.value)}, without
inputs (dotted) 0.5: the probability that a row of ${word} has a higher predicted probability than one of the other class.${dots}`)}</div>
<div><h3>Precision and recall</h3>
${figure(pr, html`Average precision <strong>${metricCell(precision, precisionError)}</strong> (standard error by the bootstrap)${beside(linear?.averagePrecision)}, without
inputs (dotted) ${metricCell(share, undefined)}, the share of ${word} among the rows. Recall, which is the true positive rate, is the share of ${word} that is predicted so; precision is
the share that is right among the rows predicted so.`)}</div></div>
`;
}

function moreClasses(all: readonly Ranked[]): Html {
  const shown = [...all].sort((a, b) => b.share - a.share).slice(0, MAX_CURVES);
  const lines = (points: (cuts: readonly Cut[]) => Point[], options: Plot.LineOptions): Plot.Markish[] => shown.map((each, k) =>
    Plot.line(points(each.cuts), { x: 'x', y: 'y', stroke: SERIES[k], strokeWidth: 2, strokeDasharray: DASHES[k], ...options }));
  const roc = draw(`ROC curves of ${shown.length} classes`, {
    ...SQUARE, x: { ...SHARE, ...axis('false positive rate') }, y: { ...SHARE, grid: true, ...axis('true positive rate') },
    marks: [Plot.link([0], { x1: 0, y1: 0, x2: 1, y2: 1, ...DIAGONAL }), ...lines(rocPoints, {})],
  });
  const pr = draw(`Precision-recall curves of ${shown.length} classes`, {
    ...SQUARE, x: { ...SHARE, ...axis('recall') }, y: { ...SHARE, grid: true, ...axis('precision') },
    marks: lines(precisionPoints, { curve: 'step-before' }),
  });
  const rows = shown.map(({ name, rows: count, share, area, averagePrecision: precision, precisionError, linear }, k) => [
    html`${lineSample(k, name)} ${shortName(name)}`, count, metricCell(share, undefined), metricCell(area.value, area.error),
    metricCell(linear?.area.value, undefined), metricCell(precision, precisionError),
    metricCell(linear?.averagePrecision, undefined),
  ]);
  const areas = all.map(({ area }) => area.value);
  const rest = all.length - shown.length;
  return html`<div class="pair"><div><h3>ROC curves</h3>
${figure(roc)}</div><div><h3>Precision and recall</h3>
${figure(pr)}</div></div>
${table(['class', 'rows', 'share', 'AUC', 'linear', 'average precision', 'linear'], rows)}<p class="quiet">Each class against all others. AUC is the
area under the ROC curve, with its standard error by DeLong's method; its mean over ${all.length} classes is ${metricCell(average(areas), undefined)}. Standard errors of average precision
are by the bootstrap. Without inputs an AUC is 0.5 (dotted), and an average precision the share of the class.${rest > 0 && ` ${rest} rarer classes are not shown.`}</p>
`;
}

/** The line of a series, as in a legend. */
const lineSample = (k: number, name: string): Html =>
  draw(`Line of ${name}`, { width: 34, height: 10, margin: 0, axis: null, x: { domain: [0, 1] }, y: { domain: [0, 1] }, marks: [
    Plot.link([0], { x1: 0, x2: 1, y1: 0.5, y2: 0.5, stroke: SERIES[k], strokeWidth: 2.4, strokeDasharray: DASHES[k] }),
  ] });
