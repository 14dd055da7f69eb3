// Accuracy against sparsity over thresholds.
import { number, table } from '../format.mjs';

export const curves = (study) => study.pairs(study.rowsOf('E7')).flatMap(({ variant, records }) =>
  records.flatMap(({ seed, curve, metrics, weights, kept }) => {
    const main = { threshold: 0.5, kept: kept.length, weights: weights.pruned, pruned: metrics.pruned, tuned: metrics.tuned };
    const points = [...curve, main].sort((a, b) => a.threshold - b.threshold).map((point) =>
      [point.threshold, point.kept, point.weights, number(point.pruned.accuracy), number(point.tuned.accuracy)]);
    return [`MNIST, ${variant}, seed ${seed}; dense ${number(metrics.dense?.accuracy)}:`, '',
      ...table(['threshold', 'inputs', 'weights', 'pruned', 'fine-tuned'], points)];
  }));
