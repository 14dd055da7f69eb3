/** How many equal modes stand behind a variational posterior that has one of them (docs/method.md, Candidates). */
import { graphOf } from '../../model/graph.js';
import type { Posterior } from '../../types.js';

/**
 * The logarithm of the number of ways in which the living units of all hidden layers can be named, d! / (d - K)! each, in nats.
 * It is added where bounds of networks are compared, and nowhere else: in the prior or in training it keeps dead units open.
 * @param nodes PIPs of the units of each hidden layer; those of at least 0.5 live.
 */
export function relabelling(posterior: Posterior, nodes: readonly ArrayLike<number>[]): number {
  const { outputs } = graphOf(posterior);
  return nodes.reduce((sum, pips, l) => {
    const living = Array.from(pips).filter((pip) => pip >= 0.5).length;
    return Array.from({ length: living }, (_, i) => Math.log(outputs[l] - i)).reduce((total, term) => total + term, sum);
  }, 0);
}
