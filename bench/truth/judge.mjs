// Figures of single records.
import { direction, figureOf, protocolOf } from './protocols.mjs';
import { recovery } from './statistics.mjs';

/** The metric of one model of a record; for sets of mixed kinds, the one that there is. */
export function figure(record, model) {
  const metrics = record.metrics[model];
  if (!metrics) return undefined;
  return figureOf(metricOf(record), metrics);
}

export const metricOf = (record) => (record.metrics.full.accuracy === undefined ? protocolOf(record.row).metric : 'accuracy');

/** How much better `model` is than `than`, in the metric's units; positive is better whatever the metric. */
export const gain = (record, model, than = 'dense') =>
  direction(metricOf(record)) * (figure(record, model) - figure(record, than));

/** Standard error over test rows of the dense network's metric. */
export function rowError(record) {
  const { rmse, rmseSe, accuracySe } = record.metrics.dense;
  // Delta method: d mse = 2 rmse d rmse.
  return { accuracy: accuracySe, rmse: rmseSe, mse: 2 * rmse * rmseSe }[metricOf(record)];
}

export const recoveryOf = ({ kept, truth }) => recovery(kept, truth);

/** A record in a few words. */
export function describe(record) {
  if (record.status !== 'done') return `${record.status}: ${record.message.split('\n')[0]}`;
  const names = ['dense', 'full', 'pruned', 'tuned'].filter((model) => record.metrics[model]);
  const figures = names.map((model) => `${model} ${figure(record, model).toFixed(3)}`).join(', ');
  const { kept, truth, inputs, weights } = record;
  const found = truth && recoveryOf(record);
  const inputsText = truth ? `${found.found}/${truth.length} true, ${found.wrong} false` : `${kept.length}/${inputs} inputs`;
  return `${metricOf(record)} ${figures}; ${inputsText}, ${weights.pruned} weights`;
}
