import { logit } from '../maths/scalar.js';
import { spikeShape, type SpikeShape } from './spike-shape.js';
import type { NetworkShape } from './shape.js';

/** The spike-and-slab prior's parameters (docs/method.md, Model): pi per tier of sources (graph.ts), the others per layer. */
export interface Prior {
  /** pi_l: probability that the gate of an input (l = 0), or of a unit of hidden layer l, is on. */
  node: number[];
  /** rho_l: probability that an edge's gate is on. */
  edge: number[];
  /** tau_l: standard deviation of the slab. */
  tau: number[];
  /** Standard deviation of a Gaussian spike; absent where the spike is a point at zero. */
  spike?: number[];
}

/** What the training step reads of a layer's prior. */
const GATE_ROLES = ['nodeLogit', 'edgeLogit', 'edgeLogOff', 'invTau2', 'slabConstant'] as const;
const MIXTURE_ROLES = ['invTau2', 'spikeOffset', 'spikeHalfCurvature', 'spikeWidth2'] as const;
export type PriorRole = (typeof GATE_ROLES)[number] | (typeof MIXTURE_ROLES)[number];

/** The roles that a network of this shape has. */
export const priorRoles = ({ spike }: Pick<NetworkShape, 'spike'>): readonly PriorRole[] =>
  (spike === 'gaussian' ? MIXTURE_ROLES : GATE_ROLES);

/** Logits of pi and rho, log(1 - rho), 1 / tau^2, (1 + log 1 / tau^2) / 2 of layer l, and the shape of a Gaussian spike. */
export function priorValues({ node, edge, tau, spike }: Prior, l: number): Partial<Record<PriorRole, number>> {
  const invTau2 = 1 / (tau[l] * tau[l]);
  return {
    nodeLogit: logit(node[l]), edgeLogit: logit(edge[l]), edgeLogOff: Math.log1p(-edge[l]), invTau2,
    slabConstant: 0.5 * (1 + Math.log(invTau2)),
    ...(spike && spikeRoles(spikeShape({ edge: edge[l], tau: tau[l], spike: spike[l] }))),
  };
}

const spikeRoles = ({ offset, curvature, width2 }: SpikeShape): Partial<Record<PriorRole, number>> =>
  ({ spikeOffset: offset, spikeHalfCurvature: curvature / 2, spikeWidth2: width2 });
