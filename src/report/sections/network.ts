/** The pruned network, drawn with the paths that are left. */
import type { CompressedModel } from '../../types.js';
import { encodedNames } from '../../inference/units.js';
import { plural } from '../../wording.js';
import { figure, html, section, type Html } from '../html.js';
import { ACCENT, draw, INK, Plot, roomFor, shortName, WARM } from '../plot.js';

/** More edges are a blot. */
export const MAX_EDGES = 200;

export interface Edge {
  /** Layer of the source, from 0. */
  layer: number;
  from: number;
  to: number;
  weight: number;
}

/** All weights that are left, the largest first; and those that are drawn. */
export function livingEdges({ layers }: Pick<CompressedModel, 'layers'>): { edges: Edge[]; all: number } {
  const edges = layers.flatMap(({ inputs, outputs, weight, weightSd }, layer) =>
    Array.from(weight.subarray(0, inputs * outputs), (value, at): Edge =>
      ({ layer, from: Math.floor(at / outputs), to: at % outputs, weight: value }))
      .filter((_, at) => weight[at] !== 0 || weightSd[at] !== 0));
  const ranked = edges.sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight));
  return { edges: ranked.slice(0, MAX_EDGES), all: edges.length };
}

interface Unit {
  x: number;
  y: number;
  name: string;
}

export function network({ model }: { model: CompressedModel }): Html {
  const { edges, all } = livingEdges(model);
  if (all === 0) {
    return section('network', 'The network', html`<p>No path is left from an input to an output: the network is a constant.</p>\n`);
  }
  const units = placed(model, edges);
  const find = (layer: number, unit: number): Unit => units[layer].get(unit)!;
  const strongest = Math.max(...edges.map(({ weight }) => Math.abs(weight)));
  // The strongest last, on top.
  const links = [...edges].reverse().map(({ layer, from, to, weight }) => {
    const [a, b] = [find(layer, from), find(layer + 1, to)];
    const width = 0.6 + 5 * (Math.abs(weight) / strongest);
    return { x1: a.x, y1: a.y, x2: b.x, y2: b.y, colour: weight < 0 ? WARM : ACCENT, width };
  });
  const [first, ...rest] = units.map((layer) => [...layer.values()]);
  const [hidden, last] = [rest.slice(0, -1).flat(), rest[rest.length - 1]];
  const tallest = Math.max(...units.map((layer) => layer.size));
  const caption = html`Width: size of a weight's posterior mean. Colour: <span style="color:${ACCENT}">positive</span> or
<span style="color:${WARM}">negative</span>. ${all > edges.length
    ? `The ${edges.length} largest of ${all} weights are drawn.` : `All ${plural(all, 'weight')} that are left.`}`;
  return section('network', 'The network', figure(draw(`Network of ${plural(all, 'weight')}`, {
    width: 860, height: Math.max(200, Math.min(900, 30 * tallest + 60)), axis: null,
    marginLeft: roomFor(first.map(({ name }) => name)), marginRight: roomFor(last.map(({ name }) => name)),
    x: { domain: [0, units.length - 1] }, y: { domain: [0, 1], reverse: true }, color: { type: 'identity' },
    marks: [
      Plot.link(links, {
        x1: 'x1', y1: 'y1', x2: 'x2', y2: 'y2', stroke: 'colour', strokeWidth: 'width', strokeOpacity: 0.75, curve: 'bump-x',
      }),
      Plot.dot([...first, ...hidden, ...last], { x: 'x', y: 'y', r: 5, fill: INK }),
      Plot.text(first, { x: 'x', y: 'y', text: 'name', textAnchor: 'end', dx: -10 }),
      Plot.text(hidden.length <= 40 ? hidden : [], { x: 'x', y: 'y', text: 'name', dy: -11, fontSize: 10 }),
      Plot.text(last, { x: 'x', y: 'y', text: 'name', textAnchor: 'start', dx: 10 }),
    ],
  }), caption));
}

/** Units with a drawn edge, layer by layer, spread evenly from top (0) to bottom (1). */
function placed({ encoder, layers }: CompressedModel, edges: readonly Edge[]): Map<number, Unit>[] {
  const names = [encodedNames(encoder), ...layers.map(({ units }) => units)];
  return names.map((layer, l) => {
    const used = layer.map((_, unit) => unit)
      .filter((unit) => edges.some(({ layer: of, from, to }) => (of === l && from === unit) || (of === l - 1 && to === unit)));
    return new Map(used.map((unit, at) => [unit, { x: l, y: (at + 0.5) / used.length, name: shortName(layer[unit]) }]));
  });
}
