/** How much each training row counts in the likelihood: by its own weight, by its class, and by its group. */
import type { Config } from '../config/schema.js';
import { fail } from '../errors.js';
import { classesOf, likelihoodOf } from '../likelihood/index.js';
import { sumOf } from '../maths/statistics.js';
import type { NetworkShape } from '../model/shape.js';
import { closest } from '../suggest.js';
import type { FitData } from '../train/types.js';
import type { LabelledDataset, Target } from '../types.js';

export type Weighting = Partial<Pick<Config['data'], 'weightScale' | 'classWeights'>>;

/**
 * Training rows as the network's likelihood takes them.
 * @throws data.class-weights, data.weight
 */
export function fitDataOf(
  set: LabelledDataset, { task, widths }: Pick<NetworkShape, 'task' | 'widths'>, target: Target, weighting: Weighting = {},
): FitData {
  const { x, y, weights: _, ...known } = set;
  const weights = likelihoodWeights(set, target, weighting);
  const response = likelihoodOf(task).response(y, widths[widths.length - 1], { target, ...known });
  return { x, y: { ...response, ...known, ...(weights && { weights }) } };
}

/** n; undefined where each row counts once. */
function likelihoodWeights(
  { y, weights: own }: LabelledDataset, target: Target, { weightScale = 'mean', classWeights = null }: Weighting,
): Float32Array | undefined {
  if (!own && classWeights === null) return undefined;
  const weights = Float64Array.from(y, (_, n) => (own ? own[n] : 1));
  if (!(sumOf(weights) > 0)) {
    throw fail('data.weight', 'all training rows have a weight of 0', { hint: 'Then nothing can be learned. Check data.weights.' });
  }
  if (classWeights !== null) {
    const factors = classFactors(y, weights, target, classWeights);
    y.forEach((label, n) => { weights[n] *= factors[label]; });
  }
  const scale = weightScale === 'none' ? 1 : y.length / sumOf(weights);
  return Float32Array.from(weights, (weight) => scale * weight);
}

/** By class index. @throws data.class-weights */
function classFactors(
  y: Float32Array, weights: Float64Array, target: Target, classWeights: NonNullable<Config['data']['classWeights']>,
): Float64Array {
  const levels = classesOf(target);
  if (!levels) {
    throw fail('data.class-weights', `data.classWeights: the target '${target.name}' is a number and has no classes`, {
      hint: 'Leave data.classWeights out; data.weights names a column of weights.',
    });
  }
  if (classWeights === 'balanced') {
    const sums = new Float64Array(levels.length);
    y.forEach((label, n) => { sums[label] += weights[n]; });
    const present = sums.filter((sum) => sum > 0).length;
    return sums.map((sum) => (sum > 0 ? sumOf(sums) / (present * sum) : 0));
  }
  const unknown = Object.keys(classWeights).find((name) => !levels.includes(name));
  if (unknown !== undefined) {
    const near = closest(unknown, levels);
    throw fail('data.class-weights', `data.classWeights: '${unknown}' is no class of '${target.name}'`, {
      hint: near === undefined ? `The classes are ${levels.slice(0, 12).map((level) => `'${level}'`).join(', ')}.` : `Did you mean '${near}'?`,
    });
  }
  return Float64Array.from(levels, (level) => classWeights[level] ?? 1);
}
