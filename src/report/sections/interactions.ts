/** Pairs of inputs whose effect together is not the sum of their own. */
import { likelihoodOf } from '../../likelihood/index.js';
import type { Interaction, Spread } from '../../inference/predictive/interaction.js';
import { plural, shortNumber } from '../../wording.js';
import type { ReportData } from '../gather.js';
import { figure, html, section, table, type Html } from '../html.js';
import { ACCENT, draw, MUTED, Plot, shortName } from '../plot.js';

/** More pairs make no plot that can be read. */
const MAX_PAIRS = 10;
const ROW = 24;
const BARS = 360;
const NAME = 18;

export function interactions({ joint, model: { encoder: { target } } }: Pick<ReportData, 'joint' | 'model'>): Html {
  const title = 'Interactions';
  if ('reason' in joint) return section('interactions', title, html`<p>They cannot be shown: ${joint.reason}.</p>\n`);
  const { pairs, kept, compared, rows } = joint;
  if (pairs.length === 0) {
    return section('interactions', title, html`<p>There are none: the pruned network has ${kept === 0 ? 'no input' : 'one input'}.</p>\n`);
  }
  const shown = pairs.slice(0, MAX_PAIRS);
  const bound = kept > compared ? `the ${compared} most probable of ${kept} kept inputs` : `all ${plural(kept, 'kept input')}`;
  const rest = pairs.length > shown.length ? ` The ${shown.length} largest of ${pairs.length} are shown.` : '';
  const unit = likelihoodOf(target.task).contributions.words(target);
  return section('interactions', title,
    html`<p class="quiet">How far the joint partial dependence of two inputs departs from the sum of their own (Friedman and Popescu 2008): H is the
departure as a share of the joint effect, 0 where effects add up. Means over posterior draws of the pruned network, with 90 % credible intervals,
on ${unit}. Compared were the pairs of ${bound} on ${plural(rows, 'training row')}.${rest}</p>\n`,
    figure(pairPlot(shown)),
    table(['pair', 'H', '90 % interval', 'size of the departure', '90 % interval'], shown.map(({ inputs: [one, other], h, size }) => [
      `${shortName(one, NAME)} × ${shortName(other, NAME)}`, figureOf(h), intervalOf(h), figureOf(size), intervalOf(size),
    ])),
    html`<p class="quiet">The size is the standard deviation of the departure over the rows. A large H of a small size is of little use: it divides one small
number by another. Inputs that are correlated may show departures where there are no rows, and an H above 1 where
their own effects cancel each other.</p>\n`);
}

/** Rounding is no interaction. */
const LEAST = 1e-4;
const cell = (value: number): string => (value < LEAST ? '0' : value >= 1e5 ? shortNumber(value) : value.toPrecision(3));
const figureOf = ({ mean }: Spread): string => cell(mean);
const intervalOf = ({ lower, upper }: Spread): string => `${cell(lower)} to ${cell(upper)}`;

function pairPlot(pairs: readonly Interaction[]): Html {
  const names = pairs.map(({ inputs: [one, other] }) => `${shortName(one, NAME)} × ${shortName(other, NAME)}`);
  const rows = pairs.map(({ h }, at) => ({ ...h, at }));
  const marginLeft = 22 + Math.ceil(7 * Math.max(...names.map((name) => name.length)));
  return draw(`H of ${plural(pairs.length, 'pair')} of inputs, the largest ${names[0]}`, {
    width: marginLeft + BARS + 24, height: pairs.length * ROW + 56, marginLeft, marginRight: 24, marginTop: 8, marginBottom: 42,
    x: {
      domain: [0, Math.max(1, ...rows.map(({ upper }) => upper))], label: 'H', labelAnchor: 'center', labelArrow: 'none', grid: true,
      ticks: 5,
    },
    y: { domain: rows.map(({ at }) => at), label: null, tickFormat: (at: number) => names[at], tickSize: 0 },
    marks: [
      Plot.ruleX([0], { stroke: MUTED }),
      Plot.ruleY(rows, { x1: 'lower', x2: 'upper', y: 'at', stroke: ACCENT, strokeWidth: 2 }),
      Plot.dot(rows, { x: 'mean', y: 'at', r: 4.5, fill: ACCENT }),
    ],
  });
}
