/** What follows from the true and the predicted class of every row alone. */
import { sumOf } from '../maths/statistics.js';

/** Rows by class: how many are truly of it, how many are predicted to be, and how many are both. */
interface Counts {
  truly: number;
  predicted: number;
  both: number;
}

/** True and predicted class indices of n rows. */
export interface Decided {
  labels: ArrayLike<number>;
  predicted: ArrayLike<number>;
  /** How much each row counts; absent: 1 each. */
  weight?: ArrayLike<number> | undefined;
}

/** By class index; classes that are neither true nor predicted are left out. */
function countsOf({ labels, predicted, weight }: Decided): Map<number, Counts> {
  const counts = new Map<number, Counts>();
  const of = (label: number): Counts => {
    let found = counts.get(label);
    if (!found) counts.set(label, (found = { truly: 0, predicted: 0, both: 0 }));
    return found;
  };
  for (let n = 0; n < labels.length; n++) {
    const own = weight ? weight[n] : 1;
    of(labels[n]).truly += own;
    of(predicted[n]).predicted += own;
    if (labels[n] === predicted[n]) of(labels[n]).both += own;
  }
  return counts;
}

const f1Of = ({ truly, predicted, both }: Counts): number => (2 * both) / (truly + predicted);

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Mean over the classes that occur of the share of their rows that is predicted rightly. */
export const balancedAccuracy = (classes: Decided): number =>
  mean([...countsOf(classes).values()].filter(({ truly }) => truly > 0).map(({ truly, both }) => both / truly));

/** Of class `label` alone: harmonic mean of precision and recall, 0 where it is neither true nor predicted. */
export function f1(classes: Decided, label: number): number {
  const counts = countsOf(classes).get(label);
  return counts && counts.truly + counts.predicted > 0 ? f1Of(counts) : 0;
}

/** Mean over the classes that are true or predicted of any row. */
export const macroF1 = (classes: Decided): number =>
  mean([...countsOf(classes).values()].filter(({ truly, predicted }) => truly + predicted > 0).map(f1Of));

/**
 * Matthews' correlation of true and predicted classes, for any number of them (Gorodkin 2004); 0 where either is the same in
 * all rows.
 */
export function matthewsCorrelation(classes: Decided): number {
  const counts = [...countsOf(classes).values()];
  const rows = classes.weight ? sumOf(classes.weight) : classes.labels.length;
  const sum = (of: (counts: Counts) => number): number => counts.reduce((total, each) => total + of(each), 0);
  const spread = (of: (counts: Counts) => number): number => rows ** 2 - sum((each) => of(each) ** 2);
  const scale = Math.sqrt(spread(({ truly }) => truly) * spread(({ predicted: p }) => p));
  return scale > 0 ? (sum(({ both }) => both) * rows - sum(({ truly, predicted: p }) => truly * p)) / scale : 0;
}

/** How the rows of one class are predicted. */
export interface ClassFigures {
  class: string;
  /** Those that are truly of it; here and in `predicted` rows are counted whatever they weigh. */
  rows: number;
  /** Share of the rows predicted to be of it that are; absent where none is predicted. */
  precision?: number;
  /** Share of its rows that are predicted to be of it; absent where it has none, as `auc` is. */
  recall?: number;
  /** Harmonic mean of both; absent where the class is neither true nor predicted. */
  f1?: number;
  /** Area under the ROC curve of this class against all others. */
  auc?: number;
  /** How many of its rows are predicted to be of each class: a row of the confusion matrix, without the zeros. */
  predicted: Record<string, number>;
}

/** Rows of one class that are predicted to be of one: how many, and by weight. */
export interface ConfusionCell {
  rows: number;
  weight: number;
}

/** By true class index, what each predicted one has; cells without rows are left out. */
export function confusionMatrix({ labels, predicted, weight }: Decided, classes: number): Map<number, ConfusionCell>[] {
  const matrix = Array.from({ length: classes }, () => new Map<number, ConfusionCell>());
  for (let n = 0; n < labels.length; n++) {
    const row = matrix[labels[n]];
    const { rows, weight: sum } = row.get(predicted[n]) ?? { rows: 0, weight: 0 };
    row.set(predicted[n], { rows: rows + 1, weight: sum + (weight ? weight[n] : 1) });
  }
  return matrix;
}

/** Of every class, in the order of class indices. */
export function classFigures(
  { labels, predicted, weight }: Decided, levels: readonly string[],
  auc: (label: number) => number | undefined,
): ClassFigures[] {
  const counts = countsOf({ labels, predicted, weight });
  const matrix = confusionMatrix({ labels, predicted, weight }, levels.length);
  return levels.map((level, label) => {
    const found = counts.get(label) ?? { truly: 0, predicted: 0, both: 0 };
    const area = auc(label);
    return {
      class: level, rows: weight ? Array.from(labels).filter((each) => each === label).length : found.truly,
      ...(found.predicted > 0 && { precision: found.both / found.predicted }),
      ...(found.truly > 0 && { recall: found.both / found.truly }),
      ...(found.truly + found.predicted > 0 && { f1: f1Of(found) }),
      ...(area !== undefined && { auc: area }),
      predicted: Object.fromEntries([...matrix[label]].sort(([a], [b]) => a - b).map(([to, { rows }]) => [levels[to], rows])),
    };
  });
}
