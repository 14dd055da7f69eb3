/** Metrics of a posterior predictive distribution on rows with known targets. */
import {
  areaOfClass, classesOf, classFigures, likelihoodOf, metricsOf,
  type ClassFigures, type Metrics, type OutputDraws, type RowLosses,
} from '../../likelihood/index.js';
import type { Target } from '../../types.js';

/**
 * What is lost on each row: {@link Metrics} are made of these. y [n]: encoded targets, as in a Dataset.
 * @param threshold of two classes: the second is predicted from this probability on; absent: the likeliest class
 * @param weights n: how much each row counts in metrics; absent: 1 each
 */
export const rowLosses = (
  outputs: OutputDraws, y: Float32Array, target: Target, threshold?: number, weights?: ArrayLike<number>,
): RowLosses => ({
  ...likelihoodOf(target.task).losses(outputs, y, target, threshold), ...(weights && { weight: Float64Array.from(weights) }),
});

/** y [n]: encoded targets, as in a Dataset; at least one. */
export const evaluateDraws = (outputs: OutputDraws, y: Float32Array, target: Target, weights?: ArrayLike<number>): Metrics =>
  metricsOf(rowLosses(outputs, y, target, undefined, weights));

/** How the rows of each class are predicted; undefined for numbers. */
export function figuresOfClasses(losses: RowLosses, target: Target): ClassFigures[] | undefined {
  const levels = classesOf(target);
  const { labels, predicted, weight } = losses;
  if (!levels || !labels || !predicted) return undefined;
  return classFigures({ labels, predicted, weight }, levels, (label) => areaOfClass(losses, label));
}
