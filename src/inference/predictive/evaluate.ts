/** Metrics of a posterior predictive distribution on rows with known targets. */
import {
  areaOfClass, balancedThreshold, classesOf, classFigures, eachOf, likelihoodOf, lossesOfEach, metricsOf, outputsFor,
  type ClassFigures, type Metrics, type OutputDraws, type RowLosses,
} from '../../likelihood/index.js';
import { classProbabilities } from './predictive.js';
import type { RowFacts, Target } from '../../types.js';

/**
 * What is lost on each row: {@link Metrics} are made of these. y [n]: encoded targets, as in a Dataset.
 * @param threshold of two classes: the second is predicted from this probability on; absent: the likeliest class
 * @param facts how much each row counts in metrics (1 without), and of counts their exposures
 */
export const rowLosses = (
  outputs: OutputDraws, y: Float32Array, target: Target, threshold?: number, facts: RowFacts = {},
): RowLosses => ({
  ...likelihoodOf(target.task).losses(outputsFor(outputs, target, facts), y, target, threshold),
  ...(facts.weights && { weight: Float64Array.from(facts.weights) }),
});

/** y [n]: encoded targets, as in a Dataset; at least one. */
export const evaluateDraws = (outputs: OutputDraws, y: Float32Array, target: Target, facts?: RowFacts): Metrics =>
  metricsOf(rowLosses(outputs, y, target, undefined, facts));

/**
 * From which probability on the second of two classes is predicted for the highest balanced accuracy on these rows; undefined for
 * other targets, and where rows of a class are missing.
 */
export function decisionThresholdOf(
  outputs: OutputDraws, y: Float32Array, target: Target, weights?: ArrayLike<number>,
): number | undefined {
  if (classesOf(target)?.length !== 2) return undefined;
  const { data } = classProbabilities(outputsFor(outputs, target));
  return balancedThreshold(Float32Array.from(y, (_, n) => data[2 * n + 1]), y, weights);
}

/** How the rows of each class are predicted; undefined for numbers. */
export function figuresOfClasses(losses: RowLosses, target: Target): ClassFigures[] | undefined {
  const levels = classesOf(target);
  const { labels, predicted, weight } = losses;
  if (!levels || !labels || !predicted) return undefined;
  return classFigures({ labels, predicted, weight }, levels, (label) => areaOfClass(losses, label));
}

/** How one of several targets is predicted. */
export interface TargetFigures {
  target: string;
  /** In its own units. */
  metrics: Metrics;
}

/** How each of several targets is predicted; undefined of a single one. */
export function figuresOfTargets(losses: RowLosses, target: Target): TargetFigures[] | undefined {
  const targets = eachOf(target);
  if (targets.length < 2) return undefined;
  return lossesOfEach(losses).map((own, place) => ({ target: targets[place].name, metrics: metricsOf(own) }));
}
