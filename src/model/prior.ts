import { logit } from '../maths/scalar.js';
import { spikeShape, type SpikeShape } from './spike-shape.js';
import type { BlockPrior, LayerPosterior, OwnPriors, RowsPrior, SourceGates } from '../types.js';
import type { NetworkShape } from './shape.js';

/** The spike-and-slab prior's parameters (docs/method.md, Model): pi per tier of sources, the others per block (graph.ts). */
export interface Prior {
  /** pi_l: probability that the gate of an input (l = 0), or of a unit of hidden layer l, is on. */
  node: number[];
  /** rho_l: probability that an edge's gate is on. */
  edge: number[];
  /** tau_l: standard deviation of the slab. */
  tau: number[];
  /** Standard deviation of a Gaussian spike; absent where the spike is a point at zero. */
  spike?: number[];
  /** Those of inputs that have one of their own. */
  own?: OwnPriors | undefined;
}

/** A gate of this prior is held open. */
export const KEPT = 1;
/** As which such a gate takes part in training. */
const NEARLY_KEPT = 1 - 1e-7;

/** Prior probability of a gate. */
export const gatePrior = ({ prior, own }: Pick<SourceGates, 'prior' | 'own'>, gate: number): number => own?.[gate] ?? prior;

export const isKept = (own: OwnPriors | undefined, gate: number): boolean => own?.[gate] === KEPT;

/** What the training step reads of a layer's prior. */
const GATE_ROLES = ['nodeLogit', 'edgeLogit', 'edgeLogOff', 'invTau2', 'slabConstant'] as const;
const MIXTURE_ROLES = ['invTau2', 'spikeOffset', 'spikeHalfCurvature', 'spikeWidth2'] as const;
export type PriorRole = (typeof GATE_ROLES)[number] | (typeof MIXTURE_ROLES)[number];

/** The roles that a network of this shape has. */
export const priorRoles = ({ spike }: Pick<NetworkShape, 'spike'>): readonly PriorRole[] =>
  (spike === 'gaussian' ? MIXTURE_ROLES : GATE_ROLES);

/** Logit of rho, log(1 - rho), 1 / tau^2, (1 + log 1 / tau^2) / 2 of a block, and the shape of a Gaussian spike. */
export function blockValues({ edge, tau, spike }: Prior, block: number): Partial<Record<PriorRole, number>> {
  const invTau2 = 1 / (tau[block] * tau[block]);
  return {
    edgeLogit: logit(edge[block]), edgeLogOff: Math.log1p(-edge[block]), invTau2,
    slabConstant: 0.5 * (1 + Math.log(invTau2)),
    ...(spike && spikeRoles(spikeShape({ edge: edge[block], tau: tau[block], spike: spike[block] }))),
  };
}

/** The logits of pi of a tier of so many gates. */
export function nodeLogits({ node, own }: Prior, tier: number, gates: number): number[] {
  const priors = { prior: node[tier], own: tier === 0 ? own : undefined };
  return Array.from({ length: gates }, (_, gate) => logit(Math.min(NEARLY_KEPT, gatePrior(priors, gate))));
}

/** What an edge costs that is held open, as the direct edges of kept inputs are; of a block's other values they have the same. */
export const keptEdges = (prior: Prior, block: number): Partial<Record<PriorRole, number>> =>
  blockValues({ ...prior, edge: prior.edge.map(() => NEARLY_KEPT) }, block);

/** The prior of one block, as a posterior has it. */
export const blockPrior = ({ edge, tau, spike }: Prior, block: number): BlockPrior =>
  ({ edge: edge[block], tau: tau[block], ...(spike && { spike: spike[block] }) });

/** The blocks of a layer's rows, ascending. */
export const rowBlocks = ({ inputs, prior, earlier = [] }: Pick<LayerPosterior, 'inputs' | 'prior' | 'earlier'>): RowsPrior[] =>
  [...earlier, { ...prior, rows: inputs - earlier.reduce((sum, { rows }) => sum + rows, 0) }];

/** The prior of the block that row i of a layer's matrix belongs to. */
export function priorOfRow(layer: Pick<LayerPosterior, 'prior' | 'earlier'>, i: number): BlockPrior {
  let from = 0;
  for (const block of layer.earlier ?? []) if (i < (from += block.rows)) return block;
  return layer.prior;
}

const spikeRoles = ({ offset, curvature, width2 }: SpikeShape): Partial<Record<PriorRole, number>> =>
  ({ spikeOffset: offset, spikeHalfCurvature: curvature / 2, spikeWidth2: width2 });
