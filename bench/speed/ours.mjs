// bnnc's own step: argument 2 is `compiled` or `eager`. Speaks the same protocol as the Python engines.
import { createInterface } from 'node:readline';
import * as tf from '@tensorflow/tfjs-core';
import {
  biasCorrection, CompiledScan, drawUniforms, EagerScan, firstMoment, layoutOf, longestStretch, makePacking, packingKind,
  rateOf, rateParts, secondMoment, startEngine, Stream, toParts, trainingScan, uniformsFor,
} from 'bnnc/parts';
import { profileStep } from './operations.mjs';
import { loadProblem } from './problem.mjs';

const [file, mode] = process.argv.slice(2);
await startEngine({ prefer: 'native' });
const problem = loadProblem(file);
const { widths, task, x, y, order, theta, priorLogit, learningRate, checkSteps } = problem;
/** @type {import('bnnc/parts').NetworkShape} */
const shape = {
  widths, task, activation: 'silu', gates: 'both', inputGates: widths[0],
  inputGroup: Int32Array.from({ length: widths[0] }, (_, i) => i),
};
const [steps, batch] = order.shape;
const rows = x.shape[0];
const layers = widths.length - 1;
// What a training run would choose, or the one that is asked for.
const kind = { flat: 'flat', eager: 'flat', fused: 'matrices' }[mode] ?? packingKind(layoutOf(shape), 4000);
const packing = makePacking(shape, kind);
const noise = batch * packing.layout.units;
const longest = longestStretch(noise);
const spec = { ...trainingScan(shape, packing, { minibatches: true }), fuse: kind === 'matrices' ? longest : undefined };
const p = 1 / (1 + Math.exp(-priorLogit));
const prior = { node: Array(layers).fill(p), edge: Array(layers).fill(p), tau: Array(layers).fill(1) };
const same = (name) => name;
const zeros = new Float32Array(theta.shape[0]);
const fixed = {
  x: tf.tensor2d(x.data, x.shape), y: tf.tensor2d(y.data, y.shape), gatesOpen: tf.scalar(0), ...packing.priorTensors(prior),
  ...rateParts(zeros.map(() => learningRate), packing, rateOf),
};
/** @returns {Record<string, tf.Tensor>} */
const start = () => ({
  ...toParts(theta.data, packing, same), ...toParts(zeros, packing, firstMoment), ...toParts(zeros, packing, secondMoment),
  logLikelihood: tf.scalar(0),
});
// Quiet: the uniform numbers of which the packing's functions make zeros.
const stacks = (from, count, quiet = false) => ({
  rows: tf.tensor2d(order.data.slice((from % steps) * batch, ((from % steps) + count) * batch), [count, batch], 'int32'),
  klScale: tf.fill([count], 1 / rows),
  correction: tf.tensor1d(Array.from({ length: count }, (_, i) => biasCorrection(from + i + 1))),
  uniforms: quiet
    ? tf.fill([count, uniformsFor(noise)], kind === 'matrices' ? 0.5 - 2 ** -24 : 0)
    : drawUniforms(Stream.fromSeed('speed').split(from), count, uniformsFor(noise)),
});
const example = () => {
  const row = ([name, stack]) => [name, tf.reshape(stack, stack.shape.slice(1))];
  const rowsOf = Object.fromEntries(Object.entries(stacks(0, 1)).map(row));
  return { ...start(), ...fixed, ...rowsOf };
};
const compileStart = performance.now();
const scan = mode === 'eager' ? new EagerScan(spec) : new CompiledScan(spec, example());
// The first run compiles what is fused.
{
  const [carry, given] = [start(), stacks(0, 1)];
  const next = scan.run(1, carry, fixed, given);
  next.logLikelihood.dataSync();
  tf.dispose([carry, given, next]);
}
const compileMs = performance.now() - compileStart;

// Without noise, step by step, to compare the losses with the other engines.
function check() {
  let carry = start();
  const losses = [];
  for (let i = 0; i < checkSteps; i++) {
    const next = scan.run(1, { ...carry, logLikelihood: tf.scalar(0) }, fixed, stacks(i, 1, true));
    losses.push(next.logLikelihood.dataSync()[0]);
    carry = next;
  }
  return losses;
}

let carry = start();
let done = 0;
// In runs as long as those of a training, noise included.
function epoch() {
  const begun = performance.now();
  for (let at = 0; at < steps; at += longest) {
    const count = Math.min(longest, steps - at);
    const given = stacks(done, count);
    const next = scan.run(count, carry, fixed, given);
    tf.dispose([carry, given]);
    carry = next;
    done += count;
  }
  carry.logLikelihood.dataSync();
  return (performance.now() - begun) / steps;
}

for await (const line of createInterface({ input: process.stdin })) {
  if (line === 'check') console.log(JSON.stringify(check()));
  else if (line === 'epoch') console.log(JSON.stringify(epoch()));
  else if (line === 'profile') console.log(JSON.stringify(profileStep(spec, example())));
  else if (line === 'facts') console.log(JSON.stringify({ nodes: scan instanceof CompiledScan ? scan.nodes : undefined, compileMs }));
  else break;
}
process.exit();
