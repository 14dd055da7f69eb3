/** PIPs of the inputs with their spread over restarts, and beside them the credible sets. */
import { isAlike } from '../../inference/inclusion/sets.js';
import type { InputSet } from '../../types.js';
import { listed, plural } from '../../wording.js';
import { html, figure, section, table, type Html } from '../html.js';
import { ACCENT, draw, FAINT, MUTED, Plot, roomFor, shortName } from '../plot.js';
import type { ReportData } from '../gather.js';

/** More inputs than this make no plot that can be read. */
const MAX_ROWS = 40;
const ROW = 22;
/** Sets, and inputs in each, that there is room for beside the plot. */
const MAX_SETS = 12;
const MAX_MEMBERS = 6;

export function inputs({ inputs: all, sets, metrics }: Pick<ReportData, 'inputs' | 'sets' | 'metrics'>): Html {
  const ranked = [...all].sort((a, b) => b.pip - a.pip);
  const shown = ranked.slice(0, MAX_ROWS);
  const names = shown.map(({ input }) => shortName(input));
  // Names may be alike once they are shortened: places tell them apart.
  const rows = shown.map((row, at) => ({ ...row, at }));
  const room = roomFor(names);
  const drawing = draw(`Inclusion probability of ${shown.length} inputs, the most probable ${names[0] ?? ''}`, {
    width: room + 330, height: shown.length * ROW + 58, marginLeft: room, marginRight: 44, marginTop: 8, marginBottom: 42,
    x: {
      domain: [0, 1], label: 'posterior inclusion probability', labelAnchor: 'center', labelArrow: 'none',
      ticks: [0, 0.25, 0.5, 0.75, 1], tickFormat: String,
    },
    y: { domain: rows.map(({ at }) => at), label: null, tickFormat: (at: number) => names[at], tickSize: 0 },
    marks: [
      Plot.ruleX([0.5], { stroke: MUTED, strokeDasharray: '3,3' }),
      Plot.barX(rows, { x1: 0, x2: 'pip', y: 'at', fill: FAINT, insetTop: 4, insetBottom: 4 }),
      Plot.ruleY(rows, { x1: 'pipMin', x2: 'pipMax', y: 'at', stroke: ACCENT, strokeWidth: 2 }),
      Plot.dot(rows, { x: 'pip', y: 'at', r: 4.5, fill: ACCENT }),
      Plot.text(rows, { x: 1, y: 'at', text: (row: { pip: number }) => row.pip.toFixed(2), textAnchor: 'start', dx: 12, fill: MUTED }),
    ],
  });
  const more = ranked.length > MAX_ROWS ? html` The other ${ranked.length - MAX_ROWS} inputs have a PIP of at most ${ranked[MAX_ROWS].pip.toFixed(2)}.` : undefined;
  const restarts = metrics.restarts.length;
  const caption = html`Dots: averages over all networks that training visited. Lines: smallest to largest over ${restarts === 1
    ? 'the one restart' : `${restarts} restarts`}; a long line means that they disagree. The pruned network keeps the inputs to the right of the dashed line in the chosen restart.${more}`;
  return section('inputs', 'Inputs', html`<div class="pair beside">${figure(drawing, caption)}${setTable(sets)}</div>\n`);
}

/** The credible sets, most certain effects first. */
function setTable(sets: readonly InputSet[]): Html | undefined {
  if (sets.length === 0) return undefined;
  const rows = sets.slice(0, MAX_SETS).map(({ source, inputs: members, purity, logBayesFactor }, at) => [
    String(at + 1), listed(members.map(({ input, probability }) => `${shortName(input)} (${probability.toFixed(2)})`), MAX_MEMBERS),
    members.length === 1 ? '-' : `${purity.toFixed(2)}${isAlike({ purity }) ? '' : ', not alike'}`,
    source === 'network' ? 'the network alone' : logBayesFactor!.toFixed(1),
  ]);
  const rest = sets.length - rows.length;
  return html`<div class="words"><h3>Credible sets</h3>
<p class="quiet">Each effect belongs to one input of its set, with a probability of at least 0.95 (of each in brackets). Where a set has several
inputs, the rows do not tell which. The logarithm of the Bayes factor, in nats, is the evidence of the linear part that there is an effect.</p>
${table(['set', 'one of', 'least |r|', 'log Bayes factor'], rows)}${rest > 0
    && html`<p class="quiet">inclusion/sets.csv in the run has ${plural(rest, 'more set')}.</p>`}</div>\n`;
}
