/** A Gaussian spike beside its slab, and the nodes at which expectations over it are computed (see mixture.ts). */

/** rho, tau and the standard deviation of the spike, which is the smaller one. */
export interface Mixture {
  edge: number;
  tau: number;
  spike: number;
}

/** Logarithm of the odds of the spike: offset - curvature w^2 / 2. */
export interface SpikeShape {
  offset: number;
  curvature: number;
  /** Variance of the Gaussian by which the bump is taken to be cut off when quadrature nodes are placed. */
  width2: number;
}

/** Of the bump's half width squared, which is 2 offset / curvature, this much: found by comparing with fine integrals. */
const WIDTH = 0.4;

export function spikeShape({ edge, tau, spike }: Mixture): SpikeShape {
  const offset = Math.log1p(-edge) - Math.log(edge) + Math.log(tau / spike);
  const curvature = 1 / (spike * spike) - 1 / (tau * tau);
  return { offset, curvature, width2: (WIDTH * Math.max(offset, 1)) / curvature };
}

/**
 * Nodes t of the trapezoidal rule over [-reach, reach], and one weight for all. For smooth integrands under a Gaussian it
 * converges faster than any power of the spacing, and where the integrand changes within less than the Gaussian's width, as
 * the odds of the spike do, faster than Gauss-Hermite quadrature (Trefethen, Weideman 2014).
 */
export function trapezoid(count: number, reach: number): { nodes: number[]; weight: number } {
  const nodes = Array.from({ length: count }, (_, k) => (2 * reach * k) / (count - 1) - reach);
  return { nodes, weight: 1 / nodes.reduce((sum, t) => sum + Math.exp(-t * t / 2), 0) };
}
