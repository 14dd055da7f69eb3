/** Hard draws of a whole network for the gate flips, with the source gates apart, so that one can be flipped within a draw. */
import { drawNetwork, livingUnits, type DrawnLayer } from '../../model/draw-network.js';
import { tierGates, withGates } from '../../model/gates.js';
import { graphOf } from '../../model/graph.js';
import type { Stream } from '../../random.js';
import type { Posterior, SourceGates } from '../../types.js';

export class HardDraws {
  /** Per draw and layer: weights and biases as if every source gate were on; a weight whose edge gate is off is 0. */
  readonly networks: DrawnLayer[][];
  /** Whose z may change under way. */
  private readonly tiers: readonly SourceGates[];
  /** Per tier S x gates: uniform numbers that decide s_k = [u < z_k], so that a gate follows its z. */
  private readonly uniforms: Float32Array[];

  constructor(private readonly posterior: Posterior, readonly count: number, stream: Stream) {
    const open = withGates(posterior, ({ z }) => z.map(() => 1));
    this.networks = Array.from({ length: count }, (_, s) => drawNetwork(open, stream.split('draw', s)));
    this.tiers = tierGates(posterior);
    this.uniforms = this.tiers.map(({ z }, tier) => stream.split('gates', tier).uniforms(count * z.length));
  }

  /** Whether gate k of a tier (model/graph.ts) is on in draw s, under the posterior's present z. */
  isOn(tier: number, k: number, s: number): boolean {
    const { z } = this.tiers[tier];
    return this.uniforms[tier][s * z.length + k] < z[k];
  }

  /**
   * Units that have a say in each draw while the gates of tier `swept` are flipped: `[draw][layer]`, as
   * {@link livingUnits} has them, sources of that tier counting if they are on or `asked`. Gates of later tiers do not move
   * in its sweep, so the lists hold throughout.
   */
  livingUnits(swept: number, asked: (gate: number) => boolean): Int32Array[][] {
    const graph = graphOf(this.posterior);
    const tiers = Uint16Array.from({ length: graph.size }, (_, source) => graph.tierOf(source));
    return this.networks.map((network, s) => livingUnits(graph, network.map(({ weight }) => weight), (source) => {
      const tier = tiers[source];
      const gate = source - graph.starts[tier];
      return this.isOn(tier, gate, s) || (tier === swept && asked(gate));
    }));
  }
}
