/** Survival of rows that were held out, by how soon their event was predicted. */
import { numberLikelihoodOf } from '../../likelihood/index.js';
import { average } from '../../maths/statistics.js';
import { Fallen } from '../../maths/survival.js';
import type { Target } from '../../types.js';
import type { HeldOutDraws } from '../held-out.js';
import { figure, html, type Html } from '../html.js';
import { draw, Plot, SERIES, shortName } from '../plot.js';
import { axis } from './axes.js';

const GROUPS = ['high risk', 'middle', 'low risk'];
const POINTS = 60;
/** The curves end where this share of the rows is left. */
const LAST = 0.95;

interface Point {
  t: number;
  share: number;
  colour: string;
}

/** Thirds of the rows by predicted median: what was predicted for them, and what came (Kaplan, Meier 1958). */
export function survivalCurves({ outputs, y, weights }: HeldOutDraws, target: Target): Html {
  const likelihood = numberLikelihoodOf(target)!;
  const medians = likelihood.expected(outputs);
  const order = Array.from(y.keys()).sort((a, b) => medians[a] - medians[b]);
  const from = (g: number): number => Math.floor((g * y.length) / GROUPS.length);
  const groups = GROUPS.map((_, g) => order.slice(from(g), from(g + 1))).filter(({ length }) => length > 0);
  const last = [...y].sort((a, b) => a - b)[Math.floor(LAST * (y.length - 1))];
  const times = Array.from({ length: POINTS + 1 }, (_, at) => (last * at) / POINTS);
  const fallen = times.map((t) => likelihood.cdfAt(outputs, t));
  const events = outputs.known?.events;
  const weightsOf = (rows: readonly number[]): number[] | undefined => weights && rows.map((n) => weights[n]);
  const predicted = groups.flatMap((rows, g): Point[] => times.map((t, at) => ({
    t, share: 1 - average(rows.map((n) => fallen[at][n]), weightsOf(rows)), colour: SERIES[g],
  })));
  const observed = groups.flatMap((rows, g): Point[] => {
    const left = new Fallen(rows.map((n) => y[n]), rows.map((n) => (events ? events[n] : 1)), weightsOf(rows));
    return times.map((t) => ({ t, share: left.at(t), colour: SERIES[g] }));
  });
  // Names beside the ends of the lines: colours alone do not tell them apart in grey.
  const ends = groups.map((_, g) => ({ ...observed[(g + 1) * times.length - 1], name: GROUPS[g] }));
  const drawing = draw(`Survival of ${y.length} rows in three groups`, {
    width: 680, height: 380, marginLeft: 56, marginRight: 80, marginBottom: 44, marginTop: 26,
    x: { domain: [0, last], ...axis(shortName(target.name)) },
    y: { domain: [0, 1], grid: true, ...axis('share without the event'), tickFormat: '.0%' },
    color: { type: 'identity' },
    marks: [
      Plot.line(observed, { x: 't', y: 'share', z: 'colour', stroke: 'colour', strokeWidth: 2, curve: 'step-after' }),
      Plot.text(ends, { x: 't', y: 'share', text: 'name', textAnchor: 'start', dx: 8, fill: 'colour' }),
      Plot.line(predicted, { x: 't', y: 'share', z: 'colour', stroke: 'colour', strokeWidth: 1.5, strokeDasharray: '5,4' }),
    ],
  });
  const legend = GROUPS.map((name, g) => html`<span style="color:${SERIES[g]}">■</span> ${name} `);
  return figure(drawing, html`${legend} Thirds of the rows by their predicted median. Steps are what came, estimated with the rows that are censored (Kaplan and
Meier); dashed lines are what was predicted. Where both agree, the probabilities are right; where the groups lie apart, risks are told apart.`);
}
