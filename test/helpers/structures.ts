/** Structures of the search over structures with random weights, as lists and as an average that holds them. */
import type { Stream } from '../../src/random.js';
import { layoutOf, type Layout } from '../../src/search/layout.js';
import { fullMask, type Network } from '../../src/search/network.js';
import type { Encoder, NetworkList, StructureAverage } from '../../src/types.js';

export interface RandomStructure {
  layout: Layout;
  w: Float64Array;
}

/** What a structure is made of; inputs by place, masks of outputs (all by default). */
export interface Plan {
  skips: readonly (readonly [input: number, mask?: number])[];
  units: readonly (readonly [inputs: readonly number[], mask?: number])[];
}

const SLABS = { bias: 1, skip: 1, unitBias: 1, in: 1, out: 1 };

export function randomStructure({ skips, units }: Plan, encoder: Encoder, outputs: number, stream: Stream): RandomStructure {
  let columns = 0;
  const places = encoder.features.map((feature) => feature.columns.map(() => columns++));
  const all = fullMask(outputs);
  const network: Network = {
    bias: new Float64Array(outputs),
    skips: skips.map(([input, mask = all]) => ({ input, mask, weight: new Float64Array(0) })),
    units: units.map(([inputs, mask = all]) => ({ inputs, mask, bias: 0, weights: [], out: new Float64Array(outputs) })),
  };
  const layout = layoutOf(network, places, outputs, SLABS);
  return { layout, w: Float64Array.from(stream.normals(layout.size)) };
}

/** The structures with these shares; the draws are the structures themselves. */
export function averageOf(structures: readonly RandomStructure[], share: readonly number[], noiseVariance = 1): StructureAverage {
  const list = listOf(structures);
  return {
    structures: { ...list, share: Float64Array.from(share) },
    draws: { ...list, noiseVariance: new Float64Array(structures.length).fill(noiseVariance) },
  };
}

function listOf(structures: readonly RandomStructure[]): NetworkList {
  const joined = (of: (structure: RandomStructure) => ArrayLike<number>): number[] =>
    structures.flatMap((each) => Array.from(of(each)));
  const from = [0];
  for (const { layout: { size } } of structures) from.push(from[from.length - 1] + size);
  const place = (of: 'kind' | 'column' | 'unit' | 'output'): Int32Array => Int32Array.from(joined(({ layout }) => layout[of]));
  return {
    from: Int32Array.from(from), kind: place('kind'), column: place('column'), unit: place('unit'), output: place('output'),
    weight: Float32Array.from(joined(({ w }) => w)),
  };
}
