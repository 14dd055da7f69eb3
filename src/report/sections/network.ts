/** The pruned network, drawn with the paths that are left. */
import type { CompressedModel } from '../../types.js';
import { compressedGraph } from '../../inference/predictive/compressed.js';
import { encodedNames } from '../../inference/units.js';
import { plural } from '../../wording.js';
import { figure, html, section, type Html } from '../html.js';
import { ACCENT, draw, INK, Plot, roomFor, shortName, WARM } from '../plot.js';

/** More edges are a blot. */
export const MAX_EDGES = 200;

/** A unit of the drawing: its column, which is the tier of the encoded columns (0) or of a layer's units, and its place there. */
interface Place {
  tier: number;
  unit: number;
}

export interface Edge {
  from: Place;
  to: Place;
  weight: number;
}

/** All weights that are left, the largest first; and those that are drawn. */
export function livingEdges(model: Pick<CompressedModel, 'encoder' | 'layers'>): { edges: Edge[]; all: number } {
  const graph = compressedGraph(model);
  const edges = model.layers.flatMap(({ outputs, weight, weightSd }, l) =>
    graph.feedsOf(l).flatMap(({ tier, row, units }) => [...units].flatMap((unit, i) =>
      Array.from({ length: outputs }, (_, j) => ({ at: (row + i) * outputs + j, to: { tier: l + 1, unit: j } }))
        .filter(({ at }) => weight[at] !== 0 || weightSd[at] !== 0)
        .map(({ at, to }): Edge => ({ from: { tier, unit }, to, weight: weight[at] })))));
  const ranked = edges.sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight));
  return { edges: ranked.slice(0, MAX_EDGES), all: edges.length };
}

const isSkip = ({ from, to }: Edge): boolean => to.tier > from.tier + 1;

export function network({ model }: { model: CompressedModel }): Html {
  const { edges, all } = livingEdges(model);
  if (all === 0) {
    return section('network', 'The network', html`<p>No path is left from an input to an output: the network is a constant.</p>\n`);
  }
  const columns = placed(model, edges);
  const strongest = Math.max(...edges.map(({ weight }) => Math.abs(weight)));
  const style = ({ weight }: Edge): { colour: string; width: number } =>
    ({ colour: weight < 0 ? WARM : ACCENT, width: 0.6 + 5 * (Math.abs(weight) / strongest) });
  // The strongest last, on top.
  const drawn = [...edges].reverse().map((edge) => ({ edge, points: pathOf(edge, columns), ...style(edge) }));
  const links = drawn.filter(({ edge }) => !isSkip(edge)).map(({ points: [a, b], colour, width }) =>
    ({ x1: a.x, y1: a.y, x2: b.x, y2: b.y, colour, width }));
  const skips = drawn.filter(({ edge }) => isSkip(edge)).flatMap(({ points, colour, width }, path) =>
    points.map(({ x, y }) => ({ x, y, path, colour, width })));
  const [first, ...rest] = columns.map(({ units }) => [...units.values()]);
  const [hidden, last] = [rest.slice(0, -1).flat(), rest[rest.length - 1]];
  const tallest = Math.max(...columns.map(({ units, lanes }) => units.size + lanes.size));
  const caption = html`Width: size of a weight's posterior mean. Colour: <span style="color:${ACCENT}">positive</span> or
<span style="color:${WARM}">negative</span>. ${skips.length > 0 && 'Dashed: weights that skip a layer. '}${all > edges.length
    ? `The ${edges.length} largest of ${all} weights are drawn.` : `All ${plural(all, 'weight')} that are left.`}`;
  return section('network', 'The network', figure(draw(`Network of ${plural(all, 'weight')}`, {
    width: 860, height: Math.max(200, Math.min(900, 30 * tallest + 60)), axis: null,
    marginLeft: roomFor(first.map(({ name }) => name)), marginRight: roomFor(last.map(({ name }) => name)),
    x: { domain: [0, columns.length - 1] }, y: { domain: [0, 1], reverse: true }, color: { type: 'identity' },
    marks: [
      Plot.link(links, {
        x1: 'x1', y1: 'y1', x2: 'x2', y2: 'y2', stroke: 'colour', strokeWidth: 'width', strokeOpacity: 0.75, curve: 'bump-x',
      }),
      ...(skips.length > 0 ? [Plot.line(skips, {
        x: 'x', y: 'y', z: 'path', stroke: 'colour', strokeWidth: 'width', strokeOpacity: 0.75, strokeDasharray: '7 4', curve: 'bump-x',
      })] : []),
      Plot.dot([...first, ...hidden, ...last], { x: 'x', y: 'y', r: 5, fill: INK }),
      Plot.text(first, { x: 'x', y: 'y', text: 'name', textAnchor: 'end', dx: -10 }),
      Plot.text(hidden.length <= 40 ? hidden : [], { x: 'x', y: 'y', text: 'name', dy: -11, fontSize: 10 }),
      Plot.text(last, { x: 'x', y: 'y', text: 'name', textAnchor: 'start', dx: 10 }),
    ],
  }), caption));
}

interface Point {
  x: number;
  y: number;
}

/** What stands one above the other: units with a drawn edge, and the lanes in which skips pass by them. */
interface Column {
  units: Map<number, Point & { name: string }>;
  /** By source. */
  lanes: Map<string, Point>;
}

const keyOf = ({ tier, unit }: Place): string => `${tier}.${unit}`;

/**
 * The columns from left to right, each spread evenly from top (0) to bottom (1). Skips from the upper half of a column pass above
 * the units between, the others below.
 */
function placed({ encoder, layers }: CompressedModel, edges: readonly Edge[]): Column[] {
  const columns: Column[] = [];
  [encodedNames(encoder), ...layers.map(({ units }) => units)].forEach((names, tier) => {
    const isUsed = (unit: number): boolean =>
      edges.some(({ from, to }) => [from, to].some((end) => end.tier === tier && end.unit === unit));
    const used = [...names.keys()].filter(isUsed);
    const passing = new Map(edges.filter(({ from, to }) => from.tier < tier && tier < to.tier)
      .map(({ from }) => [keyOf(from), columns[from.tier].units.get(from.unit)!.y]));
    const ordered = [...passing].sort(([, a], [, b]) => a - b);
    const above = ordered.filter(([, y]) => y < 0.5).map(([key]) => key);
    const below = ordered.filter(([, y]) => y >= 0.5).map(([key]) => key);
    const point = (at: number): Point => ({ x: tier, y: (at + 0.5) / (used.length + passing.size) });
    columns.push({
      units: new Map(used.map((unit, at) => [unit, { ...point(above.length + at), name: shortName(names[unit]) }])),
      lanes: new Map([
        ...above.map((key, at) => [key, point(at)] as const),
        ...below.map((key, at) => [key, point(above.length + used.length + at)] as const),
      ]),
    });
  });
  return columns;
}

/** From unit to unit, through the lanes between them. */
function pathOf({ from, to }: Edge, columns: readonly Column[]): Point[] {
  const between = columns.slice(from.tier + 1, to.tier).map(({ lanes }) => lanes.get(keyOf(from))!);
  return [columns[from.tier].units.get(from.unit)!, ...between, columns[to.tier].units.get(to.unit)!];
}
