/** What predictions of numbers leave over. */
import { numberLikelihoodOf, type OutputDraws } from '../../likelihood/index.js';
import { average, standardError } from '../../maths/statistics.js';
import { normalQuantile } from '../../maths/normal.js';
import { Stream } from '../../random.js';
import type { Target } from '../../types.js';
import type { HeldOutDraws } from '../held-out.js';
import { figure, html, type Html } from '../html.js';
import { ACCENT, draw, MUTED, Plot, shortName, WARM } from '../plot.js';
import { axis, SQUARE } from './axes.js';
import { dotsOf, dotWords, scaleOf, type Dot } from './dots.js';

/** Rows of similar predictions whose residuals are averaged. */
const GROUPS = 8;
const MIN_IN_GROUP = 10;
/** Quantile residuals beyond are drawn there. */
const FARTHEST = 4;

export function residuals(heldOut: HeldOutDraws, target: Target): Html {
  const { dots, every } = dotsOf(heldOut, target);
  const scale = scaleOf(dots.flatMap(({ predicted, observed }) => [predicted, observed]));
  const quantile = numberLikelihoodOf(target)!.whole === true || scale.type === 'sqrt';
  const left = quantile ? quantileResiduals(heldOut, target, dots) : dots.map(({ predicted, observed }) => observed - predicted);
  const points = dots.map(({ row, predicted }, at) => ({ predicted, residual: left[at], weight: heldOut.weights?.[row] ?? 1 }));
  const along = dots.map(({ predicted }) => predicted);
  const [least, largest] = [Math.min(...along), Math.max(...along)];
  const alike = largest - least <= 1e-6 * Math.abs(largest);
  const means = groupMeans(points, alike ? 1 : GROUPS);
  const most = Math.max(...left.map(Math.abs)) || 1;
  const name = shortName(target.name);
  const drawing = draw(`Residuals of ${target.name} against predictions`, {
    ...SQUARE, x: {
      nice: true, ...scaleOf(along), ...axis(`predicted ${name}`), ticks: 6,
      ...(alike && { domain: around(least) }),
    },
    y: {
      domain: quantile ? [-FARTHEST, FARTHEST] : [-most, most], nice: true, grid: true,
      ...axis(quantile ? 'quantile residual' : 'observed minus predicted'),
    },
    marks: [
      Plot.ruleY(quantile ? [-1.96, 0, 1.96] : [0], { stroke: MUTED, strokeDasharray: '4,4' }),
      Plot.dot(points, { x: 'predicted', y: 'residual', r: 3, fill: ACCENT, fillOpacity: 0.6 }),
      Plot.ruleX(means, { x: 'predicted', y1: 'low', y2: 'high', stroke: WARM, strokeWidth: 2 }),
      Plot.line(means, { x: 'predicted', y: 'mean', stroke: WARM, strokeWidth: 1.5 }),
      Plot.dot(means, { x: 'predicted', y: 'mean', r: 4, fill: WARM, symbol: 'square' }),
    ],
  });
  const what = quantile ? html`The quantile residual of a row is where its target lies in its predictive distribution, as a standard normal
number${numberLikelihoodOf(target)!.whole && ' (drawn at random within the step that a whole number is)'}: 19 of 20 rows should lie between the outer dashed lines, whatever the prediction.`
    : html`Each dot is a row${dotWords(every, heldOut.y.length)}.`;
  return html`<div><h3>Residuals</h3>
${figure(drawing, html`${what}${means.length > 0 && html` <span style="color:${WARM}">Squares</span>: means of rows of similar predictions, with 95 % intervals.
Where these leave 0, predictions of that size are too low (above) or too high (below).`}`)}</div>\n`;
}

/** A range about a prediction that all rows have. */
const around = (value: number): [number, number] => [value - 0.5 * (Math.abs(value) || 1), value + 0.5 * (Math.abs(value) || 1)];

/**
 * The standard normal quantile of P(Y <= y), of whole numbers of a number drawn between P(Y < y) and it (Dunn, Smyth 1996).
 * @param rows of which they are wanted
 */
export function quantileResiduals(
  { outputs, y }: Pick<HeldOutDraws, 'outputs' | 'y'>, target: Target, rows: readonly Pick<Dot, 'row'>[],
): number[] {
  const { whole, cdfAt } = numberLikelihoodOf(target)!;
  const stream = Stream.fromSeed('report').split('residuals');
  const cut = (value: number): number => Math.min(FARTHEST, Math.max(-FARTHEST, value));
  return rows.map(({ row }) => {
    const own = outputsOfRow(outputs, row);
    const [upTo] = cdfAt(own, y[row]);
    const below = whole ? cdfAt(own, y[row] - 1)[0] : upTo;
    const p = below + stream.uniform() * (upTo - below);
    return p <= 0 ? -FARTHEST : p >= 1 ? FARTHEST : cut(normalQuantile(p));
  });
}

/** The draws of one row. */
function outputsOfRow(outputs: OutputDraws, row: number): OutputDraws {
  const { draws, rows, outputs: K, values } = outputs;
  const own = new Float32Array(draws * K);
  for (let s = 0; s < draws; s++) own.set(values.subarray((s * rows + row) * K, (s * rows + row + 1) * K), s * K);
  return { ...outputs, rows: 1, values: own };
}

interface Point {
  predicted: number;
  residual: number;
  weight: number;
}

/** Of groups of equally many rows, by rising prediction; none of few rows. */
function groupMeans(points: readonly Point[], most: number): (Pick<Point, 'predicted'> & Record<'mean' | 'low' | 'high', number>)[] {
  const groups = Math.min(most, Math.floor(points.length / MIN_IN_GROUP));
  const sorted = [...points].sort((a, b) => a.predicted - b.predicted);
  const from = (g: number): number => Math.floor((g * points.length) / groups);
  return Array.from({ length: groups }, (_, g) => {
    const own = sorted.slice(from(g), from(g + 1));
    const [residual, weight] = [Float64Array.from(own, (point) => point.residual), own.map((point) => point.weight)];
    const [mean, error] = [average(residual, weight), standardError(residual, weight)];
    const predicted = average(own.map((point) => point.predicted), weight);
    return { predicted, mean, low: mean - 1.96 * error, high: mean + 1.96 * error };
  });
}
