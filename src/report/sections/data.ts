/** The table: its target, and its inputs on the training rows. */
import { classesOf, eachOf, encodedEach, unitsOf } from '../../likelihood/index.js';
import type { EncodedColumn, Feature, Target } from '../../types.js';
import { average, sumOf } from '../../maths/statistics.js';
import { listed, plural, shortNumber } from '../../wording.js';
import type { ReportData, TrainingRows } from '../gather.js';
import { MAX_TARGETS } from '../held-out.js';
import { figure, html, section, table, type Html } from '../html.js';
import { ACCENT, draw, Plot, roomFor, shortName } from '../plot.js';
import { axis } from './axes.js';

const MAX_INPUTS = 40;
const MAX_CLASSES = 20;
const MAX_LEVELS = 6;
const BINS = 24;

export function data({ encoder: { features, target, dropped }, training, inputs }: Pick<ReportData, 'encoder' | 'training' | 'inputs'>): Html {
  const pips = new Map(inputs.map(({ input, pip }) => [input, pip]));
  const shown = [...features].sort((a, b) => (pips.get(b.name) ?? 0) - (pips.get(a.name) ?? 0)).slice(0, MAX_INPUTS);
  const rest = features.length - shown.length;
  return section('data', 'The data',
    'reason' in training ? html`<p>The target cannot be shown: ${training.reason}.</p>\n` : targetPlots(training, target),
    html`<h3>Inputs</h3>\n<div class="words">${table(['input', 'kind', 'missing', 'values on the training rows'],
      shown.map((feature) => [shortName(feature.name), feature.kind, missingShare(feature), valuesOf(feature)]))}</div>\n`,
    rest > 0 && html`<p class="quiet">The ${MAX_INPUTS} most probable inputs; there are ${rest} more.</p>\n`,
    dropped.length > 0 && html`<p class="quiet">Left out: ${listed(dropped.map(({ name, reason }) => `${shortName(name)} (${reason})`), 12)}.</p>\n`);
}

const percent = (share: number): string => `${(100 * share).toFixed(share > 0 && share < 0.01 ? 2 : 1)} %`;
/** Four digits. */
const short = (value: number): string => shortNumber(Number(value.toPrecision(4)));

/** An indicator's mean is its share. */
function missingShare({ columns, members = [] }: Feature): string {
  if (members.length > 0) return '-';
  const indicator = columns.find(({ type }) => type === 'missing');
  return indicator ? percent(indicator.mean) : '0 %';
}

/** `61.2 ± 9.3, from 18 to 70`; `driver 16.1 %, ...`. */
function valuesOf({ columns, levels, members, shared, form }: Feature): string {
  if (members) return listed(members.map(({ name }) => shortName(name)), MAX_LEVELS);
  const number = columns.find(({ type, part }) => type === 'number' && (part === undefined || part === 'days'));
  if (form === 'ordinal' && levels) return `in this order: ${levels.map((level) => shortName(level)).join(', ')}`;
  if (number) return numberOf(number);
  const shares = columns.filter(({ type }) => type === 'level').sort((a, b) => b.mean - a.mean)
    .map(({ level, mean }) => `${shortName(level ?? '')} ${percent(mean)}`);
  const count = levels ? `${plural(levels.length, 'level')}: ` : '';
  return `${count}${listed(shares, MAX_LEVELS)}${shared !== undefined ? `; rare ones share ${shortName(shared)}` : ''}`;
}

function numberOf({ mean, scale, range, part }: EncodedColumn): string {
  const written = (value: number): string => (part === 'days' ? new Date(value * 86_400_000).toISOString().slice(0, 10) : short(value));
  const ends = range ? `from ${written(range[0])} to ${written(range[1])}` : '';
  return part === 'days' ? ends : `${short(mean)} ± ${short(scale)}${ends && `, ${ends}`}`;
}

/** Of each where there are several. */
function targetPlots(training: TrainingRows, target: Target): Html {
  const [targets, ys] = [eachOf(target), encodedEach(training.y, target, training.others)];
  if (targets.length === 1) return targetPlot(training, target);
  return html`${targets.slice(0, MAX_TARGETS).map((own, place) => targetPlot({ ...training, y: ys[place] }, own))}`;
}

function targetPlot(training: TrainingRows, target: Target): Html {
  const { y, weights, events } = training;
  const name = shortName(target.name);
  const levels = classesOf(target);
  if (levels) return figure(classBars(training, levels, name));
  const { scale, shift } = unitsOf(target);
  const values = Array.from(y, (value, n) => ({ value: value * scale + shift, weight: weights?.[n] ?? 1 }));
  const raw = values.map(({ value }) => value);
  const mean = average(raw, weights);
  const sd = Math.sqrt(average(raw.map((value) => (value - mean) ** 2), weights));
  const drawing = draw(`Histogram of ${target.name} on ${plural(y.length, 'training row')}`, {
    width: 620, height: 220, marginLeft: 56, marginBottom: 42, marginTop: 14, x: axis(name), y: { grid: true, ticks: 5, ...axis('rows') },
    marks: [Plot.rectY(values, Plot.binX({ y: 'sum' }, { x: 'value', y: 'weight', fill: ACCENT, fillOpacity: 0.7, thresholds: BINS, inset: 0.5 } as never))],
  });
  const came = events && html` The event came in ${sumOf(events)} rows; in the others it had not come by then.`;
  return figure(drawing, html`<strong>${name}</strong> on ${plural(y.length, 'training row')}${weights && ', by weight'}: mean ${short(mean)}, standard deviation
${short(sd)}, from ${short(Math.min(...raw))} to ${short(Math.max(...raw))}.${came}`);
}

function classBars({ y, weights }: TrainingRows, levels: readonly string[], name: string): Html {
  const counts = levels.map(() => ({ rows: 0, weight: 0 }));
  y.forEach((label, n) => {
    counts[label].rows++;
    counts[label].weight += weights?.[n] ?? 1;
  });
  const total = sumOf(counts.map(({ weight }) => weight));
  const bars = counts.map((count, at) => ({ ...count, at, share: count.weight / total })).slice(0, MAX_CLASSES);
  const names = bars.map(({ at }) => shortName(levels[at]));
  const marginLeft = roomFor(names);
  return draw(`Classes of ${name} on ${plural(y.length, 'training row')}`, {
    width: marginLeft + 420, height: 26 * bars.length + 52, marginLeft, marginRight: 120, marginBottom: 42, marginTop: 8,
    x: { ...axis(`share of the training rows${weights ? ' (by weight)' : ''}`), tickFormat: '.0%', ticks: 4 },
    y: { domain: bars.map(({ at }) => at), label: null, tickFormat: (at: number) => names[at], tickSize: 0 },
    marks: [
      Plot.barX(bars, { x: 'share', y: 'at', fill: ACCENT, fillOpacity: 0.7, insetTop: 3, insetBottom: 3 }),
      Plot.text(bars, {
        x: 'share', y: 'at', text: ({ rows, share }: { rows: number; share: number }) => `${percent(share)}, ${plural(rows, 'row')}`, textAnchor: 'start', dx: 6,
      }),
    ],
  });
}
