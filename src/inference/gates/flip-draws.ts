/** Hard draws of a whole network for the gate flips, with the node gates apart, so that one can be flipped within a draw. */
import { drawNetwork, livingUnits, type DrawnLayer } from '../../model/draw-network.js';
import type { Stream } from '../../random.js';
import type { Posterior } from '../../types.js';

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
   * Units that have a say in each draw while the gates of layer `swept` are flipped: `[draw][layer]`, as
   * {@link livingUnits} has them, sources of that layer counting if they are on or `asked`. Gates above do not move in
   * its sweep, so the lists hold throughout.
   */
  livingUnits(swept: number, asked: (gate: number) => boolean): Int32Array[][] {
    const outputs = this.posterior.layers.map((layer) => layer.outputs);
    return this.networks.map((network, s) => livingUnits(
      network.map(({ weight }) => weight), outputs, (l, i) => this.isOn(l, i, s) || (l === swept && asked(i)),
    ));
  }
}
