// Times each operation of a recorded step alone: the operation is the only one in a compiled loop of its own.
import * as tf from '@tensorflow/tfjs-core';
import { CompiledScan, drawUniforms, record, refKey, signatureOf, simplify, Stream } from 'bnnc/parts';

const ROUNDS = 3;
const LOOP_MS = 25;

/**
 * The part of tfjs-node's backend that runs one operation.
 * @typedef {object} OperationBackend
 * @property {Record<string, number>} binding holds the numbers of the attribute types
 * @property {(op: string, attributes: object[], inputs: tf.Tensor[], outputs: number) => tf.Tensor[]} executeMultipleOutputs
 */

/** Milliseconds by type of operation of one step, the step's matrix products, and a bare square product for comparison. */
export function profileStep(spec, example) {
  const program = simplify(record(example, spec.step));
  const idle = loopMs((t) => ({ out: t.out }), { out: tf.scalar(0) }, {});
  const known = new Map();
  const rows = new Map();
  const count = (op, ms, flops = 0) => {
    const row = rows.get(op) ?? { op, count: 0, ms: 0, flops: 0 };
    rows.set(op, { op, count: row.count + 1, ms: row.ms + ms, flops: row.flops + flops });
  };
  for (const operation of program.operations) {
    const key = keyOf(program, operation);
    if (!known.has(key)) known.set(key, aloneMs(program, operation, idle));
    count(operation.op, known.get(key), flopsOf(program, operation));
  }
  count('drawing uniform numbers', drawMs(example.uniforms.shape[0]));
  return { operations: [...rows.values()].sort((a, b) => b.ms - a.ms), square: squareProduct(idle) };
}

/** Equal for operations that do the same work. */
function keyOf(program, { op, attributes, inputs }) {
  const input = (ref) => ('constant' in ref && program.constants[ref.constant].values.length <= 64
    ? refKey(ref) : JSON.stringify(signatureOf(program, ref)));
  return JSON.stringify([op, attributes, inputs.map(input)]);
}

/** Multiplications and additions of a matrix product: twice the size of the result times the length that is summed over. */
function flopsOf(program, { op, attributes, inputs, outputs }) {
  if (!/^(Batch)?MatMul/.test(op)) return 0;
  const shape = signatureOf(program, inputs[0]).shape;
  const flipped = attributes.some(({ name, value }) => (name === 'transpose_a' || name === 'adj_x') && value === true);
  return 2 * outputs[0].shape.reduce((product, n) => product * n, 1) * shape[shape.length - (flipped ? 2 : 1)];
}

/** Milliseconds of an operation on inputs of the recorded shapes; undefined when the loop cannot hold it. */
function aloneMs(program, operation, idle) {
  const values = operation.inputs.map((ref, at) => exampleOf(program, ref, at === 1 && operation.op.startsWith('Gather')
    ? signatureOf(program, operation.inputs[0]).shape[0] : 1));
  const fixed = Object.fromEntries(values.map((value, at) => [`input${at}`, value]));
  const out = tf.zeros(operation.outputs[0].shape, operation.outputs[0].dtype);
  const backend = /** @type {tf.KernelBackend & OperationBackend} */ (tf.backend());
  const attributes = operation.attributes.map(({ name, type, value }) =>
    ({ name, value, type: backend.binding[`TF_ATTR_${type.toUpperCase()}`] }));
  // Constants stay constants, for shapes and axes must be known when the graph is made.
  const run = (t) => ({
    out: backend.executeMultipleOutputs(operation.op, attributes,
      operation.inputs.map((ref, at) => ('constant' in ref ? values[at] : t[`input${at}`])), operation.outputs.length)[0],
  });
  const varying = Object.fromEntries(Object.entries(fixed).filter((_, at) => !('constant' in operation.inputs[at])));
  try {
    return Math.max(0, loopMs(run, { out }, varying) - idle);
  } finally {
    tf.dispose([fixed, out]);
  }
}

/** Positive floats, so that roots and logarithms are ordinary; whole numbers are indices below `below`. */
function exampleOf(program, ref, below) {
  if ('constant' in ref) {
    const { values, shape, dtype } = program.constants[ref.constant];
    return tf.tensor(values, shape, dtype);
  }
  const { shape, dtype } = signatureOf(program, ref);
  const length = shape.reduce((product, n) => product * n, 1);
  if (dtype === 'float32') return tf.tensor(Float32Array.from({ length }, (_, i) => 0.5 + (i % 97) / 97), shape);
  return tf.tensor(Int32Array.from({ length }, (_, i) => (i * 7919) % below), shape, dtype);
}

function drawMs(length) {
  const steps = 20;
  const once = (round) => {
    const begun = performance.now();
    drawUniforms(Stream.fromSeed('draw').split(round), steps, length).dispose();
    return (performance.now() - begun) / steps;
  };
  return Math.min(...Array.from({ length: 10 }, (_, round) => once(round)));
}

function squareProduct(idle) {
  const size = 1024;
  const a = tf.fill([size, size], 1 / size);
  const ms = loopMs((t) => ({ out: tf.matMul(t.out, t.a) }), { out: a.clone() }, { a }) - idle;
  return { size, ms, flops: 2 * size ** 3 };
}

function loopMs(step, carry, fixed) {
  const spec = { step, carry: Object.keys(carry), fixed: Object.keys(fixed), slices: [] };
  return timeScan(new CompiledScan(spec, { ...carry, ...fixed }), carry, fixed, () => ({}));
}

/** Milliseconds of one turn of a loop: the minimum of some runs that are long enough to be timed. */
function timeScan(scan, carry, fixed, stacksOf) {
  const once = (count) => {
    const stacks = stacksOf(count);
    const begun = performance.now();
    const next = scan.run(count, carry, fixed, stacks);
    next.out.dataSync();
    const ms = (performance.now() - begun) / count;
    tf.dispose([next, stacks]);
    return ms;
  };
  once(2);
  const count = Math.round(Math.min(1000, Math.max(4, LOOP_MS / once(10))));
  const best = Math.min(...Array.from({ length: ROUNDS }, () => once(count)));
  scan.dispose();
  return best;
}
