/** Where a chain is. */
import type { Evaluator } from './evaluator.js';
import type { Fit } from './fit.js';
import type { Network } from './network.js';
import type { Scales } from './scales.js';

export interface State {
  /** Its weights are at their mode. */
  network: Network;
  scales: Scales;
  fit: Fit;
  /** At the mode, with gradient and Hessian taken. */
  evaluator: Evaluator;
  /** Log of the probability that the chain is to have this list of units and these scales, but for a constant. */
  target: number;
  /** p x K: probabilities with which each skip weight that is not there is proposed; made when first asked for. */
  additions: Float64Array | undefined;
}
