/** Which inputs go together, and which of them the credible sets cannot tell apart. */
import { plural } from '../../wording.js';
import type { CorrelationMap } from '../correlations.js';
import type { ReportData } from '../gather.js';
import { figure, html, section, type Html } from '../html.js';
import { ACCENT, draw, FAINT, INK, Plot, roomFor, shortName, WARM } from '../plot.js';

/** Of a correlation of 1, so that texts can be read on it. */
const DARKEST = 0.65;
const NAME = 20;

export function correlations({ correlations: map }: Pick<ReportData, 'correlations'>): Html {
  const title = 'Correlations of the inputs';
  if ('reason' in map) return section('correlations', title, html`<p>They cannot be shown: ${map.reason}.</p>\n`);
  if (map.inputs.length < 2) return section('correlations', title, html`<p>There is one input.</p>\n`);
  const outlined = map.sets.length > 0 && ` Frames: ${map.sets.length === 1 ? 'the credible set' : 'credible sets'} with ${
    map.sets.length === 1 ? 'its number' : 'their numbers'} on the diagonal; an input of two sets stands in the first.`;
  return section('correlations', title, figure(drawing(map), html`Correlations on the training rows, <span style="color:${ACCENT}">positive</span> or
<span style="color:${WARM}">negative</span> (with a minus sign), in hundredths. Of an input with several columns, such as a text, it is the root mean square of its canonical
correlations, which has no sign. Shown are inputs of credible sets, those that are kept, near twins of these (0.7 or more), and where that is few,
the most probable others.${outlined}`));
}

type Framed = CorrelationMap['sets'][number];

interface Cell {
  row: number;
  column: number;
  r: number;
}

function drawing({ inputs, r, sets }: CorrelationMap): Html {
  const names = inputs.map((name) => shortName(name, NAME));
  const side = inputs.length <= 12 ? 40 : 30;
  const marginLeft = roomFor(names);
  const marginBottom = 20 + Math.ceil(5.2 * Math.max(...names.map((name) => name.length)));
  const cells = r.flatMap((values, row) => values.map((value, column): Cell => ({ row, column, r: value })));
  const middles = inputs.map((_, at) => at + 0.5);
  const nameAt = (at: number): string => names[Math.floor(at)];
  const scale = { domain: [0, inputs.length], ticks: middles, tickFormat: nameAt, tickSize: 0, label: null };
  const ends = { x1: 'column', x2: ({ column }: Cell) => column + 1, y1: 'row', y2: ({ row }: Cell) => row + 1 };
  return draw(`Correlations of ${plural(inputs.length, 'input')}`, {
    width: marginLeft + side * inputs.length + 24, height: marginBottom + side * inputs.length + 16,
    marginLeft, marginRight: 24, marginTop: 16, marginBottom,
    x: { ...scale, tickRotate: -45 }, y: { ...scale, reverse: true }, opacity: { type: 'identity' }, color: { type: 'identity' },
    marks: [
      Plot.rect(cells, {
        ...ends, fill: ({ r: value }: Cell) => (value < 0 ? WARM : ACCENT),
        fillOpacity: ({ r: value }: Cell) => DARKEST * Math.abs(value), stroke: FAINT, strokeWidth: 0.5,
      }),
      Plot.text(cells.filter(({ row, column, r: value }) => row !== column && Math.abs(value) >= 0.005), {
        x: ({ column }: Cell) => column + 0.5, y: ({ row }: Cell) => row + 0.5, text: hundredths, fontSize: 11,
      }),
      Plot.rect(sets, { x1: 'from', x2: 'to', y1: 'from', y2: 'to', fill: 'none', stroke: INK, strokeWidth: 2.2 }),
      Plot.text(sets, {
        x: ({ from }: Framed) => from + 0.5, y: ({ from }: Framed) => from + 0.5, text: ({ set }: Framed) => String(set),
        fontWeight: 700, fontSize: 13,
      }),
    ],
  });
}

const hundredths = ({ r }: Cell): string => `${r < 0 ? '−' : ''}${Math.round(100 * Math.abs(r))}`;
