/** What the layers of a compressed network read past the layer before them. */

import { compressedGraph } from '../inference/predictive/compressed.js';
import type { CompressedModel } from '../types.js';
import { plural } from '../wording.js';

/** Units of an earlier layer that a layer reads directly. */
export interface Skip {
  /** `columns` (encoded), or a hidden layer as the names of its units have it: `h1`. */
  from: string;
  /** A hidden layer, or `outputs`. */
  to: string;
  /** How many units. */
  units: number;
}

/** In the order of the layers; none when each reads the layer before and nothing else. */
export function skipsOf(model: Pick<CompressedModel, 'encoder' | 'layers'>): Skip[] {
  const graph = compressedGraph(model);
  const hidden = model.layers.slice(0, -1).map(({ units }) => units[0].replace(/\.\d+$/, ''));
  const names = ['columns', ...hidden, 'outputs'];
  return model.layers.flatMap((_, l) => graph.feedsOf(l).filter(({ tier }) => tier < l)
    .map(({ tier, units }) => ({ from: names[tier], to: names[l + 1], units: units.length })));
}

/** `h2 reads 1 encoded column directly; the outputs read 2 units of h1 directly`. */
export const skipWords = (skips: readonly Skip[]): string => skips.map(({ from, to, units }) => {
  const what = from === 'columns' ? plural(units, 'encoded column') : `${plural(units, 'unit')} of ${from}`;
  return `${to === 'outputs' ? 'the outputs read' : `${to} reads`} ${what} directly`;
}).join('; ');
