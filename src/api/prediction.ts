/** A prediction as an object. */

import { classesOf, eachOf } from '../likelihood/index.js';
import type { PredictedRow, PredictionColumns } from '../predict/predictions.js';
import type { Encoder } from '../types.js';

/** What is predicted for a row, whatever the target. */
export interface AnyPrediction {
  /** With `uncertainty`: standard deviations of a number, entropies of a class in nats. */
  uncertainty?: { epistemic: number; aleatoric: number };
  /**
   * With `explain`: what the inputs add to `baseline`, the prediction for rows on average; means over draws with credible bounds.
   * Of a number in its units, of two classes in log-odds of the second, of more in log-probability of the predicted class.
   */
  explanation?: { baseline: number; effects: { input: string; effect: number; lower: number; upper: number }[] };
}

/** The prediction of a number. */
export interface NumberPrediction extends AnyPrediction {
  /** Its mean. */
  value: number;
  /** With `interval`: the bounds of the central predictive interval. */
  interval?: { lower: number; upper: number };
  /** With `quantiles`: each of them by its probability, such as `{ '0.05': 1.2 }`. */
  quantiles?: Record<string, number>;
  /** With `at`: by number the probability that a time is longer, that a count is it, or that another number is at most it. */
  at?: Record<string, number>;
  probabilities?: undefined;
  targets?: undefined;
}

/** The predictions of several numbers. */
export interface NumbersPrediction {
  /** What is predicted of each, by the name of the target. */
  targets: Record<string, NumberPrediction>;
  value?: undefined;
  interval?: undefined;
  probabilities?: undefined;
  uncertainty?: undefined;
  explanation?: undefined;
}

/** The prediction of a class. */
export interface ClassPrediction extends AnyPrediction {
  /** The most probable class. */
  value: string;
  /** The probability of every class, by name. */
  probabilities: Record<string, number>;
  interval?: undefined;
  targets?: undefined;
}

/** What is predicted for a row; `probabilities` is there when it is a class, `targets` when there are several. */
export type Prediction = NumberPrediction | ClassPrediction | NumbersPrediction;

/** Turns the numbers of a row, which lie in the order of the columns of `bnnc predict`, into an object. */
export function recordMaker(
  { target, features }: Encoder, { interval, quantiles, at: places, uncertainty, explainer }: PredictionColumns,
): (row: PredictedRow) => Prediction {
  const [levels, targets] = [classesOf(target), eachOf(target)];
  return ({ label, values }) => {
    let at = 0;
    const next = (): number => values[at++];
    const one = (): Prediction => {
      const numbers = levels && Object.fromEntries(levels.map((level) => [level, next()]));
      const value = numbers ? label! : next();
      return {
        value,
        ...(numbers && { probabilities: numbers }),
        ...(interval !== undefined && { interval: { lower: next(), upper: next() } }),
        ...(quantiles && { quantiles: Object.fromEntries(quantiles.map((p) => [p, next()])) }),
        ...(places && { at: Object.fromEntries(places.map((raw) => [raw, next()])) }),
        ...(uncertainty && { uncertainty: { epistemic: next(), aleatoric: next() } }),
      } as AnyPrediction as Prediction;
    };
    if (targets.length > 1) return { targets: Object.fromEntries(targets.map(({ name }) => [name, one() as NumberPrediction])) };
    return {
      ...one(),
      ...(explainer && {
        explanation: {
          baseline: next(),
          effects: features.map(({ name: input }) => ({ input, effect: next(), lower: next(), upper: next() })),
        },
      }),
    } as AnyPrediction as Prediction;
  };
}
