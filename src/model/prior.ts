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
