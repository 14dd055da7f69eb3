/** Numbers as they were predicted, and as they came. */
import { metricsOf } from '../../likelihood/index.js';
import type { Target } from '../../types.js';
import { figures, simpler } from '../figures.js';
import { lossesOf, type HeldOutDraws } from '../held-out.js';
import type { ReportData } from '../gather.js';
import { figure, html, type Html } from '../html.js';
import { ACCENT, draw, Plot, shortName } from '../plot.js';
import { axis, DIAGONAL, SQUARE } from './axes.js';
import { dotsOf, dotWords, scaleOf } from './dots.js';

export function observed(heldOut: HeldOutDraws, target: Target, metrics: Pick<ReportData['metrics'], 'baseline' | 'linear'>): Html {
  const { dots, every } = dotsOf(heldOut, target);
  const all = dots.flatMap(({ predicted, observed: came }) => [predicted, came]);
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const scale = scaleOf(all);
  // Ends of intervals far outside would leave little room for the dots.
  const cut = (value: number): number => Math.min(high, Math.max(low, value));
  const spans = dots.map((dot) => ({ ...dot, lower: cut(dot.lower), upper: cut(dot.upper) }));
  const name = shortName(target.name);
  const drawing = draw(`Predicted against observed ${target.name}`, {
    ...SQUARE, x: { domain: [low, high], nice: true, ...scale, ...axis(`predicted ${name}`), ticks: 6 },
    y: { domain: [low, high], nice: true, grid: true, ...scale, ...axis(`observed ${name}`), ticks: 6 },
    marks: [
      Plot.ruleX(spans, { x: 'predicted', y1: 'lower', y2: 'upper', stroke: ACCENT, strokeWidth: 1, strokeOpacity: opacityOf(dots.length) }),
      Plot.link([0], { x1: low, y1: low, x2: high, y2: high, ...DIAGONAL }),
      Plot.dot(dots, { x: 'predicted', y: 'observed', r: 3, fill: ACCENT, fillOpacity: 0.7 }),
    ],
  });
  return html`<div><h3>Predicted and observed</h3>
${figure(drawing, html`Each dot is a row${dotWords(every, heldOut.y.length)}, its line the central 90 % predictive interval: one row in ten should lie
outside.${scale.type === 'sqrt' && ' The axes are square roots.'} ${
    figures(metricsOf(lossesOf(heldOut.outputs, heldOut, target)), FIGURES, simpler(metrics, heldOut.split))}`)}</div>\n`;
}

/** Of many lines each is fainter. */
const opacityOf = (rows: number): number => Math.max(0.12, Math.min(0.4, 30 / rows));

const FIGURES = ['deviance', 'rmse', 'mae', 'r2'];
