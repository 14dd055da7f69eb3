// How much pruning costs: errors on the test rows, row by row, of the exported file in onnxruntime and of the dense posterior.
import { CompressedPredictor, pairedDifference, rowLosses, Stream } from 'bnnc/parts';
import { predict } from './runtime.mjs';

const DRAWS = 64;

/**
 * Mean squared errors or shares of wrong classes: `means` of the dense file, `before` of the average over draws of the dense
 * posterior, `after` of the exported file; `difference` is that of the last two.
 */
export async function compare({ dense, exported, target }) {
  const losses = async ({ bytes, x, y }) => lossesOf(await predict(bytes, x), y, target);
  const [means, after] = [await losses(dense), await losses(exported)];
  const before = averaged(dense, target);
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const difference = pairedDifference(after, before);
  return { rows: before.length, means: mean(means), before: mean(before), after: mean(after), difference };
}

function averaged({ model, x, y }, target) {
  const outputs = new CompressedPredictor(model, DRAWS, Stream.fromSeed('compare')).outputs(x);
  const { squares, hits } = rowLosses(outputs, y, target);
  return squares ?? hits.map((hit) => 1 - hit);
}

function lossesOf(predictions, y, target) {
  if (target.task === 'regression') {
    return Float64Array.from(y, (value, n) => (predictions[n] - (value * target.scale + target.mean)) ** 2);
  }
  const classes = target.levels.length;
  return Float64Array.from(y, (label, n) => {
    const row = predictions.subarray(n * classes, (n + 1) * classes);
    return Number(row.indexOf(Math.max(...row)) !== label);
  });
}
