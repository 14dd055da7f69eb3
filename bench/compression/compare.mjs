// How much pruning costs: errors of both files on the test rows, in onnxruntime, row by row.
import { pairedDifference } from '../../dist/inference/paired.js';
import { predict } from './runtime.mjs';

/** `loss` is the mean squared error or the share of wrong classes, `difference` that of exported minus dense. */
export async function compare({ dense, exported, target }) {
  const losses = async ({ bytes, x, y }) => lossesOf(await predict(bytes, x), y, target);
  const [before, after] = [await losses(dense), await losses(exported)];
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  return { rows: before.length, before: mean(before), after: mean(after), difference: pairedDifference(after, before) };
}

function lossesOf(predictions, y, target) {
  if (target.task === 'regression') return Float64Array.from(y, (value, n) => (predictions[n] - (value * target.scale + target.mean)) ** 2);
  const classes = target.levels.length;
  return Float64Array.from(y, (label, n) => {
    const row = predictions.subarray(n * classes, (n + 1) * classes);
    return Number(row.indexOf(Math.max(...row)) !== label);
  });
}
