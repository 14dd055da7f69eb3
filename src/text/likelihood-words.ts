/** What a likelihood is called where a person reads it. */

import { likelihoodOf, simulationOf } from '../likelihood/index.js';
import type { Target, Task } from '../types.js';

/** `regression of 'y'`, `binary target 'y' (no, yes)`. */
export const targetWords = (target: Target): string => likelihoodOf(target.task).words.target(target);

/** What contributions of inputs add up to: `the scale of y`. */
export const contributionWords = (target: Target): string => likelihoodOf(target.task).contributions.words(target);

/** What the signal of simulated targets measures, and the metric that they are judged by. */
export function simulationWords(task: Task): { signal: string; measure: string } {
  const { signal, measure } = simulationOf(task);
  return { signal, measure };
}
