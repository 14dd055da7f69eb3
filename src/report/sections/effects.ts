/** How the prediction changes with each kept input. */
import { likelihoodOf } from '../../likelihood/index.js';
import type { Curve, Effect } from '../../inference/predictive/dependence.js';
import type { ReportData } from '../gather.js';
import { figure, html, section, type Html } from '../html.js';
import { ACCENT, draw, INK, MUTED, Plot, SERIES, shortName } from '../plot.js';

const MAX_CLASSES = SERIES.length;

export function effects({ effects: all, model: { encoder: { features, target } } }: Pick<ReportData, 'effects' | 'model'>): Html {
  const title = 'Effects of the kept inputs';
  if ('reason' in all) return section('effects', title, html`<p>They cannot be shown: ${all.reason}.</p>\n`);
  if (all.length === 0) return section('effects', title, html`<p>No input is kept: the prediction is the same for every row.</p>\n`);
  const likelihood = likelihoodOf(target.task);
  const what = likelihood.words.effect(target);
  const outputs = likelihood.outputNames(target);
  const classes = outputs.length > 1 ? outputs.slice(0, MAX_CLASSES) : [];
  const bounds = all.flatMap(({ curves }) => curves.slice(0, MAX_CLASSES).flatMap(({ lower, upper }) => [...lower, ...upper]));
  const domain: [number, number] = likelihood.kind !== 'class' || Math.max(...bounds) > 1
    ? [Math.min(...bounds), Math.max(...bounds)] : [0, 1];
  const legend = classes.length > 0 && html`<p class="quiet">${classes.map((name, k) =>
    html`<span style="color:${SERIES[k]}">■</span> ${shortName(name)} `)}${outputs.length > MAX_CLASSES
    && `and ${outputs.length - MAX_CLASSES} more ${likelihood.kind === 'class' ? 'classes' : 'targets'}, which are not shown`}</p>\n`;
  const plots = all.map((effect) => html`<div><h3>${shortName(effect.input, 32)}</h3>${figure(effectPlot(effect, shortName(what, 36), domain))}</div>\n`);
  return section('effects', title,
    html`<p class="quiet">Partial dependence of the pruned network: the ${shortName(what, 36)} as one input varies from its 1st to its 99th
percentile and the others stay as they are, averaged over training rows. Bands and bars are 90 % credible intervals of that average. Ticks at
the bottom are values in the rows.${all.length < features.length && ` Shown are the ${all.length} most probable of ${features.length} kept inputs.`}</p>\n`, legend, html`<div class="grid">\n${plots}</div>\n`);
}

interface Point {
  x: number | string | Date;
  mean: number;
  lower: number;
  upper: number;
  colour: string;
}

function effectPlot({ input, values, curves, rug, dates }: Effect, label: string, domain: [number, number]): Html {
  const single = curves.length === 1;
  const along = dates ? values.map(day) : values;
  const rows = curves.slice(0, MAX_CLASSES).map((curve, k) => points(along, curve, single ? ACCENT : SERIES[k]));
  const numeric = rug !== undefined;
  const common = {
    width: 330, height: 230, marginLeft: 52, marginRight: 14, marginTop: 22, style: { fontSize: '12px' },
    y: { domain, label, nice: true, grid: true, ticks: 5, labelArrow: 'none' as const },
  };
  const aria = `${label} against ${shortName(input)}`;
  if (!numeric) {
    const shift = (k: number): number => (k - (rows.length - 1) / 2) * 8;
    return draw(aria, {
      ...common, marginBottom: values.length > 4 ? 70 : 40, ...(values.length > 4 && { height: 260 }),
      x: {
        type: 'point', domain: values, label: null, tickFormat: (text: string) => shortName(text, 12),
        ...(values.length > 4 && { tickRotate: -40 }),
      },
      marks: rows.flatMap((row, k) => [
        Plot.ruleX(row, { x: 'x', y1: 'lower', y2: 'upper', stroke: 'colour', strokeWidth: 2, dx: shift(k) }),
        Plot.dot(row, { x: 'x', y: 'mean', fill: 'colour', r: 4, dx: shift(k) }),
      ]),
      color: { type: 'identity' },
    });
  }
  const [low, high] = [Math.min(...(values as number[])), Math.max(...(values as number[]))];
  return draw(aria, {
    ...common, marginBottom: 34,
    x: { label: null, ticks: 4, ...(dates ? { type: 'utc', domain: [day(low), day(high)] } : { domain: [low, high] }) },
    marks: [
      ...rows.flatMap((row) => [
        Plot.areaY(row, { x: 'x', y1: 'lower', y2: 'upper', fill: row[0].colour, fillOpacity: 0.22 }),
        Plot.line(row, { x: 'x', y: 'mean', stroke: row[0].colour, strokeWidth: 2 }),
      ]),
      Plot.tickX(rug.filter((value) => value >= low && value <= high), {
        x: (value: number) => (dates ? day(value) : value), stroke: MUTED, strokeOpacity: 0.5, insetTop: 166,
      }),
      Plot.frame({ anchor: 'bottom', stroke: INK }),
    ],
  });
}

/** A point of the axis from days since 1970. */
const day = (days: number | string): Date => new Date(Number(days) * 86_400_000);

const points = (values: readonly Point['x'][], { mean, lower, upper }: Curve, colour: string): Point[] =>
  Array.from(values, (x, at) => ({ x, mean: mean[at], lower: lower[at], upper: upper[at], colour }));
