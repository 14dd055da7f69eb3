/** Hard draws of a whole network for the gate flips, with the node gates apart, so that one can be flipped within a draw. */
import { drawNetwork, type DrawnLayer } from '../model/hard.js';
import type { Stream } from '../random.js';
import type { Posterior } from '../types.js';

export class HardDraws {
  /** Per draw and layer: weights and biases as if every node gate were on; a weight whose edge gate is off is 0. */
  readonly networks: DrawnLayer[][];
  /** Per layer S x gates: uniform numbers that decide s_k = [u < z_k], so that a gate follows its z. */
  private readonly uniforms: Float32Array[];

  constructor(private readonly posterior: Posterior, readonly count: number, stream: Stream) {
    const open: Posterior = { ...posterior, layers: posterior.layers.map((layer) => ({ ...layer, z: layer.z.map(() => 1) })) };
    this.networks = Array.from({ length: count }, (_, s) => drawNetwork(open, stream.split('draw', s)));
    this.uniforms = posterior.layers.map(({ z }, l) => stream.split('gates', l).uniforms(count * z.length));
  }

  /** Whether gate k of layer l is on in draw s, under the posterior's present z. */
  isOn(l: number, k: number, s: number): boolean {
    const { z } = this.posterior.layers[l];
    return this.uniforms[l][s * z.length + k] < z[k];
  }

  /**
   * Output units that have a say in each draw while the gates of layer `swept` are flipped: `[layer][draw]` lists units
   * whose own gate is on (in the layer below `swept`: on, or `asked`) and that have an edge to such a unit above. All
   * others change nothing of the draw's likelihood, exactly, and are left out of the arithmetic. Gates above `swept` do
   * not move in its sweep, so the lists hold throughout.
   */
  livingUnits(swept: number, asked: (gate: number) => boolean): Int32Array[][] {
    const { layers } = this.posterior;
    const living: Int32Array[][] = [];
    for (let l = layers.length - 1; l >= 0; l--) {
      living[l] = this.networks.map((network, s) => {
        const units = Array.from({ length: layers[l].outputs }, (_, j) => j);
        if (l === layers.length - 1) return Int32Array.from(units);
        const { outputs } = layers[l + 1];
        const { weight } = network[l + 1];
        const hasEdge = (j: number): boolean => living[l + 1][s].some((to) => weight[j * outputs + to] !== 0);
        return Int32Array.from(units.filter((j) => (this.isOn(l + 1, j, s) || (l + 1 === swept && asked(j))) && hasEdge(j)));
      });
    }
    return living;
  }
}
