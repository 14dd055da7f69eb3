/** PIPs of the inputs with their spread over restarts, and beside them their possible substitutes. */
import type { StandIn } from '../../inference/inclusion/stand-ins.js';
import { listed, plural } from '../../wording.js';
import { html, figure, section, table, type Html } from '../html.js';
import { ACCENT, draw, FAINT, MUTED, Plot, roomFor, shortName } from '../plot.js';
import type { ReportData } from '../gather.js';

/** More inputs than this make no plot that can be read. */
const MAX_ROWS = 40;
const ROW = 22;
/** Groups, and inputs in each, that there is room for beside the plot. */
const MAX_GROUPS = 12;
const MAX_OTHERS = 4;

export function inputs({ inputs: all, standIns, metrics }: Pick<ReportData, 'inputs' | 'standIns' | 'metrics'>): Html {
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
  return section('inputs', 'Inputs', html`<div class="pair beside">${figure(drawing, caption)}${relatives(standIns, shown.map(({ input }) => input))}</div>\n`);
}

/** Other inputs that correlate with a probable one. */
function relatives(standIns: readonly StandIn[], shown: readonly string[]): Html | undefined {
  const groups = shown.map((name) => ({ name, others: standIns.filter(({ input }) => input === name) }))
    .filter(({ others }) => others.length > 0);
  if (groups.length === 0) return undefined;
  const rows = groups.slice(0, MAX_GROUPS).map(({ name, others }) =>
    [shortName(name), listed(others.map(({ other, correlation }) => `${shortName(other)} (${correlation.toFixed(2)})`), MAX_OTHERS)]);
  const rest = groups.length - rows.length;
  return html`<div class="words"><h3>Correlated groups</h3>
<p class="quiet">Inputs that correlate by at least 0.7 (in brackets) can replace one another. Training mostly selects one of them.</p>
${table(['input', 'possible substitutes'], rows)}${rest > 0
    && html`<p class="quiet">inclusion/stand-ins.csv in the run has ${plural(rest, 'more group')}.</p>`}</div>\n`;
}
