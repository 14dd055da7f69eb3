/** What can be taken out of a network by itself: a skip weight to an output, an edge, a unit's weight to an output, a unit. */
import type { Layout } from './layout.js';
import { EDGE, OUT, SKIP } from './layout.js';
import { hasOutput, isMasked, maskedSkip, outputsIn, withEdge, withSkip, withUnit, type Network } from './network.js';
import type { SearchTable } from './problem.js';

export interface Part {
  /** Its weights in the layout, or the unit that it is. */
  places: number[];
  unit?: number;
  without: Network;
}

/** All parts; of outputs that share each weight's fate, skips and weights of units go as one. */
export function partsOf(network: Network, layout: Layout, table: SearchTable): Part[] {
  return [...skipParts(network, layout, table), ...network.units.flatMap((_, h) => unitParts(network, layout, table, h))];
}

function skipParts(network: Network, { kind, column, output }: Layout, { outputs: K, places }: SearchTable): Part[] {
  return network.skips.flatMap((skip) => {
    const own = new Set(places[skip.input]);
    const at = (k?: number): number[] =>
      placesWhere(kind, (p) => kind[p] === SKIP && own.has(column[p]) && (k === undefined || output[p] === k));
    if (!isMasked(K)) return [{ places: at(), without: withSkip(network, { ...skip, mask: 0 }) }];
    return outputsOf(skip.mask, K).map((k) => {
      const mask = skip.mask & ~(1 << k);
      return { places: at(k), without: withSkip(network, mask === 0 ? { ...skip, mask } : maskedSkip(skip, mask, K)) };
    });
  });
}

function unitParts(
  network: Network, { kind, column, unit, output }: Layout, { outputs: K, places }: SearchTable, h: number,
): Part[] {
  const own = network.units[h];
  const whole: Part = { places: [], unit: h, without: withUnit(network, h, undefined) };
  const edges = own.inputs.map((input): Part => {
    const columns = new Set(places[input]);
    return {
      places: placesWhere(kind, (p) => kind[p] === EDGE && unit[p] === h && columns.has(column[p])),
      without: withUnit(network, h, own.inputs.length > 1 ? withEdge(own, input, undefined) : undefined),
    };
  });
  if (!isMasked(K) || outputsIn(own.mask) < 2) return [whole, ...edges];
  const outs = outputsOf(own.mask, K).map((k): Part => {
    const mask = own.mask & ~(1 << k);
    const out = own.out.map((value, each) => (each === k ? 0 : value));
    return {
      places: placesWhere(kind, (p) => kind[p] === OUT && unit[p] === h && output[p] === k),
      without: withUnit(network, h, { ...own, mask, out }),
    };
  });
  return [whole, ...edges, ...outs];
}

const outputsOf = (mask: number, K: number): number[] => Array.from({ length: K }, (_, k) => k).filter((k) => hasOutput(mask, k));

const placesWhere = (kind: Int32Array, is: (p: number) => boolean): number[] => Array.from(kind.keys()).filter(is);
