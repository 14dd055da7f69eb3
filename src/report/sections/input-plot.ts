/** The plot of the inputs: a bar for each PIP, with parts for linear and nonlinear, and the spread over fits. */
import { isTold, NOT_TOLD, verdictText } from '../../text/input-verdict.js';
import type { InputInclusion } from '../../types.js';
import { html, type Html } from '../html.js';
import { ACCENT, draw, FAINT, INK, MUTED, Plot, roomFor, shortName, WARM } from '../plot.js';

const ROW = 22;
/** Width of the plot between the names and the labels, and of a letter. */
const BARS = 286;
const LETTER = 6.5;
const FADED = 0.45;

/** @param inputs from top to bottom */
export function inputPlot(inputs: readonly InputInclusion[]): Html {
  const names = inputs.map(({ input }) => shortName(input));
  // Names may be alike once they are shortened: places tell them apart.
  const rows = inputs.map((row, at) => ({ ...row, at, label: labelOf(row) }));
  const marginLeft = roomFor(names);
  const marginRight = 20 + Math.ceil(LETTER * Math.max(4, ...rows.map(({ label }) => label.length)));
  const part = (x1: string | number, x2: string, fill: string, fillOpacity = 1): Plot.Markish =>
    Plot.barX(rows, { x1, x2, y: 'at', fill, fillOpacity, insetTop: 4, insetBottom: 4 });
  const told = isTold(inputs);
  return draw(`Inclusion probability of ${inputs.length} inputs, the most probable ${names[0] ?? ''}`, {
    width: marginLeft + BARS + marginRight, height: inputs.length * ROW + 58,
    marginLeft, marginRight, marginTop: 8, marginBottom: 42,
    x: {
      domain: [0, 1], label: 'posterior inclusion probability', labelAnchor: 'center', labelArrow: 'none',
      ticks: [0, 0.25, 0.5, 0.75, 1], tickFormat: String,
    },
    y: { domain: rows.map(({ at }) => at), label: null, tickFormat: (at: number) => names[at], tickSize: 0 },
    marks: [
      Plot.ruleX([0.5], { stroke: MUTED, strokeDasharray: '3,3' }),
      ...(told ? [part(0, 'nonlinear', ACCENT, FADED), part('nonlinear', 'pip', WARM, FADED)] : [part(0, 'pip', FAINT)]),
      Plot.ruleY(rows, { x1: 'pipMin', x2: 'pipMax', y: 'at', stroke: told ? INK : ACCENT, strokeWidth: 2 }),
      Plot.dot(rows, { x: 'pip', y: 'at', r: 4.5, fill: told ? INK : ACCENT }),
      Plot.text(rows, { x: 1, y: 'at', text: 'label', textAnchor: 'start', dx: 12, fill: MUTED }),
    ],
  });
}

/** `0.97, nonlinear 0.90, unstable`. */
const labelOf = (row: InputInclusion): string =>
  [row.kept ? 'kept' : row.pip.toFixed(2), ...(row.verdict ? [verdictText(row)] : []), ...(row.unstable ? ['unstable'] : [])].join(', ');

/** What the colours of the bars mean. */
export function barWords(inputs: readonly InputInclusion[]): Html {
  if (!isTold(inputs)) return html`Whether an input is ${NOT_TOLD}.`;
  return html`Bars: the part of the probability with which an input is <span style="color:${ACCENT}">nonlinear</span>, because it acts
through hidden units, and that with which it is <span style="color:${WARM}">linear</span>, because it acts on the outputs directly; the
rest is zero. Beside the bars stands the most probable of the three.`;
}
