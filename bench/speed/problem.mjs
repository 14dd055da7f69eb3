// The problem file: a JSON header and float32/int32 arrays, little-endian, one after the other.
import { readFileSync, writeFileSync } from 'node:fs';
import { initialTheta, layoutOf, Stream } from 'bnnc/parts';

export function loadProblem(file) {
  const bytes = readFileSync(file);
  const length = bytes.readUInt32LE(0);
  const header = JSON.parse(bytes.subarray(4, 4 + length).toString());
  let at = 4 + length;
  for (const { name, dtype, shape } of header.arrays) {
    const size = 4 * shape.reduce((product, n) => product * n, 1);
    const buffer = bytes.buffer.slice(bytes.byteOffset + at, bytes.byteOffset + at + size);
    header[name] = { shape, data: dtype === 'float32' ? new Float32Array(buffer) : new Int32Array(buffer) };
    at += size;
  }
  return header;
}

/** Random data of the asked shape, a start vector and an epoch of minibatches. */
export function writeProblem(file, problem) {
  const { widths, task, rows = 5000, batch = 128, steps = 39, learningRate = 0.001, checkSteps = 20 } = problem;
  const stream = Stream.fromSeed('speed').split(widths.join('-'));
  const [inputs, outputs] = [widths[0], widths[widths.length - 1]];
  const layout = layoutOf({ widths, task, gates: 'both', activation: 'silu', inputGates: inputs, inputGroup: new Int32Array(inputs) });
  const y = task === 'regression' ? stream.split('y').normals(rows) : new Float32Array(rows * outputs);
  const classes = stream.split('class');
  if (task !== 'regression') for (let n = 0; n < rows; n++) y[n * outputs + classes.integer(outputs)] = 1;
  const orders = Array.from({ length: Math.ceil((steps * batch) / rows) }, (_, e) => stream.split('order', e).permutation(rows));
  const order = Int32Array.from({ length: steps * batch }, (_, i) => orders[Math.floor(i / rows)][i % rows]);
  const arrays = {
    x: { shape: [rows, inputs], data: stream.split('x').normals(rows * inputs) },
    y: { shape: [rows, outputs], data: y },
    order: { shape: [steps, batch], data: order },
    theta: { shape: [layout.size], data: initialTheta(layout, 0.2, stream.split('theta')) },
  };
  const header = {
    widths, task, learningRate, checkSteps, priorLogit: Math.log(0.1 / 0.9),
    arrays: Object.entries(arrays).map(([name, { shape, data }]) => ({ name, shape, dtype: data instanceof Float32Array ? 'float32' : 'int32' })),
  };
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length);
  writeFileSync(file, Buffer.concat([length, text, ...Object.values(arrays).map(({ data }) => Buffer.from(data.buffer))]));
}
