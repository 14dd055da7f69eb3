/** Posteriors of plain networks layer by layer: each layer with the gates of the tier that it reads. */
import type { LayerPosterior, Posterior } from '../../src/types.js';

export interface GatedLayer extends LayerPosterior {
  z: Float32Array;
  /** Prior probability of each gate. */
  node: number;
  /** d: the gate of each row. */
  group: Int32Array;
}

export const gatedLayers = ({ inputs, units, layers }: Posterior): GatedLayer[] => layers.map((layer, l) => {
  const { z, prior } = l === 0 ? inputs : units[l - 1];
  return { ...layer, z, node: prior, group: l === 0 ? inputs.group : Int32Array.from(z, (_, k) => k) };
});

/** The posterior of such layers. */
export function posteriorOfLayers({ layers, ...rest }: Omit<Posterior, 'inputs' | 'units' | 'layers'> & { layers: GatedLayer[] }): Posterior {
  const [inputs, ...units] = layers.map(({ z, node: prior }) => ({ z, prior }));
  return {
    ...rest, inputs: { ...inputs, group: layers[0].group }, units,
    layers: layers.map(({ z: _, node: __, group: ___, ...layer }) => layer),
  };
}
