/** The plot of the inputs: a bar for each PIP, with parts for linear and nonlinear, and the spread over fits. */
import { isTold, NOT_TOLD, verdictText } from '../../text/input-verdict.js';
import type { InputInclusion } from '../../types.js';
import type { EffectSize } from '../../inference/predictive/interaction.js';
import { html, type Html } from '../html.js';
import { ACCENT, draw, FAINT, GREEN, INK, MUTED, Plot, roomFor, shortName, WARM } from '../plot.js';

const ROW = 22;
/** Width of the plot between the names and the labels, and of a letter. */
const BARS = 286;
const LETTER = 6.5;
const FADED = 0.45;

/** Room between the labels and the effect sizes, and width of these, as shares of the bars. */
const GAP = 0.08;
const SIZES = 0.75;

/**
 * @param inputs from top to bottom
 * @param sizes of those that are kept: how large their effects are, to the right; none where they are not known
 */
export function inputPlot(inputs: readonly InputInclusion[], sizes: readonly EffectSize[] = []): Html {
  const names = inputs.map(({ input }) => shortName(input));
  // Names may be alike once they are shortened: places tell them apart.
  const rows = inputs.map((row, at) => ({ ...row, at, label: labelOf(row) }));
  const marginLeft = roomFor(names);
  const room = 20 + Math.ceil(LETTER * Math.max(4, ...rows.map(({ label }) => label.length)));
  const known = new Map(sizes.map(({ input, size }) => [input, size]));
  const told = isTold(inputs);
  const largest = Math.max(0, ...sizes.map(({ size }) => size.upper));
  // The effect sizes have a part of the one axis of the plot to themselves.
  const from = 1 + room / BARS + GAP;
  const beside = largest > 0 && rows.some(({ input }) => known.has(input));
  const place = (size: number): number => from + (SIZES * size) / largest;
  const effects = beside ? rows.flatMap(({ input, at }) => {
    const size = known.get(input);
    return size ? [{ at, mean: place(size.mean), lower: place(size.lower), upper: place(size.upper) }] : [];
  }) : [];
  const ticks = beside ? sizeTicks(largest) : [];
  const marginRight = beside ? 24 : room;
  const part = (x1: string | number, x2: string, fill: string, fillOpacity = 1): Plot.Markish =>
    Plot.barX(rows, { x1, x2, y: 'at', fill, fillOpacity, insetTop: 4, insetBottom: 4 });
  const end = beside ? from + SIZES : 1;
  return draw(`Inclusion probability of ${inputs.length} inputs, the most probable ${names[0] ?? ''}`, {
    width: marginLeft + Math.ceil(BARS * end) + marginRight, height: inputs.length * ROW + 58,
    marginLeft, marginRight, marginTop: 8, marginBottom: 42,
    x: {
      domain: [0, end], label: null, ticks: [0, 0.25, 0.5, 0.75, 1, ...ticks.map(place)],
      tickFormat: (at: number) => (at <= 1 ? String(at) : String(ticks.find((tick) => Math.abs(place(tick) - at) < 1e-9))),
    },
    y: { domain: rows.map(({ at }) => at), label: null, tickFormat: (at: number) => names[at], tickSize: 0 },
    marks: [
      Plot.ruleX([0.5], { stroke: MUTED, strokeDasharray: '3,3' }),
      ...(told ? [part(0, 'nonlinear', ACCENT, FADED), part('nonlinear', 'pip', WARM, FADED)] : [part(0, 'pip', FAINT)]),
      Plot.ruleY(rows, { x1: 'pipMin', x2: 'pipMax', y: 'at', stroke: told ? INK : ACCENT, strokeWidth: 2 }),
      Plot.dot(rows, { x: 'pip', y: 'at', r: 4.5, fill: told ? INK : ACCENT }),
      Plot.text([{ x: 0.5, text: 'posterior inclusion probability' }, ...(beside ? [{ x: from + SIZES / 2, text: 'effect size' }] : [])], {
        x: 'x', text: 'text', frameAnchor: 'bottom', dy: 34,
      }),
      ...(beside ? [
        Plot.ruleX([from], { stroke: MUTED }),
        Plot.ruleY(effects, { x1: 'lower', x2: 'upper', y: 'at', stroke: GREEN, strokeWidth: 2 }),
        Plot.dot(effects, { x: 'mean', y: 'at', r: 4.5, fill: GREEN, symbol: 'square' }),
      ] : []),
      Plot.text(rows, { x: 1, y: 'at', text: 'label', textAnchor: 'start', dx: 12, fill: MUTED }),
    ],
  });
}

/** 0 and about three more numbers of one digit. */
function sizeTicks(largest: number): number[] {
  const power = 10 ** Math.floor(Math.log10(largest / 2));
  const step = [1, 2, 5, 10].map((digit) => digit * power).find((each) => largest / each <= 4) ?? 10 * power;
  return Array.from({ length: Math.floor(largest / step) + 1 }, (_, at) => Number((at * step).toPrecision(6)));
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
