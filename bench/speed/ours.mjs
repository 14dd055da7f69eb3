// bnnc's own step: argument 2 is `compiled` or `eager`. Speaks the same protocol as the Python engines.
import { createInterface } from 'node:readline';
import * as tf from '@tensorflow/tfjs-core';
import { startEngine } from '../../dist/engine/backend.js';
import { CompiledScan, EagerScan } from '../../dist/engine/scan.js';
import { makeConstants } from '../../dist/model/constants.js';
import { biasCorrection } from '../../dist/train/adam.js';
import { trainingScan } from '../../dist/train/step.js';
import { profileStep } from './operations.mjs';
import { loadProblem } from './problem.mjs';

const [file, mode] = process.argv.slice(2);
await startEngine({ prefer: 'native' });
const problem = loadProblem(file);
const { widths, task, x, y, order, theta, priorLogit, learningRate, checkSteps } = problem;
const shape = {
  widths, task, activation: 'silu', gates: 'both', inputGates: widths[0],
  inputGroup: Int32Array.from({ length: widths[0] }, (_, i) => i),
};
const [steps, batch] = order.shape;
const rows = x.shape[0];
const constants = makeConstants(shape);
const spec = trainingScan(shape, constants, batch, true);
const layers = widths.length - 1;
const fill = (value) => tf.fill([layers], value);
const fixed = {
  x: tf.tensor2d(x.data, x.shape), y: tf.tensor2d(y.data, y.shape),
  rates: tf.fill([theta.shape[0]], learningRate), pinned: tf.scalar(0),
  nodeLogit: fill(priorLogit), edgeLogit: fill(priorLogit),
  edgeLogOff: fill(-Math.log1p(Math.exp(priorLogit))), invTau2: fill(1),
};
const start = () => ({
  theta: tf.tensor1d(theta.data), m: tf.zeros(theta.shape), v: tf.zeros(theta.shape),
  logLikelihood: tf.scalar(0),
});
const stacks = (from, count) => ({
  rows: tf.tensor2d(order.data.slice(0, count * batch), [count, batch], 'int32'),
  klScale: tf.fill([count], 1 / rows),
  correction: tf.tensor1d(Array.from({ length: count }, (_, i) => biasCorrection(from + i + 1))),
  seed: tf.tensor2d(Array.from({ length: 2 * count }, (_, i) => from + i), [count, 2], 'int32'),
});
const example = (noise) => {
  const row = ([name, stack]) => [name, tf.reshape(stack, stack.shape.slice(1))];
  const rowsOf = Object.fromEntries(Object.entries(stacks(0, 1)).map(row));
  return { ...start(), ...fixed, ...rowsOf, ...noise };
};
const compileStart = performance.now();
const scan = mode === 'compiled' ? new CompiledScan(spec, example({})) : new EagerScan(spec);
const compileMs = performance.now() - compileStart;

// Without noise, step by step, to compare the losses with the other engines.
function check() {
  const noise = tf.zeros([batch * constants.layout.units]);
  const quiet = { ...spec, normals: {}, fixed: [...spec.fixed, 'noise'] };
  const quietScan = mode === 'compiled' ? new CompiledScan(quiet, example({ noise })) : new EagerScan(quiet);
  let carry = start();
  const all = stacks(0, checkSteps);
  const losses = [];
  for (let i = 0; i < checkSteps; i++) {
    const one = Object.fromEntries(Object.entries(all).map(([name, stack]) => [name, tf.slice(stack, [i], [1])]));
    const next = quietScan.run(1, { ...carry, logLikelihood: tf.scalar(0) }, { ...fixed, noise }, one);
    losses.push(next.logLikelihood.dataSync()[0]);
    carry = next;
  }
  return losses;
}

let carry = start();
let done = 0;
function epoch() {
  const given = stacks(done, steps);
  const begun = performance.now();
  const next = scan.run(steps, carry, fixed, given);
  next.logLikelihood.dataSync();
  const ms = (performance.now() - begun) / steps;
  tf.dispose([carry, given]);
  carry = next;
  done += steps;
  return ms;
}

for await (const line of createInterface({ input: process.stdin })) {
  if (line === 'check') console.log(JSON.stringify(check()));
  else if (line === 'epoch') console.log(JSON.stringify(epoch()));
  else if (line === 'profile') console.log(JSON.stringify(profileStep(spec, example({}))));
  else if (line === 'facts') console.log(JSON.stringify({ nodes: scan.nodes, compileMs }));
  else break;
}
process.exit();
