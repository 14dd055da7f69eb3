/** All structures of a small table. */
import { activeInputs, isMasked, type Network, type Skip, type Unit } from '../../../src/search/network.js';

const subsets = (p: number): number[][] =>
  Array.from({ length: 2 ** p }, (_, bits) => Array.from({ length: p }, (_each, i) => i).filter((i) => bits >> i & 1));

/** Structures of p inputs with at most so many units, each once. */
export function allStructures(p: number, K: number, mostUnits: number): Network[] {
  const masks = isMasked(K) ? Array.from({ length: 2 ** K - 1 }, (_, at) => at + 1) : [2 ** K - 1];
  const linear = Array.from({ length: p }, (_, i) => i).reduce<Skip[][]>((lists, input) => lists.flatMap((list) => [
    list, ...masks.map((mask) => [...list, { input, mask, weight: new Float64Array(K) }]),
  ]), [[]]);
  const units = subsets(p).filter((inputs) => inputs.length > 0).flatMap((inputs) => masks.map((mask): Unit =>
    ({ inputs, mask, bias: 0.1, weights: inputs.map(() => Float64Array.of(0.5)), out: new Float64Array(K) })));
  const lists: Unit[][] = [[]];
  const extend = (list: Unit[], from: number): void => {
    if (list.length === mostUnits) return;
    for (let at = from; at < units.length; at++) {
      lists.push([...list, units[at]]);
      extend([...list, units[at]], at);
    }
  };
  extend([], 0);
  return linear.flatMap((skips) => lists.map((own) => ({ bias: new Float64Array(K), skips, units: own })));
}

export const isActive = (network: Network, input: number): boolean => activeInputs(network).includes(input);
