/** How training went: the ELBO of every fit, and how much of the network was open, over the schedule's phases. */
import { isReference } from '../../train/fits.js';
import type { HistoryRow } from '../../train/history.js';
import { phaseAt } from '../../train/schedule.js';
import type { FitHistory } from '../../store/history.js';
import { html, figure, section, type Html } from '../html.js';
import { draw, FAINT, MUTED, Plot, SERIES } from '../plot.js';
import type { ReportData } from '../gather.js';

export function training({ history, metrics, steps }: Pick<ReportData, 'history' | 'metrics' | 'steps'>): Html {
  const restarts = history.filter(({ fit }) => !isReference({ name: fit }));
  const dense = history.filter(({ fit }) => isReference({ name: fit }));
  const chosen = metrics.restarts.findIndex((restart) => restart.chosen);
  const list = metrics.restarts.map(({ elbo }, r) => {
    const words = `${restarts[r]?.fit ?? `restart ${r + 1}`}: ${elbo.elbo.toFixed(1)}`;
    return html`${r > 0 && ', '}<span style="color:${SERIES[r % SERIES.length]}">■</span> ${r === chosen ? html`<strong>${words}</strong>` : words}`;
  });
  const elbo = ({ elbo: value }: HistoryRow): number => value;
  const weights = ({ active }: HistoryRow): number => active.weights;
  return section('training', 'Appendix: training',
    html`<p class="quiet">Evidence lower bound (ELBO) of the fits in nats, the chosen one bold – ${list}. These values are
estimated with hard gates, after flips and rescues. The curves show the training surrogate before that.</p>\n`,
    figure(curves('ELBO of the fits', restarts, chosen, steps, elbo, 'ELBO (nats)')),
    figure(curves('Expected number of open weights', restarts, chosen, steps, weights, 'open weights'), html`Shaded: ${phases(steps)
      .map(({ name }, at) => html`${at > 0 && ', '}${at + 1} ${name}`)}.`),
    dense.length > 0 && html`<h3>Dense reference</h3>\n`,
    dense.length > 0 && figure(curves('ELBO of the dense reference', dense, 0, steps, elbo, 'ELBO (nats)')));
}

export interface Stretch {
  name: string;
  from: number;
  to: number;
}

/** What the schedule does when, in steps. */
export function phases(steps: number): Stretch[] {
  const found: Stretch[] = [];
  for (let step = 0; step < steps; step++) {
    const { gates, beta, empiricalBayes, rate } = phaseAt(step, steps);
    const name = gates === 'open' ? 'gates held open' : beta < 1 ? 'KL weight rises'
      : !empiricalBayes ? 'noise is learned' : rate === 1 ? 'prior follows the posterior' : 'learning rate falls';
    const last = found.at(-1);
    if (last?.name === name) last.to = step + 1;
    else found.push({ name, from: step, to: step + 1 });
  }
  return found;
}

/** Before this share of the steps the ELBO is so low that all that follows would be flat. */
const SETTLED = 0.4;

function curves(
  label: string, fits: readonly FitHistory[], chosen: number, steps: number, value: (row: HistoryRow) => number, axis: string,
): Html {
  const late = fits.flatMap(({ rows }) => rows.filter(({ step }) => step >= SETTLED * steps).map(value));
  const all = fits.flatMap(({ rows }) => rows.map(value));
  const [low, high] = late.length > 1 ? [Math.min(...late), Math.max(...all)] : [Math.min(...all), Math.max(...all)];
  const margin = 0.04 * (high - low || 1);
  const lines = fits.flatMap(({ rows }, at) => rows.filter((row) => value(row) >= low - margin)
    .map((row) => ({ at, step: row.step, y: value(row) })));
  const stretches = phases(steps);
  const others = lines.filter(({ at }) => at !== chosen);
  const colour = ({ at }: { at: number }): string => SERIES[at % SERIES.length];
  return draw(`${label} over ${steps} steps`, {
    width: 860, height: 250, marginLeft: 64, marginBottom: 40, marginTop: 26, color: { type: 'identity' },
    x: { domain: [0, steps], label: 'step', labelAnchor: 'center', labelArrow: 'none' },
    y: { domain: [low - margin, high + margin], label: axis, labelArrow: 'none', ticks: 5 },
    marks: [
      Plot.rectX(stretches.filter((_, at) => at % 2 === 0), { x1: 'from', x2: 'to', fill: FAINT, fillOpacity: 0.4, inset: 0 }),
      Plot.text(stretches, {
        x: ({ from, to }: Stretch) => (from + to) / 2, text: (_: Stretch, at: number) => String(at + 1), frameAnchor: 'top', dy: -14, fill: MUTED,
      }),
      Plot.line(others, { x: 'step', y: 'y', z: 'at', stroke: colour, strokeWidth: 1.3, strokeOpacity: 0.85 }),
      Plot.line(lines.filter(({ at }) => at === chosen), { x: 'step', y: 'y', z: 'at', stroke: colour, strokeWidth: 2.6 }),
    ],
  });
}
