/** The gates of a posterior's sources, tier by tier (see graph.ts): those of the inputs, then those of each hidden layer. */
import type { Posterior, SourceGates } from '../types.js';
import { gatesOfSources, graphOf } from './graph.js';

type Gated = Pick<Posterior, 'inputs' | 'units'>;

export const tierGates = ({ inputs, units }: Gated): readonly SourceGates[] => [inputs, ...units];

/** Probability that each source's gate is on, in the order of the graph: columns of one input have the same. */
export function sourceGates(posterior: Gated & Pick<Posterior, 'layers'>): Float32Array {
  const z = tierGates(posterior).flatMap((tier) => Array.from(tier.z));
  const { group, z: ofInputs } = posterior.inputs;
  return Float32Array.from(gatesOfSources(graphOf(posterior), group, ofInputs.length), (gate) => z[gate]);
}

/** The posterior with other gate probabilities: `z` is asked for every tier. */
export const withGates = (posterior: Posterior, z: (gates: SourceGates, tier: number) => Float32Array): Posterior => ({
  ...posterior,
  inputs: { ...posterior.inputs, z: z(posterior.inputs, 0) },
  units: posterior.units.map((gates, h) => ({ ...gates, z: z(gates, h + 1) })),
});

/** Encoded columns of each input. */
export function columnsOfInputs({ inputs: { group, z } }: Gated): Int32Array[] {
  const lists: number[][] = Array.from(z, () => []);
  group.forEach((gate, column) => lists[gate].push(column));
  return lists.map((list) => Int32Array.from(list));
}
