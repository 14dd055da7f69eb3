/** The spike-and-slab prior's parameters, one of each per layer (docs/method.md, Model). */
export interface Prior {
  /** pi_l: probability that a source node's gate is on. */
  node: number[];
  /** rho_l: probability that an edge's gate is on. */
  edge: number[];
  /** tau_l: standard deviation of the slab. */
  tau: number[];
}

export const logit = (p: number): number => Math.log(p) - Math.log1p(-p);

export const sigmoid = (x: number): number => (x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x)));

/** log(1 + e^x) without overflow. */
export const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

/** What the training step reads of a layer's prior. */
export const PRIOR_ROLES = ['nodeLogit', 'edgeLogit', 'edgeLogOff', 'invTau2', 'slabConstant'] as const;

/** Logits of pi and rho, log(1 - rho), 1 / tau^2 and (1 + log 1 / tau^2) / 2 of layer l. */
export function priorValues({ node, edge, tau }: Prior, l: number): Record<(typeof PRIOR_ROLES)[number], number> {
  const invTau2 = 1 / (tau[l] * tau[l]);
  return {
    nodeLogit: logit(node[l]), edgeLogit: logit(edge[l]), edgeLogOff: Math.log1p(-edge[l]), invTau2,
    slabConstant: 0.5 * (1 + Math.log(invTau2)),
  };
}
