/** Names of units, the same in every report, CSV file and exported model. */
import { classesOf, likelihoodOf } from '../likelihood/index.js';
import type { Encoder, Target } from '../types.js';

/** `h1.7`: the seventh unit of the first hidden layer (both count from 1, as people do). */
export const hiddenUnit = (layer: number, unit: number): string => `h${layer + 1}.${unit + 1}`;

/** Output units: the target itself, `Class=Besni` for the modelled class of a binary target, one per class else. */
export function outputUnits(target: Target): string[] {
  const names = likelihoodOf(target.task).outputNames(target);
  return classesOf(target) ? names.map((level) => `${target.name}=${level}`) : [...names];
}

/** Names of the encoded columns in the order of the network's inputs. */
export const encodedNames = (encoder: Encoder): string[] =>
  encoder.features.flatMap((feature) => feature.columns.map((column) => column.name));
